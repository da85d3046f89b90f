"""Threads for the tests of the figures, written in few words."""

import random
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.history import EventKind, PastThread, Person, TimelineEvent
from bot.health.calendar import Window
from bot.health.gathered import Gathered
from bot.health.period import Period
from bot.health.settings import HealthConfig

NIA, BO, MAINT, MAX, BOT, GREETER = 1, 2, 3, 4, 5, 6
PERSONS = (
    Person(NIA, "nia"),
    Person(BO, "bo"),
    Person(MAINT, "maint"),
    Person(MAX, "max"),
    Person(BOT, "helper[bot]", is_bot=True),
    Person(GREETER, "greeter"),
)
HOUR, DAY = 3600, 86_400


def at(moment: str) -> datetime:
    """``2026-03-02 10:00`` or ``2026-03-02``, in UTC."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def event(
    moment: str, kind: EventKind, who: int | None = MAINT, detail: str = "", **more: Any
) -> TimelineEvent:
    return TimelineEvent(at(moment), kind, who, detail=detail, **more)


def issue(
    number: int, created: str, *events: TimelineEvent, author: int | None = NIA, **more: Any
) -> PastThread:
    """An issue; its end follows from what was done."""
    return _thread(number, created, events, author, {"is_pull": False, **more})


def pull(
    number: int, created: str, *events: TimelineEvent, author: int | None = NIA, **more: Any
) -> PastThread:
    """A pull request; its end follows from what was done."""
    return _thread(number, created, events, author, {"is_pull": True, **more})


def _thread(
    number: int, created: str, events: tuple[TimelineEvent, ...], author: int | None, more: Mapping[str, Any]
) -> PastThread:
    end: dict[str, Any] = {}
    for each in sorted(events, key=lambda each: each.at):
        if each.kind == "closed":
            end |= {"is_open": False, "closed_at": each.at}
        elif each.kind == "reopened":
            end |= {"is_open": True, "closed_at": None}
        elif each.kind == "merged":
            end |= {"is_open": False, "closed_at": each.at, "merged_at": each.at, "merged_by": each.who}
    fields = {"title": f"Number {number}", "created_at": at(created), "timeline": events, **end, **more}
    return PastThread(number=number, author=author, **fields)


def gathered(threads: Iterable[PastThread], until: str = "2026-04-01", **config: Any) -> Gathered:
    """What one pass keeps; the window is March 2026 unless it is said otherwise."""
    found = Gathered(at(until), HealthConfig(**{"window": 31, **config}))
    for thread in threads:
        found.add(thread)
    return found


def period(
    *threads: PastThread, until: str = "2026-04-01", maintainers: Any = (MAINT,), **config: Any
) -> Period:
    """March 2026 as a period, unless it is said otherwise."""
    seen = gathered(threads, until, **config)
    return Period.of(seen, seen.window, seen.people(PERSONS, {}, maintainers))


def march() -> Window:
    return Window(at("2026-03-01"), at("2026-04-01"))


def generated(threads: int, seed: int) -> tuple[list[PastThread], list[Person]]:
    """A history of three years that holds everything that can go wrong with figures, always the same one."""
    chance = random.Random(seed)
    persons = [Person(who, f"user{who}") for who in range(1, 41)]
    persons += [Person(90, "ci[bot]", is_bot=True), Person(91, "codecov-io")]
    moment, made = at("2023-01-05"), []
    for number in range(1, threads + 1):
        moment += timedelta(seconds=chance.expovariate(threads / (3 * 365 * DAY)))
        made.append(_random_thread(number, moment.replace(microsecond=0), chance))
    return made, persons


def _random_thread(number: int, created: datetime, chance: random.Random) -> PastThread:
    def somebody() -> int | None:
        return chance.choice([None, 90, 91, *[min(int(chance.paretovariate(0.7)), 40) for _ in range(12)]])

    is_pull, author = chance.random() < 0.6, somebody()
    was_draft = is_pull and chance.random() < 0.2
    events: list[TimelineEvent] = []
    now, is_open, is_draft, merged_by = created, True, was_draft, None
    merged_at: datetime | None = None
    closed_at: datetime | None = None
    for _ in range(chance.randrange(9)):
        now += timedelta(seconds=int(chance.choice([0, 13, 600, DAY, 9 * DAY, 60 * DAY]) * chance.random()))
        kinds: list[EventKind] = ["commented", "labeled", "closed" if is_open else "reopened"]
        if is_pull:
            kinds += ["reviewed", "review_commented", "committed", "merged" if is_open else "commented"]
            kinds += ["ready_for_review" if is_draft else "converted_to_draft"]
        kind = chance.choice(kinds)
        if merged_at and kind == "reopened":
            continue
        who = None if kind == "committed" else chance.choice([somebody(), author])
        detail = chance.choice(["approved", "commented", "changes_requested"]) if kind == "reviewed" else ""
        events.append(TimelineEvent(now, kind, who, detail=detail, by_app=chance.random() < 0.03))
        is_draft = (is_draft or kind == "converted_to_draft") and kind != "ready_for_review"
        if kind in {"closed", "reopened", "merged"}:
            is_open = kind == "reopened"
            closed_at = None if is_open else now
        if kind == "merged":
            merged_at, merged_by = now, who
            events.append(TimelineEvent(now, "closed", who))
    return PastThread(
        number=number,
        is_pull=is_pull,
        title=f"Number {number}",
        author=author,
        created_at=created,
        association=chance.choice(["NONE", "CONTRIBUTOR", "NONE", "MEMBER"]),
        is_open=is_open,
        is_draft=is_draft,
        closed_at=closed_at,
        merged_at=merged_at,
        merged_by=merged_by,
        timeline=tuple(events),
    )
