"""What `/usher undo` leaves as it is on a thread, although it was done there."""

from bot.core.actions import STANDING_COMMENTS, DraftRelease, UpsertComment
from bot.core.pull_actions import (
    FollowRelease,
    ForgetWord,
    MergePull,
    PublishRelease,
    UpdateBranch,
    UpsertIssue,
)
from bot.core.release.gate_state import CHECKLIST_PURPOSE

#: Words of people with more rights than `/usher undo` takes: only they say again what they took back.
THEIR_WORDS = frozenset({"merge", "approve"})
_FOR_GOOD = frozenset(
    kind.kind for kind in (DraftRelease, PublishRelease, FollowRelease, MergePull, UpdateBranch)
)
_THEIRS = frozenset(ForgetWord(word=word, reason="").summary() for word in THEIR_WORDS)
_ANSWERS = frozenset(f"comment: {purpose}" for purpose in STANDING_COMMENTS)


def is_left(kind: str, summary: str) -> bool:
    """Whether an action stays: what answers or says how things stand, what is for good, what is another's.

    Args:
        kind, summary: the action's, as the ledger has them.
    """
    if kind in _FOR_GOOD or is_theirs(kind, summary):
        return True
    if kind == UpsertComment.kind:
        return summary in _ANSWERS
    return kind == UpsertIssue.kind and summary.startswith(f"issue: {CHECKLIST_PURPOSE} ")


def is_theirs(kind: str, summary: str) -> bool:
    """Whether somebody took a word back by it that is theirs alone to say again."""
    return kind == ForgetWord.kind and summary in _THEIRS
