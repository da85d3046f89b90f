"""From the database to the report: settings, marks, what is asked for, and what is handed out again."""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Any

import pytest
import sqlalchemy as sa

from bot.config import read
from bot.core.errors import ConfigError
from bot.core.history import PastThread, Person, Snapshot, TimelineEvent
from bot.demo.cast import GREETER
from bot.demo.history import NAME, keep, made_up
from bot.health.as_json import as_json
from bot.health.report import Report, report
from bot.health.settings import HealthConfig
from bot.making import WITHIN, BeingMade
from bot.reporting import Asked, Known, Reports, UnknownHistory
from bot.store.database import Database
from bot.store.editions import Editions
from bot.store.head_checks import Checked
from bot.store.history import Histories, History
from bot.store.history_tables import histories
from bot.store.ledger import Ledger
from bot.store.registry import Registry
from bot.store.tables import plans
from tests.databases import database, shared_database, shared_sqlite
from tests.reports.examples import UNTIL, story
from tests.store.test_record import BUG, put

__all__ = ["database", "shared_database", "shared_sqlite"]

ASKED = Asked(NAME, "2026-06-15")
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def stored(shared_sqlite: Database) -> Database:
    """A database that holds the story, where no test changes it."""
    keep(made_up(UNTIL), shared_sqlite)
    return shared_sqlite


def history_in(found: Database) -> History:
    history = Histories(found).find(NAME)
    assert history is not None
    return history


def configure(found: Database, text: str) -> None:
    Registry(found).add_repositories(7, [NAME])
    Registry(found).keep_config(NAME, 7, good=text, problems=None)


# What is made


def test_the_database_gives_the_report_that_the_history_gives(database: Database) -> None:
    keep(made_up(UNTIL), database)
    told = Reports(database).make(ASKED)
    assert as_json(told.report, NAME) == as_json(story().report, NAME)
    assert told.repository == NAME
    assert set(told.titles) >= {item.number for need in told.report.needs_you for item in need.items}
    tried = {number for each in told.report.advice for number in each.items}
    assert tried
    assert set(told.titles) >= tried
    assert not told.is_stale


def test_the_case_of_a_name_makes_no_difference(stored: Database) -> None:
    assert Reports(stored).make(replace(ASKED, repository="ACME/Widgets")).repository == NAME


def test_the_settings_of_the_repository_hold_and_what_is_asked_for_comes_before_them(
    database: Database,
) -> None:
    keep(made_up(UNTIL), database)
    configure(database, "health: {window: 30, time_zone: Europe/Berlin, bots: [bo], threads_of_bots: false}")
    told = Reports(database).make(ASKED)
    assert (told.config.window, told.config.threads_of_bots, told.config.bots) == (30, False, ("bo",))
    assert told.report.window.until == datetime(2026, 6, 14, 22, tzinfo=UTC)
    asked = Reports(database).make(replace(ASKED, window="1w", with_bots=True))
    assert (asked.config.window, asked.config.threads_of_bots) == (7, True)


def test_what_usher_did_is_part_of_it(database: Database) -> None:
    keep(made_up(UNTIL), database)
    saved = put(Ledger(database), BUG, 1)
    with database.engine.begin() as connection:
        then = sa.update(plans).where(plans.c.id == saved.id).values(created_at=UNTIL - timedelta(days=20))
        connection.execute(then)
    told = Reports(database).make(ASKED)
    assert told.actions == {"done": 1}
    assert told.report.metric("label_precision").value == 1


def test_checks_are_told_as_far_as_they_are_known(database: Database) -> None:
    made = made_up(UNTIL)
    thread = next(each for each in made.threads if each.is_pull and each.is_open)
    approval = TimelineEvent(UNTIL - timedelta(days=20), "reviewed", 99, "OWNER", "approved")
    approved = Snapshot(replace(thread, is_draft=False, timeline=(approval,)), (Person(99, "ann"),), UNTIL)
    keep(replace(made, snapshots=(approved, *made.snapshots)), database)
    said = []
    for state in ("green", "red"):
        Checked(database).keep(history_in(database).id, {thread.number: state}, UNTIL - timedelta(days=1))
        needs = Reports(database).make(ASKED).report.needs_you
        (need,) = [need for need in needs if need.kind == "approved_unmerged"]
        said.append({item.number: item.checks for item in need.items}.get(thread.number))
    assert said == ["green", None]


def test_a_history_that_ended_is_stale_and_no_advice_is_given_on_it(stored: Database) -> None:
    assert not Reports(stored).make(replace(ASKED, until="2026-06-20")).is_stale
    told = Reports(stored).make(replace(ASKED, until="2026-07-15"))
    assert (told.is_stale, told.report.advice) == (True, ())


def test_where_nobody_asks_for_an_end_it_is_that_of_what_is_known(stored: Database) -> None:
    told = Reports(stored).make(Asked(NAME))
    assert told.report.window.until == UNTIL
    assert (told.ends_with_history, told.is_stale) == (True, False)
    assert not Reports(stored).make(ASKED).ends_with_history


def test_settings_that_are_given_hold_before_those_of_the_repository(database: Database) -> None:
    keep(made_up(UNTIL), database)
    configure(database, "health: {window: 30}")
    given = read("health: {window: 14, time_zone: Asia/Tokyo}").config
    told = Reports(database, config=given).make(ASKED)
    assert (told.config.window, told.config.time_zone) == (14, "Asia/Tokyo")


def test_a_quiet_project_of_which_all_is_known_is_not_stale(database: Database) -> None:
    keep(made_up(UNTIL), database)
    with database.engine.begin() as connection:
        connection.execute(sa.update(histories).values(complete_at=datetime.now(UTC)))
    assert not Reports(database).make(Asked(NAME)).is_stale


def test_the_past_is_told_as_it_was(stored: Database) -> None:
    earlier = Reports(stored).make(replace(ASKED, until="2025-06-15")).report
    assert earlier.window.until == datetime(2025, 6, 15, tzinfo=UTC)
    assert earlier.metric("issues_open").value != story().report.metric("issues_open").value


# Marks


def test_who_is_marked_counts_as_said_at_once(database: Database) -> None:
    keep(made_up(UNTIL), database)
    reports = Reports(database, MINUTE)
    (suspect,) = reports.make(ASKED).report.suspects
    assert suspect.login == GREETER
    history = history_in(database).id
    reports.histories.mark(history, suspect.who, is_bot=False, by="maya")
    told = reports.make(ASKED)
    assert told.report.suspects == ()
    (mark,) = told.marks
    assert (mark.account, mark.login, mark.said.is_bot, mark.said.by) == (suspect.who, GREETER, False, "maya")
    median = told.report.metric("time_to_first_response_pr").median
    assert median is not None
    assert median < 60
    reports.histories.forget_mark(history, suspect.who)
    assert reports.make(ASKED).report.suspects == (suspect,)


# What is handed out again


def test_a_report_is_made_once_a_minute(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def counted(*given: Any, **more: Any) -> Report:
        made.append(1)
        return report(*given, **more)

    monkeypatch.setattr("bot.reporting.report", counted)
    kept, fresh = Reports(stored, MINUTE), Reports(stored)
    assert kept.make(ASKED) is kept.make(ASKED)
    assert kept.make(Asked(NAME)) is kept.make(Asked(NAME))
    assert len(made) == 2
    kept.make(replace(ASKED, window="30d"))
    kept.make(replace(ASKED, until="2026-06-14"))
    kept.make(replace(ASKED, with_bots=False))
    kept.make(replace(ASKED, audience="newcomers"))
    assert len(made) == 6
    assert fresh.make(ASKED) is not fresh.make(ASKED)


# What is asked for


def test_a_repository_without_a_history_says_what_to_do(stored: Database) -> None:
    with pytest.raises(UnknownHistory, match="usher backfill acme/none asks GitHub for it, usher import"):
        Reports(stored).make(Asked("acme/none"))
    with pytest.raises(ConfigError, match="'acme' is no repository: expected owner/repo"):
        Reports(stored).make(Asked("acme"))


def test_an_audience_that_is_none_says_which_there_are(stored: Database) -> None:
    with pytest.raises(ConfigError, match="'all' is no audience: expected everyone, newcomers"):
        Reports(stored).make(replace(ASKED, audience="all"))


def test_another_report_waits_for_none_that_takes_long(
    stored: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    others_are_made = threading.Event()

    def slow(
        threads: Iterable[PastThread], until: datetime, config: HealthConfig, *more: Any, **others: Any
    ) -> Report:
        if config.window == 90:
            assert others_are_made.wait(60)
        made = report(threads, until, config, *more, **others)
        others_are_made.set()
        return made

    monkeypatch.setattr("bot.reporting.report", slow)
    reports = Reports(stored, MINUTE)
    with ThreadPoolExecutor(12) as pool:
        asked = [Asked(NAME, "2026-06-15", f"{days}d") for days in (90, *range(1, 12))]
        found = list(pool.map(reports.make, asked))
    assert [told.config.window for told in found] == [90, *range(1, 12)]


def test_a_title_is_no_longer_than_github_lets_it_be(database: Database) -> None:
    made = made_up(UNTIL)
    long = (replace(each, thread=replace(each.thread, title="x" * 10_000)) for each in made.snapshots)
    keep(replace(made, snapshots=tuple(long)), database)
    assert {len(title) for title in Reports(database).make(ASKED).titles.values()} == {256}


def test_who_does_not_wait_is_refused_where_many_do_and_gets_what_is_kept(
    stored: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()
    reports = Reports(stored, MINUTE)
    kept = reports.make(ASKED)

    def held(*given: Any, **more: Any) -> Report:
        assert let_go.wait(60)
        return report(*given, **more)

    monkeypatch.setattr("bot.reporting.report", held)
    asked = [replace(ASKED, window=f"{days}d") for days in range(1, 2 * WITHIN + 1)]
    with ThreadPoolExecutor(2 * WITHIN + 2) as pool:
        under_way = [pool.submit(reports.make, each, waits=False) for each in asked]
        refused = list(islice(as_completed(under_way, 60), WITHIN))
        assert {type(each.exception()) for each in refused} == {BeingMade}
        assert reports.make(ASKED, waits=False) is kept
        long = pool.submit(reports.make, replace(ASKED, window="2y"), waits=False)
        patient = pool.submit(reports.make, replace(ASKED, window="100d"))
        let_go.set()
        assert [each.result().config.window for each in (long, patient)] == [730, 100]


def test_long_windows_come_one_after_the_other(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, most = 0, 0
    lock = threading.Lock()

    def counted(*given: Any, **more: Any) -> Report:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        made = report(*given, **more)
        with lock:
            at_work -= 1
        return made

    monkeypatch.setattr("bot.reporting.report", counted)
    reports = Reports(stored)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(reports.make, [replace(ASKED, window=f"{days}d") for days in range(401, 409)]))
    assert most == 1


def test_who_ends_them_waits_for_none(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def endless(_histories: Histories, _id: int) -> Iterator[PastThread]:
        for number in count(1):
            begun.set()
            yield PastThread(number, False, "", 1, UNTIL - timedelta(days=1))

    monkeypatch.setattr(Histories, "threads", endless)
    reports = Reports(stored)
    with ThreadPoolExecutor(4) as pool:
        asked = [
            pool.submit(reports.make, replace(ASKED, window=window)) for window in ("7d", "8d", "3y", "4y")
        ]
        assert begun.wait(60)
        reports.end()
        assert {type(each.exception(60)) for each in asked} == {BeingMade}
    with pytest.raises(BeingMade, match="the server is being stopped: try again in a moment"):
        reports.make(ASKED)


# What is known without a report that is made for it


def test_what_waits_is_known_from_the_last_report_of_everything(database: Database) -> None:
    keep(made_up(UNTIL), database)
    reports = Reports(database)
    (known,) = reports.known()
    assert (known.repository, known.waiting) == (NAME, None)
    end = known.until
    assert end is not None
    for other in (
        replace(ASKED, until="2025-06-15"),
        replace(ASKED, audience="newcomers"),
        replace(ASKED, with_bots=False),
    ):
        reports.make(other)
        assert reports.known() == [known]
    needs = reports.make(Asked(NAME)).report.needs_you
    waiting = len({number for need in needs for number in need.numbers})
    assert reports.known() == [Known(NAME, end, waiting)]
    with database.engine.begin() as connection:  # a busy project is read again every few minutes
        connection.execute(sa.update(histories).values(complete_at=UNTIL))
    assert reports.known() == [Known(NAME, UNTIL, waiting)]


def test_where_most_waits_stands_first_and_what_is_not_counted_last(database: Database) -> None:
    snapshots = made_up(UNTIL).snapshots
    repositories = {"acme/a": 9, "acme/few": len(snapshots) // 2, "acme/more": len(snapshots), "acme/z": 9}
    for name, most in repositories.items():
        with Editions(database).begin(name) as edition:
            edition.add(snapshots[:most])
            edition.publish(name)
    reports = Reports(database)
    for name in ("acme/few", "acme/more"):
        reports.make(Asked(name, window="7d"))
    known = reports.known()
    assert [each.repository for each in known] == ["acme/more", "acme/few", "acme/a", "acme/z"]
    assert [each.waiting is None for each in known] == [False, False, True, True]
