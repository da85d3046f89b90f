from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.errors import UsherError
from bot.core.history import PastThread, Person, Snapshot, TimelineEvent
from bot.store import editions
from bot.store.database import Database
from bot.store.editions import Edition, Editions, Published
from bot.store.history import Histories
from bot.store.purging import purge_repository
from bot.store.registry import Registry
from bot.store.tables import metadata
from tests.store.examples import DAY, NOON

NAME = "acme/widgets"
LABELED = TimelineEvent(NOON, "labeled", 1, detail="bug")


def snapshot(number: int, title: str = "", at: datetime = NOON, *people: Person, **fields: Any) -> Snapshot:
    values: dict[str, Any] = {"is_pull": False, "author": None, "created_at": NOON, "timeline": (LABELED,)}
    return Snapshot(PastThread(number, title=title, **{**values, **fields}), people, at)


def imported(database: Database, *snapshots: Snapshot, repository_id: int | None = None) -> Published:
    with Editions(database).begin(NAME) as edition:
        for each in snapshots:
            edition.add([each])
        return edition.publish(NAME, repository_id)


def titles(database: Database) -> dict[int, str] | None:
    """What everybody sees; None where there is no history."""
    found = Histories(database).find(NAME)
    return None if found is None else {t.number: t.title for t in Histories(database).threads(found.id)}


def logins(database: Database) -> dict[int, str]:
    found = Histories(database).find(NAME)
    assert found is not None
    return {id_: person.login for id_, person in Histories(database).people(found.id).items()}


def rows(database: Database) -> dict[str, int]:
    """How many rows each table of histories has, whoever sees them."""
    names = ("histories", "threads", "timeline_events", "people")
    with database.engine.connect() as connection:
        count = sa.func.count()
        return {
            n: connection.execute(sa.select(count).select_from(metadata.tables[n])).scalar_one()
            for n in names
        }


def test_nothing_is_seen_before_it_is_published(database: Database) -> None:
    with Editions(database).begin(NAME) as edition:
        edition.add([snapshot(1, "one", NOON, Person(1, "mona"))])
        assert titles(database) is None
        edition.add([snapshot(2, "two")])
        assert edition.publish(NAME) == Published(issues=2, pulls=0, events=2, outdated=0)
    assert titles(database) == {1: "one", 2: "two"}
    assert logins(database) == {1: "mona"}


def test_what_was_published_is_seen_until_the_next_is(database: Database) -> None:
    imported(database, snapshot(1, "one", NOON, Person(1, "mona")))
    with Editions(database).begin(NAME) as edition:
        edition.add([snapshot(1, "uno", NOON, Person(1, "lisa")), snapshot(2, "due")])
        assert titles(database) == {1: "one"}
        assert logins(database) == {1: "mona"}
        edition.publish(NAME)
    assert titles(database) == {1: "uno", 2: "due"}
    assert logins(database) == {1: "lisa"}


def test_importing_twice_changes_nothing(database: Database) -> None:
    everything = [snapshot(n, str(n), NOON, Person(n, f"p{n}")) for n in range(1, 20)]
    first = imported(database, *everything)
    before, seen = rows(database), titles(database)
    assert imported(database, *everything) == first
    assert (rows(database), titles(database)) == (before, seen)


def test_a_newer_state_replaces_an_older_one_and_never_the_other_way_round(database: Database) -> None:
    imported(database, snapshot(1, "new", NOON, Person(1, "new")), snapshot(2, "old", NOON))
    said = imported(
        database,
        snapshot(1, "older", NOON - DAY, Person(1, "older")),
        snapshot(2, "newer", NOON + DAY, timeline=()),
    )
    assert said == Published(issues=2, pulls=0, events=1, outdated=1)
    assert titles(database) == {1: "new", 2: "newer"}
    assert logins(database) == {1: "new"}
    assert rows(database) == {"histories": 1, "threads": 2, "timeline_events": 1, "people": 1}


def test_what_the_next_one_does_not_have_stays(database: Database) -> None:
    imported(database, snapshot(1, "one"), snapshot(2, "two"))
    imported(database, snapshot(3, "three", is_pull=True))
    assert titles(database) == {1: "one", 2: "two", 3: "three"}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("together", [True, False])
def test_of_a_thread_that_comes_twice_the_later_state_counts(
    database: Database, order: tuple[int, int], together: bool
) -> None:
    states = [snapshot(1, "old", NOON, Person(1, "old")), snapshot(1, "new", NOON + DAY, Person(1, "new"))]
    first, second = (states[n] for n in order)
    with Editions(database).begin(NAME) as edition:
        for parcel in [[first, second]] if together else [[first], [second]]:
            edition.add(parcel)
        assert edition.publish(NAME).issues == 1
    assert titles(database) == {1: "new"}
    assert logins(database) == {1: "new"}
    assert rows(database)["threads"] == 1


def test_an_edition_that_fails_leaves_nothing(database: Database) -> None:
    with suppress(KeyError), Editions(database).begin(NAME) as edition:
        edition.add([snapshot(1, "one", NOON, Person(1, "mona"))])
        raise KeyError
    assert titles(database) is None
    assert rows(database) == {"histories": 1, "threads": 0, "timeline_events": 0, "people": 0}


def test_what_a_dead_one_left_is_cleared_by_the_next(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "_DELETED_AT_ONCE", 2)
    imported(database, snapshot(1, "one"))
    abandoned(database, snapshot(1, "uno"), *(snapshot(n, "", NOON, Person(n, "x")) for n in range(2, 9)))
    assert rows(database)["threads"] == 9
    imported(database, snapshot(2, "two"))
    assert titles(database) == {1: "one", 2: "two"}
    assert rows(database) == {"histories": 1, "threads": 2, "timeline_events": 2, "people": 0}


def abandoned(database: Database, *snapshots: Snapshot) -> Edition:
    edition = Editions(database).begin(NAME)
    edition.add(snapshots)
    return edition


def test_one_that_was_overtaken_ends(database: Database) -> None:
    slow = abandoned(database, snapshot(1, "slow"))
    quick = abandoned(database, snapshot(1, "quick"))
    with pytest.raises(UsherError, match="another import of acme/widgets was begun"):
        slow.add([snapshot(2, "slow")])
    with pytest.raises(UsherError, match="another import"), slow:
        slow.publish(NAME)
    quick.publish(NAME)
    assert titles(database) == {1: "quick"}


def test_one_whose_history_was_purged_ends(database: Database) -> None:
    edition = abandoned(database, snapshot(1))
    purge_repository(database, NAME)
    with pytest.raises(UsherError, match="purged"):
        edition.publish(NAME)
    assert rows(database)["threads"] == 0


def test_another_repository_of_the_same_name_is_refused(database: Database) -> None:
    imported(database, snapshot(1, "one"), repository_id=10)
    imported(database, snapshot(2, "two"))
    with pytest.raises(UsherError, match=r"another repository \(number 10; this one is 11\): usher purge"):
        imported(database, snapshot(3, "three"), repository_id=11)
    assert titles(database) == {1: "one", 2: "two"}
    found = Histories(database).find(NAME)
    assert found is not None
    assert found.repository_id == 10


def test_a_history_belongs_to_the_installation_of_its_repository(database: Database) -> None:
    imported(database, snapshot(1))
    assert installation(database) is None
    Registry(database).add_repositories(5, ["Acme/Widgets"])
    imported(database, snapshot(1))
    assert installation(database) == 5


def installation(database: Database) -> int | None:
    with database.engine.connect() as connection:
        found: int | None = connection.execute(sa.text("SELECT installation FROM histories")).scalar_one()
    return found


def test_a_single_thread_is_kept_at_once(database: Database) -> None:
    imported(database, snapshot(1, "one"), snapshot(2, "two"))
    keep = Editions(database).keep
    assert keep(NAME, [snapshot(2, "due", NOON + DAY), snapshot(3, "tre")]).outdated == 0
    assert titles(database) == {1: "one", 2: "due", 3: "tre"}
    assert keep(NAME, [snapshot(2, "old", NOON)]).outdated == 1
    assert keep(NAME, []) == Published(0, 0, 0, 0)
    assert titles(database) == {1: "one", 2: "due", 3: "tre"}
    assert rows(database)["threads"] == 3


def test_a_thread_is_kept_while_an_import_still_clears_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(database, snapshot(1, "one"))
    monkeypatch.setattr(Editions, "clear", lambda *_: None)
    imported(database, snapshot(1, "uno", NOON + DAY))
    Editions(database).keep(NAME, [snapshot(1, "due", NOON + 2 * DAY)])
    assert titles(database) == {1: "due"}


def test_a_thread_that_is_kept_during_an_import_disturbs_neither(database: Database) -> None:
    imported(database, snapshot(1, "one"))
    with Editions(database).begin(NAME) as edition:
        edition.add([snapshot(1, "one"), snapshot(2, "two")])
        Editions(database).keep(NAME, [snapshot(2, "newer", NOON + DAY)])
        assert titles(database) == {1: "one", 2: "newer"}
        assert edition.publish(NAME).outdated == 1
    assert titles(database) == {1: "one", 2: "newer"}
    assert rows(database)["threads"] == 2


def test_threads_that_are_kept_alone_are_no_history_yet(database: Database) -> None:
    Editions(database).keep(NAME, [snapshot(1, "one")])
    assert titles(database) is None
    imported(database, snapshot(2, "two"))
    assert titles(database) == {1: "one", 2: "two"}


def test_a_database_that_refuses_is_named_in_one_line(database: Database) -> None:
    edition = abandoned(database, snapshot(1))
    with database.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE timeline_events RENAME TO hidden"))
    try:
        with pytest.raises(UsherError, match=r"the database .* refused: .*timeline_events") as refused:
            edition.add([snapshot(2)])
    finally:
        with database.engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE hidden RENAME TO timeline_events"))
    assert "\n" not in str(refused.value)
