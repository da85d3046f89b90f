"""How a thread stands where its backup leaves things out: all figures have to agree on it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.history import Snapshot
from bot.core.history_json import snapshot_from
from bot.health.report import Beside, report
from bot.health.settings import HealthConfig
from tests.backup_lines import comment, day, event, issue, pull

JULY = datetime(2025, 7, 1, tzinfo=UTC)


def on(number: int) -> datetime:
    return datetime(2025, 6, number, 12, tzinfo=UTC)


def read(data: dict[str, Any], *events: Any) -> Snapshot:
    return snapshot_from(data, events, is_pull="base" in data)


def without(data: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in keys}


COMMIT = {"event": "committed", "sha": "a" * 40, "committer": {"date": day(20)}}
SHUT = issue(state="closed")
UNTOLD = without(issue(), "state", "updated_at")
CASES = [
    ("its own word", {**SHUT, "closed_at": day(4)}, [event("closed", 5)], on(4)),
    ("the event", SHUT, [event("closed", 5)], on(5)),
    ("the last event", SHUT, [event("closed", 5), event("reopened", 6), event("closed", 7)], on(7)),
    ("no event: its last change", {**SHUT, "updated_at": day(9)}, [comment(8)], on(9)),
    ("nor that: what was done last", without(SHUT, "updated_at"), [comment(8), COMMIT], on(8)),
    ("nothing at all: its beginning", without(SHUT, "updated_at"), [], on(1)),
    (
        "reopened, and closed unseen",
        {**SHUT, "updated_at": day(9)},
        [event("closed", 5), event("reopened", 6)],
        on(9),
    ),
    ("a state in capitals", issue(state="CLOSED", closed_at=day(4)), [], on(4)),
    ("no state, and a close", UNTOLD, [event("closed", 5), comment(6)], on(5)),
    ("no state, and a time", {**UNTOLD, "closed_at": day(4)}, [], on(4)),
    ("no state, and reopened", UNTOLD, [event("closed", 5), event("reopened", 6)], None),
    ("no state, and nothing", UNTOLD, [comment(3)], None),
]


@pytest.mark.parametrize(
    ("data", "events", "closed_at"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_all_figures_agree_on_whether_it_is_closed(
    data: Any, events: Any, closed_at: datetime | None
) -> None:
    past = read(data, *events).thread
    assert (past.is_open, past.closed_at) == (closed_at is None, closed_at)
    made = report([past], JULY, HealthConfig(window=30), Beside())
    closed = int(closed_at is not None)
    assert made.metric("issues_opened").value == 1
    assert made.metric("issues_closed").value == closed
    assert made.metric("issues_open").value == 1 - closed
    series = {each.id: dict(each.points) for each in made.series if each.bucket == "month"}
    assert (series["issues_closed"]["2025-06"], series["issues_open"]["2025-06"]) == (closed, 1 - closed)


@pytest.mark.parametrize(
    ("fields", "events", "merged_at"),
    [
        ({"merged_at": day(4), "closed_at": day(4)}, [], on(4)),
        ({"merged": True, "closed_at": day(4)}, [], on(4)),
        ({"merged": True, "updated_at": day(9)}, [], on(9)),
        ({"merged": True}, [event("merged", 5), event("closed", 5)], on(5)),
        ({"state": "MERGED", "closed_at": day(4)}, [], on(4)),
        ({"state": None}, [event("merged", 5)], on(5)),
        ({"merged": False}, [event("merged", 5)], None),
        ({"closed_at": day(4)}, [], None),
        ({"state": "open", "merged": True}, [event("merged", 5)], None),
    ],
)
def test_when_it_was_merged(fields: dict[str, Any], events: Any, merged_at: datetime | None) -> None:
    past = read(pull(**{"state": "closed", **fields}), *events).thread
    assert past.merged_at == merged_at
    assert past.is_open == (fields.get("state") == "open")
    assert past.is_open or past.closed_at is not None


def test_what_was_closed_before_it_was_opened_took_no_time() -> None:
    was_closed = {"state": "closed", "created_at": day(5), "closed_at": day(3)}
    past = [
        read(issue(number=1, **was_closed)).thread,
        read(issue(number=2, **without(was_closed, "closed_at")), event("closed", 3)).thread,
        read(pull(number=3, **was_closed, merged_at=day(3))).thread,
    ]
    assert [each.closed_at for each in past] == [on(5), on(5), on(5)]
    assert past[2].merged_at == on(5)
    made = report(past, JULY, HealthConfig(window=30), Beside())
    assert made.metric("time_to_close_issue").values == (0, 0)
    assert made.metric("issues_closed").value == 2


def test_an_issue_is_never_merged() -> None:
    assert not read(issue(state="closed", merged=True, closed_at=day(4))).thread.is_merged


def test_an_update_that_is_not_told_is_what_was_done_last() -> None:
    silent = without(issue(), "updated_at")
    assert read({**silent, "closed_at": day(4), "state": "closed"}).updated_at == on(4)
    assert read(silent).updated_at == on(1)
    assert read(silent, event("closed", 5), event("reopened", 8), comment(9)).updated_at == on(9)
    assert read(silent, comment(3), COMMIT).updated_at == on(3)
    assert read(issue(updated_at=day(2)), comment(9)).updated_at == on(2)
