"""From the database to the roll-up: which repositories, which window, and what is wrong with one of them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import Event

import pytest

from bot.config import defaults
from bot.core.errors import ConfigError
from bot.core.history import PastThread, Person, Snapshot
from bot.making import WITHIN, BeingMade
from bot.reporting import Asked, Reports, Told, UnknownHistory
from bot.rollups import MISTAKEN, AskedRollup, Rollups, ToldRollup, UnknownOwner
from bot.store.database import Database
from bot.store.editions import Editions
from bot.store.history import Histories, History
from bot.store.purging import purge_installation, purge_repository
from bot.store.registry import Registry
from tests.databases import database, shared_database, shared_sqlite, sqlite_database
from tests.health.examples import BO, GREETER, NIA, PERSONS, event, generated, issue, pull

__all__ = ["database", "shared_database", "shared_sqlite", "sqlite_database"]

ASKED = AskedRollup("acme", "2026-04-01", "31d")
MINUTE = timedelta(minutes=1)
WIDGETS = (
    issue(
        1,
        "2026-03-02",
        event("2026-03-02 05:00", "commented", association="MEMBER"),
        event("2026-03-28", "labeled"),
    ),
    pull(2, "2026-03-03", event("2026-03-04", "merged")),
    issue(3, "2026-03-10", author=BO, title="It is slow"),
)
ENGINE = (issue(1, "2026-03-30", author=BO),)


def keep(
    found: Database, name: str, threads: Sequence[PastThread], persons: Sequence[Person] = PERSONS
) -> None:
    """Put a history into a database, as an import does."""
    with Editions(found).begin(name) as edition:
        edition.add(
            [
                Snapshot(each, tuple(persons), max([each.created_at, *(event.at for event in each.timeline)]))
                for each in threads
            ]
        )
        edition.publish(name)


def rollups(found: Database, kept: timedelta = timedelta(0)) -> Rollups:
    return Rollups(Reports(found, kept), Registry(found), kept)


def names(told: ToldRollup) -> list[str]:
    return [line.repository for line in told.rollup.lines]


def configure(found: Database, name: str, text: str, problems: str | None = None) -> None:
    Registry(found).add_repositories(7, [name])
    Registry(found).keep_config(name, 7, good=text, problems=problems)


# Which repositories


def test_all_repositories_of_the_owner_and_no_others(database: Database) -> None:
    for name in ("acme/widgets", "Acme/engine", "acme-labs/other", "other/acme", "a.me/x", "a_me/x"):
        keep(database, name, ENGINE)
    told = rollups(database).make(replace(ASKED, owner="ACME"))
    assert names(told) == ["Acme/engine", "acme/widgets"]
    assert told.rollup.organisation == "Acme"
    assert names(rollups(database).make(replace(ASKED, owner="A_me"))) == ["a_me/x"]
    assert names(rollups(database).make(replace(ASKED, owner="a.me"))) == ["a.me/x"]


def test_its_figures_are_those_of_the_single_reports(database: Database) -> None:
    for seed, name in enumerate(("acme/one", "acme/two", "acme/three")):
        threads, persons = generated(60, seed)
        keep(database, name, threads, persons)
    told = rollups(database).make(AskedRollup("acme", "2025-06-01", "90d"))
    for line in told.rollup.lines:
        single = Reports(database).make(Asked(line.repository, "2025-06-01", "90d")).report
        assert line.metrics["prs_merged"].value == single.metric("prs_merged").value
        assert line.metrics["issues_open"].previous == single.metric("issues_open").previous
    totals = {metric.id: metric.value for metric in told.rollup.totals}
    assert totals["issues_open"] == sum(line.metrics["issues_open"].value or 0 for line in told.rollup.lines)
    assert (totals["issues_open"] or 0) > 0


def test_titles_are_those_of_what_is_listed(sqlite_database: Database) -> None:
    keep(sqlite_database, "acme/widgets", WIDGETS)
    keep(sqlite_database, "acme/engine", ENGINE)
    told = rollups(sqlite_database).make(ASKED)
    assert told.titles == {
        ("acme/widgets", 3): "It is slow",
        ("acme/engine", 1): "Number 1",
    }


def test_those_without_a_history_are_named(sqlite_database: Database) -> None:
    keep(sqlite_database, "acme/widgets", WIDGETS)
    Registry(sqlite_database).add_repositories(7, ["acme/Widgets", "acme/new", "other/new"])
    assert rollups(sqlite_database).make(ASKED).without == ("acme/new",)


def test_an_owner_whose_histories_are_all_unknown_has_a_page_that_says_so(sqlite_database: Database) -> None:
    Registry(sqlite_database).add_repositories(7, ["Acme/new"])
    told = rollups(sqlite_database).make(ASKED)
    assert (told.rollup.organisation, told.rollup.lines, told.without) == ("Acme", (), ("Acme/new",))


def test_of_whom_nothing_is_known_it_says_what_to_do(sqlite_database: Database) -> None:
    keep(sqlite_database, "acme/widgets", WIDGETS)
    with pytest.raises(UnknownOwner, match="of nobody: usher backfill nobody/REPO asks GitHub"):
        rollups(sqlite_database).make(AskedRollup("nobody"))
    for owner in ("acme/widgets", "", "a b", "../x", "..", "acme%"):
        with pytest.raises(ConfigError, match="is no owner of repositories: expected one such as acme"):
            rollups(sqlite_database).make(AskedRollup(owner))


# Which window


def test_the_window_and_zone_that_most_repositories_have_hold_for_all(sqlite_database: Database) -> None:
    for name in ("one", "two", "three"):
        keep(sqlite_database, f"acme/{name}", WIDGETS)
    told = rollups(sqlite_database).make(AskedRollup("acme"))
    assert (told.days, told.rollup.time_zone) == (90, "UTC")
    configure(sqlite_database, "acme/one", "health: {window: 30, time_zone: Europe/Berlin}")
    assert rollups(sqlite_database).make(AskedRollup("acme")).days == 90
    configure(sqlite_database, "acme/two", "health: {window: 30, time_zone: Europe/Berlin}")
    told = rollups(sqlite_database).make(AskedRollup("acme", "2026-04-01"))
    assert (told.days, told.rollup.time_zone, told.zone.key) == (30, "Europe/Berlin", "Europe/Berlin")
    assert told.rollup.window.until == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert rollups(sqlite_database).make(AskedRollup("acme", window="1w")).days == 7


def test_what_makes_no_sense_is_said(sqlite_database: Database) -> None:
    keep(sqlite_database, "acme/widgets", WIDGETS)
    for asked in (
        AskedRollup("acme", window="1q"),
        AskedRollup("acme", "June"),
        AskedRollup("acme", "2999-01-01"),
    ):
        with pytest.raises(ConfigError):
            rollups(sqlite_database).make(asked)


def test_all_reports_end_at_the_same_moment(sqlite_database: Database) -> None:
    keep(sqlite_database, "acme/one", WIDGETS)
    keep(sqlite_database, "acme/two", WIDGETS)
    configure(sqlite_database, "acme/two", "health: {time_zone: Pacific/Auckland}")
    told = rollups(sqlite_database).make(replace(ASKED, until="2026-03-10", window="10d"))
    one, two = told.rollup.lines
    assert told.rollup.window.until == datetime(2026, 3, 10, tzinfo=UTC)
    assert one.metrics["issues_open"].value == two.metrics["issues_open"].value == 1


# What is wrong with one


def test_a_mistake_in_one_repositorys_settings_is_told_and_spoils_nothing(sqlite_database: Database) -> None:
    keep(sqlite_database, "acme/widgets", WIDGETS)
    keep(sqlite_database, "acme/engine", ENGINE)
    configure(sqlite_database, "acme/engine", "health: {bots: [bo]}", problems="line 3: unknown key")
    configure(sqlite_database, "acme/widgets", "health: {window: [")
    told = rollups(sqlite_database).make(ASKED)
    assert told.problems == {"acme/engine": MISTAKEN}
    assert names(told) == ["acme/engine", "acme/widgets"]
    given = Reports(sqlite_database, config=defaults())  # then nobody reads them
    assert Rollups(given, Registry(sqlite_database)).make(ASKED).problems == {}
    assert [line.waiting for line in told.rollup.lines] == [0, 1]  # bo is a bot in engine


def test_an_empty_history_is_a_quiet_repository(sqlite_database: Database) -> None:
    keep(sqlite_database, "acme/widgets", WIDGETS)
    keep(sqlite_database, "acme/empty", ())
    empty, widgets = rollups(sqlite_database).make(ASKED).rollup.lines
    assert (empty.is_quiet, widgets.is_quiet) == (True, False)


def test_a_history_that_is_removed_meanwhile_is_named(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(sqlite_database, "acme/widgets", WIDGETS)
    known = Histories.of_owner
    gone = History(99, "acme/gone", None, datetime(2026, 3, 1, tzinfo=UTC), None)
    monkeypatch.setattr(Histories, "of_owner", lambda self, owner: [gone, *known(self, owner)])
    told = rollups(sqlite_database).make(ASKED)
    assert names(told) == ["acme/widgets"]
    assert told.problems == {"acme/gone": str(UnknownHistory("acme/gone"))}


def test_where_the_history_ended_it_is_said(sqlite_database: Database) -> None:
    keep(sqlite_database, "acme/widgets", WIDGETS)
    (line,) = rollups(sqlite_database).make(replace(ASKED, until="2026-04-10")).rollup.lines
    assert (line.known_until, line.is_left_out) == (datetime(2026, 3, 28, tzinfo=UTC), False)
    (line,) = rollups(sqlite_database).make(ASKED).rollup.lines
    assert line.known_until is None


def test_where_all_histories_ended_long_ago_it_ends_where_the_newest_does(sqlite_database: Database) -> None:
    keep(sqlite_database, "acme/widgets", WIDGETS)
    keep(sqlite_database, "acme/older", [issue(1, "2025-12-01")])
    told = rollups(sqlite_database).make(AskedRollup("acme"))
    assert told.ends_with == datetime(2026, 3, 28, tzinfo=UTC)
    assert told.rollup.window.until == datetime(2026, 3, 29, tzinfo=UTC)
    assert told.days == 90
    older, widgets = told.rollup.lines
    assert (older.is_left_out, older.known_until) == (True, datetime(2025, 12, 1, tzinfo=UTC))
    assert (widgets.known_until, widgets.metrics["issues_opened"].value) == (None, 2)
    assert rollups(sqlite_database).make(ASKED).ends_with is None  # somebody asked for another end


def test_where_one_history_goes_on_the_others_are_not_taken_for_quiet(sqlite_database: Database) -> None:
    today = datetime.now(UTC)
    keep(sqlite_database, "acme/widgets", WIDGETS)
    keep(sqlite_database, "acme/live", [issue(1, f"{today - timedelta(days=2):%Y-%m-%d}")])
    told = rollups(sqlite_database).make(AskedRollup("acme"))
    assert told.ends_with is None
    assert [line.is_left_out for line in told.rollup.lines] == [False, True]
    opened, *_ = (metric for metric in told.rollup.totals if metric.id == "issues_opened")
    assert (opened.value, told.rollup.waiting) == (1, 1)
    assert not any(each.repository == "acme/widgets" for need in told.rollup.needs_you for each in need.items)


# What people are called


def test_who_was_renamed_goes_by_the_name_that_was_seen_last(database: Database) -> None:
    keep(database, "acme/a", [issue(1, "2026-03-20")], [Person(NIA, "nia-new")])
    keep(database, "acme/z", [issue(1, "2026-03-10")], [Person(NIA, "nia-old")])
    told = rollups(database).make(ASKED)
    new = next(metric for metric in told.rollup.people if metric.id == "new_issue_authors")
    assert [part.name for part in new.breakdown] == ["nia-new"]


def test_somebody_new_is_no_number_where_days_begin_at_different_times(sqlite_database: Database) -> None:
    keep(sqlite_database, "acme/a", [issue(1, "2026-01-01 00:30")])
    configure(sqlite_database, "acme/a", "health: {time_zone: America/New_York}")
    for name in ("acme/b", "acme/c"):
        keep(sqlite_database, name, [issue(1, "2026-03-02", author=BO)])
    told = rollups(sqlite_database).make(AskedRollup("acme", "2026-04-01", "90d"))
    people = {metric.id: metric for metric in told.rollup.people}
    new = people["new_issue_authors"]
    assert (new.value, [part.name for part in new.breakdown]) == (1, ["bo"])
    assert people["active_contributors"].value == 1


# What is handed out again


def test_a_rollup_is_handed_out_again_until_somebody_says_who_is_a_bot(sqlite_database: Database) -> None:
    keep(sqlite_database, "acme/widgets", WIDGETS)
    reports = Reports(sqlite_database, MINUTE)
    kept = Rollups(reports, Registry(sqlite_database), MINUTE)
    first = kept.make(ASKED)
    assert kept.make(replace(ASKED, owner="Acme")).rollup is first.rollup
    assert kept.make(replace(ASKED, window="30d")).rollup is not first.rollup
    history = reports.histories.find("acme/widgets")
    assert history is not None
    reports.histories.mark(history.id, GREETER, is_bot=True, by="maya")
    assert kept.make(ASKED).rollup is not first.rollup


def test_a_report_that_is_kept_is_used(sqlite_database: Database) -> None:
    keep(sqlite_database, "acme/widgets", WIDGETS)
    reports = Reports(sqlite_database, MINUTE)
    single = reports.make(Asked("acme/widgets", "2026-04-01", "31d"))
    Rollups(reports, Registry(sqlite_database)).make(ASKED)
    assert reports.make(Asked("acme/widgets", "2026-04-01", "31d")) is single


@pytest.fixture
def kept(database: Database) -> Rollups:
    """Roll-ups of two repositories that are kept, of which one was made."""
    Registry(database).add_repositories(7, ["acme/widgets", "acme/engine"])
    keep(database, "acme/widgets", WIDGETS)
    keep(database, "acme/engine", ENGINE)
    found = rollups(database, MINUTE)
    assert "It is slow" in found.make(ASKED).titles.values()
    return found


def test_what_was_purged_is_gone_at_the_next_request(database: Database, kept: Rollups) -> None:
    purge_repository(database, "acme/widgets")
    told = kept.make(ASKED)
    assert (names(told), told.without) == (["acme/engine"], ())
    assert told.titles == {("acme/engine", 1): "Number 1"}
    purge_installation(database, 7)
    with pytest.raises(UnknownOwner):
        kept.make(ASKED)


def test_a_thread_that_was_deleted_is_gone_at_the_next_request(database: Database, kept: Rollups) -> None:
    Editions(database).forget("acme/widgets", 3)
    told = kept.make(ASKED)
    assert told.titles == {("acme/engine", 1): "Number 1"}
    listed = [(each.repository, each.item.number) for need in told.rollup.needs_you for each in need.items]
    assert ("acme/engine", 1) in listed
    assert ("acme/widgets", 3) not in listed


def test_a_new_history_and_other_settings_are_in_it_at_the_next_request(
    database: Database, kept: Rollups
) -> None:
    configure(database, "acme/widgets", "health: {bots: [bo]}")
    assert ("acme/widgets", 3) not in kept.make(ASKED).titles
    keep(database, "acme/new", ENGINE)
    assert names(kept.make(ASKED)) == ["acme/engine", "acme/new", "acme/widgets"]
    keep(database, "acme/new", (*ENGINE, issue(2, "2026-03-31", author=BO, title="And this")))
    assert "And this" in kept.make(ASKED).titles.values()


class Held(Reports):
    """Reports that are made when they are let go."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.let_go = Event()

    def make(self, asked: Asked, *, waits: bool = True) -> Told:
        assert self.let_go.wait(60)
        return super().make(asked, waits=waits)


def test_others_are_handed_out_meanwhile_and_too_many_are_refused(sqlite_database: Database) -> None:
    for owner in ("acme", "other"):
        keep(sqlite_database, f"{owner}/widgets", WIDGETS)
    held = Held(sqlite_database)
    kept = Rollups(held, Registry(sqlite_database), MINUTE)
    other = replace(ASKED, owner="other")
    held.let_go.set()
    kept.make(other)
    held.let_go.clear()
    with ThreadPoolExecutor(2 * WITHIN) as pool:
        asked = [pool.submit(kept.make, ASKED) for _ in range(2 * WITHIN)]
        refused = list(islice(as_completed(asked, 60), WITHIN))
        assert {type(each.exception()) for each in refused} == {BeingMade}
        assert kept.make(other).rollup.organisation == "other"
        with pytest.raises(BeingMade, match="try again in a moment"):
            kept.make(replace(ASKED, window="7d"))
        held.let_go.set()
        assert len({id(each.result().rollup) for each in asked if each not in refused}) == 1
    assert kept.make(replace(ASKED, window="7d")).days == 7


def test_where_the_reports_are_ended_so_is_the_roll_up(sqlite_database: Database) -> None:
    keep(sqlite_database, "acme/widgets", WIDGETS)
    reports = Reports(sqlite_database)
    reports.end()
    with pytest.raises(BeingMade, match="the server is being stopped"):
        Rollups(reports, Registry(sqlite_database)).make(ASKED)
