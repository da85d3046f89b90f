"""GraphQL's words for what happened are those of REST after the translation."""

from typing import Any

import pytest

from bot.core.history import TimelineEvent
from bot.core.history_graphql import account_from, comments_from, events_from
from bot.core.history_json import snapshot_from

AT = "2025-06-09T12:00:00Z"
MAYA = {"__typename": "User", "login": "maya", "databaseId": 7}
RENOVATE = {"__typename": "Bot", "login": "renovate", "databaseId": 9}
THREAD = {"number": 7, "title": "It crashes", "created_at": AT, "user": None, "state": "open"}


def timeline(*nodes: object, threads: tuple[object, ...] = ()) -> tuple[TimelineEvent, ...]:
    return snapshot_from(THREAD, events_from(nodes), comments_from(threads), is_pull=True).thread.timeline


def event(kind: str, **more: Any) -> dict[str, Any]:
    return {"__typename": kind, "id": f"{kind}{more}", "createdAt": AT, "actor": MAYA, **more}


@pytest.mark.parametrize(
    ("kind", "more", "name", "detail"),
    [
        ("AssignedEvent", {"assignee": MAYA}, "assigned", "maya"),
        ("UnassignedEvent", {"assignee": RENOVATE}, "unassigned", "renovate[bot]"),
        ("LabeledEvent", {"label": {"name": "bug"}}, "labeled", "bug"),
        ("UnlabeledEvent", {"label": {"name": "bug"}}, "unlabeled", "bug"),
        ("RenamedTitleEvent", {"previousTitle": "Before"}, "renamed", "Before"),
        ("MilestonedEvent", {"milestoneTitle": "1.0"}, "milestoned", "1.0"),
        ("DemilestonedEvent", {"milestoneTitle": "1.0"}, "demilestoned", "1.0"),
        ("ReviewRequestedEvent", {"requestedReviewer": MAYA}, "review_requested", "maya"),
        (
            "ReviewRequestRemovedEvent",
            {"requestedReviewer": {"__typename": "Team", "slug": "core"}},
            "review_request_removed",
            "core",
        ),
        ("LockedEvent", {"lockReason": "TOO_HEATED"}, "locked", "too heated"),
        ("LockedEvent", {"lockReason": None}, "locked", ""),
        ("UnlockedEvent", {}, "unlocked", ""),
        ("ClosedEvent", {}, "closed", ""),
        ("ReopenedEvent", {}, "reopened", ""),
        ("MergedEvent", {}, "merged", ""),
        ("HeadRefForcePushedEvent", {}, "force_pushed", ""),
        ("ReadyForReviewEvent", {}, "ready_for_review", ""),
        ("ConvertToDraftEvent", {}, "converted_to_draft", ""),
        ("MarkedAsDuplicateEvent", {}, "marked_as_duplicate", ""),
        ("TransferredEvent", {}, "transferred", ""),
    ],
)
def test_what_was_changed(kind: str, more: dict[str, Any], name: str, detail: str) -> None:
    [one] = timeline(event(kind, **more))
    assert (one.kind, one.who, one.detail, one.by_app) == (name, 7, detail, False)


def test_what_was_said() -> None:
    said = {"author": MAYA, "authorAssociation": "MEMBER", "body": "Thank you", "createdAt": AT}
    review = {"__typename": "PullRequestReview", "id": "r", **said, "state": "APPROVED", "submittedAt": AT}
    pending = {**review, "id": "p", "state": "PENDING", "submittedAt": None}
    lines = {"comments": {"nodes": [{"id": "l", **said}]}}
    found = timeline(
        {"__typename": "IssueComment", "id": "c", **said}, review, pending, threads=(lines, lines)
    )
    assert [(one.kind, one.detail) for one in found] == [
        ("commented", ""),
        ("reviewed", "approved"),
        ("review_commented", ""),
    ]
    assert {(one.who, one.association, one.text) for one in found} == {(7, "MEMBER", found[0].text)}
    assert found[0].text


def test_a_review_is_of_a_commit() -> None:
    review = {"__typename": "PullRequestReview", "id": "r", "state": "APPROVED", "submittedAt": AT}
    found = timeline({**review, "reviewed": {"oid": "a" * 40}}, {**review, "id": "s", "reviewed": None})
    assert [one.of_commit for one in found] == ["a" * 40, ""]


def test_what_people_thought_of_it() -> None:
    said = {"__typename": "IssueComment", "id": "c", "createdAt": AT, "minimizedReason": "abuse"}
    counts = {"down": {"totalCount": 6}, "up": {"totalCount": 1}}
    line = {"comments": {"nodes": [{"id": "l", "createdAt": AT, "minimizedReason": "spam"}]}}
    found = timeline({**said, **counts}, threads=(line,))
    assert [(one.detail, one.disliked) for one in found] == [("abuse", 6), ("spam", 0)]
    assert timeline({**said, "up": {"totalCount": 6}, "down": {"totalCount": 6}})[0].disliked == 0


def test_what_was_committed() -> None:
    node = {"__typename": "PullRequestCommit", "id": "x", "commit": {"oid": "a" * 40, "committedDate": AT}}
    [one] = timeline(node)
    assert (one.kind, one.who) == ("committed", None)


def test_accounts_are_called_as_in_rest() -> None:
    assert account_from(RENOVATE) == {"login": "renovate[bot]", "id": 9, "type": "Bot"}
    assert account_from({**RENOVATE, "login": "renovate[bot]"}) == account_from(RENOVATE)
    assert account_from({}) is None, "a deleted account"
    assert account_from({"__typename": "EnterpriseUserAccount", "login": "x"}) == {
        "login": "x",
        "id": None,
        "type": "EnterpriseUserAccount",
    }


def test_an_app_that_acts_by_itself_is_one() -> None:
    [one] = timeline(event("ClosedEvent", actor=RENOVATE))
    assert (one.who, one.by_app) == (9, True)
    [ghost] = timeline(event("ClosedEvent", actor=None))
    assert (ghost.who, ghost.by_app) == (None, False)


def test_what_two_pages_hold_counts_once() -> None:
    once = event("ClosedEvent")
    assert len(timeline(once, event("ReopenedEvent"), once)) == 2


@pytest.mark.parametrize("node", [None, 7, "x", [], {}, {"__typename": "PinnedEvent", "id": "x"}, {"id": 7}])
def test_what_is_of_no_interest_or_nonsense_is_left_out(node: object) -> None:
    assert events_from([node]) == []
    assert comments_from([node]) == []
