from typing import Any

import pytest

from bot.core.release.news import EVENTS, bears_on
from tests.core.release.gates import CHECKLIST


def issue(action: str, number: int = 7, key: str = "issue") -> dict[str, Any]:
    return {"action": action, key: {"number": number}}


@pytest.mark.parametrize(
    ("event", "payload", "expected"),
    [
        ("push", {"ref": "refs/heads/main"}, True),
        ("push", {"ref": "refs/heads/topic"}, False),
        ("push", {}, False),
        ("release", {"action": "edited"}, True),
        ("issues", issue("labeled"), True),
        ("issues", issue("milestoned"), True),
        ("issues", issue("closed", CHECKLIST.issue), True),
        ("issues", issue("edited"), False),
        ("issues", {"action": 7}, False),
        ("pull_request", issue("closed", key="pull_request"), True),
        ("pull_request", issue("synchronize", key="pull_request"), False),
        ("issue_comment", issue("created"), False),
    ],
)
def test_what_may_change_how_a_release_stands(event: str, payload: dict[str, Any], expected: bool) -> None:
    assert bears_on(CHECKLIST, event, payload, is_own=False) is expected
    assert event in EVENTS or not expected


def test_what_usher_does_counts_unless_it_is_to_the_checklist() -> None:
    assert bears_on(CHECKLIST, "issues", issue("labeled"), is_own=True)
    assert not bears_on(CHECKLIST, "issues", issue("opened", CHECKLIST.issue), is_own=True)
    assert bears_on(CHECKLIST, "release", {"action": "edited"}, is_own=True)
