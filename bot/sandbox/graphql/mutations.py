"""What can be changed: by the functions behind the REST API, with its permissions and its audit log."""

from collections.abc import Callable
from typing import Any

from bot.sandbox import threads
from bot.sandbox.access import admit
from bot.sandbox.call import Call, Needs
from bot.sandbox.graphql.queries import call_on, entry_node, issue_node, pull_request_node
from bot.sandbox.merge_queue import dequeue, enqueue
from bot.sandbox.shapes.pulls import pull_of
from bot.sandbox.things import Issue, Json
from bot.sandbox.web import ApiError

# GitHub asks an App for this beside `pull_requests` where nothing but GraphQL can do it.
CONTENTS = Needs(("contents:write",), "read", "someone")
ISSUES = Needs(("issues:write",), "write", "someone")
MOST_PINNED = 3
PULLS = Needs(("pull_requests:write",), "read", "someone")
QUEUE = Needs(("contents:write",), "write", "someone")


def mutations(call: Call) -> dict[str, Callable[..., Json]]:
    """The fields of `Mutation`."""

    def ready(_info: Any, input: Json) -> Json:  # noqa: A002 - GitHub's own name
        return _draft(call, "markPullRequestReadyForReview", input, draft=False)

    def draft(_info: Any, input: Json) -> Json:  # noqa: A002
        return _draft(call, "convertPullRequestToDraft", input, draft=True)

    def enqueued(_info: Any, input: Json) -> Json:  # noqa: A002
        return _enqueue(call, input)

    def dequeued(_info: Any, input: Json) -> Json:  # noqa: A002
        return _dequeue(call, input)

    def pinned(_info: Any, input: Json) -> Json:  # noqa: A002
        return _pin(call, "pinIssue", input, pinned=True)

    def unpinned(_info: Any, input: Json) -> Json:  # noqa: A002
        return _pin(call, "unpinIssue", input, pinned=False)

    return {
        "pinIssue": pinned,
        "unpinIssue": unpinned,
        "markPullRequestReadyForReview": ready,
        "convertPullRequestToDraft": draft,
        "enqueuePullRequest": enqueued,
        "dequeuePullRequest": dequeued,
    }


def _draft(call: Call, name: str, asked: Json, *, draft: bool) -> Json:
    inner = _on_pull(call, asked["pullRequestId"], PULLS, CONTENTS)
    _note(inner, name, changed=threads.set_draft(inner, inner.pull, draft))
    return _payload(asked, pullRequest=pull_request_node(inner, inner.pull))


def _enqueue(call: Call, asked: Json) -> Json:
    inner = _on_pull(call, asked["pullRequestId"], PULLS, QUEUE)
    issue = inner.pull
    if asked.get("expectedHeadOid") not in (None, pull_of(issue).head_sha):
        raise ApiError(422, "Head branch was modified. Review and try the merge again.")
    entry = enqueue(inner, issue)
    _note(inner, "enqueuePullRequest", changed=True)
    return _payload(asked, mergeQueueEntry=entry_node(inner, issue, entry))


def _dequeue(call: Call, asked: Json) -> Json:
    inner = _on_pull(call, asked["id"], PULLS, QUEUE)
    issue = inner.pull
    entry = dequeue(inner, issue)
    if entry is None:
        raise ApiError(422, "Pull request is not in the merge queue")
    _note(inner, "dequeuePullRequest", changed=True)
    return _payload(asked, mergeQueueEntry=entry_node(inner, issue, entry))


def _pin(call: Call, name: str, asked: Json, *, pinned: bool) -> Json:
    full_name, issue = _issue_of(call, asked["issueId"])
    inner = call_on(call, ISSUES, full_name)
    call.sandbox.staleness.before_write(inner.repo)
    others = [each for each in inner.repo.issues.values() if each.pinned and each is not issue]
    if pinned and len(others) >= MOST_PINNED:
        raise ApiError(422, f"Maximum {MOST_PINNED} pinned issues per repository")
    changed, issue.pinned = issue.pinned != pinned, pinned
    if changed:
        threads.record(inner, issue, "pinned" if pinned else "unpinned")
        threads.announce(inner, issue, "pinned" if pinned else "unpinned")
    _note(inner, name, changed=changed)
    return _payload(asked, issue=issue_node(inner, issue))


def _issue_of(call: Call, node: str) -> tuple[str, Issue]:
    for repo in call.store.repositories.values():
        for issue in repo.issues.values():
            if issue.pull is None and f"I_sandbox{issue.id}" == node:
                return repo.full_name, issue
    raise ApiError(404, f"Could not resolve to a node with the global id of '{node}'.")


def _on_pull(call: Call, node: str, *needs: Needs) -> Call:
    """The call on the pull request of that node id, if the caller has all that it needs."""
    full_name, issue = _found(call, node)
    inner = call_on(call, needs[0], full_name, issue.number)
    for other in needs[1:]:
        admit(inner, other)
    call.sandbox.staleness.before_write(inner.repo)
    return inner


def _found(call: Call, node: str) -> tuple[str, Issue]:
    for repo in call.store.repositories.values():
        for issue in repo.issues.values():
            if issue.pull is not None and f"PR_sandbox{issue.pull.id}" == node:
                return repo.full_name, issue
    raise ApiError(404, f"Could not resolve to a node with the global id of '{node}'.")


def _note(call: Call, name: str, *, changed: bool) -> None:
    call.note(f"mutation {name}", changed=changed)


def _payload(asked: Json, **shown: Json) -> Json:
    return {"clientMutationId": asked.get("clientMutationId"), **shown}
