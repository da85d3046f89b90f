"""The six points of the review sheet: of each, in one sentence, what can be known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import re2

from bot.core.diffs import Diff
from bot.core.findings import Finding, Point, worst
from bot.core.phrases import Phrase, names
from bot.core.pulls import Check, Checks, PullRequest
from bot.core.sheet.paths import is_made

Mark = Literal["good", "look", "wait", "unknown"]
_BODY = 65_536  # characters in a description: GitHub's limit

_STYLE = re2.compile(  # names of checks that look at form
    r"(?i)\b(?:ruff|black|isort|flake8|pylint|pycodestyle|autopep8|yapf|eslint|prettier|stylelint|biome|tslint"
    r"|standardjs|xo|clippy|rustfmt|cargo fmt|gofmt|goimports|golangci(?:-lint)?|clang-format|clang-tidy"
    r"|cpplint|checkstyle|ktlint|detekt|spotless|rubocop|shellcheck|shfmt|hadolint|yamllint|markdownlint|actionlint"
    r"|pre-commit(?:\.ci)?|super-linter|lint(?:er|ers|ing)?|format(?:ter|ting)?|code[ -]?style|style)\b"
)
_COVERAGE = re2.compile(r"(?i)codecov|coveralls|codacy.*coverage|\bcoverage\b")
#: GitHub's own keywords that close an issue.
_LINKED = re2.compile(
    r"(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?[ \t]+(?:[\w.-]+/[\w.-]+)?(?:#|gh-)[0-9]{1,9}\b"
    r"|\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?[ \t]+https?://[^ \t\n]+/issues/[0-9]{1,9}\b"
)
_COMMENT = re2.compile(r"(?s)<!--.*?(?:-->|$)")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One of the six points.

    Args:
        point: which.
        title: what the sheet calls it.
        mark: whether it is fine, is to be looked at, is waited for, or cannot be known.
        text: what was seen.
    """

    point: Point
    title: str
    mark: Mark
    text: Phrase

    def as_json(self) -> dict[str, Any]:
        """What the template takes."""
        return {"title": self.title, "mark": self.mark, "text": self.text.as_json()}


def six_points(
    pull: PullRequest, diff: Diff, checks: Checks, findings: Sequence[Finding], performance: SheetRow
) -> tuple[SheetRow, ...]:
    """All six, in the order in which a reviewer goes through them.

    Args:
        pull: the pull request.
        diff: what it changes.
        checks: of its head.
        findings: all of them.
        performance: that row, which depends on the config.
    """
    style = tuple(check for check in checks.checks if _STYLE.search(check.name))
    coverage = tuple(check for check in checks.checks if _COVERAGE.search(check.name))
    others = tuple(check for check in checks.checks if check not in {*style, *coverage})
    return (
        _checked("style", "Style", style, "no formatter or linter is among the checks"),
        _quality(diff, findings),
        _function(pull, others),
        _coverage(coverage),
        performance,
        _security(diff, findings),
    )


def _checked(point: Point, title: str, checks: tuple[Check, ...], none: str) -> SheetRow:
    """A row that says how some checks went."""
    failed = [check.name for check in checks if check.has_failed]
    waiting = [check.name for check in checks if not check.is_done]
    if failed:
        return SheetRow(point, title, "look", _with_names("failed: {}", failed))
    if waiting:
        return SheetRow(point, title, "wait", _with_names("under way: {}", waiting))
    if checks:
        return SheetRow(point, title, "good", _with_names("passed: {}", [check.name for check in checks]))
    return SheetRow(point, title, "unknown", Phrase(none))


def _quality(diff: Diff, findings: Sequence[Finding]) -> SheetRow:
    read = [file for file in diff.files if not is_made(file.path)]
    lines = sum(file.file.additions + file.file.deletions for file in read)
    text, mark = _found(findings, "quality", "nothing left behind in the added lines")
    values = {
        "lines": lines,
        "line_": "line" if lines == 1 else "lines",
        "files": len(read),
        "file_": "file" if len(read) == 1 else "files",
        **text.values,
    }
    size = "{lines} changed {line_} in {files} {file_}, without generated ones; "
    return SheetRow("quality", "Quality", mark, Phrase(size + text.text, values))


def _function(pull: PullRequest, checks: tuple[Check, ...]) -> SheetRow:
    row = _checked("function", "Function", checks, "no checks were seen")
    is_linked = _LINKED.search(_COMMENT.sub("", pull.body[:_BODY])) is not None
    issue = "an issue is linked" if is_linked else "no issue is linked"
    return SheetRow("function", "Function", row.mark, Phrase(f"{issue}; {row.text.text}", row.text.values))


def _coverage(checks: tuple[Check, ...]) -> SheetRow:
    row = _checked("coverage", "Coverage", checks, "no coverage is reported")
    said = next((check.description for check in checks if check.description), "")
    if not said:
        return row
    values = {**row.text.values, "said": said}
    return SheetRow("coverage", "Coverage", row.mark, Phrase(f"{row.text.text}: {{said}}", values))


def _security(diff: Diff, findings: Sequence[Finding]) -> SheetRow:
    text, mark = _found(findings, "security", "nothing stands out in the added lines")
    if mark == "good" and not diff.has_lines:
        return SheetRow("security", "Security and privacy", "unknown", Phrase("no added lines to look at"))
    return SheetRow("security", "Security and privacy", mark, text)


def _found(findings: Iterable[Finding], point: Point, nothing: str) -> tuple[Phrase, Mark]:
    own = [finding for finding in findings if finding.point == point]
    if not own:
        return Phrase(nothing), "good"
    titles = list(dict.fromkeys(finding.title for finding in own))
    mark: Mark = "good" if worst(own) == "notice" else "look"
    return _with_names("to look at: {}", titles), mark


def _with_names(text: str, listed: list[str]) -> Phrase:
    shown = names(list(dict.fromkeys(listed)))
    return Phrase(text.replace("{}", shown.text), shown.values)
