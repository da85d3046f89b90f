"""The issues of Usher's own: one in a repository for each purpose, opened once and edited in place.

What people do with one counts: an issue that a person closed stays closed, and one that was deleted, or
moved to another repository, is not opened again.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.apply.job import DONE, Job, Outcome, Tools
from bot.core.action import Action
from bot.core.errors import BotError, RetryLater
from bot.core.pull_actions import UpsertIssue
from bot.github import reads, writes
from bot.github.answers import Forbidden, Missing, Refused
from bot.github.client import RepositoryClient
from bot.render import find_marker, marker, render_issue, render_title
from bot.rules import RULES
from bot.store.own_issues import OwnIssue, OwnIssues
from bot.store.registry import digest

DAY = timedelta(days=1)
IN_TURN = timedelta(seconds=1)  # until one who waits for the issue to be opened comes back
_MARK = "issue"  # what the marker is for; which issue it is, its signature tells
_SAID = Outcome("unchanged", "it said so already")
_CLOSED = Outcome("skipped", "a person closed the issue, so it stays closed")
_GONE = Outcome("skipped", "a person deleted the issue or moved it, so it stays away")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the issue is to say."""

    title: str
    body: str
    is_open: bool

    @property
    def digest(self) -> str:
        return digest(f"{self.is_open}\n{self.title}\n{self.body}")

    def is_said_by(self, issue: reads.Issue) -> bool:
        is_same_text = (issue.title.strip(), issue.body.strip()) == (self.title.strip(), self.body.strip())
        return is_same_text and issue.is_open == self.is_open


def upsert_issue(tools: Tools, job: Job, action: Action) -> Outcome:
    """Open the issue of a purpose, or change it where it says something else.

    Raises:
        RetryLater: it is being opened just now, or may not be visible yet.
    """
    assert isinstance(action, UpsertIssue)
    wanted = _wanted(tools, job, action)
    known = tools.flows.own_issues.of(job.plan.repository_id, action.purpose)
    if known is not None:
        return _bring_up_to_date(tools, job, action, known, wanted)
    if action.edits_only or not action.is_open:
        return Outcome("unchanged", "there is no issue to edit")
    return _open(tools, job, action, wanted)


def undo_issue(
    client: RepositoryClient,
    issues: OwnIssues,
    repository_id: int,
    purpose: str,
    before: dict[str, Any],
    *,
    is_pinned: bool = False,
) -> str:
    """Take back what was done to an issue. Returns what was done.

    Args:
        client, repository_id: of the repository.
        issues: where it is kept which issue it is.
        purpose: which issue.
        before: what stood before, as the ledger has it.
        is_pinned: True where it was to be pinned; an issue that is closed no longer is.
    """
    known = issues.of(repository_id, purpose)
    if known is None:
        return "no issue had been opened"
    issues.says(repository_id, purpose, "")
    changes = before.get("issue") or {"state": "closed", "state_reason": "not_planned"}
    found = reads.issue(client, known.number)
    if found is not None and not found.is_open and not before.get("issue"):
        return "the issue was closed already"
    if found is None or not writes.edit_issue(client, known.number, changes):
        return "the issue is gone already"
    if is_pinned and found is not None and not before.get("issue"):
        with suppress(Forbidden, Refused, Missing):  # a person was faster, or it never was
            writes.set_pinned(client, found.node, pinned=False)
    return "put the issue back as it was" if before.get("issue") else "closed the issue"


def _wanted(tools: Tools, job: Job, action: UpsertIssue) -> _Wanted:
    section = next((rule.section for rule in RULES if rule.name == job.step.rule), "")
    text = render_issue(action.template, action.context, reason=action.reason, section=section)
    sign = marker(_MARK, _key(job, action), tools.secret)
    return _Wanted(render_title(action.title), f"{text}\n{sign}", action.is_open)


def _key(job: Job, action: UpsertIssue) -> str:
    """What the marker is signed for: no thread, and a purpose of which nothing shows."""
    return f"{job.plan.repository_id} {action.purpose}"


def _bring_up_to_date(
    tools: Tools, job: Job, action: UpsertIssue, known: OwnIssue, wanted: _Wanted
) -> Outcome:
    if known.digest == wanted.digest:
        if job.resumed and job.step.before == {"issue": None}:
            return _pinned(job, action, known.number)
        return DONE if job.resumed else _SAID
    found = reads.issue(job.client, known.number)
    if found is None:
        visible = known.written_at + tools.settle
        if datetime.now(UTC) < visible:
            raise RetryLater("the issue may not be visible yet", visible)
        return _GONE
    return _edit(tools, job, action, found, wanted)


def _edit(tools: Tools, job: Job, action: UpsertIssue, found: reads.Issue, wanted: _Wanted) -> Outcome:
    issues, plan = tools.flows.own_issues, job.plan
    if wanted.is_said_by(found):
        issues.says(plan.repository_id, action.purpose, wanted.digest)
        return DONE if job.resumed else _SAID
    # What Usher closed as completed it may open again; as not planned it closed it because a person undid it.
    if not found.is_open and (found.closed_by, found.state_reason) != (job.client.bot_login, "completed"):
        return _CLOSED
    issues.says(plan.repository_id, action.purpose, "")  # so that a resumed try looks
    if not job.resumed:
        tools.ledger.start(job.step.id, {"issue": _fields(found.title, found.body, is_open=found.is_open)})
    changes = _fields(wanted.title, wanted.body, is_open=wanted.is_open)
    if not writes.edit_issue(job.client, found.number, changes):
        return _GONE
    issues.says(plan.repository_id, action.purpose, wanted.digest)
    return DONE


def _open(tools: Tools, job: Job, action: UpsertIssue, wanted: _Wanted) -> Outcome:
    """Open the issue, unless another action is at it."""
    plan, issues = job.plan, tools.flows.own_issues
    place = (plan.repository_id, action.purpose)
    _comments, lately = tools.registry.comments_written(
        plan.repository_id, plan.number, datetime.now(UTC) - DAY
    )
    if not job.resumed and lately >= job.config.budget.comments_per_day:
        return Outcome("skipped", "the budget for comments is used up (budget in the config)")
    if not issues.take(*place, plan.installation, job.step.id):
        raise RetryLater("the issue is being opened", datetime.now(UTC) + IN_TURN)
    try:
        number = _find(tools, job, action)
        if number is None:
            number = _create(tools, job, action, wanted)
            issues.opened(*place, number, wanted.digest)
            return _pinned(job, action, number)
    except RetryLater:
        raise  # what was sent may have been accepted: until this is known, nobody else opens it
    except BotError:
        issues.give(*place, job.step.id)
        raise
    issues.opened(*place, number, "")
    found = reads.issue(job.client, number)
    outcome = _GONE if found is None else _edit(tools, job, action, found, wanted)
    return _pinned(job, action, number) if outcome == DONE else outcome


def _pinned(job: Job, action: UpsertIssue, number: int) -> Outcome:
    """Pin an issue that is new. Where GitHub has no room for it, it was opened all the same."""
    found = reads.issue(job.client, number) if action.is_pinned else None
    if found is None:
        return DONE
    try:
        writes.set_pinned(job.client, found.node, pinned=True)
    except (Forbidden, Refused, Missing) as error:
        return Outcome("done", f"it is not pinned: {error}")
    return DONE


def _find(tools: Tools, job: Job, action: UpsertIssue) -> int | None:
    """The number of the issue, where it was opened and that was not noted."""
    for found in reads.newest_issues(job.client, job.client.bot_login):
        ours = found.author == job.client.bot_login
        if ours and find_marker(found.body, _MARK, _key(job, action), tools.secret):
            return found.number
    return None


def _create(tools: Tools, job: Job, action: UpsertIssue, wanted: _Wanted) -> int:
    fields: dict[str, Any] = {"title": wanted.title, "body": wanted.body}
    if action.labels:
        existing = {name.casefold(): name for name in reads.labels(job.client)}
        asked = (label.casefold() for label in action.labels)
        fields["labels"] = [existing[label] for label in asked if label in existing]
    if not job.resumed:
        tools.ledger.start(job.step.id, {"issue": None})
    if action.assignees:
        try:
            return writes.create_issue(job.client, {**fields, "assignees": list(action.assignees)})
        except Refused:  # one of them may not be assigned
            return writes.create_issue(job.client, fields)
    return writes.create_issue(job.client, fields)


def _fields(title: str, body: str, *, is_open: bool) -> dict[str, Any]:
    """An issue as GitHub's API takes it."""
    state = {"state": "open"} if is_open else {"state": "closed", "state_reason": "completed"}
    return {"title": title, "body": body, **state}
