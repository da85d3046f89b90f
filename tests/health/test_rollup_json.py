"""The roll-up as JSON: what docs/reports.md promises."""

import json

from bot.health.rollup import RollingUp, Rollup
from bot.health.rollup_json import rollup_json
from bot.health.settings import HealthConfig
from tests.health.examples import at, issue
from tests.health.rollups import reported, rolled


def two() -> Rollup:
    return rolled({"one": reported(issue(1, "2026-03-02")), "two": reported()})


def test_it_says_whose_and_when() -> None:
    found = rollup_json(two(), ["acme/three"], {"acme/one": "its settings have a mistake"})
    assert [found[name] for name in ("organisation", "from", "until", "timezone", "waiting")] == [
        "acme",
        "2026-03-01T00:00:00Z",
        "2026-04-01T00:00:00Z",
        "UTC",
        1,
    ]
    assert found["without_history"] == ["acme/three"]
    assert found["problems"] == {"acme/one": "its settings have a mistake"}
    assert json.loads(json.dumps(found)) == found


def test_needs_name_the_repository() -> None:
    assert rollup_json(two(), [], {})["needs_you"][0] == {
        "kind": "first_timers_waiting",
        "count": 1,
        "new": 0,
        "over_a_year": 0,
        "repositories": 1,
        "by": {},
        "items": [
            {
                "repository": "acme/one",
                "number": 1,
                "since": "2026-03-02T00:00:00Z",
                "is_pull": False,
                "is_new": False,
            }
        ],
    }


def test_what_is_left_out_says_nothing_of_itself() -> None:
    rolling = RollingUp("acme", at("2026-04-01"), 31, HealthConfig().zone)
    rolling.leave_out("acme/ended", at("2026-01-02"))
    found = rollup_json(rolling.rollup({}), [], {})
    assert found["repositories"] == [
        {
            "repository": "acme/ended",
            "waiting": None,
            "quiet": False,
            "left_out": True,
            "known_until": "2026-01-02T00:00:00Z",
            "metrics": [],
        }
    ]
    assert {(metric["known"], metric["value"]) for metric in found["people"]} == {(False, None)}


def test_each_repository_has_its_figures_and_the_whole_has_totals_and_people() -> None:
    found = rollup_json(two(), [], {})
    one, quiet = found["repositories"]
    assert (one["repository"], one["waiting"], one["quiet"], one["known_until"]) == (
        "acme/one",
        1,
        False,
        None,
    )
    assert quiet["quiet"] is True
    opened = {metric["id"]: metric for metric in one["metrics"]}["issues_opened"]
    assert (opened["value"], opened["previous"], opened["n"]) == (1, 0, 1)
    assert not {"usual", "breakdown", "items"} & opened.keys()
    assert {metric["id"]: metric["value"] for metric in found["totals"][:3]} == {
        "issues_open": 1,
        "prs_open": 0,
        "issues_opened": 1,
    }
    assert {"id": "active_contributors", "value": 1}.items() <= found["people"][0].items()
