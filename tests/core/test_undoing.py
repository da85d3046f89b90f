import pytest

from bot.core.actions import DraftRelease, UpsertComment
from bot.core.pull_actions import (
    FollowRelease,
    ForgetWord,
    MergePull,
    PublishRelease,
    RecordWord,
    UpdateBranch,
    UpsertIssue,
)
from bot.core.release.gate_state import purpose_after
from bot.core.undoing import is_left

LEFT = [
    UpsertComment(purpose="checklist", template="checklist", reason="asked"),
    UpsertComment(purpose="reply", template="paused", reason="asked"),
    UpsertIssue(purpose=purpose_after("v1.0.0"), title="Release", template="release", reason="asked"),
    UpsertIssue(purpose=purpose_after(""), title="Release", template="release", reason="asked"),
    FollowRelease(purpose=purpose_after("v1.0.0"), reason="asked"),
    PublishRelease(draft=1, tag="v1.0.0", sha="a", seen="b", reason="asked"),
    MergePull(sha="a", reason="asked"),
    UpdateBranch(sha="a", reason="asked"),
    ForgetWord(word="merge", reason="asked"),
    ForgetWord(word="approve", by="maya", reason="asked"),
]
TAKEN_BACK = [
    UpsertComment(purpose="welcome", template="welcome", reason="asked"),
    UpsertIssue(purpose="docs-follow-up 7", title="Document", template="docs-follow-up", reason="asked"),
    RecordWord(word="merge", by="maya", sha="a", reason="asked"),
    ForgetWord(word="merge dequeued", reason="asked"),
    ForgetWord(word="lgtm", by="maya", reason="asked"),
]


@pytest.mark.parametrize("action", LEFT, ids=lambda action: action.summary())
def test_what_stands_is_for_good_or_another_s_is_left(action: UpsertComment) -> None:
    assert is_left(action.kind, action.summary())


@pytest.mark.parametrize("action", TAKEN_BACK, ids=lambda action: action.summary())
def test_all_else_is_taken_back(action: UpsertComment) -> None:
    assert not is_left(action.kind, action.summary())


def test_a_draft_is_left() -> None:
    assert is_left(DraftRelease.kind, "draft release: v1.0.0")
