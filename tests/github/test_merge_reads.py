"""What Usher asks GitHub about the way of a pull request into its base."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.github import merge_reads
from bot.github.answers import Missing
from bot.github.client import RepositoryClient
from tests.github.scripted import Answer, Asked, Scripted

PATH = "/repos/octo/engine"
REPOSITORY: dict[str, Any] = {
    "mergeCommitAllowed": True,
    "squashMergeAllowed": False,
    "rebaseMergeAllowed": True,
    "mergeQueue": {"id": "MQ_1"},
    "pullRequest": {
        "id": "PR_1",
        "isInMergeQueue": True,
        "mergeQueueEntry": {"headCommit": {"oid": "a" * 40}},
    },
}


def answer(**changes: Any) -> Answer:
    return Answer(200, {"data": {"repository": {**REPOSITORY, **changes}}})


def test_how_a_pull_request_lands(client: RepositoryClient, script: Scripted) -> None:
    script.tell("POST", "/graphql", answer())
    found = merge_reads.landing(client, 7, "main")
    assert found == merge_reads.Landing(
        "PR_1", ("merge", "rebase"), has_queue=True, is_queued=True, group="a" * 40
    )
    asked = json.loads(script.asked[-1].body)["variables"]
    assert asked == {"owner": "octo", "name": "engine", "number": 7, "branch": "main"}


def test_where_queues_may_not_be_read_there_is_none(client: RepositoryClient, script: Scripted) -> None:
    def tell(asked: Asked) -> Answer:
        if "mergeQueue" not in asked.body.decode():
            return Answer(200, {"data": {"repository": {**REPOSITORY, "mergeQueue": None}}})
        error = {"type": "FORBIDDEN", "message": "Resource not accessible by integration"}
        return Answer(200, {"data": None, "errors": [error]})

    script.tell("POST", "/graphql", tell)
    assert not merge_reads.landing(client, 7, "main").has_queue


def test_what_github_does_not_have_is_missing(client: RepositoryClient, script: Scripted) -> None:
    script.tell("POST", "/graphql", answer(pullRequest=None))
    with pytest.raises(Missing, match="octo/engine#7"):
        merge_reads.landing(client, 7, "main")


def test_branches(client: RepositoryClient, script: Scripted) -> None:
    script.tell("GET", f"{PATH}/branches/a%2Fb", Answer(200, {"commit": {"sha": "c"}, "protected": False}))
    script.tell("GET", f"{PATH}/branches/main", Answer(200, {"commit": {"sha": "d"}}))
    script.tell("GET", f"{PATH}/branches/gone", Answer(404, {"message": "Branch not found"}))
    assert merge_reads.branch(client, "a/b") == merge_reads.Branch("c", is_protected=False)
    assert merge_reads.branch(client, "main") == merge_reads.Branch("d", is_protected=True)
    assert merge_reads.branch(client, "gone") is None


def test_whether_others_need_a_branch(client: RepositoryClient, script: Scripted) -> None:
    base = f"{PATH}/pulls?base=dev&per_page=1&state=open"
    head = f"{PATH}/pulls?head=octo%3Adev&per_page=1&state=open"
    script.tell("GET", base, Answer(200, []))
    script.tell("GET", head, Answer(200, []))
    assert not merge_reads.others_need(client, "dev")
    script.tell("GET", head, Answer(200, [{"number": 8}]))
    assert merge_reads.others_need(client, "dev")


def test_a_commit(client: RepositoryClient, script: Scripted) -> None:
    said = {
        "sha": "c",
        "commit": {"message": "Merge", "committer": {"email": "noreply@github.com"}},
        "committer": {"login": "web-flow"},
        "parents": [{"sha": "a"}, {"sha": "b"}],
    }
    script.tell("GET", f"{PATH}/commits/c", Answer(200, said))
    commit, parents = merge_reads.commit(client, "c")
    assert (commit.message, parents) == ("Merge", ("a", "b"))
    assert (commit.committer_login, commit.committer_email) == ("web-flow", "noreply@github.com")


@pytest.mark.parametrize(
    ("said", "is_within"),
    [
        (Answer(200, {"status": "ahead"}), True),
        (Answer(200, {"status": "identical"}), True),
        (Answer(200, {"status": "behind"}), False),
        (Answer(200, {"status": "diverged"}), False),
        (Answer(404, {"message": "No common ancestor"}), False),
    ],
)
def test_whether_a_commit_is_one_of_a_branch(
    client: RepositoryClient, script: Scripted, said: Answer, *, is_within: bool
) -> None:
    script.tell("GET", f"{PATH}/compare/b...a%2Fb?per_page=1", said)
    assert merge_reads.is_within(client, "b", "a/b") == is_within


def test_whether_a_comment_still_asks(client: RepositoryClient, script: Scripted) -> None:
    at, later = "2025-06-09T09:02:00Z", "2025-06-09T09:03:00Z"

    def said(body: str, login: str, updated: str = at) -> dict[str, Any]:
        return {"body": body, "user": {"login": login}, "created_at": at, "updated_at": updated}

    def asks(*comments: dict[str, Any]) -> bool:
        path = f"{PATH}/issues/7/comments?page=1&per_page=100&since=2025-06-09T09%3A01%3A59Z"
        script.tell("GET", path, Answer(200, list(comments)))
        return merge_reads.still_asks(client, 7, "maya", datetime(2025, 6, 9, 9, 2, tzinfo=UTC))

    assert asks(said("/merge", "maya"))
    assert asks(said("Fine.\n/merge squash", "nia", later))  # maya edited it
    assert not asks(said("/merge", "nia"), said("Better not.", "maya"))
    assert not asks()


def timeline(*, is_whole: bool = True) -> Answer:
    maya, bot = {"__typename": "User", "login": "maya"}, {"__typename": "Bot", "login": "renovate"}
    labels = [
        {"actor": maya, "label": {"name": "AutoMerge"}},
        {"actor": bot, "label": {"name": "automerge"}},
        {"actor": maya, "label": {"name": "bug"}},
    ]
    pull = {
        "bases": {
            "nodes": [{"actor": {"__typename": "User", "login": "nia"}}, {"actor": None}],
            "pageInfo": {"hasPreviousPage": not is_whole},
        },
        "labels": {"nodes": labels},
    }
    return Answer(200, {"data": {"repository": {"pullRequest": pull}}})


def test_who_changed_the_base_and_set_the_label(client: RepositoryClient, script: Scripted) -> None:
    script.tell("POST", "/graphql", timeline())
    found = merge_reads.way(client, 7, "automerge")
    assert found == merge_reads.Way(("nia", ""), "renovate[bot]", is_complete=True)
    assert merge_reads.way(client, 7, "ready").labelled_by == ""
    script.tell("POST", "/graphql", timeline(is_whole=False))
    assert not merge_reads.way(client, 7, "automerge").is_complete


def test_what_is_not_told_of_the_base_is_not_taken_for_nothing(
    client: RepositoryClient, script: Scripted
) -> None:
    script.tell("POST", "/graphql", Answer(200, {"data": {"repository": {"pullRequest": None}}}))
    assert not merge_reads.way(client, 7, "automerge").is_complete
