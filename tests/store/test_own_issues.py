"""Usher's own issues: one for each purpose, and one who opens it at a time."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.store.database import Database
from bot.store.own_issues import HELD, OwnIssues
from bot.store.registry import Registry
from bot.store.tables import own_issues as table

WIDGETS, TOOLS, GATE = 10, 11, "release 1.2"


@pytest.fixture
def issues(database: Database) -> OwnIssues:
    return OwnIssues(database)


def test_an_issue_is_known_once_it_is_open(issues: OwnIssues) -> None:
    assert issues.take(WIDGETS, GATE, 1, holder=7)
    assert issues.of(WIDGETS, GATE) is None
    issues.opened(WIDGETS, GATE, 42, "digest")
    known = issues.of(WIDGETS, GATE)
    assert known is not None
    assert (known.number, known.digest) == (42, "digest")
    assert (issues.purpose(WIDGETS, 42), issues.purpose(TOOLS, 42)) == (GATE, None)
    assert issues.of(TOOLS, GATE) is issues.of(WIDGETS, "release 1.3") is None


def test_one_opens_it_at_a_time_and_goes_on_after_a_crash(issues: OwnIssues) -> None:
    assert issues.take(WIDGETS, GATE, 1, holder=7)
    assert not issues.take(WIDGETS, GATE, 1, holder=8)
    assert issues.take(TOOLS, GATE, 1, holder=8)
    assert issues.take(WIDGETS, GATE, 1, holder=7)
    issues.give(WIDGETS, GATE, 8)
    assert not issues.take(WIDGETS, GATE, 1, holder=8)
    issues.give(WIDGETS, GATE, 7)
    assert issues.take(WIDGETS, GATE, 1, holder=8)


def test_one_that_is_open_is_not_opened_again_nor_forgotten(issues: OwnIssues) -> None:
    issues.take(WIDGETS, GATE, 1, holder=7)
    issues.opened(WIDGETS, GATE, 42, "7")
    issues.give(WIDGETS, GATE, 7)
    assert not issues.take(WIDGETS, GATE, 1, holder=7)
    assert issues.of(WIDGETS, GATE) is not None


def test_one_who_never_comes_back_holds_it_for_a_while_only(issues: OwnIssues, database: Database) -> None:
    issues.take(WIDGETS, GATE, 1, holder=7)
    with database.engine.begin() as connection:
        connection.execute(sa.update(table).values(written_at=datetime.now(UTC) - HELD))
    assert issues.take(WIDGETS, GATE, 1, holder=8)
    assert not issues.take(WIDGETS, GATE, 1, holder=7)


def test_what_it_says_changes_and_when_it_was_new_does_not(issues: OwnIssues) -> None:
    issues.take(WIDGETS, GATE, 1, holder=7)
    issues.opened(WIDGETS, GATE, 42, "one")
    first = issues.of(WIDGETS, GATE)
    issues.says(WIDGETS, GATE, "two")
    second = issues.of(WIDGETS, GATE)
    assert first is not None
    assert second is not None
    assert (second.digest, second.written_at) == ("two", first.written_at)


def test_issues_count_in_what_was_written_lately(issues: OwnIssues, database: Database) -> None:
    issues.take(WIDGETS, GATE, 1, holder=7)
    issues.opened(WIDGETS, GATE, 42, "one")
    registry, now = Registry(database), datetime.now(UTC)
    assert registry.comments_written(WIDGETS, 5, now - timedelta(hours=1)) == (0, 1)
    assert registry.comments_written(WIDGETS, 5, now + timedelta(hours=1)) == (0, 0)
    assert registry.comments_written(TOOLS, 5, now - timedelta(hours=1)) == (0, 0)


def test_all_of_a_kind_are_found_by_how_their_purposes_begin(issues: OwnIssues) -> None:
    for number, purpose in enumerate(
        ("docs-follow-up 7", "docs-follow-up 8", "docs-follow", "docs_follow-up 9")
    ):
        issues.take(10, purpose, 1, 5)
        issues.opened(10, purpose, 40 + number, "")
    issues.take(10, "docs-follow-up 11", 1, 5)  # and was not opened yet
    assert issues.of_kind(10, "docs-follow-up") == (40, 41)
    assert issues.of_kind(11, "docs-follow-up") == ()
