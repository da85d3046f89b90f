"""The report that comes by itself, at a GitHub: on Monday one pinned issue, next Monday the same one anew."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.core.errors import RetryLater
from bot.core.history import Person, Snapshot
from bot.core.limits import COMMENT
from bot.demo.history import made_up
from bot.github import reads, writes
from bot.sandbox.things import Issue
from bot.schedule import ReportSchedule
from bot.store.database import Database
from bot.store.editions import Editions
from bot.store.history import Histories
from tests.databases import database, shared_database, shared_sqlite, sqlite_database
from tests.health.examples import issue
from tests.world import BOT, REPO, World, living

__all__ = ["database", "shared_database", "shared_sqlite", "sqlite_database"]

CONFIG = "mode: act\nhealth: {issue: weekly}\nwelcome: {enabled: false}\ntriage: {enabled: false}\n"
MONDAY = datetime(2026, 6, 15, 6, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 6, 22, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def past() -> list[object]:
    return list(made_up(MONDAY).snapshots)


@pytest.fixture
def world(database: Database, past: list[object]) -> Iterator[World]:
    with living(database, config=CONFIG) as made:
        begin(made, past)
        yield made


def begin(world: World, past: list[object]) -> None:
    """Usher knows the settings, and the history."""
    world.run()
    world.configs.named(REPO, world.installation.id)
    Editions(world.database).keep(REPO, past, repository_id=world.repository_id, complete_at=MONDAY)  # type: ignore[arg-type]


def comes(world: World, day: datetime) -> int:
    """A day comes. Returns how many reports were due."""
    due = ReportSchedule(world.database, world.github, world.configs).sweep(day)
    world.run()
    return due


def own(world: World) -> list[Issue]:
    return [each for each in world.sandbox.repo(REPO).issues.values() if each.user.login == BOT]


def test_on_monday_there_is_one_issue_and_it_is_pinned(world: World) -> None:
    assert comes(world, MONDAY) == 1
    [issue] = own(world)
    assert (issue.title, issue.pinned) == ("Weekly report", True)
    body = issue.body or ""
    assert body.startswith(f"## {REPO}, ")
    assert "### Needs you now" in body
    assert f"https://usher.example/r/{REPO}/report?until=2026-06-15&window=7d" in body
    assert "Why: health.issue is weekly, and a week ended before 2026-06-15." in body
    assert "Settings: `health` in" in body
    assert len(body) <= COMMENT
    [plan] = world.plans(0)
    assert (plan.key, plan.title, plan.steps[0].status) == (REPO, "Weekly report", "done")


def test_what_needs_somebody_is_of_the_moment_of_writing_and_the_figures_of_the_week(world: World) -> None:
    asked = issue(900, "2026-06-17", author=4_242, title="Where do I begin?")
    person = Person(4_242, "newcomer")
    Editions(world.database).keep(REPO, [Snapshot(asked, (person,), asked.created_at)])
    comes(world, datetime(2026, 6, 18, 9, 30, tzinfo=UTC))
    body = own(world)[0].body or ""
    assert body.startswith(f"## {REPO}, 8 to 14 June 2026")
    assert "As of 18 June 2026, 09:30:" in body
    assert "Where do I begin?" in body
    comes(world, datetime(2026, 6, 20, tzinfo=UTC))  # it is edited when the next one is due, and not before
    assert own(world)[0].body == body


def test_next_monday_the_same_issue_says_what_is_new(world: World) -> None:
    comes(world, MONDAY)
    [before] = own(world)
    said = before.body
    assert comes(world, NEXT_MONDAY) == 1
    [issue] = own(world)
    assert issue.body != said
    assert len(world.writes("POST /repos/octo/engine/issues")) == 1
    assert len(world.writes("pinIssue")) == 1
    [plan] = world.plans(issue.number)
    assert (plan.event, plan.steps[0].status) == ("ReportDue", "done")


def test_within_the_week_it_comes_once_whoever_looks(world: World) -> None:
    assert comes(world, MONDAY) == 1
    assert comes(world, MONDAY) == comes(world, datetime(2026, 6, 18, tzinfo=UTC)) == 0
    assert len(world.plans(0)) == 1


def test_workers_that_look_at_once_put_in_one_delivery(world: World) -> None:
    one = ReportSchedule(world.database, world.github, world.configs)
    guid = f"report:{world.repository_id}:weekly:2026-06-15"
    assert one.sweep(MONDAY) == 1
    history = Histories(world.database).find(REPO)
    assert history is not None
    mark, before = f"report {history.id} weekly", datetime(2026, 6, 8, tzinfo=UTC)
    one._marks.set(mark, before)  # the other one had not seen it
    assert ReportSchedule(world.database, world.github, world.configs).sweep(MONDAY) == 1
    assert [each.guid for each in world.deliveries() if each.event == "report_due"] == [guid]


def test_a_report_that_was_forgotten_in_the_inbox_does_not_come_again(world: World) -> None:
    comes(world, MONDAY)
    world.inbox.forget_before(datetime.now(UTC))
    assert comes(world, MONDAY) == 0


def test_a_clock_that_was_ahead_once_does_not_stop_the_reports(world: World) -> None:
    comes(world, datetime(2030, 6, 17, 6, tzinfo=UTC))
    assert comes(world, MONDAY) == 1
    assert "2026-06-15" in (own(world)[0].body or "")
    assert comes(world, MONDAY) == 0
    assert comes(world, NEXT_MONDAY) == 1


def test_where_monday_comes_first_it_comes_once(world: World) -> None:
    world.push_config(CONFIG.replace("weekly}", "weekly, time_zone: Pacific/Kiritimati}"))
    world.run()
    world.configs.named(REPO, world.installation.id)
    sunday = datetime(2026, 6, 14, 16, 30, tzinfo=UTC)  # on Kiritimati it is Monday, half past six
    assert comes(world, sunday) == 1
    assert comes(world, sunday) == comes(world, MONDAY) == 0


def test_while_github_is_away_it_is_put_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object) -> None:
        raise RetryLater("GitHub is away")

    with monkeypatch.context() as patch:
        patch.setattr(reads, "repository", away)
        assert comes(world, MONDAY) == 0
    assert comes(world, MONDAY) == 1
    assert len(own(world)) == 1


class Died(BaseException):
    """The process is gone."""


def test_a_crash_between_opening_and_pinning_loses_neither(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_args: object, **_more: object) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(writes, "set_pinned", die)
        with pytest.raises(Died):
            comes(world, MONDAY)
    world.inbox.defer(world.deliveries("queued")[0].id, datetime.now(UTC), "handed over again", counts=False)
    world.run()
    [issue] = own(world)
    assert issue.pinned
    assert [step.status for plan in world.plans(0) for step in plan.steps] == ["done"]


def test_where_there_is_no_room_for_a_pin_the_issue_is_there_all_the_same(world: World) -> None:
    for _ in range(3):
        world.issue(world.open_issue()).pinned = True
    comes(world, MONDAY)
    [issue] = own(world)
    assert not issue.pinned
    [plan] = world.plans(0)
    assert (plan.steps[0].status, "Maximum 3 pinned issues" in (plan.steps[0].detail or "")) == ("done", True)


def test_a_person_who_closes_it_ends_it(world: World) -> None:
    comes(world, MONDAY)
    [issue] = own(world)
    said = issue.body
    world.sandbox.as_user("maya").close(REPO, issue.number)
    comes(world, NEXT_MONDAY)
    assert (issue.state, issue.body, len(own(world))) == ("closed", said, 1)
    assert [step.status for step in world.plans(issue.number)[0].steps] == ["skipped"]


def test_an_undo_closes_and_unpins_it(world: World) -> None:
    comes(world, MONDAY)
    [issue] = own(world)
    assert world.executor.undo(world.plans(0)[0].steps[0].id) == "closed the issue"
    assert (issue.state, issue.pinned) == ("closed", False)


def test_whoever_observes_sees_it_planned_and_nothing_is_touched(
    sqlite_database: Database, past: list[object]
) -> None:
    with living(sqlite_database, config=CONFIG.replace("mode: act", "mode: observe")) as world:
        begin(world, past)
        assert comes(world, MONDAY) == 1
        assert [step.status for plan in world.plans(0) for step in plan.steps] == ["observed"]
        assert world.writes() == []


@pytest.mark.parametrize("setting", ["{}", "{issue: off}", "{issue: weekly, enabled: false}"])
def test_off_it_does_not_come(sqlite_database: Database, past: list[object], setting: str) -> None:
    with living(sqlite_database, config=f"mode: act\nhealth: {setting}\n") as world:
        begin(world, past)
        assert comes(world, MONDAY) == 0
        assert [each for each in world.deliveries() if each.event == "report_due"] == []


def test_it_comes_where_nothing_has_happened_yet(sqlite_database: Database, past: list[object]) -> None:
    with living(sqlite_database, config=CONFIG) as world:
        world.run()
        world.registry.add_repositories(world.installation.id, [REPO])
        Editions(world.database).keep(REPO, past, repository_id=world.repository_id, complete_at=MONDAY)  # type: ignore[arg-type]
        record = world.registry.repository(REPO)
        assert record is not None
        assert record.good_config is None
        assert comes(world, MONDAY) == 1
        assert [issue.title for issue in own(world)] == ["Weekly report"]


def test_without_a_history_there_is_nothing_to_report(sqlite_database: Database) -> None:
    with living(sqlite_database, config=CONFIG) as world:
        world.run()
        world.configs.named(REPO, world.installation.id)
        assert comes(world, MONDAY) == 0
        begin(world, [])
        assert comes(world, MONDAY) == 1
        assert (own(world), world.plans(0)) == ([], [])


def test_the_history_of_another_repository_of_that_name_is_not_told(
    sqlite_database: Database, past: list[object]
) -> None:
    with living(sqlite_database, config=CONFIG) as world:
        world.run()
        world.configs.named(REPO, world.installation.id)
        Editions(world.database).keep(REPO, past, repository_id=4711, complete_at=MONDAY)  # type: ignore[arg-type]
        assert comes(world, MONDAY) == 0
        assert own(world) == []
