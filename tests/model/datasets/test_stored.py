"""One stored thread: what its labels, its title and its author make of it."""

from typing import Any

import pytest

from model.datasets.stored import LeftOut, draft_of
from model.errors import DataError

REPO = "octo/app"


def issue(*labels: str, events: Any = (), **more: Any) -> dict[str, Any]:
    thread = {
        "title": "Crash",
        "body": "It crashes",
        "labels": [{"name": name} for name in labels],
        "created_at": "2024-01-01T00:00:00Z",
        "user": {"login": "octocat", "type": "User"},
    }
    return {"type": "issue", "issue": thread | more, "events": list(events)}


def pull(title: str, **more: Any) -> dict[str, Any]:
    return {"type": "pull", "pull": {**issue()["issue"], "title": title} | more}


def labeled(name: str, actor: str) -> dict[str, Any]:
    return {"event": "labeled", "label": {"name": name}, "actor": {"login": "someone", "type": actor}}


# Issues


@pytest.mark.parametrize(
    ("labels", "type_"),
    [
        (["bug"], "bug"),
        (["kind/feature", "P1"], "feature"),
        (["T: Docs"], "documentation"),
        (["support"], "question"),
    ],
)
def test_labels_name_the_type(labels: list[str], type_: str) -> None:
    draft = draft_of(issue(*labels), REPO)
    assert (draft.task, draft.label, draft.repo, draft.title) == ("issue_type", type_, REPO, "Crash")


@pytest.mark.parametrize(
    ("labels", "reason"), [([], "no type"), (["P1"], "no type"), (["bug", "docs"], "several types")]
)
def test_labels_that_do_not_name_one_type(labels: list[str], reason: str) -> None:
    with pytest.raises(LeftOut, match=f"issue_type: the labels name {reason}"):
        draft_of(issue(*labels), REPO)


@pytest.mark.parametrize(
    "user", [{"login": "helper", "type": "Bot"}, {"login": "helper[bot]", "type": "User"}]
)
def test_an_issue_by_a_bot(user: dict[str, str]) -> None:
    with pytest.raises(LeftOut, match="issue_type: by a bot"):
        draft_of(issue("bug", user=user), REPO)


def test_an_issue_whose_author_is_gone() -> None:
    assert draft_of(issue("bug", user=None), REPO).label == "bug"


def test_a_label_that_a_bot_has_put_does_not_count() -> None:
    with pytest.raises(LeftOut, match="no type"):
        draft_of(issue("bug", events=[labeled("bug", "Bot")]), REPO)


def test_a_label_that_a_person_has_put_counts_beside_that_of_a_bot() -> None:
    events = [labeled("bug", "User"), labeled("docs", "Bot")]
    assert draft_of(issue("bug", "docs", events=events), REPO).label == "bug"


def test_the_last_to_put_a_label_decides() -> None:
    assert draft_of(issue("bug", events=[labeled("bug", "Bot"), labeled("bug", "User")]), REPO).label == "bug"


def test_a_pull_request_among_the_issues() -> None:
    with pytest.raises(LeftOut, match="a pull request"):
        draft_of(issue("bug", pull_request={}), REPO)


@pytest.mark.parametrize(
    "events", [None, "x", [None, 1, {}, {"event": "labeled"}, {"event": "labeled", "label": 3}]]
)
def test_events_of_any_kind_are_accepted(events: Any) -> None:
    assert draft_of(issue("bug") | {"events": events}, REPO).label == "bug"


# Pull requests


def test_a_title_names_the_type_and_does_not_keep_it() -> None:
    draft = draft_of(pull("fix(core)!: no crash"), REPO)
    assert (draft.task, draft.label, draft.title) == ("pr_type", "fix", "no crash")


def test_a_title_without_a_type() -> None:
    with pytest.raises(LeftOut, match="pr_type: the title names no type"):
        draft_of(pull("No crash"), REPO)


def test_a_pull_request_by_a_bot() -> None:
    with pytest.raises(LeftOut, match="pr_type: by a bot"):
        draft_of(pull("fix: no crash", user={"login": "helper", "type": "Bot"}), REPO)


# Rows of a table


@pytest.mark.parametrize(
    "row",
    [
        {"label": "bug"},
        {"labels": "P1; type: bug"},
        {"labels": "P1,bug"},
        {"labels": ["P1", "bug"]},
        {"labels": [{"name": "bug"}]},
        {"label": "", "labels": "bug"},
    ],
)
def test_a_row_names_its_labels_in_any_way(row: dict[str, Any]) -> None:
    draft = draft_of({"title": "Crash", "body": None} | row, REPO)
    assert (draft.label, draft.body, draft.repo, draft.created_at) == ("bug", "", REPO, "")


def test_a_row_may_name_its_repository() -> None:
    assert draft_of({"title": "Crash", "label": "bug", "repo": "octo/b"}, REPO).repo == "octo/b"


def test_a_row_with_the_number_of_an_issue_is_still_a_row() -> None:
    assert draft_of({"issue": "7", "title": "Crash", "label": "bug"}, REPO).title == "Crash"


def test_a_row_without_a_label() -> None:
    with pytest.raises(LeftOut, match="no type"):
        draft_of({"title": "Crash", "label": ""}, REPO)


# What cannot be read


@pytest.mark.parametrize(
    ("record", "error"),
    [
        ({}, "neither 'label' nor 'labels' in it"),
        ({"label": "bug"}, "no 'title' in it"),
        ({"label": "bug", "title": 3}, "'title' is not text"),
        ({"label": 3, "title": "Crash"}, "no labels in it"),
        ({"label": "bug", "title": "Crash", "created_at": "once"}, "'created_at': .+once"),
        (issue("bug", labels=None), "no labels in it"),
        (issue("bug", body=["x"]), "'body' is not text"),
        (pull("fix: x", created_at=7), "^'created_at' is not text"),
    ],
)
def test_a_record_that_cannot_be_read(record: dict[str, Any], error: str) -> None:
    with pytest.raises(DataError, match=error):
        draft_of(record, REPO)
