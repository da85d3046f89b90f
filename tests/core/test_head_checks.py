"""How checks stand together, from GraphQL's words."""

from typing import Any

import pytest

from bot.core.head_checks import checks_from, checks_state
from bot.core.history import ChecksState

AT, LATER = "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z"


def run(name: str, conclusion: str | None, at: str = AT, app: str = "actions") -> dict[str, Any]:
    status = "IN_PROGRESS" if conclusion is None else "COMPLETED"
    suite = {"app": {"slug": app}}
    about = {"name": name, "status": status, "conclusion": conclusion}
    return {"__typename": "CheckRun", **about, "startedAt": at, "checkSuite": suite}


def status(name: str, state: str, at: str = AT) -> dict[str, Any]:
    return {"__typename": "StatusContext", "context": name, "state": state, "createdAt": at}


def pull(*nodes: dict[str, Any], more: bool = False) -> dict[str, Any]:
    return {"statusCheckRollup": {"contexts": {"nodes": list(nodes), "pageInfo": {"hasNextPage": more}}}}


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (pull(run("build", "SUCCESS"), status("ci/x", "SUCCESS")), "green"),
        (pull(run("build", "SKIPPED"), run("docs", "NEUTRAL")), "green"),
        (pull(run("build", "SUCCESS"), run("lint", "FAILURE"), run("test", None)), "red"),
        (pull(run("build", "TIMED_OUT")), "red"),
        (pull(status("ci/x", "ERROR")), "red"),
        (pull(run("build", "SUCCESS"), run("test", None)), "pending"),
        (pull(run("build", "SUCCESS"), status("ci/x", "EXPECTED")), "pending"),
        (pull(status("ci/x", "PENDING")), "pending"),
        ({"statusCheckRollup": None}, "none"),
        ({}, "none"),
        (pull(run("contribution flow", "FAILURE", app="usher")), "none"),
        (pull(run("contribution flow", None, app="usher"), run("build", "SUCCESS")), "green"),
    ],
)
def test_the_checks_of_others_count_together(found: dict[str, Any], state: ChecksState) -> None:
    assert checks_state(checks_from(found, "usher")) == state


def test_of_several_attempts_the_last_counts() -> None:
    nodes = [run("test", "FAILURE"), run("test", "SUCCESS", LATER)]
    assert checks_state(checks_from(pull(*nodes), "usher")) == "green"
    assert checks_state(checks_from(pull(*reversed(nodes)), "usher")) == "green"
    begun = [run("test", "SUCCESS", LATER), {**run("test", None), "startedAt": None}]
    assert checks_state(checks_from(pull(*begun), "usher")) == "pending"


def test_where_there_are_more_than_were_read_only_a_failure_is_known() -> None:
    assert checks_state(checks_from(pull(run("a", "SUCCESS"), more=True), "usher")) is None
    assert checks_state(checks_from(pull(run("a", "FAILURE"), more=True), "usher")) == "red"
