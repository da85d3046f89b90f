"""GitHub's JSON to facts: from a webhook, an answer or a backup, whole or with holes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.actors import GHOST, Actor
from bot.core.pull_json import (
    actor_from,
    check_from_run,
    check_from_status,
    commit_from,
    file_from,
    latest_checks,
    moment_at,
    pull_from,
    review_from,
)
from bot.core.pulls import ChangedFile, Check, Commit, PullRequest, Review

REPO = {"full_name": "acme/widgets"}
WHOLE: dict[str, Any] = {
    "number": 15,
    "title": "Mend it",
    "body": None,
    "user": {"id": 10, "login": "nia", "type": "User"},
    "author_association": "CONTRIBUTOR",
    "draft": False,
    "state": "open",
    "locked": False,
    "base": {"ref": "main", "sha": "b" * 40, "repo": REPO},
    "head": {"ref": "mend", "sha": "a" * 40, "repo": {"full_name": "nia/widgets"}},
    "labels": [{"name": "bug"}],
    "requested_reviewers": [{"login": "maya"}],
    "requested_teams": [{"slug": "core"}],
    "assignees": [{"login": "wes"}],
    "milestone": {"title": "1.0"},
    "mergeable": True,
    "mergeable_state": "clean",
    "additions": 3,
    "deletions": 1,
    "changed_files": 2,
    "commits": 1,
    "created_at": "2026-01-01T10:00:00Z",
    "updated_at": "2026-01-02T10:00:00Z",
    "merged": False,
    "merged_at": None,
    "merge_commit_sha": "c" * 40,
    "merged_by": None,
    "auto_merge": None,
}


def test_a_pull_request_is_read_in_full() -> None:
    assert pull_from(WHOLE) == PullRequest(
        number=15,
        title="Mend it",
        author=Actor(10, "nia"),
        association="CONTRIBUTOR",
        base="main",
        head="mend",
        base_sha="b" * 40,
        head_sha="a" * 40,
        head_repository="nia/widgets",
        is_fork=True,
        labels=("bug",),
        requested_reviewers=("maya",),
        requested_teams=("core",),
        assignees=("wes",),
        milestone="1.0",
        mergeable=True,
        merge_state="clean",
        additions=3,
        deletions=1,
        changed_files=2,
        commits=1,
        created_at=datetime(2026, 1, 1, 10, tzinfo=UTC),
        updated_at=datetime(2026, 1, 2, 10, tzinfo=UTC),
    )


def test_the_trial_merge_of_an_open_one_is_not_the_merge() -> None:
    merged = {**WHOLE, "state": "closed", "merged_at": "2026-01-03T10:00:00Z", "merged_by": {"login": "wes"}}
    assert pull_from(WHOLE).merge_sha == ""
    assert pull_from(merged).merge_sha == "c" * 40
    assert pull_from(merged).is_merged
    assert pull_from(merged).merged_by == "wes"


def test_a_branch_of_the_repository_itself_is_no_fork_and_a_deleted_fork_is_one() -> None:
    assert not pull_from({**WHOLE, "head": {**WHOLE["head"], "repo": {"full_name": "Acme/widgets"}}}).is_fork
    gone = pull_from({**WHOLE, "head": {**WHOLE["head"], "repo": None}})
    assert gone.is_fork
    assert gone.head_repository == ""


@pytest.mark.parametrize("user", [None, {}, {"login": "ghost", "id": 10137}, {"login": 7}])
def test_a_deleted_account_is_the_ghost(user: object) -> None:
    assert actor_from({"user": user}) == GHOST


def test_a_file_without_a_patch_says_so() -> None:
    renamed = {"filename": "b.bin", "status": "renamed", "previous_filename": "a.bin", "sha": "1"}
    assert file_from(renamed) == ChangedFile("b.bin", "renamed", previous="a.bin", sha="1")
    assert file_from({"filename": "x", "status": "new one of 2031", "patch": "@@"}).status == "changed"


def test_a_commit_without_an_account_has_a_ghost_for_an_author() -> None:
    data = {
        "sha": "d",
        "author": None,
        "commit": {
            "message": "fix: it",
            "author": {"name": "Nia", "email": "nia@example.org"},
            "committer": {"name": "GitHub", "email": "noreply@github.com"},
            "verification": {"verified": True},
        },
        "parents": [{"sha": "1"}, {"sha": "2"}],
    }
    assert commit_from(data) == Commit(
        "d",
        "fix: it",
        "Nia",
        "nia@example.org",
        GHOST,
        "GitHub",
        "noreply@github.com",
        parents=2,
        is_verified=True,
    )


def test_reviews_are_written_in_capitals_by_the_api_and_not_by_webhooks() -> None:
    for state in ("APPROVED", "approved"):
        found = review_from({"state": state, "user": {"login": "maya", "id": 1}, "commit_id": "a"})
        assert found == Review(Actor(1, "maya"), "approved", sha="a")
    assert review_from({"state": "APPLAUDED"}) is None


def test_a_check_that_runs_again_has_no_conclusion_yet() -> None:
    run = {"name": "ci", "status": "in_progress", "conclusion": "failure", "app": {"slug": "actions"}}
    assert check_from_run(run) == Check("ci", "", "actions")
    assert check_from_run({**run, "status": "completed"}).has_failed


def test_a_status_that_is_pending_has_no_conclusion_yet() -> None:
    assert not check_from_status({"context": "cov", "state": "pending"}).is_done
    assert check_from_status({"context": "cov", "state": "error"}).has_failed


def test_of_one_name_the_newest_check_counts_for_each_app() -> None:
    new, old, other = Check("ci", "success", "a"), Check("ci", "failure", "a"), Check("ci", "failure", "b")
    assert latest_checks([new, old, other]) == (new, other)


def test_times_come_out_in_utc() -> None:
    assert moment_at({"at": "2026-01-01T12:00:00+02:00"}, "at") == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert moment_at({"at": "2026-01-01T10:00:00"}, "at") == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert moment_at({"at": "soon"}, "at") is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(WHOLE)), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(list(WHOLE)), anything))
def test_whatever_comes_nothing_is_raised(holes: dict[str, Any]) -> None:
    for read in (pull_from, file_from, commit_from, review_from, check_from_run, check_from_status):
        read(holes)
        read({**WHOLE, **holes})
