"""Which deliveries may change how a release stands: pushes, releases, and what blocks it."""

from collections.abc import Mapping
from typing import Any

from bot.core.payload import mapping_at, number_at, text_at
from bot.core.release.gate_state import Checklist

#: Deliveries that may, so that nothing else is looked at twice.
EVENTS = frozenset({"push", "release", "issues", "pull_request"})
_MOVES = frozenset(
    {
        *("opened", "closed", "reopened", "deleted", "transferred"),
        *("labeled", "unlabeled", "milestoned", "demilestoned"),
    }
)


def bears_on(known: Checklist, event: str, payload: Mapping[str, Any], *, is_own: bool) -> bool:
    """Whether a delivery may change how a release stands.

    What Usher does counts, too, as it may label issues and write drafts; what it does to the checklist
    itself does not.

    Args:
        known: the checklist that is open.
        event: the delivery's ``X-GitHub-Event``.
        payload: its body.
        is_own: True where Usher itself did it.
    """
    match event:
        case "push":
            return text_at(payload, "ref") == f"refs/heads/{known.branch}"
        case "release":
            return True
        case "issues" | "pull_request":
            key = "issue" if event == "issues" else "pull_request"
            number = number_at(mapping_at(payload, key), "number")
            is_echo = is_own and number == known.issue
            return text_at(payload, "action") in _MOVES and not is_echo
    return False
