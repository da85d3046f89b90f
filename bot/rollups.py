"""From the histories of an organisation's repositories in the database to its roll-up."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.asking import end_of_day, until_of, window_days
from bot.core.errors import ConfigError, UsherError
from bot.health.rollup import RollingUp, Rollup
from bot.health.settings import HealthConfig
from bot.making import BeingMade, Workshop
from bot.reporting import Asked, Reports, is_stale
from bot.store.history import History
from bot.store.registry import Registry, RepositoryRecord

KEPT = 16  # roll-ups
AT_ONCE = 2  # roll-ups that are made; the others wait
OWNER = re.compile(r"(?!\.+\Z)[A-Za-z0-9._-]{1,100}")
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
        until: the day before which it ends; None for now, or for where the newest history ends, if all of
            them end a week or more before.
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
        ends_with: until when the newest history is known, where the window ends with it, since nobody asked
            for another end; else None.
    """

    rollup: Rollup
    days: int
    zone: ZoneInfo
    titles: Mapping[tuple[str, int], str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    ends_with: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Sources:
    """What there is of an owner: the histories, and the repositories that the App is installed on."""

    histories: tuple[History, ...]
    records: tuple[RepositoryRecord, ...]

    @property
    def owner(self) -> str:
        """The owner, as the first repository spells it."""
        first = self.histories[0] if self.histories else self.records[0]
        return first.full_name.partition("/")[0]


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
        self._made = Workshop[ToldRollup]("roll-ups", KEPT, keep, AT_ONCE)

    def owner(self, name: str) -> str:
        """Return how an owner is spelled.

        Raises:
            ConfigError: it is no owner.
            UnknownOwner: nothing is known of any of its repositories.
        """
        return self._sources(name).owner

    def make(self, asked: AskedRollup) -> ToldRollup:
        """Return a roll-up.

        One that is kept is handed out as long as the histories, the settings and what was said of accounts
        are those that it was made of; threads that were deleted since are not in it.

        Raises:
            ConfigError: what was asked for makes no sense.
            UnknownOwner: nothing is known of any repository of the owner.
            BeingMade: too many are being made to wait for one more, or the server ends.
        """
        sources = self._sources(asked.owner)
        key = (asked.until, asked.window, sources, self._reports.histories.marked())
        return self._titled(self._made.get(key, lambda: self._make(asked, sources)), sources)

    def _sources(self, owner: str) -> _Sources:
        if not OWNER.fullmatch(owner):
            raise ConfigError(f"{owner!r} is no owner of repositories: expected one such as acme")
        known = self._reports.histories.of_owner(owner)
        mine = f"{owner.lower()}/"
        records = (r for r in self._registry.all_repositories() if r.full_name.lower().startswith(mine))
        found = _Sources(tuple(known), tuple(records))
        if not found.histories and not found.records:
            raise UnknownOwner(owner)
        return found

    def _make(self, asked: AskedRollup, sources: _Sources) -> ToldRollup:
        known = [history.full_name for history in sources.histories]
        names = {name.lower() for name in known}
        without = tuple(each.full_name for each in sources.records if each.full_name.lower() not in names)
        mistaken = sources.records if self._reports.given is None else ()  # else nobody reads theirs
        problems = {each.full_name: MISTAKEN for each in mistaken if each.config_problems}
        zone, days = self._whole(known, asked.window)
        until, ends = until_of(asked.until, zone), self._ends(sources.histories)
        newest = max(ends.values(), default=None)
        ends_with = newest if not asked.until and is_stale(newest, until) else None
        if ends_with:
            until = end_of_day(ends_with, zone)
        rolling = RollingUp(sources.owner, until, days, zone)
        for name in known:
            if (end := ends.get(name)) and is_stale(end, until) and not rolling.is_enough(end):
                rolling.leave_out(name, end)
                continue
            try:
                told = self._reports.make(Asked(name, until, f"{days}d"))
            except BeingMade:  # they were ended
                raise
            except UsherError as error:  # the others' figures are good all the same
                problems[name] = str(error)
                continue
            rolling.add(told.repository, told.report, told.known_until if told.is_stale else None)
        ids = [history.id for history in sources.histories]
        logins = self._reports.histories.logins(ids, rolling.named())
        return ToldRollup(rolling.rollup(logins), days, zone, {}, without, problems, ends_with)

    def _ends(self, histories: Iterable[History]) -> dict[str, datetime]:
        """Until when each history is known, by its name; without those that hold nothing."""
        found = ((each.full_name, self._reports.known_until(each)) for each in histories)
        return {name: end for name, end in found if end is not None}

    def _titled(self, told: ToldRollup, sources: _Sources) -> ToldRollup:
        """The roll-up with the titles of what it lists, as they are now; what was deleted is left out."""
        shown: dict[str, set[int]] = {}
        for need in told.rollup.needs_you:
            for each in need.items:
                shown.setdefault(each.repository, set()).add(each.item.number)
        ids = {history.full_name: history.id for history in sources.histories}
        titles = {
            (name, number): title
            for name, numbers in shown.items()
            if name in ids  # else it was renamed or removed while the roll-up was made
            for number, title in self._reports.histories.titles(ids[name], numbers).items()
        }
        gone = {(name, number) for name, numbers in shown.items() for number in numbers} - titles.keys()
        return replace(told, rollup=told.rollup.without(gone) if gone else told.rollup, titles=titles)

    def _whole(self, names: Iterable[str], window: str | None) -> tuple[ZoneInfo, int]:
        """The time zone and the days of the whole: what most repositories have; else what nobody need set."""
        found = [self._reports.config(name).health for name in names]
        plain = HealthConfig()
        zone = _most((each.time_zone for each in found), plain.time_zone)
        days = window_days(window) if window else _most((each.window for each in found), plain.window)
        return ZoneInfo(zone), days


def _most(values: Iterable[T], plain: T) -> T:
    """The value that more than half have; else the plain one."""
    counts = Counter(values)
    value, count = max(counts.items(), key=lambda each: each[1], default=(plain, 0))
    return value if 2 * count > counts.total() else plain
