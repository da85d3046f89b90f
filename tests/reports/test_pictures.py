"""The charts of a report, with their words and their tables."""

import xml.etree.ElementTree as ET

from bot.reports.pictures import EVER, MONTHS, WEEKS, pictures
from tests.health.examples import event, issue
from tests.reports.examples import story, told


def test_the_story_has_all_charts_each_with_words_and_numbers() -> None:
    found = pictures(story().report)
    assert [each.title for each in found] == [
        "Issues by month, the last 24 months",
        "Pull requests by month, the last 24 months",
        "Opened by week, the last 26 weeks",
        "Open at the end of each month, since Jun 2024",
        "Time to close an issue, by quarter of opening",
        "Time to merge, by quarter of opening",
    ]
    for each in found:
        root = ET.fromstring(each.svg)
        assert (root[0].text, bool(root[1].text)) == (each.title, True)
        assert {len(row) for row in each.rows} == {len(each.head)}
        assert each.legend or each.note
    assert (len(found[0].rows), len(found[2].rows), len(found[3].rows)) == (MONTHS, WEEKS, 25)
    assert EVER > 1_000


def test_what_never_happened_has_no_chart() -> None:
    assert pictures(told().report) == ()
    found = pictures(told(issue(1, "2026-03-02")).report)
    assert [each.title for each in found] == [
        "Issues by month, since Mar 2026",
        "Opened by week, since 2 Mar 2026",
        "Open at the end of each month, since Mar 2026",
    ]
    assert [each.drawn for each in found] == ["lines", "bars", "lines"]


def test_the_latest_comes_first_and_is_marked_where_it_is_not_over() -> None:
    threads = [issue(1, "2026-02-02"), issue(2, "2026-03-05")]
    whole = pictures(told(*threads).report)[0]
    assert [row[:2] for row in whole.rows] == [("Mar 2026", "1"), ("Feb 2026", "1")]
    part = pictures(told(*threads, until="2026-03-20").report)[0]
    assert part.rows[0] == ("Mar 2026, so far", "1", "0")
    assert "1 in Mar 2026, so far" in part.words
    assert "1 in Mar 2026, so far" in (ET.fromstring(part.svg)[1].text or "")
    assert (part.note, whole.note) == ("The month that is shaded is not over yet.", "")
    assert (part.svg.count("so-far"), whole.svg.count("so-far")) == (1, 0)


def test_of_a_quarter_of_few_cases_each_is_shown() -> None:
    found = pictures(
        told(issue(1, "2026-03-02", event("2026-03-03", "closed")), issue(2, "2026-03-04")).report
    )[-1]
    assert found.rows == (("Q1 2026", "1", "1", "24 h", "\u2013"),)
    assert "Q1 2026: 1 done (24 h), 1 not yet." in found.words
    assert "1 done (24 h), 1 not yet" in found.svg
