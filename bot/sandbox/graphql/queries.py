"""What can be asked: fields of the schema by their names, worked out when they are wanted."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.access import admit, within
from bot.sandbox.auth import Caller
from bot.sandbox.branches import QueueEntry
from bot.sandbox.call import Call, Needs
from bot.sandbox.clock import stamp
from bot.sandbox.graphql import checks, objects, timelines
from bot.sandbox.graphql.commits import branch_node, commit_node
from bot.sandbox.merge_queue import entry_of, queue_of
from bot.sandbox.mergeability import is_mergeable, merge_state, protection_of
from bot.sandbox.merging import closed_by
from bot.sandbox.shapes.pulls import pull_of
from bot.sandbox.store import at_least
from bot.sandbox.things import Issue, Json, Repository
from bot.sandbox.users import User
from bot.sandbox.web import ApiError

SEE, SEE_PULLS, SEE_ISSUES = Needs(), Needs(("pull_requests:read",)), Needs(("issues:read",))
SEE_CONTENTS = Needs(("contents:read",))
SEE_CHECKS = Needs(("checks:read",))
COST = 1


def queries(call: Call) -> dict[str, Callable[..., Any]]:
    """The fields of `Query`."""

    def repository(_info: Any, owner: str, name: str, **_options: bool) -> Json:
        return _repository(call_on(call, SEE, f"{owner}/{name}"))

    def rate_limit(_info: Any, **_options: bool) -> Json:
        return _rate_limit(call)

    def nodes(_info: Any, ids: list[str]) -> list[Any]:
        return timelines.found(call, ids, lambda repo, issue: _thread(call, repo, issue))

    def node(_info: Any, id: str) -> Any:  # noqa: A002 - GitHub's own name
        return nodes(_info, [id])[0]

    return {"repository": repository, "rateLimit": rate_limit, "node": node, "nodes": nodes}


def issue_node(call: Call, issue: Issue) -> Json:
    """An issue of the repository that the call is on."""
    return _issue(call, call.repo, issue)


def _thread(call: Call, repo: Repository, issue: Issue) -> Json | ApiError:
    """A thread that was asked for by its id."""
    is_pull = issue.pull is not None
    try:
        inner = call_on(call, SEE_PULLS if is_pull else SEE_ISSUES, repo.full_name)
    except ApiError as error:
        return error
    if is_pull:
        return pull_request_node(inner, issue) | {"__typename": "PullRequest"}
    return _issue(inner, repo, issue) | {"__typename": "Issue"}


def call_on(call: Call, needs: Needs, full_name: str, number: int = 0) -> Call:
    """The call as one on a repository, whose permissions and staleness count.

    Raises:
        ApiError: the caller may not do this, or may not know of it.
    """
    owner, _, repo = full_name.partition("/")
    params = {"owner": owner, "repo": repo} | ({"number": str(number)} if number else {})
    inner = Call(call.sandbox, call.request, call.caller, params)
    try:
        admit(inner, needs)
    except ApiError as error:
        if error.status != 404:
            raise
        raise ApiError(404, f"Could not resolve to a Repository with the name '{full_name}'.") from None
    if call.request.counts_as == "GET":
        inner.repo = call.sandbox.staleness.view(inner.repo, call.request.line)
    return inner


def _rate_limit(call: Call) -> Json:
    kept = call.sandbox.limits.overview(call.caller.name)["rate"]
    return {
        "cost": COST,
        "limit": kept["limit"],
        "remaining": kept["remaining"],
        "used": kept["used"],
        "resetAt": stamp(datetime.fromtimestamp(kept["reset"], UTC)),
    }


def _repository(call: Call) -> Json:
    repo = call.repo

    def pull_request(_info: Any, number: int) -> Json:
        inner = call_on(call, SEE_PULLS, repo.full_name)
        issue = inner.repo.issues.get(number)
        if issue is None or issue.pull is None:
            raise ApiError(404, f"Could not resolve to a PullRequest with the number of {number}.")
        return pull_request_node(inner, issue)

    def pull_requests(
        _info: Any,
        states: list[str] | None = None,
        first: int | None = None,
        last: int | None = None,
        **_more: Any,  # in the order of the numbers, which is that of CREATED_AT; DESC is all that is asked
    ) -> Json:
        inner = call_on(call, SEE_PULLS, repo.full_name)
        pulls = [one for one in reversed(inner.repo.issues.values()) if one.pull is not None]
        chosen = [one for one in pulls if states is None or _state(one) in states]
        return _connection([pull_request_node(inner, one) for one in chosen], first, last)

    def found_object(_info: Any, expression: str | None = None, oid: str | None = None) -> Json | None:
        return objects.found(call_on(call, SEE_CONTENTS, repo.full_name), oid or expression or "")

    def merge_queue(_info: Any, branch: str | None = None) -> Json | None:
        return _merge_queue(call, branch or repo.default_branch)

    def default_branch(_info: Any) -> Json | None:
        return branch_node(call_on(call, SEE_CONTENTS, repo.full_name), repo.default_branch)

    return {
        "id": f"R_sandbox{repo.id}",
        "defaultBranchRef": default_branch,
        "nameWithOwner": repo.full_name,
        "isPrivate": repo.private,
        "object": found_object,
        "mergeCommitAllowed": "merge" in repo.merge_methods,
        "squashMergeAllowed": "squash" in repo.merge_methods,
        "rebaseMergeAllowed": "rebase" in repo.merge_methods,
        "autoMergeAllowed": False,
        "mergeQueue": merge_queue,
        "pullRequest": pull_request,
        "pullRequests": pull_requests,
    }


def _state(issue: Issue) -> str:
    return "MERGED" if pull_of(issue).merged_at else issue.state.upper()


def _actor(user: User) -> Json:
    return {"__typename": "Bot" if user.login.endswith("[bot]") else "User", "login": user.login}


def _merge_queue(call: Call, branch: str) -> Json | None:
    protection = protection_of(call.repo, branch)
    if not protection.has_queue:
        return None

    def entries(_info: Any, first: int | None = None, last: int | None = None, **_cursors: str) -> Json:
        shown = [entry_node(call, call.repo.issues[one.number], one) for one in protection.queue]
        return _connection(shown, first, last)

    return {
        "id": f"MQ_sandbox{protection.id}",
        "url": f"{call.urls.repo_html(call.repo)}/queue/{branch}",
        "entries": entries,
    }


def _connection(nodes: list[Json], first: int | None, last: int | None) -> Json:
    if first is None and last is None:
        raise ApiError(422, "You must provide a `first` or `last` value to properly paginate this.")
    chosen = nodes[:first] if first is not None else nodes[len(nodes) - min(last or 0, len(nodes)) :]
    return {"nodes": chosen, "totalCount": len(nodes)}


def pull_request_node(call: Call, issue: Issue) -> Json:
    """A pull request with all that is served of it."""
    pull, repo = pull_of(issue), call.repo
    entry = entry_of(call, issue)
    merges = issue.state == "open" and is_mergeable(repo, pull)
    mergeable = "MERGEABLE" if merges else "CONFLICTING"

    def closing(_info: Any, first: int | None = None, last: int | None = None, **_cursors: str) -> Json:
        seen = [(where, one) for where, one in closed_by(call, issue) if _may_see(call.caller, where)]
        return _connection([_issue(call, where, one) for where, one in seen], first, last)

    def reviews(_info: Any, first: int | None = None, last: int | None = None, **_cursors: str) -> Json:
        shown = [{"id": f"PRR_sandbox{one.id}", "author": _actor(one.user)} for one in pull.reviews]
        return _connection(shown, first, last)

    return {
        "id": f"PR_sandbox{pull.id}",
        "author": _actor(issue.user),
        "reviews": reviews,
        "reviewThreads": timelines.review_threads(repo, issue),
        "timelineItems": timelines.timeline_items(repo, issue),
        "number": issue.number,
        "headRefOid": pull.head_sha,
        "isDraft": pull.draft,
        "isInMergeQueue": entry is not None,
        "mergeQueueEntry": None if entry is None else lambda _info: entry_node(call, issue, entry),
        "mergeable": mergeable if issue.state == "open" else "UNKNOWN",
        "mergeStateStatus": merge_state(repo, issue, pull, merges=merges).upper(),
        "closingIssuesReferences": closing,
        "statusCheckRollup": lambda _info: checks.rollup(call_on(call, SEE_CHECKS, repo.full_name), pull),
    }


def _may_see(caller: Caller, repo: Repository) -> bool:
    if caller.token is not None:
        return not repo.private or within(caller.token, repo)
    return at_least(repo, caller.user, "read")


def _issue(call: Call, repo: Repository, issue: Issue) -> Json:
    return {
        "id": f"I_sandbox{issue.id}",
        "isPinned": issue.pinned,
        "number": issue.number,
        "state": issue.state.upper(),
        "timelineItems": timelines.timeline_items(repo, issue),
        "repository": lambda _info: _repository(call_on(call, SEE, repo.full_name)),
    }


def entry_node(call: Call, issue: Issue, entry: QueueEntry) -> Json:
    """A place in a merge queue."""
    queue = queue_of(call, issue)
    return {
        "id": f"MQE_sandbox{entry.id}",
        "position": queue.index(entry) + 1 if entry in queue else 0,
        "state": "QUEUED" if entry.group_ref is None else "AWAITING_CHECKS",
        "headCommit": None
        if entry.group_ref is None
        else commit_node(call, call.repo.network.commits[entry.head_sha]),
        "pullRequest": lambda _info: pull_request_node(call, issue),
    }
