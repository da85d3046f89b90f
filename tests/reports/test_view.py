"""What is shown of a report, whatever it is shown on."""

from dataclasses import replace

from bot.core.history import PastThread
from bot.reporting import Mark
from bot.reports.markdown import markdown
from bot.reports.plain import plain
from bot.reports.view import THANKED, view
from bot.store.history import BotMark
from tests.health.examples import GREETER, MAINT, at, event, issue, pull
from tests.reports.examples import story, told


def merged(number: int, author: int) -> PastThread:
    done = [event("2026-03-05", kind, MAINT) for kind in ("merged", "closed")]
    return pull(number, "2026-03-02", *done, author=author)


def test_columns_are_named_after_the_window() -> None:
    heads = [(view(told(window=days)).now, view(told(window=days)).before) for days in (1, 7, 90)]
    assert heads == [
        ("the day", "the day before"),
        ("the week", "the week before"),
        ("these 90 days", "the 90 before"),
    ]


def test_what_is_in_time_is_said_beside_it() -> None:
    (row,) = [row for row in view(told(benchmark=1.5)).headlines if row.id == "answered_within_benchmark"]
    assert row.notes == ("in time is within 1.5 business days",)


def test_trends_are_by_week_for_short_windows_and_by_month_for_long_ones() -> None:
    assert view(story(window=7)).trends[0].place == "from 8 Jun"
    assert view(story(window=90)).trends[1].place == "May 2026"
    assert len(view(story(window=90)).trends) == 12
    assert view(told()).trends == ()


def test_a_month_or_a_week_that_is_not_over_says_so() -> None:
    assert [trend.place for trend in view(story(window=90)).trends[:2]] == ["Jun 2026, so far", "May 2026"]
    whole = told(issue(1, "2026-03-02"), until="2026-03-30", window=7)
    assert view(whole).trends[0].place == "from 23 Mar"
    begun = told(issue(1, "2026-03-02"), until="2026-03-31", window=7)
    assert view(begun).trends[0].place == "from 30 Mar, so far"


def test_not_everybody_who_is_thanked_is_named() -> None:
    many = view(told(*(merged(number, 100 + number) for number in range(1, 21))))
    assert (len(many.thanks), many.more_thanks) == (THANKED, 20 - THANKED)


def test_who_was_taken_for_a_bot_is_told_with_the_reason() -> None:
    greetings = [
        pull(n, f"2026-03-{n:02} 10:00", event(f"2026-03-{n:02} 10:00", "commented", GREETER, text="hello"))
        for n in range(1, 9)
    ]
    ((suspect, why),) = view(told(*greetings)).suspects
    assert suspect.login == "greeter"
    assert why == "answered on 8 of 8 threads within a minute; 100% of what it wrote is one text"


def test_what_is_not_known_is_said() -> None:
    found = view(told())
    assert (found.stale, found.record) == ("", "")
    assert len(found.missing) == 4
    assert "usher backfill acme/widgets reads them" in found.missing[2]
    stale = view(replace(told(), known_until=at("2026-03-10 12:00")))
    assert stale.stale == "What is known of this repository ends on 10 March 2026."
    assert stale.known_until == "2026-03-11"
    ended = view(replace(told(), known_until=at("2026-03-10 12:00"), ends_with_history=True))
    assert ended.stale == "What is known of this repository ends on 10 March 2026, and so does this report."


def test_threads_that_need_somebody_for_two_reasons_count_once() -> None:
    disliked = issue(1, "2026-03-20", disliked=9)
    shown = view(told(disliked, issue(2, "2026-03-21", author=MAINT, disliked=9)))
    assert sum(need.count for need in shown.needs) == 4
    assert shown.waiting == "2 threads"
    assert view(told(issue(1, "2026-03-20"))).waiting == "1 thread"


def test_the_record_says_what_became_of_actions() -> None:
    found = view(replace(told(), actions={"failed": 1, "done": 1_204, "planned": 3}))
    assert found.record == "1,204 done, 1 failed"
    assert [line for line in found.missing if "Usher" in line] == []


def test_marks_are_shown() -> None:
    mark = Mark(6, "greeter", BotMark(is_bot=True, by="maya", at=at("2026-03-02 10:05")))
    assert view(replace(told(), marks=(mark,))).marks == ((mark, "maya said so on 2 March 2026, 10:05"),)


def test_whose_threads_it_is_about_is_said() -> None:
    shown = view(told(issue(1, "2026-03-02"), issue(2, "2026-03-03", author=MAINT), audience="newcomers"))
    assert shown.audience.startswith(
        "Only threads of newcomers: 2 of 2 threads opened in this time, by 2 people. "
    )
    assert view(told()).audience == ""
    notes = {row.id: row.notes for table in shown.tables for row in table.rows}
    assert "of the whole project" in notes["new_issue_authors"]
    assert "of the whole project" not in notes["closure_ratio_issues"]


def test_what_lies_before_the_history_is_unknown_and_not_zero() -> None:
    first = issue(1, "2026-02-02")
    said = (
        "What is known of this repository begins on 2 February 2026; of the time before, zeros say nothing."
    )
    assert view(told(first, until="2026-03-03", window=14)).early == ""
    assert view(told(first, until="2026-03-03", window=15)).early == said
    before = view(told(first, until="2014-01-01"))
    assert (before.early, before.needs_none) == (said, "Nothing is known of this time.")
    for text in (
        markdown(told(first), web="https://github.com"),
        plain(view(told(first)), page=None, thread=str, more=""),
    ):
        assert "begins on 2 February 2026;" in " ".join(text.split())
    assert view(told()).early == ""
