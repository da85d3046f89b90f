"""Tests: changed source comes with changed tests, the checks pass, coverage does not fall."""

from collections.abc import Callable
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.core.code_paths import changes_inline_test, changes_only_comments, is_source, is_test
from bot.core.conventional import reverted
from bot.core.coverage import coverage_of, worst
from bot.core.events import PullEvent
from bot.core.facts import Facts, Now
from bot.core.flow import Item, Stage, Status, Who
from bot.core.globs import bounded, first_match, glob
from bot.core.phrases import Phrase, names
from bot.core.pulls import ChangedFile, ChangedFiles, Check, Checks, ChecksExpected, PullRequest
from bot.core.rule import Section, rule


def _usable(pattern: str) -> str:
    glob(pattern)
    return pattern


Pattern = Annotated[str, Field(min_length=1), AfterValidator(_usable)]
Patterns = Annotated[tuple[Pattern, ...], Field(max_length=200), AfterValidator(bounded)]
Names = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(max_length=200)]
_WAIVE = "; a maintainer can waive it with `/skip {} <reason>`"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChecksConfig(_Part):
    """Which checks count."""

    ignore: Names = Field(default=(), description="Checks that do not count; `*` stands for any text.")
    required: Names = Field(
        default=(),
        description="The only checks that count, likewise; one that has not reported is waited for.",
    )


class CoverageConfig(_Part):
    """How far coverage may fall."""

    max_drop: float = Field(
        default=1.0, ge=0, le=100, description="Percentage points that a pull request may cost."
    )


class EvidenceConfig(Section):
    """Tests, checks and coverage of a pull request."""

    source: Patterns = Field(
        default=(),
        description="Path patterns of the source that needs tests; empty takes what usually is source.",
    )
    tests: Patterns = Field(
        default=(), description="Path patterns of tests; empty takes what usually are tests."
    )
    exempt: Patterns = Field(default=(), description="Path patterns of source that needs no tests.")
    required: bool = Field(
        default=True, description="`false` shows that tests are missing, and holds nothing up for it."
    )
    checks: ChecksConfig = Field(default_factory=ChecksConfig, description="Which checks count.")
    coverage: CoverageConfig = Field(default_factory=CoverageConfig, description="How far coverage may fall.")


Said = tuple[Status, Phrase]
NOT_APPLICABLE = Status.NOT_APPLICABLE


@rule(
    on=PullEvent,
    needs=(PullRequest, ChangedFiles, Checks, ChecksExpected, Now),
    config=EvidenceConfig,
    section="tests",
)
def testing(_event: PullEvent, config: EvidenceConfig, facts: Facts) -> list[Item]:
    """Look for tests of what changed, at the checks, and at the coverage where a service reports it."""
    pull = facts[PullRequest]
    if not pull.is_open:
        return []
    who: Who = "maintainers" if pull.author.is_bot else "author"
    status, text = _tests(pull, config, facts[ChangedFiles])
    item = Item("tests", "Tests", Stage.TESTS, status, text, who, needed=config.required)
    return [item, _checks(config.checks, facts, who), *_coverage(config.coverage, facts[Checks], who)]


def _tests(pull: PullRequest, config: EvidenceConfig, changed: ChangedFiles) -> Said:
    tests = _matcher(config.tests, is_test)
    source = _matcher(config.source, is_source)
    changed_tests = [
        file.path
        for file in changed.files
        if file.status != "removed" and (tests(file.path) or changes_inline_test(file.path, file.patch or ""))
    ]
    if changed_tests:
        return Status.DONE, _with_names("{names} changed", changed_tests)
    if reverted(f"{pull.title}\n\n{pull.body}"):
        return NOT_APPLICABLE, Phrase("takes an earlier change back")
    files = [
        file
        for file in changed.files
        if source(file.path) and not tests(file.path) and not first_match(config.exempt, file.path)
    ]
    wanting = [file.path for file in files if _adds_code(file)]
    if wanting:
        text = "{names} changed, no test did. Add or change one" + _WAIVE.format("tests")
        return Status.MISSING, _with_names(text, wanting)
    if not changed.is_complete:
        return NOT_APPLICABLE, Phrase("more files than GitHub lists: a person has to look")
    text = "source is only moved, removed or commented on" if files else "no source changed"
    return NOT_APPLICABLE, Phrase(text)


def _matcher(patterns: tuple[str, ...], usual: Callable[[str], bool]) -> Callable[[str], bool]:
    return (lambda path: first_match(patterns, path) is not None) if patterns else usual


def _adds_code(file: ChangedFile) -> bool:
    return file.additions > 0 and not changes_only_comments(file.path, file.patch or "")


def _checks(config: ChecksConfig, facts: Facts, author: Who) -> Item:
    found = facts[Checks]

    def counts(check: Check) -> bool:
        if config.required:
            return _is_named(check.name, config.required)
        return coverage_of(check) is None  # those have an item of their own

    checks = [each for each in found.checks if counts(each) and not _is_named(each.name, config.ignore)]
    absent = [name for name in config.required if not any(fnmatchcase(c.name, name) for c in checks)]
    if not checks and not absent:
        return _none(facts[ChecksExpected], facts[Now])
    status, text, who = _outcome(checks, absent)
    if not found.is_complete and status == Status.DONE:
        text = Phrase("there are more checks than can be read" + _WAIVE.format("checks"))
        status, who = Status.WAITING, "maintainers"
    return Item("checks", "Checks", Stage.TESTS, status, text, who or author)


def _outcome(checks: list[Check], absent: list[str]) -> tuple[Status, Phrase, Who | None]:
    """Say how the checks stand, and whose turn it is; None for the author."""
    held = [check.name for check in checks if check.conclusion == "action_required"]
    failed = [check.name for check in checks if check.has_failed and check.name not in held]
    running = [*(check.name for check in checks if not check.is_done), *absent]
    if failed:
        text = "{names} failed: see why, mend it and push" + _WAIVE.format("checks")
        return Status.MISSING, _with_names(text, failed), None
    if held:
        return Status.MISSING, _with_names("{names} may run once a maintainer allows it", held), "maintainers"
    if running:
        return Status.WAITING, _with_names("{names} under way", running), "checks"
    text = "{count} checks passed" if len(checks) > 1 else "{count} check passed"
    return Status.DONE, Phrase(text, {"count": len(checks)}), "checks"


def _none(expected: ChecksExpected, now: Now) -> Item:
    """What to say of a commit without checks: where others are checked, they may be about to begin."""
    until = expected.until
    if until is not None and now.at < until:
        text = Phrase("not reported yet on this commit")
        return Item("checks", "Checks", Stage.TESTS, Status.WAITING, text, "checks", until=until)
    text = Phrase("no checks ran on this commit" if expected.is_so else "no checks run here")
    return Item("checks", "Checks", Stage.TESTS, NOT_APPLICABLE, text, "checks")


def _is_named(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _coverage(config: CoverageConfig, facts: Checks, author: Who) -> list[Item]:
    """Read the coverage, where a service reports it; otherwise there is nothing to say."""
    found = worst(facts.checks)
    if found is None:
        return []
    words = "fell by {points} points" if found.change < 0 else "rose by {points} points"
    text = words if found.change else "did not change"
    if found.total is not None:
        text += " to {total}%" if found.change else ": {total}%"
    status = Status.DONE
    if -found.change > Decimal(str(config.max_drop)):
        status = Status.MISSING
        text += "; at most {most} may be lost. Test what is new" + _WAIVE.format("coverage")
    values = {
        "points": str(abs(found.change)),
        "total": str(found.total),
        "most": f"{config.max_drop:g}",
    }
    return [Item("coverage", "Coverage", Stage.TESTS, status, Phrase(text, values), author)]


def _with_names(text: str, listed: list[str]) -> Phrase:
    """Put a list of names, each in a code span, into one of our own sentences."""
    named = names(listed)
    return Phrase(text.replace("{names}", named.text), named.values)
