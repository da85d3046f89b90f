"""What never arrived is found in GitHub's delivery log, and asked for again until it has arrived."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Self, cast

import pytest

import bot.sweep
from bot.core.errors import BotError, RetryLater
from bot.github.client import GitHub
from bot.store.database import Database
from bot.store.inbox import Inbox, Incoming
from bot.sweep import DeliveryLog

START = datetime(2025, 6, 9, 12, tzinfo=UTC)
PATIENCE = timedelta(minutes=5)


@dataclass
class Log:
    """GitHub's delivery log, the newest first, in pages."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    page: int = 100
    asked: list[int] = field(default_factory=list)
    read: int = 0
    refuses: BotError | None = None

    def add(self, guid: str, at: datetime, status: int = 502) -> int:
        number = len(self.entries) + 1
        entry = {"id": number, "guid": guid, "delivered_at": at.isoformat(), "status_code": status}
        self.entries.insert(0, entry)
        return number

    def app_request(self, verb: str, path: str) -> tuple[dict[str, Any], Any]:
        if verb == "POST":
            if self.refuses is not None:
                raise self.refuses
            self.asked.append(int(path.split("/")[4]))
            return {}, None
        self.read += 1
        start = int(path.partition("cursor=")[2] or 0)
        rest = self.entries[start : start + self.page]
        following = start + self.page
        link = (
            f'<https://elsewhere.example/?cursor={following}>; rel="next"' if self.entries[following:] else ""
        )
        return {"link": link}, rest


class Clock(datetime):
    """Shows the time that the test says."""

    at = START

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls.fromtimestamp(cls.at.timestamp(), tz)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(bot.sweep, "datetime", Clock)
    monkeypatch.setattr(Clock, "at", START)
    return Clock


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def inbox(sqlite_database: Database) -> Inbox:
    return Inbox(sqlite_database)


@pytest.fixture
def sweep(log: Log, inbox: Inbox, clock: type[Clock]) -> Callable[[], int]:
    return DeliveryLog(cast("GitHub", log), inbox, PATIENCE).sweep


Sweep = Callable[[], int]


def test_only_what_never_arrived_is_asked_for(log: Log, inbox: Inbox, sweep: Sweep) -> None:
    log.add("arrived", START - timedelta(hours=2), 202)
    lost = log.add("lost", START - timedelta(hours=1))
    log.add("stored", START - timedelta(minutes=30))  # our answer got lost, the delivery did not
    inbox.store([Incoming("stored", "issues", b"{}", START)])
    assert sweep() == 1
    assert log.asked == [lost]


def test_one_that_arrived_at_a_later_try_is_not(log: Log, sweep: Sweep) -> None:
    log.add("a", START - timedelta(hours=2), 502)
    log.add("a", START - timedelta(hours=1), 202)
    assert sweep() == 0


def test_the_oldest_is_asked_for_first_and_by_its_latest_entry(log: Log, sweep: Sweep) -> None:
    first = log.add("first", START - timedelta(hours=3))
    log.add("second", START - timedelta(hours=2))
    latest = log.add("second", START - timedelta(hours=1))
    assert sweep() == 2
    assert log.asked == [first, latest]


def test_all_pages_are_read_and_no_address_in_them_is_followed(log: Log, sweep: Sweep) -> None:
    log.page = 2
    for number in range(5):
        log.add(f"lost {number}", START - timedelta(hours=1))
    assert sweep() == 5
    assert log.read == 3


def test_it_looks_back_three_days_and_later_only_to_the_look_before(
    log: Log, sweep: Sweep, clock: type[Clock]
) -> None:
    log.add("too old", START - timedelta(days=3, minutes=1))
    log.add("old", START - timedelta(days=2, hours=23))
    assert sweep() == 1
    clock.at = START + timedelta(days=1)
    log.add("before the look", START - timedelta(minutes=11))
    under_way = log.add("under way at the look", START - timedelta(minutes=9))
    assert sweep() == 1
    assert log.asked[-1] == under_way


def test_it_asks_again_at_growing_intervals(log: Log, sweep: Sweep, clock: type[Clock]) -> None:
    log.add("lost", START)
    times = []
    for minute in range(150):
        clock.at = START + timedelta(minutes=minute)
        if sweep():
            times.append(minute)
            log.add("lost", clock.at)  # the new try failed as well
    assert times == [0, 5, 15, 35, 75]


def test_it_asks_until_it_has_arrived(log: Log, inbox: Inbox, sweep: Sweep, clock: type[Clock]) -> None:
    log.add("lost", START)
    assert sweep() == 1
    inbox.store([Incoming("lost", "issues", b"{}", START)])
    clock.at = START + timedelta(hours=12)
    assert sweep() == 0


def test_after_a_restart_it_still_knows(log: Log, inbox: Inbox, sweep: Sweep, clock: type[Clock]) -> None:
    lost = log.add("lost", START)
    assert sweep() == 1
    clock.at = START + timedelta(hours=12)
    again = DeliveryLog(cast("GitHub", log), inbox, PATIENCE)
    assert again.sweep() == 1
    assert log.asked == [lost, lost]


def test_what_the_log_has_forgotten_is_forgotten_here(log: Log, sweep: Sweep, clock: type[Clock]) -> None:
    log.add("lost", START)
    assert sweep() == 1
    log.entries.clear()
    clock.at = START + timedelta(days=2, hours=23)
    assert sweep() == 1
    clock.at = START + timedelta(days=3, minutes=1)
    assert sweep() == 0


def test_while_github_is_away_the_look_does_not_count(log: Log, sweep: Sweep, clock: type[Clock]) -> None:
    lost = log.add("lost", START)
    log.refuses = RetryLater("GitHub answered 502")
    for minute in range(60):
        clock.at = START + timedelta(minutes=minute)
        with pytest.raises(RetryLater):
            sweep()
    log.refuses = None
    assert sweep() == 1
    assert log.asked == [lost]


def test_one_that_github_will_not_send_again_does_not_hold_up_the_others(log: Log, sweep: Sweep) -> None:
    log.add("lost", START - timedelta(minutes=1))
    log.refuses = BotError("GitHub refused this")
    assert sweep() == 0
    log.refuses = None
    fresh = log.add("fresh", START)
    assert sweep() == 1
    assert log.asked == [fresh]
