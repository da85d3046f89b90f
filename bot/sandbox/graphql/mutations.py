"""What can be changed: by the functions behind the REST API, with its permissions and its audit log."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.access import admit
from bot.sandbox.api.pulls import WRITE, set_draft
from bot.sandbox.audit import write_of
from bot.sandbox.call import Call, Needs
from bot.sandbox.graphql.queries import call_on, entry_node, pull_request_node
from bot.sandbox.merge_queue import dequeue, enqueue
from bot.sandbox.shapes.pulls import pull_of
from bot.sandbox.things import Issue, Json
from bot.sandbox.web import ApiError

# GitHub asks an App for this beside `pull_requests` where nothing but GraphQL can do it.
CONTENTS = Needs(("contents:write",), "read", "someone")
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

    return {
        "markPullRequestReadyForReview": ready,
        "convertPullRequestToDraft": draft,
        "enqueuePullRequest": enqueued,
        "dequeuePullRequest": dequeued,
    }


def _draft(call: Call, name: str, asked: Json, *, draft: bool) -> Json:
    inner = _on_pull(call, asked["pullRequestId"], WRITE, CONTENTS)
    _note(inner, name, changed=set_draft(inner, inner.pull, draft))
    return _payload(asked, pullRequest=pull_request_node(inner, inner.pull))


def _enqueue(call: Call, asked: Json) -> Json:
    inner = _on_pull(call, asked["pullRequestId"], WRITE, QUEUE)
    issue = inner.pull
    if asked.get("expectedHeadOid") not in (None, pull_of(issue).head_sha):
        raise ApiError(422, "Head branch was modified. Review and try the merge again.")
    entry = enqueue(inner, issue)
    _note(inner, "enqueuePullRequest", changed=True)
    return _payload(asked, mergeQueueEntry=entry_node(inner, issue, entry))


def _dequeue(call: Call, asked: Json) -> Json:
    inner = _on_pull(call, asked["id"], WRITE, QUEUE)
    issue = inner.pull
    entry = dequeue(inner, issue)
    if entry is None:
        raise ApiError(422, "Pull request is not in the merge queue")
    _note(inner, "dequeuePullRequest", changed=True)
    return _payload(asked, mergeQueueEntry=entry_node(inner, issue, entry))


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
    call.sandbox.writes.append(write_of(call, f"mutation {name}", changed=changed))


def _payload(asked: Json, **shown: Json) -> Json:
    return {"clientMutationId": asked.get("clientMutationId"), **shown}
