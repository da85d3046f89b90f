"""Hot paths, and whether a pull request says what it does to their speed."""

import re2

from bot.core.diffs import Diff
from bot.core.pulls import PullRequest
from bot.core.sheet.paths import matching

_BODY = 65_536  # characters in a description: GitHub's limit
_COMMENT = re2.compile(r"(?s)<!--.*?(?:-->|$)")
_HEADING = re2.compile(r"^ {0,3}(?:#{1,6} |\*\*|<summary>)")
_ABOUT = re2.compile(
    r"(?i)\b(?:benchmarks?|performance|perf|speed|latency|throughput|timings?|profiling|profile)\b"
)
_ROW = re2.compile(r"^[ \t>]*\|[^\n]*[0-9][^\n]*\|")
_NUMBER = re2.compile(
    r"(?i)[0-9][0-9.,]* ?(?:[nuµm]?s|sec|seconds?|min|minutes?|%|x|[kmg]i?b|fps|[kmgt]?flop/?s|[qr]ps"
    r"|(?:ops|it|tok|tokens|samples|images|steps|req|requests|rows|items|[kmg]i?b)/s(?:ec)?)(?:[^\w]|$)"
)
_TASK = re2.compile(r"^[ \t]*[-*+] \[[ xX]\]")  # of a template's list, ticked or not


def hot_files(diff: Diff, hot_paths: tuple[str, ...]) -> tuple[str, ...]:
    """The changed files that the configured shell patterns call hot."""
    return matching((file.path for file in diff.files), hot_paths)


def has_evidence(pull: PullRequest, label: str | None) -> bool:
    """Whether the description has measurements below a heading about speed, or a label vouches for them.

    Args:
        pull: the pull request.
        label: the label; None for none.
    """
    if label and pull.has_label(label):
        return True
    is_about = False
    for line in _COMMENT.sub("", pull.body[:_BODY]).split("\n"):
        if _HEADING.search(line):
            is_about = _ABOUT.search(line) is not None
        elif is_about and not _TASK.search(line) and (_ROW.search(line) or _NUMBER.search(line)):
            return True
    return False
