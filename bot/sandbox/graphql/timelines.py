"""What happened on threads: the connections behind issues and pull requests, and things by their node ids."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.clock import stamp, stamp_or_none
from bot.sandbox.git import Commit
from bot.sandbox.shapes.pulls import Entry, pull_of, timeline_of
from bot.sandbox.store import association_of
from bot.sandbox.things import (
    Comment,
    Event,
    Issue,
    Json,
    Repository,
    Review,
    ReviewComment,
)
from bot.sandbox.users import User
from bot.sandbox.web import ApiError

_EVENTS = {
    "assigned": "AssignedEvent",
    "base_ref_changed": "BaseRefChangedEvent",
    "closed": "ClosedEvent",
    "convert_to_draft": "ConvertToDraftEvent",
    "demilestoned": "DemilestonedEvent",
    "head_ref_force_pushed": "HeadRefForcePushedEvent",
    "labeled": "LabeledEvent",
    "locked": "LockedEvent",
    "marked_as_duplicate": "MarkedAsDuplicateEvent",
    "merged": "MergedEvent",
    "milestoned": "MilestonedEvent",
    "ready_for_review": "ReadyForReviewEvent",
    "renamed": "RenamedTitleEvent",
    "reopened": "ReopenedEvent",
    "review_request_removed": "ReviewRequestRemovedEvent",
    "review_requested": "ReviewRequestedEvent",
    "transferred": "TransferredEvent",
    "unassigned": "UnassignedEvent",
    "unlabeled": "UnlabeledEvent",
    "unlocked": "UnlockedEvent",
}
# Those that GraphQL calls otherwise than REST.
_REACTIONS = {"THUMBS_DOWN": "-1", "THUMBS_UP": "+1"}
LARGEST_PAGE = 100


def timeline_items(repo: Repository, issue: Issue) -> Callable[..., Json]:
    """The resolver of `timelineItems`."""

    def items(
        _info: Any,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        itemTypes: Sequence[str] | None = None,  # noqa: N803 - GitHub's own name
        **_more: Any,
    ) -> Json:
        shown = [_entry_node(repo, entry) for _at, entry in timeline_of(repo, issue)]
        wanted = None if itemTypes is None else {_squeezed(name) for name in itemTypes}
        kept = [one for one in shown if one and (wanted is None or _squeezed(one["__typename"]) in wanted)]
        return page_of(kept, first, after) if last is None else last_of(kept, last)

    return items


def review_threads(repo: Repository, issue: Issue) -> Callable[..., Json]:
    """The resolver of `reviewThreads`: comments on lines, with what was replied to each."""

    def threads(_info: Any, first: int | None = None, after: str | None = None, **_more: Any) -> Json:
        found: dict[int, list[ReviewComment]] = {}
        for comment in pull_of(issue).review_comments:
            found.setdefault(comment.in_reply_to or comment.id, []).append(comment)
        return page_of([_thread_node(repo, key, said) for key, said in found.items()], first, after)

    return threads


def page_of(nodes: list[Json], first: int | None, after: str | None) -> Json:
    """The page of a connection that begins behind a cursor.

    Raises:
        ApiError: no size is given, or one that GitHub does not allow.
    """
    if first is None:
        raise ApiError(422, "You must provide a `first` or `last` value to properly paginate this.")
    _limit(first, "first")
    start = 1 + next((place for place, node in enumerate(nodes) if node["id"] == after), -1)
    chosen = nodes[start : start + first]
    info = {
        "hasNextPage": start + first < len(nodes),
        "hasPreviousPage": start > 0,
        "endCursor": chosen[-1]["id"] if chosen else None,
    }
    return {"nodes": chosen, "totalCount": len(nodes), "pageInfo": info}


def last_of(nodes: list[Json], last: int) -> Json:
    """The last page of a connection, asked for from its end.

    Raises:
        ApiError: GitHub does not allow this size.
    """
    _limit(last, "last")
    chosen = nodes[len(nodes) - min(last, len(nodes)) :]
    info = {
        "hasNextPage": False,
        "hasPreviousPage": len(chosen) < len(nodes),
        "endCursor": chosen[-1]["id"] if chosen else None,
    }
    return {"nodes": chosen, "totalCount": len(nodes), "pageInfo": info}


def _limit(size: int, name: str) -> None:
    if not 0 <= size <= LARGEST_PAGE:
        raise ApiError(
            422, f"Requesting {size} records exceeds the `{name}` limit of {LARGEST_PAGE} records."
        )


def found(call: Call, ids: Iterable[str], show: Callable[[Repository, Issue], Any]) -> list[Any]:
    """The threads of these node ids, in this order; an error in the place of each that is not there."""
    threads = {
        node_id(issue): (repo, issue)
        for repo in call.store.repositories.values()
        for issue in repo.issues.values()
    }
    return [
        show(*threads[one])
        if one in threads
        else ApiError(404, f"Could not resolve to a node with the global id of '{one}'.")
        for one in ids
    ]


def node_id(issue: Issue) -> str:
    """By what GraphQL knows a thread."""
    return f"I_sandbox{issue.id}" if issue.pull is None else f"PR_sandbox{issue.pull.id}"


def _squeezed(name: str) -> str:
    """`LABELED_EVENT` and `LabeledEvent` are one."""
    return name.replace("_", "").lower()


def _actor(user: User) -> Json | None:
    """GraphQL names Apps without brackets, and nobody where an account is gone."""
    if user.login == "ghost":
        return None
    id_ = f"U_sandbox{user.id}"
    return {
        "__typename": user.type,
        "id": id_,
        "login": user.login.removesuffix("[bot]"),
        "databaseId": user.id,
    }


def _entry_node(repo: Repository, entry: Entry) -> Json | None:
    if isinstance(entry, Event):
        return _event_node(entry)
    if isinstance(entry, Comment):
        return _said("IssueComment", f"IC_sandbox{entry.id}", repo, entry) | {"reactions": _reactions(entry)}
    if isinstance(entry, Commit):
        commit = {"id": f"C_sandbox{entry.sha}", "oid": entry.sha, "committedDate": stamp(entry.date)}
        return {"__typename": "PullRequestCommit", "id": f"PURC_sandbox{entry.sha}", "commit": commit}
    return _review_node(repo, entry)


def _review_node(repo: Repository, review: Review) -> Json:
    return {
        "__typename": "PullRequestReview",
        "id": f"PRR_sandbox{review.id}",
        "author": _actor(review.user),
        "authorAssociation": association_of(repo, review.user),
        "body": review.body,
        "state": review.state,
        "createdAt": stamp_or_none(review.submitted_at),
        "submittedAt": stamp_or_none(review.submitted_at),
        "commit": {"id": f"C_sandbox{review.commit_id}", "oid": review.commit_id},
    }


def _said(kind: str, id_: str, repo: Repository, comment: Comment | ReviewComment) -> Json:
    return {
        "__typename": kind,
        "id": id_,
        "author": _actor(comment.user),
        "authorAssociation": association_of(repo, comment.user),
        "body": comment.body,
        "createdAt": stamp(comment.created_at),
        "minimizedReason": comment.hidden,
    }


def _reactions(comment: Comment) -> Callable[..., Json]:
    def reactions(_info: Any, content: str | None = None) -> Json:
        wanted = None if content is None else _REACTIONS.get(content, content.lower())
        return {"totalCount": sum(wanted in (None, one.content) for one in comment.reactions)}

    return reactions


def _thread_node(repo: Repository, key: int, said: list[ReviewComment]) -> Json:
    def comments(_info: Any, first: int | None = None, after: str | None = None, **_more: Any) -> Json:
        kind = "PullRequestReviewComment"
        return page_of([_said(kind, f"PRRC_sandbox{one.id}", repo, one) for one in said], first, after)

    return {"id": f"PRRT_sandbox{key}", "comments": comments}


def _event_node(event: Event) -> Json | None:
    kind = _EVENTS.get(event.kind)
    if kind is None:
        return None
    shown = {
        "__typename": kind,
        "id": f"EV_sandbox{event.id}",
        "actor": _actor(event.actor),
        "createdAt": stamp(event.created_at),
    }
    for name, value in event.details.items():
        match name:
            case "label":
                shown["label"] = {"id": f"LA_sandbox{value['name']}", "name": value["name"]}
            case "assignee":
                shown["assignee"] = _actor(value)
            case "requested_reviewer":
                shown["requestedReviewer"] = _actor(value)
            case "rename":
                shown |= {"previousTitle": value["from"], "currentTitle": value["to"]}
            case "milestone":
                shown["milestoneTitle"] = value["title"]
            case "lock_reason" if value is not None:
                shown["lockReason"] = value.upper().replace("-", "_").replace(" ", "_")
    return shown
