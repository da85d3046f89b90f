"""From the histories of an organisation's repositories in the database to its roll-up."""

import re
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from cachetools import TTLCache

from bot.core.errors import ConfigError, UsherError
from bot.health.rollup import RollingUp, Rollup
from bot.health.settings import HealthConfig
from bot.reporting import Asked, Reports, until_of, window_days
from bot.store.registry import Registry

KEPT = 16  # roll-ups
OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
T = TypeVar("T")
MISTAKEN = "its settings have a mistake, so the last good ones hold"


class UnknownOwner(ConfigError):
    """Nothing is known of any repository of an owner. Says what to do."""

    def __init__(self, owner: str) -> None:
        super().__init__(
            f"nothing is known of the repositories of {owner}: "
            f"usher backfill {owner}/REPO asks GitHub for one's history,"
            f" usher import {owner}/REPO DIR reads a backup"
        )


@dataclass(frozen=True, slots=True)
class AskedRollup:
    """What roll-up somebody asks for.

    Args:
        owner: the organisation, or the person, whose repositories they are.
        until: the day before which it ends; None for now.
        window: how many days it looks back; None for what most of the repositories set.
    """

    owner: str
    until: str | None = None
    window: str | None = None


@dataclass(frozen=True, slots=True)
class ToldRollup:
    """A roll-up, and what is needed to show it.

    Args:
        rollup: the figures.
        days: how many days the window has.
        zone: where the days of the whole begin.
        titles: of the threads that are listed, by repository and number; other people's text.
        without: the repositories of whose history nothing is known.
        problems: what is wrong with a repository, by its full name.
    """

    rollup: Rollup
    days: int
    zone: ZoneInfo
    titles: Mapping[tuple[str, int], str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)


class Rollups:
    """Makes roll-ups, out of the reports of the repositories.

    Args:
        reports: makes those, and keeps some.
        registry: which repositories there are.
        keep: for how long a roll-up that was made is handed out again.
    """

    def __init__(self, reports: Reports, registry: Registry, keep: timedelta = timedelta(0)) -> None:
        self._reports = reports
        self._registry = registry
        self._lock = threading.Lock()
        self._kept: TTLCache[object, ToldRollup] = TTLCache(KEPT, keep.total_seconds())

    def make(self, asked: AskedRollup) -> ToldRollup:
        """Return a roll-up.

        Raises:
            ConfigError: what was asked for makes no sense.
            UnknownOwner: nothing is known of any repository of the owner.
        """
        if not OWNER.fullmatch(asked.owner):
            raise ConfigError(f"{asked.owner!r} is no owner of repositories: expected one such as acme")
        key = (asked.owner.lower(), asked.until, asked.window, self._reports.histories.marked())
        with self._lock:  # who asks for the same at the same time waits for it
            if key not in self._kept:
                told = self._make(asked)
                self._kept[key] = told
                return told
            return self._kept[key]

    def _make(self, asked: AskedRollup) -> ToldRollup:
        known = _of(asked.owner, self._reports.histories.names())
        records = [each for each in self._registry.all_repositories() if _of(asked.owner, [each.full_name])]
        if not known and not records:
            raise UnknownOwner(asked.owner)
        names = {name.lower() for name in known}
        without = tuple(each.full_name for each in records if each.full_name.lower() not in names)
        problems = {each.full_name: MISTAKEN for each in records if each.config_problems}
        zone, days = self._whole(known, asked.window)
        until = until_of(asked.until, zone)
        owner = (known or without)[0].partition("/")[0]
        rolling = RollingUp(owner, until, days, zone)
        titles: dict[tuple[str, int], str] = {}
        for name in known:
            try:
                told = self._reports.make(Asked(name, until, f"{days}d"))
            except UsherError as error:  # the others' figures are good all the same
                problems[name] = str(error)
                continue
            rolling.add(told.repository, told.report, told.known_until if told.is_stale else None)
            numbers = {item.number for need in told.report.needs_you for item in need.items}
            titles |= {(name, number): told.titles[number] for number in numbers & told.titles.keys()}
        rollup = rolling.rollup()
        shown = {(each.repository, each.item.number) for need in rollup.needs_you for each in need.items}
        kept = {place: title for place, title in titles.items() if place in shown}
        return ToldRollup(rollup, days, zone, kept, without, problems)

    def _whole(self, names: Iterable[str], window: str | None) -> tuple[ZoneInfo, int]:
        """The time zone and the days of the whole: what most repositories have; else what nobody need set."""
        found = [self._reports.config(name).health for name in names]
        plain = HealthConfig()
        zone = _most((each.time_zone for each in found), plain.time_zone)
        days = window_days(window) if window else _most((each.window for each in found), plain.window)
        return ZoneInfo(zone), days


def _of(owner: str, names: Iterable[str]) -> list[str]:
    """The repositories of an owner."""
    return [name for name in names if name.partition("/")[0].lower() == owner.lower()]


def _most(values: Iterable[T], plain: T) -> T:
    """The value that more than half have; else the plain one."""
    counts = Counter(values)
    value, count = max(counts.items(), key=lambda each: each[1], default=(plain, 0))
    return value if 2 * count > counts.total() else plain
