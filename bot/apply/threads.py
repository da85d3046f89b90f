"""A thread's title, the people it is assigned to, and whether a pull request is a draft."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.apply.job import CLOCKS, DONE, Job, Outcome, Tools
from bot.core.action import Action
from bot.core.actions import UpsertComment
from bot.core.payload import text_at
from bot.core.pull_actions import Assign, Retitle, SetDraft
from bot.core.pull_json import pull_from
from bot.github import reads, writes
from bot.github.answers import Refused
from bot.github.client import RepositoryClient


def retitle(tools: Tools, job: Job, action: Action) -> Outcome:
    """Give the thread another title."""
    assert isinstance(action, Retitle)
    current = job.now().title
    if current == action.title:
        return DONE if job.resumed else Outcome("unchanged", "it is called so already")
    if job.resumed and current != (job.step.before or {}).get("title"):
        return Outcome("skipped", "a person gave it another title meanwhile")
    if not job.resumed:
        tools.ledger.start(job.step.id, {"title": current})
    writes.edit_issue(job.client, job.plan.number, {"title": action.title})
    return DONE


def undo_retitle(client: RepositoryClient, number: int, before: Mapping[str, Any], action: Retitle) -> str:
    """Give the thread its earlier title. Returns what was done."""
    if not before or reads.thread(client, number).title != action.title:
        return "left the title: it was changed since"
    writes.edit_issue(client, number, {"title": before["title"]})
    return "gave it the title of before"


def assign(tools: Tools, job: Job, action: Action) -> Outcome:
    """Assign people, or take them off, and say who cannot be assigned: GitHub does not."""
    assert isinstance(action, Assign)
    here = reads.assignees(job.client, job.plan.number)
    wanted = [login for login in action.logins if (login.casefold() in here) != action.assigned]
    if job.resumed and wanted:
        ours = _changed_by_us(job, action)
        wanted = [login for login in wanted if login.casefold() not in ours]
    if not wanted:
        return DONE if job.resumed else Outcome("unchanged", "it is so already")
    if not job.resumed:
        tools.ledger.start(job.step.id, {"logins": wanted})
    left_out = _left_out(job, action, wanted)
    if not left_out:
        return DONE
    detail = f"GitHub does not let {', '.join(left_out)} be assigned here"
    status = "skipped" if len(left_out) == len(action.logins) else "done"
    return Outcome(status, detail, cannot_be_assigned(action, left_out))


def _left_out(job: Job, action: Assign, wanted: Sequence[str]) -> list[str]:
    """Ask for it. Returns those whom GitHub did not assign."""
    try:
        now = writes.assign(job.client, job.plan.number, tuple(wanted), assigned=action.assigned)
    except Refused:
        if not action.assigned:
            raise
        now = reads.assignees(job.client, job.plan.number)
    return [login for login in wanted if action.assigned and login.casefold() not in now]


def _changed_by_us(job: Job, action: Assign) -> set[str]:
    """Those for whom an interrupted try has done it; whoever is not as asked for, was changed by a person."""
    since = job.plan.created_at - CLOCKS
    return {
        event.login
        for event in reads.assignments(job.client, job.plan.number)
        if (event.assigned, event.by) == (action.assigned, job.client.bot_login) and event.at >= since
    }


def cannot_be_assigned(action: Assign, left_out: Sequence[str]) -> UpsertComment:
    """The reply that names those whom GitHub did not assign."""
    context = {"people": tuple(left_out), "all": len(left_out) == len(action.logins)}
    return UpsertComment(
        purpose="reply",
        template="assign-problems",
        context=context,
        answers=action.answers,
        command="assign",
        reason=action.reason,
    )


def undo_assign(client: RepositoryClient, number: int, before: Mapping[str, Any], action: Assign) -> str:
    """Take back whom it was assigned to, where nobody has changed that since. Returns what was done."""
    last = {event.login: event for event in reads.assignments(client, number)}
    ours = {
        login
        for login, event in last.items()
        if (event.assigned, event.by) == (action.assigned, client.bot_login)
    }
    going = tuple(login for login in before.get("logins", ()) if login.casefold() in ours)
    if not going:
        return "nobody was left to take back: people changed it since"
    writes.assign(client, number, going, assigned=not action.assigned)
    return f"{'unassigned' if action.assigned else 'assigned'} {', '.join(going)}"


def set_draft(tools: Tools, job: Job, action: Action) -> Outcome:
    """Make the pull request ready for review, or a draft."""
    assert isinstance(action, SetDraft)
    data = job.client.get(f"/pulls/{job.plan.number}")[0]
    pull = pull_from(data)
    if not pull.is_open:
        return Outcome("skipped", "the pull request is closed")
    if pull.is_draft == action.draft:
        return DONE if job.resumed else Outcome("unchanged", "it is so already")
    if not job.resumed:
        tools.ledger.start(job.step.id, {"draft": pull.is_draft})
    writes.set_draft(job.client.for_contents, text_at(data, "node_id"), draft=action.draft)
    return DONE


def undo_set_draft(client: RepositoryClient, number: int, action: SetDraft) -> str:
    """Make it what it was before. Returns what was done."""
    data = client.get(f"/pulls/{number}")[0]
    pull = pull_from(data)
    if not pull.is_open or pull.is_draft != action.draft:
        return "left it: it was changed since"
    writes.set_draft(client.for_contents, text_at(data, "node_id"), draft=not action.draft)
    return "made it ready for review again" if action.draft else "made it a draft again"
