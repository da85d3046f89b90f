"""The report as CSV: the numbers of its JSON, one a line."""

import csv
import io

import pytest

from bot.core.history import Person
from bot.health.as_json import as_json
from bot.reporting import Told
from bot.reports.sheet import HEAD, sheet
from tests.health.examples import MAINT, event, issue, pull
from tests.reports.examples import story, told


def lines(found: Told) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet(found), newline="")))


def test_every_line_has_every_column() -> None:
    rows = list(csv.reader(io.StringIO(sheet(story()), newline="")))
    assert tuple(rows[0]) == (*HEAD, "group", "opened_by")
    assert {len(row) for row in rows} == {len(rows[0])}


def test_what_needs_somebody_says_what_is_known_of_it() -> None:
    approval = event("2026-03-05", "reviewed", MAINT, "approved", disliked=7)
    found = lines(told(pull(1, "2026-03-02", approval), beside={"maintainers": [MAINT]}))
    rows = [(row["id"], row["name"], row["measure"], row["value"]) for row in found if row["name"] == "1"]
    assert ("approved_unmerged", "1", "checks", "unknown") in rows
    assert ("heated", "1", "disliked_comment", "7") in rows


def test_it_says_what_the_json_says() -> None:
    found = story()
    data, rows = as_json(found.report, found.repository), lines(found)
    assert {row["id"] for row in rows if row["what"] == "metric"} == {each["id"] for each in data["metrics"]}
    for metric in data["metrics"]:
        shown = {
            row["measure"]: row["value"]
            for row in rows
            if row["id"] == metric["id"] and not row["name"] and row["what"] == "metric"
        }
        for name in ("n", "value", "median", "p90", "pending", "previous"):
            if name in metric:
                assert shown[name] == ("" if metric[name] is None else str(metric[name]))
    series = [
        (row["id"], row["bucket"], row["name"], row["value"]) for row in rows if row["what"] == "series"
    ]
    assert series == [
        (each["id"], each["bucket"], place, str(number))
        for each in data["series"]
        for place, number in each["points"][{"month": -24, "week": -26}[each["bucket"]] :]
    ]


def test_it_is_short_enough_to_be_read() -> None:
    rows = lines(story())
    assert len([row for row in rows if row["what"] == "series"]) == 7 * (24 + 26)


def test_each_number_says_what_it_is_in() -> None:
    found = {(row["id"], row["measure"]): row["unit"] for row in lines(story()) if not row["bucket"]}
    time = "time_to_first_response_issue"
    assert {measure: found[time, measure] for measure in ("n", "pending", "business_median", "median")} == {
        "n": "count",
        "pending": "count",
        "business_median": "seconds",
        "median": "seconds",
    }
    assert found["closure_ratio_issues", "closed_of_present"] == "share"
    assert found["days_since_release", "usual_gap"] == "days"
    assert found["documents_present", "age_days"] == "days"
    assert found["issues_unanswered", "since"] == "moment"


def test_what_waits_is_new_recent_or_old_and_says_who_opened_it() -> None:
    waits = [pull(n, day) for n, day in ((1, "2026-03-30"), (2, "2026-03-02"), (3, "2024-03-02"))]
    known = issue(9, "2024-01-02", event("2024-01-03", "commented", MAINT))
    found = lines(told(known, *waits, beside={"maintainers": [MAINT]}))
    rows = [row for row in found if row["what"] == "needs_you"]
    assert {row["name"]: (row["group"], row["opened_by"]) for row in rows if row["measure"] == "since"} == {
        "1": ("new", "outsider"),
        "2": ("recent", "outsider"),
        "3": ("over a year", "outsider"),
    }
    pulls = [row for row in rows if row["id"] == "prs_waiting_for_maintainers" and not row["name"]]
    assert [(row["measure"], row["value"], row["opened_by"]) for row in pulls] == [
        (measure, value, opened_by)
        for opened_by in ("", "outsider")
        for measure, value in (("count", "3"), ("new", "1"), ("over_a_year", "1"))
    ]


def test_few_cases_are_listed() -> None:
    found = told(pull(1, "2026-03-02", event("2026-03-02 01:00", "reviewed", MAINT)))
    cases = [row for row in lines(found) if row["id"] == "time_to_first_review" and row["measure"] == "case"]
    assert [(row["name"], row["value"]) for row in cases] == [("1", "3600")]


@pytest.mark.parametrize("begin", ["=", "+", "@", "\n=", "\ufeff=", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_name_is_a_formula(begin: str) -> None:
    found = told(issue(1, "2026-03-02"), persons=[Person(1, f"{begin}1+1")])
    names = {row["name"] for row in lines(found) if row["id"] == "new_issue_authors"}
    assert f"'{begin}1+1" in names


def test_a_login_is_no_formula() -> None:
    done = [event("2026-03-03", kind, MAINT) for kind in ("merged", "closed")]
    found = told(pull(1, "2026-03-02", *done), persons=[Person(1, "=1+1")])
    names = {row["name"] for row in lines(found) if row["id"] == "absence_factor_merged_prs"}
    assert "'=1+1" in names
    assert "=1+1" not in names


def test_a_quarter_of_few_has_its_cases() -> None:
    found = lines(told(issue(1, "2026-03-02", event("2026-03-03", "closed"))))
    (case,) = [row for row in found if row["what"] == "cohort" and row["measure"] == "case"]
    assert (case["id"], case["unit"], case["name"]) == ("time_to_close_issue", "seconds", "2026-Q1")
    assert case["value"] == "86400"
