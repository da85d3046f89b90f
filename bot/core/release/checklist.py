"""The checklist of a release as actions: its issue, its check run, and that it is kept current."""

from collections.abc import Sequence
from typing import Any

from bot.core.actions import Action, SetCheck
from bot.core.flow import Item, Status, mark_of
from bot.core.pull_actions import FollowRelease, UpsertIssue
from bot.core.release.gate import CHECK_NAME, WAIVABLE, Gate
from bot.core.release.gate_state import Checklist, GateState, purpose_after


def begun(state: GateState, asked_in: int, asked_by: str) -> Checklist:
    """Return the checklist that is open, or the one to be opened.

    Args:
        state: what there is to know.
        asked_in, asked_by: for a new one, the thread and the login of who asks for it.
    """
    new = Checklist(0, purpose_after(state.after), state.after, asked_in=asked_in, asked_by=asked_by)
    return state.checklist or new


def standing(state: GateState, gate: Gate, asked: Checklist) -> list[Action]:
    """Say how a release stands, in its issue and in the check run of the commit, and follow it.

    Args:
        state: what there is to know.
        gate: what follows from it.
        asked: the checklist.
    """
    reason, context = summary(gate), _context(gate, asked)
    check = SetCheck(
        name=CHECK_NAME,
        sha=gate.sha,
        conclusion=gate.conclusion,
        title=reason,
        template="release",
        context=context,
        reason=reason,
    )
    follow = FollowRelease(
        purpose=asked.purpose,
        after=asked.after,
        default_branch=state.release.default_branch,
        branch=state.branch,
        sha=gate.sha,
        draft=state.release.draft.id if state.release.draft else 0,
        asked_in=asked.asked_in,
        asked_by=asked.asked_by,
        reason="the checklist is kept current until the release is out",
    )
    after = f"Release after {state.after}" if state.after else "First release"
    issue = UpsertIssue(
        purpose=asked.purpose,
        title=f"Release {gate.tag}" if gate.tag else after,
        template="release",
        context=context,
        reason=reason,
    )
    return [issue, *([check] if gate.sha else []), follow]


def ended(gate: Gate, asked: Checklist, tag: str) -> list[Action]:
    """Say in the issue that the release is out, close it, and follow it no longer.

    Args:
        gate: how the release stood.
        asked: the checklist.
        tag: what was published.
    """
    reason = f"{tag} is out"
    issue = UpsertIssue(
        purpose=asked.purpose,
        title=f"Release {tag}",
        template="release",
        context={**_context(gate, asked), "out": tag},
        is_open=False,
        edits_only=True,
        reason=reason,
    )
    return [issue, left(asked, reason)]


def left(asked: Checklist, reason: str) -> FollowRelease:
    """Follow a release no longer."""
    return FollowRelease(purpose=asked.purpose, is_open=False, reason=reason)


def summary(gate: Gate) -> str:
    """How a release stands, in one line."""
    if gate.is_green:
        return f"everything is there for {gate.tag}"
    return f"open: {', '.join(item.title for item in gate.open)}"


def rows(items: Sequence[Item]) -> tuple[dict[str, Any], ...]:
    """The lines of a checklist as templates take them."""
    return tuple(
        {
            "mark": mark_of(item),
            "title": item.title,
            "text": item.text.as_json(),
            "optional": item.is_open and not item.needed,
        }
        for item in items
    )


def _context(gate: Gate, asked: Checklist) -> dict[str, Any]:
    counted = [item for item in gate.items if item.needed and item.status != Status.NOT_APPLICABLE]
    return {
        "tag": gate.tag,
        "sha": gate.sha[:7],
        "green": gate.is_green,
        "open": len(gate.open),
        "total": len(counted),
        "rows": rows(gate.items),
        "next": (),
        "items": tuple(WAIVABLE),
        "out": "",
        "asked_in": asked.asked_in,
        "asked_by": asked.asked_by,
    }
