"""How checks stand: which are asked about, and since when they are as they are."""

from datetime import timedelta

from bot.core.history import HeadChecks, TimelineEvent
from bot.store.database import Database
from bot.store.head_checks import Checked
from bot.store.purging import purge_repository
from tests.store.examples import DAY, NOON
from tests.store.test_history import NAME, bare, publish

APPROVED, OPEN = TimelineEvent(NOON, "reviewed", 1, detail="approved"), {"is_pull": True}


def test_open_pull_requests_that_somebody_approved_are_asked_about(database: Database) -> None:
    history = publish(
        database,
        bare(1, **OPEN, timeline=(APPROVED, APPROVED)),
        bare(
            2,
            **OPEN,
            timeline=(
                TimelineEvent(NOON, "reviewed", 1, detail="commented"),
                TimelineEvent(NOON, "commented", 1),
            ),
        ),
        bare(3, **OPEN, timeline=(APPROVED,), is_draft=True),
        bare(4, **OPEN, timeline=(APPROVED,), is_open=False),
        bare(5, **OPEN, timeline=(APPROVED,)),
        bare(6, **OPEN),
    )
    other = publish(database, bare(7, **OPEN, timeline=(APPROVED,)), name="acme/other")
    assert Checked(database).approved(history) == [5, 1]
    assert Checked(database).approved(other) == [7]


def test_what_stays_as_it_was_keeps_its_time(database: Database) -> None:
    checked, history = Checked(database), publish(database, bare(1))
    assert checked.of(history) == {}
    first = NOON + timedelta(seconds=59)
    checked.keep(history, {1: "green", 2: "pending", 3: "red"}, first)
    assert checked.of(history)[1] == HeadChecks("green", first, first)
    checked.keep(history, {1: "green", 2: "green", 4: "none"}, NOON + DAY)
    assert checked.of(history) == {
        1: HeadChecks("green", first, NOON + DAY),
        2: HeadChecks("green", NOON + DAY, NOON + DAY),
        4: HeadChecks("none", NOON + DAY, NOON + DAY),
    }
    checked.keep(history, {}, NOON + DAY)
    assert checked.of(history) == {}


def test_checks_of_another_commit_are_seen_anew(database: Database) -> None:
    checked = Checked(database)
    history = publish(database, bare(1, **OPEN, head="a" * 40), bare(2, **OPEN))
    checked.keep(history, {1: "green", 2: "green"}, NOON)
    assert publish(database, bare(1, **OPEN, head="b" * 40), bare(2, **OPEN)) == history
    checked.keep(history, {1: "green", 2: "green"}, NOON + DAY)
    assert checked.of(history) == {
        1: HeadChecks("green", NOON + DAY, NOON + DAY, "b" * 40),
        2: HeadChecks("green", NOON, NOON + DAY),
    }


def test_it_goes_with_the_history(database: Database) -> None:
    checked, history = Checked(database), publish(database, bare(1))
    checked.keep(history, {1: "green"}, NOON)
    purge_repository(database, NAME)
    assert checked.of(history) == {}
