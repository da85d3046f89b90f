"""What was forgotten in the code: conflict markers, breakpoints, debug prints, marks of work to do."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import re2

from bot.core.diffs import Diff, FileDiff
from bot.core.findings import Finding, Level, shown
from bot.core.phrases import Phrase
from bot.core.sheet.paths import SCRIPTS, is_code, is_example, is_test, name_of, suffix_of

_LONG = 1_000  # characters in a line that a machine wrote, and nobody reads

_OURS = re2.compile(r"(?m)^<{7} [^\n]+$")
_THEIRS = re2.compile(r"(?m)^>{7} [^\n]+$")

#: By the endings of files: what stops a program or shows its innards, and is there for debugging alone.
_BREAKPOINTS: dict[tuple[str, ...], Any] = {
    ("py", "pyi"): re2.compile(
        r"(?m)^[ \t]*(?:(?:[^#\n\"']*[;:][ \t]*)?"
        r"(?:breakpoint|(?:i?pdb|pudb|rpdb|web_pdb)\.set_trace)\([^)\n]*\)"
        r"|import (?:ipdb|pudb|rpdb|web_pdb)|from IPython import embed)[ \t]*(?:[#;][^\n]*)?$"
    ),
    tuple(SCRIPTS): re2.compile(r"(?m)^[ \t]*debugger[ \t]*;?[ \t]*$"),
    ("rs",): re2.compile(r"(?m)^(?:[^/\n\"]|/[^/\n])*\bdbg!\("),
    ("rb",): re2.compile(r"(?m)^[ \t]*(?:binding\.(?:pry|irb)|byebug)[ \t]*$"),
    ("php",): re2.compile(r"(?m)^[ \t]*(?:var_dump|dd)\([^\n]*\);[ \t]*$"),
    ("ex", "exs"): re2.compile(r"(?m)^[ \t]*(?:require IEx; ?)?IEx\.pry"),
    ("go",): re2.compile(r"(?im)^[ \t]*fmt\.Print(?:ln|f)?\(\"(?:here|debug|test|x{2,}|[*>=#-]{3,})[^\n]*$"),
}
_FOCUSED = re2.compile(r"(?m)^[ \t]*(?:(?:describe|context|it|test)\.only|fdescribe|fit)\([^\n]*$")
_CONSOLE = re2.compile(r"(?m)^[ \t]*console\.(?:log|debug|trace|dir|table)\([^\n]*$")
_PRINTS: dict[tuple[str, ...], Any] = {
    ("py",): re2.compile(r"(?m)^[ \t]*print\([^\n]*$"),
    ("rs",): re2.compile(r"(?m)^[ \t]*e?println!\([^\n]*$"),
    ("go",): re2.compile(r"(?m)^[ \t]*fmt\.Print(?:ln|f)?\([^\n]*$"),
    ("java", "kt"): re2.compile(r"(?m)^[ \t]*(?:System\.out\.)?println\([^\n]*$"),
}
# The letters in brackets keep this file from holding the words itself.
_TO_DO = re2.compile(r"(?m)(?:#|//|/\*|<!--|--|;|%|\*)[ \t]*(TO[D]O|FIX[M]E|X[X]X|HAC[K])(?:\(|:| |$)[^\n]*$")
_AT_THE_CONSOLE = re2.compile(
    r"(?i)(?:^|/)(?:scripts?|bin|cli|tools?|examples?|demos?)/|\.config\.[cm]?[jt]s$"
)


def conflict_markers(diff: Diff) -> Iterator[Finding]:
    """Both ends of a merge conflict in one file; a row of equals signs alone is a heading somewhere."""
    message = Phrase(
        "A merge conflict was committed as it was. Choose what shall stay, and delete the markers."
    )
    for file in diff.files:
        first = next(file.find(_OURS), None)
        if first and next(file.find(_THEIRS), None):
            level: Level = "warning" if is_test(file.path) or is_example(file.path) else "failure"
            yield Finding(
                "conflict_markers", "quality", level, file.path, first[0].number, "Conflict marker", message
            )


def breakpoints(diff: Diff) -> Iterator[Finding]:
    """Statements that stop a program, and tests that keep all others from running."""
    for file in _code(diff):
        yield from _each(file, _pattern(_BREAKPOINTS, file), _BREAKPOINT)
        if suffix_of(file.path) in SCRIPTS and is_test(file.path):
            yield from _each(file, _FOCUSED, _FOCUS)


def console_logs(diff: Diff) -> Iterator[Finding]:
    """Output to the browser's console, outside scripts and tests, where it belongs."""
    for file in _code(diff):
        if suffix_of(file.path) in SCRIPTS and not _is_for_the_console(file.path):
            yield from _each(file, _CONSOLE, _CONSOLE_LOG)


def prints(diff: Diff) -> Iterator[Finding]:
    """Prints, which may be what a program is for."""
    for file in _code(diff):
        if not _is_for_the_console(file.path):
            yield from _each(file, _pattern(_PRINTS, file), _PRINT)


def to_do_marks(diff: Diff) -> Iterator[Finding]:
    """Comments that leave work for later."""
    for file in _code(diff):
        yield from _each(file, _TO_DO, _LATER)


class _Say(NamedTuple):
    """What is said of a kind of leftover."""

    check: str
    level: Level
    title: str
    text: str


_BREAKPOINT = _Say(
    "breakpoints", "warning", "Debugging", "{code} is for debugging. Take it out before the merge."
)
_FOCUS = _Say("breakpoints", "warning", "Focused test", "{code} keeps all other tests from running.")
_CONSOLE_LOG = _Say(
    "console_logs", "notice", "Debug print", "{code} prints to the console. Was it for debugging?"
)
_PRINT = _Say("prints", "notice", "Print", "{code} prints. Was it for debugging?")
_LATER = _Say("to_do_marks", "notice", "Left for later", "New here: {code}. Is there an issue for it?")


def _code(diff: Diff) -> Iterator[FileDiff]:
    return (file for file in diff.files if file.added and is_code(file.path))


def _pattern(patterns: dict[tuple[str, ...], Any], file: FileDiff) -> Any:
    suffix = suffix_of(file.path)
    return next((pattern for endings, pattern in patterns.items() if suffix in endings), None)


def _is_for_the_console(path: str) -> bool:
    is_main = name_of(path) in {
        "setup.py",
        "cli.py",
        "main.py",
        "__main__.py",
        "manage.py",
        "main.go",
        "main.rs",
    }
    return is_main or is_test(path) or is_example(path) or _AT_THE_CONSOLE.search(path) is not None


def _each(file: FileDiff, pattern: Any, say: _Say) -> Iterator[Finding]:
    for line, match in file.find(pattern) if pattern else ():
        if len(line.text) <= _LONG and file.is_new(line):
            message = Phrase(say.text, {"code": shown(match.group(), 80)})
            yield Finding(say.check, "quality", say.level, file.path, line.number, say.title, message)
