"""Code that is hard to read by its shape alone: long files, long functions, deep nesting. Rough, so off."""

import re
from collections.abc import Iterator

from bot.core.diffs import Diff, FileDiff, Line
from bot.core.findings import Finding
from bot.core.phrases import Phrase
from bot.core.sheet.paths import is_code, is_test, suffix_of

FILE_LINES = 1_000  # lines of a new file that are long
FUNCTION_LINES = 80  # lines of a new function that are long
LEVELS = 6  # of indentation that are deep

_FUNCTION = re.compile(r"[ \t]{0,80}(?:async )?def ([A-Za-z_]\w{0,80})")
_LINE = 1_000  # characters in a line that a machine wrote
_LONG_FUNCTION = "The new function {name} has {lines} lines. Could it be parts?"


def long_files(diff: Diff) -> Iterator[Finding]:
    """New source files that are long."""
    for file in diff.files:
        if file.file.status == "added" and file.file.additions > FILE_LINES and _is_read(file):
            values = {"lines": file.file.additions}
            message = Phrase(
                "A new file of {lines} lines. Does it have parts that could stand alone?", values
            )
            yield Finding("long_files", "quality", "notice", file.path, 1, "Long file", message)


def long_functions(diff: Diff) -> Iterator[Finding]:
    """New Python functions that are long, told by their indentation."""
    for file in diff.files:
        if suffix_of(file.path) != "py" or not _is_read(file):
            continue
        for start, name, length in _functions(file.added):
            if length > FUNCTION_LINES:
                message = Phrase(_LONG_FUNCTION, {"name": name, "lines": length})
                yield Finding(
                    "long_functions", "quality", "notice", file.path, start, "Long function", message
                )


def deep_nesting(diff: Diff) -> Iterator[Finding]:
    """The deepest added line of each file, where it is deep."""
    for file in diff.files:
        lines = [line for line in file.added if _is_read(file) and line.text[:_LINE].strip()]
        deepest = max(lines, key=lambda line: _level(line.text), default=None)
        if deepest and _level(deepest.text) >= LEVELS and len(deepest.text) <= _LINE:
            values = {"levels": _level(deepest.text)}
            message = Phrase("This is {levels} levels deep. Could it be a function of its own?", values)
            yield Finding(
                "deep_nesting", "quality", "notice", file.path, deepest.number, "Deep nesting", message
            )


def _is_read(file: FileDiff) -> bool:
    return is_code(file.path) and not is_test(file.path)


def _functions(added: tuple[Line, ...]) -> Iterator[tuple[int, str, int]]:
    """Each outermost function that was added as a whole: its first line, name and length."""
    start, name, indent, last = 0, "", 0, 0
    for line in added:
        text = line.text[:_LINE]
        if start and line.number != last + 1:
            start = 0  # lines between were there before
        if start and text.strip() and _indent(text) <= indent and not text.lstrip().startswith(")"):
            yield start, name, line.number - start
            start = 0
        found = None if start else _FUNCTION.match(text)
        if found:
            start, name, indent = line.number, found[1], _indent(text)
        last = line.number
    if start:
        yield start, name, last - start + 1


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _level(text: str) -> int:
    """How deep a line is: tabs count one, blanks four to a level."""
    blanks = text[:_LINE].expandtabs(4)
    return _indent(blanks) // 4
