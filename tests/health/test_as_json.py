import json
from typing import Any

from bot.health.as_json import as_json
from bot.health.report import Beside, report
from bot.health.settings import HealthConfig
from tests.health.examples import GREETER, MAINT, NIA, PERSONS, at, event, generated, issue, pull

CONFIG = HealthConfig(window=31, time_zone="Europe/Berlin")


def told(*threads: Any) -> dict[str, Any]:
    beside = Beside(persons=PERSONS, maintainers=[MAINT])
    return as_json(report(threads, at("2026-03-31 22:00"), CONFIG, beside), "acme/widgets")


def figure(found: dict[str, Any], id_: str) -> dict[str, Any]:
    return {each["id"]: each for each in found["metrics"]}[id_]


def test_the_report_says_where_and_when() -> None:
    found = told()
    assert [found[key] for key in ("repository", "from", "until", "timezone")] == [
        "acme/widgets",
        "2026-02-28T23:00:00Z",
        "2026-03-31T22:00:00Z",
        "Europe/Berlin",
    ]


def test_the_report_says_when_the_history_begins() -> None:
    assert told()["history_from"] is None
    assert told(issue(1, "2026-03-02"))["history_from"] == "2026-03-02T00:00:00Z"


def test_a_figure_has_a_value_or_a_median() -> None:
    found = told(*[issue(n, "2026-03-02", event(f"2026-03-02 0{n}:00", "commented")) for n in range(1, 6)])
    times = figure(found, "time_to_first_response_issue")
    assert (times["unit"], times["n"], times["median"], times["p90"]) == ("seconds", 5, 10_800, 16_560)
    assert (times["pending"], times["previous"], times["details"]["pending_closed"]) == (0, None, 0)
    assert "value" not in times
    opened = figure(found, "issues_opened")
    assert (opened["value"], opened["previous"], opened["items"]) == (5, 0, [1, 2, 3, 4, 5])
    assert "median" not in opened


def test_few_values_are_shown_themselves() -> None:
    times = figure(
        told(issue(1, "2026-03-02", event("2026-03-02", "commented"))), "time_to_first_response_issue"
    )
    assert (times["values"], times["median"], times["p90"]) == ([0], None, None)


def test_a_quarter_of_few_has_its_values() -> None:
    found = told(issue(1, "2026-03-02", event("2026-03-03", "closed")), pull(2, "2026-03-02"))["cohorts"]
    assert [each.get("values") for each in found] == [[86_400], None]


def test_series_and_needs_are_lists() -> None:
    found = told(pull(1, "2026-03-30", author=NIA))
    assert {"id": "prs_open", "bucket": "month", "points": [["2026-03", 1]]} in found["series"]
    assert found["needs_you"][0] == {
        "kind": "first_timers_waiting",
        "count": 1,
        "new": 1,
        "over_a_year": 0,
        "by": {},
        "items": [{"number": 1, "since": "2026-03-30T00:00:00Z", "is_pull": True, "is_new": True}],
    }


def test_what_needs_somebody_says_what_is_known_of_it() -> None:
    approved = pull(1, "2026-03-02", event("2026-03-05", "reviewed", MAINT, "approved"))
    found = told(approved, issue(2, "2026-03-04", event("2026-03-06", "commented", 2, "abuse", disliked=6)))
    needs = {need["kind"]: need["items"] for need in found["needs_you"]}
    assert needs["approved_unmerged"] == [
        {"number": 1, "since": "2026-03-05T00:00:00Z", "is_pull": True, "is_new": False, "checks": "unknown"}
    ]
    (item,) = needs["heated"]
    assert item["signs"] == [{"id": "hidden_as_abuse", "n": 1}, {"id": "disliked_comment", "n": 6}]


def test_waiting_pull_requests_are_told_apart_by_who_opened_them() -> None:
    found = told(pull(1, "2026-03-20", author=MAINT), pull(2, "2024-03-20", author=None))["needs_you"][1]
    assert (found["count"], found["new"], found["over_a_year"]) == (2, 0, 1)
    assert found["by"] == {
        "outsider": {"count": 1, "new": 0, "over_a_year": 1},
        "maintainer": {"count": 1, "new": 0, "over_a_year": 0},
    }
    assert [(item["number"], item["opened_by"]) for item in found["items"]] == [
        (2, "outsider"),
        (1, "maintainer"),
    ]


def test_a_waiting_pull_request_says_since_when_it_is_the_maintainers_turn() -> None:
    pushed = event("2026-03-30", "force_pushed", None)
    found = told(pull(1, "2024-03-20", pushed, author=None))["needs_you"][1]
    assert (found["count"], found["new"], found["over_a_year"]) == (1, 0, 0)
    (item,) = found["items"]
    assert (item["since"], item["turn_since"]) == ("2026-03-30T00:00:00Z", "2024-03-20T00:00:00Z")


def test_everything_can_be_written_as_json() -> None:
    threads, persons = generated(500, seed=1)
    found = as_json(
        report(threads, at("2026-01-01"), HealthConfig(), Beside(persons=persons)), "acme/widgets"
    )
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["cohorts"]


def test_who_counts_as_a_maintainer_is_named() -> None:
    assert told(issue(1, "2026-03-02", event("2026-03-03", "closed", MAINT)))["maintainers"] == [
        {"login": "maint"}
    ]


def test_advice_is_a_sentence() -> None:
    found = told(*[pull(n, "2026-03-02", author=100 + n) for n in range(1, 6)])["advice"]
    assert [(each["id"], each["topic"], each["n"]) for each in found] == [
        ("first_answers_late", "attraction", 5)
    ]
    assert found[0]["figures"] == {"first_timer_answered": 0}
    assert found[0]["text"].startswith("5 of 5 first pull requests had no answer in time.")


def test_who_was_left_out_is_named() -> None:
    days = range(2, 8)
    threads = [
        pull(day, f"2026-03-0{day}", event(f"2026-03-0{day}", "commented", GREETER, text="hi"))
        for day in days
    ]
    assert told(*threads)["suspected_bots"] == [{"login": "greeter", "threads": 6, "instant": 6, "alike": 1}]
