"""After the merge: the checks of the commit that it made are watched, and what it broke is said there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Annotated, Any

from pydantic import Field

from bot.core.actions import Action, UpsertComment
from bot.core.coverage import coverage_of
from bot.core.events import PullEvent
from bot.core.facts import Facts, Now, OwnComments
from bot.core.flow import Item, Stage, Status, Who
from bot.core.merging import ASKED
from bot.core.phrases import Phrase, names
from bot.core.pull_context import Words
from bot.core.pulls import CHECKS_BEGIN, Check, Checks, ChecksExpected, ParentChecks, PullRequest
from bot.core.rule import Section, rule

_PURPOSE = "post-merge"
_PARENT = timedelta(hours=1)  # so long the result of the commit before is waited for
_LONGEST = timedelta(days=1)
#: A check that was cancelled or is stale says nothing: a later merge often ends those of an earlier one.
_BROKEN = frozenset({"failure", "timed_out", "startup_failure", "error"})
_GREEN = frozenset({"success", "neutral", "skipped"})

Names = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(max_length=200)]


class PostMergeConfig(Section):
    """What becomes of the default branch after a merge."""

    ignore: Names = Field(default=(), description="Checks that do not count; `*` stands for any text.")
    comment: bool = Field(
        default=True,
        description="Say on a pull request that checks of the default branch fail since its merge.",
    )


Said = tuple[Status, Phrase]


@rule(
    on=PullEvent,
    needs=(PullRequest, Checks, ChecksExpected, ParentChecks, Now, OwnComments, Words),
    config=PostMergeConfig,
    section="post_merge",
)
def post_merge(event: PullEvent, config: PostMergeConfig, facts: Facts) -> list[Action | Item]:
    """Watch the checks of the default branch after a merge, and say where they began to fail."""
    pull, branch = facts[PullRequest], event.repository.default_branch
    if not pull.is_merged:
        return []
    if pull.base != branch or not pull.merge_sha:
        text = "merged into `{base}`; only `{branch}` is watched"
        return [_item(Status.NOT_APPLICABLE, Phrase(text, {"base": pull.base, "branch": branch}))]
    age = facts[Now].at - pull.merged_at if pull.merged_at else _LONGEST
    checks = _counted(facts[Checks].checks, config)
    before = _counted(facts[ParentChecks].checks, config)
    new = _newly_broken(checks, before)
    expected = facts[ChecksExpected]
    is_soon = expected.is_so and age < CHECKS_BEGIN
    status, said = _standing(checks, before, new, age) if checks else _none(is_soon=is_soon)
    where = {"branch": branch, "sha": pull.merge_sha[:7]}
    until = expected.until if is_soon and not checks else None
    item = replace(_item(status, Phrase(said.text, {**where, **said.values})), until=until)
    outcome = _outcome(status, checks, new)
    has_spoken = _PURPOSE in facts[OwnComments].purposes
    if not config.comment or not outcome or (outcome != "red" and not has_spoken):
        return [item]
    context: dict[str, Any] = {
        "outcome": outcome,
        "branch": branch,
        "sha": pull.merge_sha,
        "people": _people(pull, facts[Words]),
        "failed": tuple(check.name for check in new),
        "before": _before(before, new),
    }
    reason = item.text.plain().replace("`", "")
    return [item, UpsertComment(purpose=_PURPOSE, template="post-merge", context=context, reason=reason)]


def _outcome(status: Status, checks: Sequence[Check], new: list[Check]) -> str:
    """What there is to say on the pull request: "red", "green", "before", or nothing."""
    if _broken(checks) and not new:
        return "before"
    return {Status.MISSING: "red", Status.DONE: "green"}.get(status, "")


def _before(before: Sequence[Check], new: list[Check]) -> str:
    """How the commit before stood: "green"; "unknown" where what fails now was not seen to pass there."""
    passed = {(check.app, check.name) for check in before if check.conclusion in _GREEN}
    if before and len(passed) == len(before):
        return "green"
    return "" if all((check.app, check.name) in passed for check in new) else "unknown"


def _item(status: Status, text: Phrase) -> Item:
    who: Who = "maintainers" if status == Status.MISSING else "checks"
    return Item("verification", "After the merge", Stage.VERIFICATION, status, text, who)


def _counted(checks: Sequence[Check], config: PostMergeConfig) -> tuple[Check, ...]:
    """The checks that say whether the branch works: coverage is no matter of it."""
    return tuple(
        check
        for check in checks
        if coverage_of(check) is None and not any(fnmatchcase(check.name, name) for name in config.ignore)
    )


def _broken(checks: Sequence[Check]) -> list[Check]:
    return [check for check in checks if check.conclusion in _BROKEN]


def _newly_broken(checks: Sequence[Check], before: Sequence[Check]) -> list[Check]:
    """Those that the merge broke: that had not failed on the commit before."""
    known = {(check.app, check.name) for check in _broken(before)}
    return [check for check in _broken(checks) if (check.app, check.name) not in known]


def _standing(checks: Sequence[Check], before: Sequence[Check], new: list[Check], age: timedelta) -> Said:
    """Say how the commit of the merge stands; ``{branch}`` and ``{sha}`` are put in later."""
    running = [check for check in checks if not check.is_done]
    if new:
        return _red(new, before, age)
    if running and age >= _LONGEST:
        return _say(Status.NOT_APPLICABLE, running, " did not finish within a day on `{branch}`")
    if running:
        return Status.WAITING, Phrase("checks of `{sha}` on `{branch}` are under way")
    return _ended(checks)


def _red(new: list[Check], before: Sequence[Check], age: timedelta) -> Said:
    if age >= _LONGEST:
        return _say(Status.NOT_APPLICABLE, new, " failed on `{branch}`, and still did after a day")
    awaited = {(check.app, check.name) for check in before if not check.is_done}
    if age < _PARENT and awaited & {(check.app, check.name) for check in new}:
        return _say(Status.WAITING, new, " failed on `{branch}`; the commit before is still being checked")
    return _say(Status.MISSING, new, " failed on `{branch}`: see why, and mend it or run it again")


def _ended(checks: Sequence[Check]) -> Said:
    if broken := _broken(checks):
        return _say(Status.NOT_APPLICABLE, broken, " failed on `{branch}`, which was red before this")
    if undecided := [check for check in checks if check.has_failed]:
        return _say(Status.NOT_APPLICABLE, undecided, " came to no result on `{branch}`")
    if len(checks) == 1:
        return Status.DONE, Phrase("the check of `{sha}` on `{branch}` is green")
    return Status.DONE, Phrase(
        "all {count} checks of `{sha}` on `{branch}` are green", {"count": len(checks)}
    )


def _none(*, is_soon: bool) -> Said:
    if is_soon:
        return Status.WAITING, Phrase("checks of `{sha}` on `{branch}` are waited for")
    return Status.NOT_APPLICABLE, Phrase("no checks ran on `{branch}`")


def _say(status: Status, checks: Sequence[Check], text: str) -> Said:
    named = names([check.name for check in checks])
    return status, Phrase(named.text + text, named.values)


def _people(pull: PullRequest, words: Words) -> tuple[str, ...]:
    """Who is told: the author, and who merged it or asked for that, each once, where they are people."""
    author = "" if pull.author.is_bot or pull.author.id is None else pull.author.login
    asking = tuple(word.by for word in words.of(ASKED))
    merged_by = asking[-1:] if pull.merged_by.endswith("[bot]") else (pull.merged_by,)
    return tuple(dict.fromkeys(login for login in (author, *merged_by) if login))
