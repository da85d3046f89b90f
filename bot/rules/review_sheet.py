"""Review sheet: six points for the reviewer, from the diff and the checks, with findings on their lines."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from bot.core.actions import Action, SetCheck
from bot.core.diffs import Diff, read_diff
from bot.core.events import PullEvent, PullRequestOpened, PullRequestUpdated
from bot.core.facts import Facts
from bot.core.findings import Finding, gravest_first, worst
from bot.core.flow import Item, Stage, Status
from bot.core.limits import LABEL_NAME
from bot.core.phrases import Phrase, names
from bot.core.pulls import ChangedFiles, Checks, PullRequest
from bot.core.rule import Section, rule
from bot.core.sheet.datasets import DATA_LINES
from bot.core.sheet.paths import GLOB, matching
from bot.core.sheet.performance import has_evidence, hot_files
from bot.core.sheet.points import Mark, SheetRow, six_points
from bot.core.sheet.registry import CheckName, look, switched_on
from bot.core.sheet.report import context_of, counted, title_of

NAME = "usher / review sheet"
_ASK = (
    "changed, and no measurements are there. Add a table or numbers below a heading `Benchmark` in the "
    "description; a maintainer can waive it with `/skip performance <reason>`"
)
_TELLING = frozenset(  # what happened when the sheet may say something new
    {"synchronize", "reopened", "ready_for_review", "edited", "checks", "look"}
)

Glob = Annotated[str, Field(min_length=1, max_length=GLOB)]


class ReviewSheetConfig(Section):
    """The six-point sheet for reviewers."""

    checks: dict[CheckName, bool] = Field(
        default_factory=dict, description="Switch single checks on or off by their names."
    )
    fail_on: tuple[CheckName, ...] = Field(
        default=(),
        description="Checks whose findings fail the sheet; without any, it never blocks.",
    )
    max_annotations: int = Field(
        default=100,
        strict=True,
        ge=0,
        le=500,
        description="The most findings that are put on lines; the gravest come first.",
    )
    ignore: tuple[Glob, ...] = Field(
        default=(), max_length=100, description="Files that are not looked at, as shell patterns."
    )
    data_lines: int = Field(
        default=DATA_LINES,
        strict=True,
        ge=1,
        description="Added lines from which on a CSV, TSV or JSON Lines file counts as a data set.",
    )
    hot_paths: tuple[Glob, ...] = Field(
        default=(),
        max_length=100,
        description="Files whose changes need benchmark evidence, as shell patterns.",
    )
    performance_label: Annotated[str, Field(min_length=1, max_length=LABEL_NAME)] | None = Field(
        default=None,
        description="A label by which maintainers say that the speed was looked at.",
    )


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What was seen: the diff, the findings, the gravest first, the hot files, and what to say of those."""

    diff: Diff
    findings: tuple[Finding, ...]
    hot: tuple[str, ...]
    performance: SheetRow
    conclusion: str


@rule(
    on=PullEvent, needs=(PullRequest, ChangedFiles, Checks), config=ReviewSheetConfig, section="review_sheet"
)
def review_sheet(event: PullEvent, config: ReviewSheetConfig, facts: Facts) -> list[Action | Item]:
    """Fill in six points for the reviewer, with what stands out on its line."""
    pull, checks = facts[PullRequest], facts[Checks]
    if not pull.is_open or pull.is_merged or not pull.head_sha:
        return []
    sheet = _sheet(pull, config, facts[ChangedFiles])
    said: list[Action | Item] = [_security(sheet, config)]
    if config.hot_paths:
        said.append(_performance_item(sheet))
    if _may_be_new(event, config):
        said.append(_check(pull, sheet, checks, config))
    return said


def _may_be_new(event: PullEvent, config: ReviewSheetConfig) -> bool:
    if isinstance(event, PullRequestUpdated):
        is_label = event.what in {"labeled", "unlabeled"} and config.performance_label is not None
        return event.what in _TELLING or is_label
    return isinstance(event, PullRequestOpened) or type(event) is PullEvent


def _sheet(pull: PullRequest, config: ReviewSheetConfig, changed: ChangedFiles) -> _Sheet:
    ignored = set(matching(changed.paths, config.ignore))
    files = [file for file in changed.files if file.path not in ignored]
    diff = read_diff(files, is_complete=changed.is_complete)
    findings = gravest_first(look(diff, switched_on(config.checks), data_lines=config.data_lines))
    failing = any(finding.check in config.fail_on for finding in findings)
    stands_out = worst(findings) in {"failure", "warning"} or not diff.is_complete
    conclusion = "failure" if failing else "neutral" if stands_out else "success"
    hot = hot_files(diff, config.hot_paths)
    return _Sheet(diff, findings, hot, _performance(pull, hot, config), conclusion)


def _performance(pull: PullRequest, hot: tuple[str, ...], config: ReviewSheetConfig) -> SheetRow:
    shown = names(hot)
    mark: Mark = "good"
    text = Phrase("no hot path touched")
    if not config.hot_paths:
        mark, text = "unknown", Phrase("no hot paths are configured")
    elif hot and has_evidence(pull, config.performance_label):
        text = Phrase(f"{shown.text}: measurements are there", shown.values)
    elif hot:
        mark, text = "look", Phrase(f"{shown.text} {_ASK}", shown.values)
    return SheetRow("performance", "Performance", mark, text)


def _performance_item(sheet: _Sheet) -> Item:
    status = Status.MISSING if sheet.performance.mark == "look" else Status.DONE
    status = status if sheet.hot else Status.NOT_APPLICABLE
    return Item("performance", "Performance evidence", Stage.REVIEW, status, sheet.performance.text)


def _security(sheet: _Sheet, config: ReviewSheetConfig) -> Item:
    """The item of the checklist: open only for what must not be merged."""
    key, title, stage = "security", "Security", Stage.REVIEW
    grave = [finding for finding in sheet.findings if finding.level == "failure"]
    if grave:
        first, more = grave[0], len(grave) - 1
        where = "{what} in `{path}`, line {line}" + (" and {more} more" if more else "")
        text = Phrase(
            where
            + ". See the annotation; a maintainer can waive a false alarm with `/skip security <reason>`",
            {"what": first.title, "path": first.path, "line": first.line, "more": more},
        )
        return Item(key, title, stage, Status.MISSING, text)
    if not sheet.diff.has_lines:
        return Item(key, title, stage, Status.NOT_APPLICABLE, Phrase("no added lines to look at"))
    if not {"private_keys", "tokens"} & {check.name for check in switched_on(config.checks)}:
        return Item(
            key, title, stage, Status.NOT_APPLICABLE, Phrase("the checks for secrets are switched off")
        )
    part = "" if sheet.diff.is_complete else ", in the part of the diff that could be read"
    return Item(key, title, stage, Status.DONE, Phrase(f"no keys or tokens in the added lines{part}"))


def _check(pull: PullRequest, sheet: _Sheet, checks: Checks, config: ReviewSheetConfig) -> SetCheck:
    rows = six_points(pull, sheet.diff, checks, sheet.findings, sheet.performance)
    annotated = sheet.findings[: config.max_annotations]
    files = counted(len(sheet.diff.files), "changed file")
    return SetCheck(
        name=NAME,
        sha=pull.head_sha,
        conclusion=sheet.conclusion,
        title=title_of(sheet.findings),
        template="review-sheet",
        context=context_of(rows, sheet.diff, sheet.findings, len(annotated)),
        annotations=tuple(finding.as_annotation() for finding in annotated),
        reason=f"{counted(len(sheet.findings), 'finding')} in {files}",
    )
