"""Commits out of GitHub's JSON, whatever is missing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.history import PastCommit, Person
from bot.core.history_commits import commit_from, commit_of_node
from bot.core.mailmap import key_of

NODE: dict[str, Any] = {
    "oid": "a" * 40,
    "authoredDate": "2026-03-01T10:00:00Z",
    "committedDate": "2026-03-02T12:00:00+02:00",
    "parents": {"totalCount": 2},
    "author": {
        "name": "Nia",
        "email": "nia@example.org",
        "user": {"__typename": "User", "databaseId": 5, "login": "nia"},
    },
}


def test_a_commit_is_read() -> None:
    read = commit_from(commit_of_node(NODE), 7)
    assert read.commit == PastCommit(
        sha="a" * 40,
        committed_at=datetime(2026, 3, 2, 10, tzinfo=UTC),
        authored_at=datetime(2026, 3, 1, 10, tzinfo=UTC),
        author=5,
        key=key_of("nia@example.org", 7),
        name="Nia",
        is_merge=True,
    )
    assert read.person == Person(5, "nia")


@pytest.mark.parametrize(
    ("email", "person"),
    [
        ("5+nia@users.noreply.github.com", Person(5, "nia")),
        ("5+nia@users.noreply.ghe.example.org", Person(5, "nia")),
        ("29139614+renovate[bot]@users.noreply.github.com", Person(29139614, "renovate[bot]", is_bot=True)),
        ("nia@users.noreply.github.com", None),
        ("5+nia@example.org", None),
        ("", None),
    ],
)
def test_an_address_that_github_gave_says_whose_it_is(email: str, person: Person | None) -> None:
    node = {**NODE, "author": {"name": "Nia", "email": email, "user": None}}
    read = commit_from(commit_of_node(node), 7)
    assert read.person == person
    assert read.commit.author == (person.id if person else None)


def test_the_type_of_an_account_says_that_it_is_a_bot() -> None:
    data = {"sha": "b", "author": {"id": 9, "login": "helper[bot]", "type": "Bot"}}
    assert commit_from(data, 7).person == Person(9, "helper[bot]", is_bot=True)


def test_without_an_address_the_name_tells_people_apart() -> None:
    keys = {commit_from({"commit": {"author": {"name": name}}}, 7).commit.key for name in ("Nia", "Bo")}
    assert len(keys) == 2


def test_a_date_that_cannot_be_read_is_long_ago() -> None:
    read = commit_from({"sha": "c", "commit": {"author": {"date": "soon"}}}, 7).commit
    assert read.committed_at == read.authored_at == datetime(1970, 1, 1, tzinfo=UTC)
    authored = {"author": {"date": "2026-03-01T10:00:00Z"}, "committer": None}
    assert commit_from({"commit": authored}, 7).commit.committed_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
