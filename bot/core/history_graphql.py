"""GraphQL's words for what happened on a thread to those of REST, which ``history_json.py`` reads.

So a thread has the same history whichever way it was asked for. GraphQL does not say where an App acted in
somebody's name: there, only what an App did by itself counts as done by one.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.core.payload import items_at, mapping_at, number_at, text_at

_EVENTS = {
    "AssignedEvent": "assigned",
    "ClosedEvent": "closed",
    "ConvertToDraftEvent": "convert_to_draft",
    "DemilestonedEvent": "demilestoned",
    "HeadRefForcePushedEvent": "head_ref_force_pushed",
    "LabeledEvent": "labeled",
    "LockedEvent": "locked",
    "MarkedAsDuplicateEvent": "marked_as_duplicate",
    "MergedEvent": "merged",
    "MilestonedEvent": "milestoned",
    "ReadyForReviewEvent": "ready_for_review",
    "RenamedTitleEvent": "renamed",
    "ReopenedEvent": "reopened",
    "ReviewRequestRemovedEvent": "review_request_removed",
    "ReviewRequestedEvent": "review_requested",
    "TransferredEvent": "transferred",
    "UnassignedEvent": "unassigned",
    "UnlabeledEvent": "unlabeled",
    "UnlockedEvent": "unlocked",
}
_LOCKS = {"OFF_TOPIC": "off-topic", "TOO_HEATED": "too heated", "RESOLVED": "resolved", "SPAM": "spam"}


def events_from(nodes: Iterable[object]) -> list[dict[str, Any]]:
    """Return a timeline as REST has it.

    Args:
        nodes: of ``timelineItems``, the oldest first; one that two pages hold counts once.
    """
    return [event for node in _each_once(nodes) if (event := _event_from(node))]


def comments_from(threads: Iterable[object]) -> list[dict[str, Any]]:
    """Return the comments on lines as REST has them.

    Args:
        threads: the nodes of ``reviewThreads``.
    """
    said = (node for thread in threads for node in items_at(mapping_at(thread, "comments"), "nodes"))
    return [_comment_from(node) for node in _each_once(said)]


def _each_once(nodes: Iterable[object]) -> Iterator[Mapping[str, Any]]:
    seen: set[str] = set()
    for node in nodes:
        id_ = text_at(node, "id")
        if isinstance(node, Mapping) and id_ not in seen:
            seen.update([id_] if id_ else [])
            yield node


def _event_from(node: Mapping[str, Any]) -> dict[str, Any] | None:
    kind = text_at(node, "__typename")
    if kind == "IssueComment":
        return {"event": "commented", **_comment_from(node)}
    if kind == "PullRequestReview":
        submitted_at, state = text_at(node, "submittedAt"), text_at(node, "state").lower()
        done = {
            "state": state,
            "submitted_at": submitted_at,
            "commit_id": text_at(mapping_at(node, "reviewed"), "oid"),
        }
        return {"event": "reviewed", **done, **_comment_from(node)}
    if kind == "PullRequestCommit":
        commit = mapping_at(node, "commit")
        return {
            "event": "committed",
            "sha": text_at(commit, "oid"),
            "committer": {"date": text_at(commit, "committedDate")},
        }
    name = _EVENTS.get(kind)
    return None if name is None else {"event": name, **_done(node, "actor", "actor"), **_details(node)}


def _comment_from(node: Mapping[str, Any]) -> dict[str, Any]:
    association = text_at(node, "authorAssociation")
    return {
        "body": text_at(node, "body"),
        "author_association": association,
        "minimized": {"reason": text_at(node, "minimizedReason").lower()},
        "reactions": {
            "-1": number_at(mapping_at(node, "down"), "totalCount"),
            "+1": number_at(mapping_at(node, "up"), "totalCount"),
        },
        **_done(node, "author", "user"),
    }


def _done(node: Mapping[str, Any], key: str, name: str) -> dict[str, Any]:
    """When it was done, and by whom: under ``key`` in GraphQL, as ``name`` in REST."""
    who = mapping_at(node, key)
    account = account_from(who)
    by_itself = {"slug": text_at(who, "login")} if account and account["type"] == "Bot" else None
    return {"created_at": text_at(node, "createdAt"), name: account, "performed_via_github_app": by_itself}


def account_from(who: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return an account as REST has it; None for one that is gone.

    GraphQL knows an App's account as ``renovate``, REST as ``renovate[bot]``.
    """
    login, kind = text_at(who, "login"), text_at(who, "__typename")
    if not login:
        return None
    if kind == "Bot" and not login.endswith("[bot]"):
        login += "[bot]"
    return {"login": login, "id": number_at(who, "databaseId"), "type": kind}


def _details(node: Mapping[str, Any]) -> dict[str, Any]:
    """What an event is about; empty for what has nothing of the kind."""
    reviewer = mapping_at(node, "requestedReviewer")
    is_team = text_at(reviewer, "__typename") == "Team"
    return {
        "label": {"name": text_at(mapping_at(node, "label"), "name")},
        "assignee": account_from(mapping_at(node, "assignee")),
        "requested_reviewer": None if is_team else account_from(reviewer),
        "requested_team": {"slug": text_at(reviewer, "slug")} if is_team else None,
        "rename": {"from": text_at(node, "previousTitle")},
        "milestone": {"title": text_at(node, "milestoneTitle")},
        "lock_reason": _LOCKS.get(text_at(node, "lockReason"), ""),
    }
