import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.history import PastRelease, PastThread, Person, Snapshot, TimelineEvent
from bot.store import history
from bot.store.database import Database
from bot.store.editions import Editions
from bot.store.history import Histories
from tests.store.examples import DAY, NOON

NAME = "acme/widgets"
MONA, HELPER = Person(1, "mona"), Person(3, "helper[bot]", is_bot=True)
FULL = PastThread(
    number=2**40,
    is_pull=True,
    title="Mend it, \u4f60\u597d",
    author=2**40,
    created_at=NOON,
    association="MEMBER",
    is_open=False,
    is_draft=True,
    is_locked=True,
    closed_at=NOON + DAY,
    merged_at=NOON + DAY,
    merged_by=1,
    labels=("bug", "area: ui"),
    disliked=12,
    head="b" * 64,
    has_conflicts=True,
    timeline=(
        TimelineEvent(NOON, "committed", None),
        TimelineEvent(NOON, "commented", 1, "MEMBER", "", "0123456789abcdef", by_app=True, disliked=5),
        TimelineEvent(NOON, "reviewed", 1, "MEMBER", "approved", of_commit="a" * 64),
        TimelineEvent(NOON + timedelta(microseconds=1), "labeled", 2**40, detail="bug"),
    ),
)


@pytest.fixture
def histories(database: Database) -> Histories:
    return Histories(database)


def bare(number: int, **fields: Any) -> PastThread:
    values: dict[str, Any] = {"is_pull": False, "title": "", "author": None, "created_at": NOON}
    return PastThread(number, **{**values, **fields})


def publish(database: Database, *threads: PastThread, name: str = NAME, people: Any = ()) -> int:
    """Publish threads. Returns the number of their history."""
    with Editions(database).begin(name) as edition:
        edition.add([Snapshot(thread, tuple(people), NOON) for thread in threads])
        edition.publish(name, 10)
    found = Histories(database).find(name)
    assert found is not None
    return found.id


def test_what_is_not_there_is_not_found(histories: Histories) -> None:
    assert histories.find(NAME) is None
    assert list(histories.threads(1)) == []
    assert histories.people(1) == {}
    assert histories.releases(1) == []


def test_a_history_is_found_however_its_name_is_spelled(database: Database, histories: Histories) -> None:
    publish(database, bare(1), name="Acme/Widgets")
    found = histories.find("aCME/widgets")
    assert found is not None
    assert (found.full_name, found.repository_id, found.complete_at) == ("Acme/Widgets", 10, None)
    assert found.imported_at is not None
    assert histories.find("acme/gears") is None


def test_threads_come_back_as_they_were(database: Database, histories: Histories) -> None:
    id_ = publish(database, FULL, bare(1))
    assert list(histories.threads(id_)) == [bare(1), FULL]


def test_threads_come_in_order_of_number_each_with_its_own_events(
    database: Database, histories: Histories, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_AT_ONCE", 3)
    events = [TimelineEvent(NOON + n * DAY, "labeled", 1, detail=str(n)) for n in range(9)]
    some = [bare(n, timeline=tuple(events[: n % 5])) for n in (7, 3, 9, 5, 1, 8, 2, 10, 4, 6)]
    publish(database, bare(3, title="other", timeline=tuple(events)), name="acme/gears")
    id_ = publish(database, *some)
    assert list(histories.threads(id_)) == sorted(some, key=lambda thread: thread.number)


def test_issues_and_pull_requests_can_be_asked_for_alone(database: Database, histories: Histories) -> None:
    id_ = publish(
        database, bare(1), FULL, bare(3, is_pull=True, timeline=(TimelineEvent(NOON, "closed", 1),))
    )
    assert [thread.number for thread in histories.threads(id_, is_pull=True)] == [3, FULL.number]
    assert [thread.number for thread in histories.threads(id_, is_pull=False)] == [1]


def test_two_statements_read_all_threads(database: Database, histories: Histories) -> None:
    id_ = publish(database, *(bare(n, timeline=(TimelineEvent(NOON, "closed", 1),)) for n in range(1, 100)))
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    assert len(list(histories.threads(id_))) == 99
    sa.event.remove(database.engine, "before_cursor_execute", note)
    assert len([each for each in said if each.startswith("SELECT")]) == 2


def test_sqlite_reads_both_streams_without_sorting(sqlite_database: Database) -> None:
    seen: list[str] = []

    def note(connection: Any, _cursor: object, statement: str, values: Any, *_more: object) -> None:
        if statement.startswith(("SELECT threads", "SELECT timeline_events")):
            plan = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", values)
            seen.extend(row[3] for row in plan)

    id_ = publish(sqlite_database, FULL)
    sa.event.listen(sqlite_database.engine, "before_cursor_execute", note)
    list(Histories(sqlite_database).threads(id_))
    sa.event.remove(sqlite_database.engine, "before_cursor_execute", note)
    assert len(seen) == 3
    assert [step for step in seen if not step.startswith("SEARCH")] == []


def test_who_reads_sees_one_moment(
    database: Database, histories: Histories, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_AT_ONCE", 1)
    old = [bare(n, timeline=(TimelineEvent(NOON, "labeled", 1, detail="old"),)) for n in range(1, 300)]
    new = [replace(thread, title="new", timeline=()) for thread in old]
    id_ = publish(database, *old)
    writer = threading.Thread(target=publish, args=(database, *new))

    def write_meanwhile(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT timeline_events") and not writer.ident:
            writer.start()
            writer.join()

    sa.event.listen(database.engine, "before_cursor_execute", write_meanwhile)
    seen = list(histories.threads(id_))
    sa.event.remove(database.engine, "before_cursor_execute", write_meanwhile)
    assert writer.ident
    assert seen == old
    assert list(histories.threads(id_)) == new


def test_a_reader_that_stops_early_gives_its_connection_back(
    database: Database, histories: Histories
) -> None:
    id_ = publish(database, *(bare(n) for n in range(1, 50)))
    for _ in range(60):  # more than there are connections
        reading = histories.threads(id_)
        next(reading)
        reading.close()  # type: ignore[attr-defined]
    publish(database, bare(1))


def test_people_are_known_by_their_number(database: Database, histories: Histories) -> None:
    id_ = publish(database, bare(1), people=(HELPER, MONA))
    publish(database, bare(1), people=(Person(1, "stranger"),), name="acme/gears")
    assert histories.people(id_) == {1: MONA, 3: HELPER}


def test_releases_are_replaced(database: Database, histories: Histories) -> None:
    id_, other = publish(database, bare(1)), publish(database, bare(1), name="acme/gears")
    first, second = PastRelease("v1", NOON), PastRelease("v2rc1", NOON + DAY, is_prerelease=True)
    histories.keep_releases(other, [first])
    histories.keep_releases(id_, [second, first, first])
    assert histories.releases(id_) == [first, second]
    histories.keep_releases(id_, [second])
    assert histories.releases(id_) == [second]
    histories.keep_releases(id_, [])
    assert histories.releases(id_) == []
    assert histories.releases(other) == [first]


def test_a_maintainer_marks_bots(database: Database, histories: Histories) -> None:
    id_, other = publish(database, bare(1)), publish(database, bare(1), name="acme/gears")
    histories.mark(id_, 7, is_bot=True, by="maya")
    histories.mark(id_, 8, is_bot=True, by="maya")
    histories.mark(id_, 8, is_bot=False, by="wes")
    said = histories.marks(id_)
    assert [(who, mark.is_bot, mark.by) for who, mark in said.items()] == [
        (7, True, "maya"),
        (8, False, "wes"),
    ]
    assert all(abs(datetime.now(UTC) - mark.at) < DAY for mark in said.values())
    assert histories.marks(other) == {}


def test_a_mark_is_forgotten_once(database: Database, histories: Histories) -> None:
    id_, other = publish(database, bare(1)), publish(database, bare(1), name="acme/gears")
    for each in (id_, other):
        histories.mark(each, 7, is_bot=True, by="maya")
    assert histories.forget_mark(id_, 7)
    assert not histories.forget_mark(id_, 7)
    assert not histories.forget_mark(id_, 8)
    assert (histories.marks(id_), list(histories.marks(other))) == ({}, [7])


def test_clicks_at_the_same_time_leave_one_word(database: Database, histories: Histories) -> None:
    id_ = publish(database, bare(1))

    def click(turn: int) -> None:
        histories.mark(id_, 7, is_bot=turn % 2 == 0, by="maya")
        if turn % 3 == 0:
            histories.forget_mark(id_, 7)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(click, range(24)))
    histories.mark(id_, 7, is_bot=True, by="wes")
    assert [(who, mark.by) for who, mark in histories.marks(id_).items()] == [(7, "wes")]


def test_the_names_of_all_histories_and_the_end_and_the_titles_of_one(
    database: Database, histories: Histories
) -> None:
    assert histories.names() == []
    assert histories.ends() == {}
    publish(database, bare(1), name="beta/b")
    id_ = publish(database, FULL, bare(3, title="three"), name="Alpha/a")
    with Editions(database).begin("never/published"):
        pass
    assert histories.names() == ["Alpha/a", "beta/b"]
    assert histories.known_until(id_) == NOON
    assert histories.known_until(id_ + 100) is None
    assert [(each.full_name, at) for each, at in histories.ends().items()] == [
        ("Alpha/a", NOON),
        ("beta/b", NOON),
    ]
    assert histories.titles(id_, {3, FULL.number, 99}) == {3: "three", FULL.number: FULL.title}
    assert histories.titles(id_, ()) == {}


def test_histories_of_an_owner_are_theirs_alone(database: Database, histories: Histories) -> None:
    for name in ("Acme/widgets", "acme/engine", "acme-labs/engine", "a_me/one", "axme/one"):
        publish(database, bare(1), name=name)
    assert [each.full_name for each in histories.of_owner("ACME")] == ["acme/engine", "Acme/widgets"]
    assert [each.full_name for each in histories.of_owner("a_me")] == ["a_me/one"]
    assert histories.of_owner("nobody") == []


def test_an_account_goes_by_the_name_that_was_seen_last(database: Database, histories: Histories) -> None:
    ids = []
    for name, login, day in (("acme/a", "new", 2), ("acme/b", "old", 1), ("acme/c", "newest", 3)):
        with Editions(database).begin(name) as edition:
            edition.add([Snapshot(bare(1), (Person(1, login), HELPER), NOON + day * DAY)])
            edition.publish(name, 10)
        found = histories.find(name)
        assert found is not None
        ids.append(found.id)
    assert histories.logins(ids[:2], {1, 99}) == {1: "new"}
    assert histories.logins(ids, {1, 3}) == {1: "newest", 3: "helper[bot]"}
    assert histories.logins([], {1}) == {}
