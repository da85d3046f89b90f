"""How far a history was read stands beside it, and says where to go on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.database import Database
from bot.store.editions import Editions
from bot.store.handover import Handover
from bot.store.inbox import Inbox, Incoming
from bot.store.progress import Claim, Places, Progress
from tests.store.examples import DAY, HOUR, NOON, number, put, stored

REPO = "acme/Widgets"


def test_what_is_noted_is_found_again(database: Database) -> None:
    places, editions = Places(database), Editions(database)
    assert places.find(REPO) is None
    editions.keep(REPO, (), repository_id=10)
    begun = places.find("ACME/widgets")
    assert begun is not None
    assert (begun.full_name, begun.repository_id, begun.progress) == (REPO, 10, None)
    noted = Progress(since=NOON - DAY, reached=NOON, reconciled_at=NOON + HOUR)
    editions.keep(REPO, (), begun.id, **noted.as_values())
    found = places.find(REPO)
    assert found is not None
    assert (found.progress, found.id) == (noted, begun.id)
    assert places.complete() == []
    ended = Progress(complete_at=NOON)
    editions.keep(REPO, (), begun.id, **ended.as_values())
    assert [place.progress for place in places.complete()] == [ended]


ALL, LATE = Progress(reached=NOON), Progress(since=NOON - DAY, reached=NOON)
AHEAD = replace(ALL, reached=NOON + HOUR)
DONE = Progress(complete_at=NOON + DAY)


@pytest.mark.parametrize(
    ("mine", "there", "known"),
    [
        (ALL, None, ALL),  # nobody else
        (AHEAD, ALL, AHEAD),
        (ALL, AHEAD, AHEAD),  # the other one is further on
        (ALL, DONE, DONE),  # or has come to the end meanwhile
        (ALL, replace(ALL, complete_at=NOON + DAY), replace(ALL, complete_at=NOON + DAY)),  # and began anew
        (DONE, ALL, DONE),  # this one has
        (Progress(complete_at=NOON), DONE, DONE),
        (LATE, ALL, ALL),  # the other one reads more than this one
        (LATE, DONE, DONE),
        (Progress(since=NOON - DAY, complete_at=NOON), ALL, replace(ALL, complete_at=NOON)),
        (ALL, LATE, ALL),  # the other way around
        (ALL, Progress(since=NOON - DAY, complete_at=NOON), replace(ALL, complete_at=NOON)),
        (ALL, replace(ALL, reconciled_at=NOON), replace(ALL, reconciled_at=NOON)),
    ],
)
def test_two_readings_take_nothing_from_each_other(
    mine: Progress, there: Progress | None, known: Progress
) -> None:
    assert Claim(mine, None).joined(there) == known


def test_the_next_reading_goes_on_from_what_was_complete(database: Database) -> None:
    editions = Editions(database)
    editions.keep(REPO, (), None, Claim(DONE, None))
    begun = replace(DONE, reached=NOON)
    editions.keep(REPO, (), None, Claim(begun, DONE.complete_at))
    found = Places(database).find(REPO)
    assert found is not None
    assert found.progress == begun


@pytest.mark.parametrize(
    ("since", "asked", "covers"),
    [
        (None, None, True),
        (None, NOON, True),
        (NOON, None, False),
        (NOON, NOON, True),
        (NOON, NOON + HOUR, True),
        (NOON, NOON - HOUR, False),
    ],
)
def test_what_a_reading_covers(since: datetime | None, asked: datetime | None, covers: bool) -> None:
    assert Progress(since).covers(asked) is covers


def test_deliveries_tell_of_their_repositories(database: Database) -> None:
    inbox, handover, places = Inbox(database), Handover(database), Places(database)
    assert places.last_delivery() == 0
    [first] = stored(inbox, "first")
    inbox.store([Incoming("star", "star", b"s", NOON), Incoming("late", "push", b"l", NOON + HOUR)])
    for guid, name in (("first", REPO), ("star", "acme/starred"), ("late", "acme/late")):
        put(handover, number(inbox, guid), "queued", repository=name)
    assert places.told(0, NOON + timedelta(minutes=1)) == (first, {"acme/widgets": NOON})
    assert places.told(first, datetime.now(UTC))[1] == {"acme/late": NOON + HOUR}
    assert places.told(places.last_delivery(), datetime.now(UTC)) == (places.last_delivery(), {})


@pytest.mark.parametrize("event", ["check_suite", "status"])
def test_deliveries_tell_of_checks_that_ended(database: Database, event: str) -> None:
    Inbox(database).store([Incoming("checked", event, b"c", NOON)])
    put(Handover(database), number(Inbox(database), "checked"), "queued", repository=REPO)
    assert Places(database).told(0, NOON + HOUR)[1] == {"acme/widgets": NOON}


def test_deliveries_tell_of_what_is_gone(database: Database) -> None:
    inbox, handover, places = Inbox(database), Handover(database), Places(database)
    bodies = [
        ("a", "deleted", "10#7"),
        ("b", "transferred", "10#8"),
        ("c", "opened", "10#9"),
        ("d", "deleted", None),
    ]
    for guid, action, line in bodies:
        inbox.store([Incoming(guid, "issues", guid.encode(), NOON)])
        put(handover, number(inbox, guid), "ignored", repository=REPO, action=action, thread=line)
    later = NOON + HOUR
    assert places.gone(0, later) == [(REPO, 7), (REPO, 8)]
    assert places.gone(number(inbox, "a"), later) == [(REPO, 8)]
    assert places.gone(0, NOON) == []
