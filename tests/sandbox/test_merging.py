"""Merging: methods, the rules of a branch, bringing a head up to date, and the merge queue."""

from typing import Any

import pytest

from bot.sandbox.web import ApiError
from tests.sandbox.openapi import problems_of_webhook
from tests.sandbox.test_graphql import DEQUEUE, ENQUEUE, REPOSITORY, ask, refused
from tests.sandbox.world import REPO, Client, World

ENGINE = "octo/engine"


@pytest.fixture
def number(world: World) -> int:
    return _open(world, {"a.txt": "1"})


def _open(world: World, files: dict[str, str | bytes | None], branch: str | None = None) -> int:
    pull = world.sandbox.as_user("lee").open_pull(ENGINE, "feat: count", "", files, branch=branch)
    return int(pull["number"])


def _tip(world: World) -> Any:
    repo = world.sandbox.repo(ENGINE)
    return repo.network.commits[repo.branches["main"]]


def _head(world: World, number: int) -> str:
    pull = world.sandbox.repo(ENGINE).issues[number].pull
    assert pull is not None
    return pull.head_sha


def _check(client: Client, sha: str, conclusion: str | None = "success", name: str = "ci") -> None:
    done = {"conclusion": conclusion} if conclusion else {"status": "in_progress"}
    client.write("POST", f"{REPO}/check-runs", name=name, head_sha=sha, **done)


def _why_not(world: World, number: int, **fields: str) -> str:
    with pytest.raises(ApiError) as refused:
        world.sandbox.as_user("maya").merge(ENGINE, number, **fields)
    assert refused.value.status == 405
    return refused.value.message


def _state(client: Client, number: int) -> str:
    return str(client.read(f"{REPO}/pulls/{number}")["mergeable_state"])


# Methods


def test_a_merge_has_two_parents_and_the_message_that_was_asked_for(world: World, number: int) -> None:
    before, head = _tip(world).sha, _head(world, number)
    maya = world.sandbox.as_user("maya")
    merged = maya.merge(ENGINE, number, commit_title="One", commit_message="Because\n\nof this")
    assert merged["sha"] == _tip(world).sha
    assert (_tip(world).parents, _tip(world).message) == ((before, head), "One\n\nBecause\n\nof this")


def test_a_squash_has_one_parent_and_the_authors_name(world: World, number: int) -> None:
    before = _tip(world).sha
    world.sandbox.as_user("maya").merge(ENGINE, number, merge_method="squash")
    assert (_tip(world).parents, _tip(world).author.login) == ((before,), "lee")
    assert _tip(world).message == f"feat: count (#{number})"


def test_a_rebase_puts_each_commit_on_top(world: World, number: int) -> None:
    world.sandbox.as_user("lee").push_to_pull(ENGINE, number, {"b.txt": "2"}, "fix: more")
    world.sandbox.as_user("maya").push(ENGINE, {"c.txt": "3"}, "Meanwhile")
    world.sandbox.as_user("maya").merge(ENGINE, number, merge_method="rebase")
    history = [commit.message for commit in world.sandbox.repo(ENGINE).network.history(_tip(world).sha)]
    assert history == ["fix: more", "feat: count", "Meanwhile", "Initial commit"]
    assert {"a.txt", "b.txt", "c.txt"} <= set(_tip(world).tree)


def test_methods_that_the_repository_does_not_allow_are_refused(world: World, number: int) -> None:
    world.sandbox.set_merge_methods(ENGINE, "squash")
    assert _why_not(world, number) == "Merge commits are not allowed on this repository."
    assert _why_not(world, number, merge_method="rebase").startswith("Rebase merges are not allowed")
    shown = world.person("maya").read(REPO)
    assert [shown[f"allow_{name}"] for name in ("merge_commit", "squash_merge", "rebase_merge")] == [
        False,
        True,
        False,
    ]
    world.sandbox.as_user("maya").merge(ENGINE, number, merge_method="squash")
    with pytest.raises(ApiError, match="Validation Failed"):
        world.sandbox.as_user("maya").merge(ENGINE, _open(world, {"b": "1"}, "b"), merge_method="octopus")


# The rules of a branch


def test_required_checks_are_waited_for(world: World, bot: Client, number: int) -> None:
    world.sandbox.protect(ENGINE, checks=["ci", "lint"])
    head = _head(world, number)
    assert _state(bot, number) == "blocked"
    expected = 'Required status check "ci" is expected. Required status check "lint" is expected.'
    assert _why_not(world, number) == expected
    _check(bot, head, None)
    bot.write("POST", f"{REPO}/statuses/{head}", state="error", context="lint")
    said = 'Required status check "ci" is in progress. Required status check "lint" is failing.'
    assert _why_not(world, number) == said
    _check(bot, head, "skipped")
    bot.write("POST", f"{REPO}/statuses/{head}", state="success", context="lint")
    assert _state(bot, number) == "clean"
    world.sandbox.as_user("maya").merge(ENGINE, number)


def test_checks_that_nobody_requires_make_it_unstable(world: World, bot: Client, number: int) -> None:
    _check(bot, _head(world, number), "failure")
    assert _state(bot, number) == "unstable"
    world.sandbox.as_user("maya").merge(ENGINE, number)


def test_required_approvals_come_from_people_who_may_write(world: World, bot: Client, number: int) -> None:
    world.sandbox.protect(ENGINE, approvals=1)
    said = "At least 1 approving review is required by reviewers with write access."
    world.sandbox.as_user("tri").review(ENGINE, number)
    assert _why_not(world, number) == said
    world.sandbox.as_user("wes").review(ENGINE, number, "REQUEST_CHANGES", "No")
    world.sandbox.as_user("maya").review(ENGINE, number)
    assert _state(bot, number) == "blocked"
    world.sandbox.as_user("wes").review(ENGINE, number)
    assert _state(bot, number) == "clean"
    world.sandbox.protect(ENGINE, approvals=3)
    assert "At least 3 approving reviews are required" in _why_not(world, number)


def test_a_draft_and_a_conflict_show_in_the_state(world: World, bot: Client, number: int) -> None:
    world.sandbox.as_user("lee").draft(ENGINE, number)
    assert _state(bot, number) == "draft"
    world.sandbox.as_user("maya").push(ENGINE, {"a.txt": "another"})
    assert _state(bot, number) == "dirty"
    assert bot.read(f"{REPO}/pulls/{number}")["mergeable"] is False


def test_a_head_that_must_be_up_to_date_is_brought_up_to_date(
    world: World, bot: Client, merger: Client, number: int
) -> None:
    world.sandbox.protect(ENGINE, up_to_date=True)
    assert _state(bot, number) == "clean"
    world.sandbox.as_user("maya").push(ENGINE, {"b.txt": "2"})
    assert _state(bot, number) == "behind"
    assert _why_not(world, number).startswith("Head branch is out of date")
    head = _head(world, number)
    path = f"{REPO}/pulls/{number}/update-branch"
    stale = merger.put(path, json={"expected_head_sha": "0" * 40})
    assert (stale.status_code, "expected head sha" in stale.json()["message"]) == (422, True)
    assert merger.put(path, json={"expected_head_sha": head}).status_code == 202
    made = world.sandbox.repo(ENGINE).network.commits[_head(world, number)]
    assert made.parents == (head, _tip(world).sha)
    shown = bot.read(f"{REPO}/commits/{made.sha}")
    assert (shown["committer"]["login"], shown["author"]["login"]) == ("web-flow", made.author.login)
    assert shown["commit"]["committer"]["email"] == "noreply@github.com"
    assert _state(bot, number) == "clean"
    assert "pull_request.synchronize" in world.settle().names()
    assert "no new commits" in merger.put(path, json={}).json()["message"]


def test_a_head_that_conflicts_is_not_brought_up_to_date(world: World, merger: Client, number: int) -> None:
    world.sandbox.as_user("maya").push(ENGINE, {"a.txt": "another"})
    answer = merger.put(f"{REPO}/pulls/{number}/update-branch", json={})
    assert (answer.status_code, answer.json()["message"]) == (422, "merge conflict between base and head")
    assert world.person("wes").put(f"{REPO}/pulls/{number}/update-branch", json={}).status_code == 422
    assert world.person("tri").put(f"{REPO}/pulls/{number}/update-branch", json={}).status_code == 403


def test_the_rules_of_a_branch_are_listed(world: World, bot: Client) -> None:
    assert bot.read(f"{REPO}/rules/branches/main") == []
    world.sandbox.protect(ENGINE, "release/1", checks=["ci"], up_to_date=True, approvals=2, merge_queue=True)
    rules = {one["type"]: one["parameters"] for one in bot.read(f"{REPO}/rules/branches/release/1")}
    assert rules["required_status_checks"] == {
        "required_status_checks": [{"context": "ci"}],
        "strict_required_status_checks_policy": True,
    }
    assert rules["pull_request"]["required_approving_review_count"] == 2
    assert rules["merge_queue"]["merge_method"] == "MERGE"


def test_rules_can_be_set_from_another_process(world: World, number: int) -> None:
    maya = world.person("maya")
    maya.write("POST", "/_sandbox/protect", repository=ENGINE, checks=["ci"])
    assert _why_not(world, number) == 'Required status check "ci" is expected.'
    maya.write("POST", "/_sandbox/merge_methods", repository=ENGINE, methods=["rebase"])
    assert world.sandbox.repo(ENGINE).merge_methods == ("rebase",)


# The merge queue


def _green(client: Client, world: World, number: int) -> None:
    _check(client, _head(world, number))


def _enqueue(client: Client, number: int, **more: str) -> Any:
    node = client.read(f"{REPO}/pulls/{number}")["node_id"]
    return ask(client, ENQUEUE, id=node, **more)


def _queue(client: Client, number: int) -> Any:
    return ask(client, REPOSITORY, owner="octo", name="engine", number=number)["data"]["repository"]


def _delivered(world: World) -> list[str]:
    """What was announced, but for the checks; each payload fits GitHub's schema."""
    received = world.settle().received
    for one in received:
        assert problems_of_webhook(one.headers["x-github-event"], one.payload) == []
    return [one.name for one in received if not one.name.startswith("check_")]


def test_where_there_is_a_queue_nothing_is_merged_past_it(world: World, merger: Client, number: int) -> None:
    world.sandbox.protect(ENGINE, merge_queue=True)
    assert "through the merge queue" in _why_not(world, number)
    assert _queue(merger, number)["mergeQueue"]["url"].endswith("/octo/engine/queue/main")


def test_without_checks_the_queue_merges_at_once(world: World, merger: Client, number: int) -> None:
    world.sandbox.protect(ENGINE, merge_queue=True)
    world.settle().received.clear()
    got = _enqueue(merger, number, head=_head(world, number))
    assert got["data"]["enqueuePullRequest"]["clientMutationId"] == "c"
    pull = merger.read(f"{REPO}/pulls/{number}")
    assert (pull["merged"], pull["merged_by"]["login"]) == (True, "usher[bot]")
    assert _tip(world).message.splitlines()[0] == f"Merge pull request #{number} from lee/lee-patch-1"
    names = ["pull_request.enqueued", "merge_group.checks_requested", "merge_group.destroyed"]
    assert _delivered(world) == [*names, "push", "pull_request.closed"]


def test_a_group_is_checked_before_it_is_merged(
    world: World, bot: Client, merger: Client, number: int
) -> None:
    world.sandbox.protect(ENGINE, checks=["ci"], merge_queue=True)
    base, head = _tip(world).sha, _head(world, number)
    _green(bot, world, number)
    world.settle().received.clear()
    entry = _enqueue(merger, number)["data"]["enqueuePullRequest"]["mergeQueueEntry"]
    assert (entry["position"], entry["state"]) == (1, "AWAITING_CHECKS")
    group = world.settle().only("merge_group.checks_requested")["merge_group"]
    assert group["head_ref"] == f"refs/heads/gh-readonly-queue/main/pr-{number}-{base}"
    assert (group["base_ref"], group["base_sha"]) == ("refs/heads/main", base)
    assert world.sandbox.repo(ENGINE).network.commits[group["head_sha"]].parents == (base, head)
    pull = _queue(merger, number)["pullRequest"]
    assert (pull["isInMergeQueue"], pull["mergeQueueEntry"]["position"]) == (True, 1)
    assert _tip(world).sha == base
    _check(bot, group["head_sha"])
    assert _tip(world).sha == group["head_sha"]
    assert world.settle().only("merge_group.destroyed")["reason"] == "merged"
    assert world.receiver.only("pull_request.closed")["pull_request"]["merged"] is True
    assert list(world.sandbox.repo(ENGINE).branches) == ["main"]


def test_a_red_group_is_taken_out(world: World, bot: Client, merger: Client, number: int) -> None:
    world.sandbox.protect(ENGINE, checks=["ci"], merge_queue=True)
    _green(bot, world, number)
    world.settle().received.clear()
    _enqueue(merger, number)
    group = world.settle().only("merge_group.checks_requested")["merge_group"]
    _check(bot, group["head_sha"], "failure")
    assert _delivered(world)[-2:] == ["merge_group.destroyed", "pull_request.dequeued"]
    assert world.receiver.only("pull_request.dequeued")["reason"] == "CI_FAILURE"
    assert world.receiver.only("merge_group.destroyed")["reason"] == "dequeued"
    assert not merger.read(f"{REPO}/pulls/{number}")["merged"]
    kinds = [one["event"] for one in merger.read(f"{REPO}/issues/{number}/events")]
    assert kinds == ["added_to_merge_queue", "removed_from_merge_queue"]


def test_the_next_one_is_built_on_what_was_merged(
    world: World, bot: Client, merger: Client, number: int
) -> None:
    second = _open(world, {"b.txt": "2"}, "second")
    world.sandbox.protect(ENGINE, checks=["ci"], merge_queue=True)
    for each in (number, second):
        _green(bot, world, each)
        _enqueue(merger, each)
    queue = _queue(merger, number)["mergeQueue"]
    states = [(one["position"], one["state"]) for one in queue["entries"]["nodes"]]
    assert (queue["entries"]["totalCount"], states) == (2, [(1, "AWAITING_CHECKS"), (2, "QUEUED")])
    entries = world.sandbox.repo(ENGINE).protections["main"].queue
    bot.write("POST", f"{REPO}/statuses/{entries[0].head_sha}", state="success", context="ci")
    [left] = entries
    assert (left.number, left.base_sha) == (second, _tip(world).sha)
    _check(bot, left.head_sha)
    assert {"a.txt", "b.txt"} <= set(_tip(world).tree)


def test_a_group_is_built_anew_where_the_branch_has_moved(
    world: World, bot: Client, merger: Client, number: int
) -> None:
    world.sandbox.protect(ENGINE, checks=["ci"], merge_queue=True)
    _green(bot, world, number)
    _enqueue(merger, number)
    [entry] = world.sandbox.repo(ENGINE).protections["main"].queue
    first = entry.head_sha
    world.sandbox.as_user("maya").push(ENGINE, {"c.txt": "3"})
    _check(bot, first)
    assert entry.head_sha != first
    assert world.settle().only("merge_group.destroyed")["reason"] == "invalidated"
    world.sandbox.as_user("maya").push(ENGINE, {"a.txt": "another"})
    _check(bot, entry.head_sha)
    assert world.settle().only("pull_request.dequeued")["reason"] == "MERGE_CONFLICT"


def test_who_pushes_to_a_pull_request_takes_it_out_of_the_queue(
    world: World, bot: Client, merger: Client, number: int
) -> None:
    world.sandbox.protect(ENGINE, checks=["ci"], merge_queue=True)
    _green(bot, world, number)
    _enqueue(merger, number)
    world.sandbox.as_user("lee").push_to_pull(ENGINE, number, {"b.txt": "2"})
    assert not _queue(merger, number)["pullRequest"]["isInMergeQueue"]
    assert _delivered(world)[-2:] == ["merge_group.destroyed", "pull_request.dequeued"]


def test_what_is_closed_or_taken_out_leaves_the_queue(
    world: World, bot: Client, merger: Client, number: int
) -> None:
    second = _open(world, {"b.txt": "2"}, "second")
    world.sandbox.protect(ENGINE, checks=["ci"], merge_queue=True)
    for each in (number, second):
        _green(bot, world, each)
        _enqueue(merger, each)
    world.sandbox.as_user("lee").close(ENGINE, second)
    node = merger.read(f"{REPO}/pulls/{number}")["node_id"]
    assert ask(merger, DEQUEUE, id=node)["data"]["dequeuePullRequest"]["mergeQueueEntry"]["position"] == 0
    assert world.sandbox.repo(ENGINE).protections["main"].queue == []
    reasons = [one.payload["reason"] for one in world.settle().received if one.name.endswith(".dequeued")]
    assert reasons == ["MANUAL", "UNKNOWN_REMOVAL_REASON"]
    assert refused(merger, DEQUEUE, id=node) == ("UNPROCESSABLE", "Pull request is not in the merge queue")


def test_not_everything_may_be_put_into_a_queue(
    world: World, bot: Client, merger: Client, number: int
) -> None:
    node = merger.read(f"{REPO}/pulls/{number}")["node_id"]
    assert refused(merger, ENQUEUE, id=node)[1] == "The branch main has no merge queue"
    world.sandbox.protect(ENGINE, checks=["ci"], merge_queue=True)
    assert refused(merger, ENQUEUE, id=node)[1] == 'Required status check "ci" is expected.'
    assert refused(merger, ENQUEUE, id=node, head="0" * 40)[1].startswith("Head branch was modified")
    world.sandbox.as_user("lee").draft(ENGINE, number)
    assert refused(merger, ENQUEUE, id=node)[1] == "Pull request is not mergeable"
    world.sandbox.as_user("lee").ready(ENGINE, number)
    _green(bot, world, number)
    _enqueue(merger, number)
    assert refused(merger, ENQUEUE, id=node)[1] == "Pull request is already in the merge queue"
