from zoneinfo import ZoneInfo

from bot.health.outlines import Outline, Outlines
from tests.health.examples import BO, DAY, HOUR, NIA, at, event, issue, pull


def day(moment: str) -> int:
    return at(moment).toordinal()


def test_a_thread_keeps_its_moments_and_what_it_took() -> None:
    threads = [
        issue(1, "2026-03-02", event("2026-03-03", "closed"), author=NIA),
        issue(2, "2026-03-02 10:00:00.250", author=None),
        pull(3, "2026-03-02", event("2026-03-02 01:00", "merged"), author=BO),
        pull(4, "2026-03-02", event("2026-03-04", "closed"), author=2**40),
    ]
    kept = Outlines(ZoneInfo("UTC"))
    for thread in threads:
        kept.add(thread)
    second, third, fourth = (day(f"2026-03-{number:02}") for number in (2, 3, 4))
    assert list(kept) == [
        Outline(False, NIA, at("2026-03-02"), second, third, 0, DAY),
        Outline(False, None, at("2026-03-02 10:00:00.250"), second, 0, 0, None),
        Outline(True, BO, at("2026-03-02"), second, second, second, HOUR),
        Outline(True, 2**40, at("2026-03-02"), second, fourth, 0, None),
    ]
    assert len(list(kept)) == 4  # as often as somebody asks


def test_days_begin_in_the_time_zone() -> None:
    kept = Outlines(ZoneInfo("Europe/Berlin"))
    kept.add(issue(1, "2026-02-28 23:30"))
    (outline,) = kept
    assert (outline.opened, outline.closed) == (day("2026-03-01"), 0)
