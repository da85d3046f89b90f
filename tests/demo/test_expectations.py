"""Every kind of expectation can fail, and says what it found instead."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.demo.expectations import check_entry
from bot.demo.moments import Expect
from bot.demo.script import load
from bot.demo.stage import Trace
from bot.demo.witness import Outcome, Thread
from bot.sandbox import Sandbox
from bot.sandbox.deliveries import Delivery
from bot.store.ledger import Plan, Step

NOW = datetime(2026, 1, 1, tzinfo=UTC)
APP = Sandbox().add_app("usher")
SERVE = load().place.repositories["serve"]
WELCOME = f"Welcome, lena!\n<!-- usher:welcome:{'0' * 64} -->"
THREAD = Thread(frozenset({"kind/bug", "area: api"}), {1: WELCOME})
STEP = Step(1, 1, 0, "triage", "add_labels", {}, "kind/bug", "why", 0.9, "done", None, None, NOW)
PLAN = Plan(1, 1, "guid", 1, 1, "acme/serve", 3, "IssueOpened", "title", "lena", NOW, (STEP,))


def outcome() -> Outcome:
    sent = Delivery(1, "guid", "issues", "opened", APP, "http://127.0.0.1", b"", NOW, status_code=202)
    return Outcome(Trace("acme/serve", 3, sent=[sent]), THREAD, THREAD, [PLAN], ["done"])


@pytest.mark.parametrize(
    "expect",
    [
        Expect(type="bug"),
        Expect(type="any"),
        Expect(labels=("area: api",)),
        Expect(no_labels=("area: ui",)),
        Expect(comments=("welcome",)),
        Expect(says=("Welcome, lena",)),
        Expect(never_says=("@lena",)),
        Expect(untouched=True),
        Expect(ledger=("triage done",)),
        Expect(delivery="done"),
        Expect(answer=202),
    ],
)
def test_it_holds(expect: Expect) -> None:
    checks = check_entry("", expect, SERVE, outcome())
    assert [check.held for check in checks] == [True]


@pytest.mark.parametrize(
    ("expect", "found"),
    [
        (Expect(type="feature"), "kind/bug"),
        (Expect(type="unsure"), "kind/bug"),
        (Expect(type="none"), "kind/bug"),
        (Expect(labels=("area: ui",)), "area: api"),
        (Expect(no_labels=("area: api",)), "area: api"),
        (Expect(comments=()), "welcome"),
        (Expect(comments=("welcome", "welcome")), "welcome"),
        (Expect(says=("Goodbye",)), "Welcome, lena"),
        (Expect(never_says=("lena",)), "Welcome, lena"),
        (Expect(ledger=()), "triage done"),
        (Expect(ledger=("triage observed",)), "triage done"),
        (Expect(delivery="absent"), "done"),
        (Expect(answer=401), "202"),
    ],
)
def test_it_can_fail(expect: Expect, found: str) -> None:
    (check,) = check_entry("", expect, SERVE, outcome())
    assert not check.held
    assert found in check.found


@pytest.mark.parametrize(
    ("before", "found"),
    [
        (Thread(THREAD.labels, {1: WELCOME, 2: "gone"}), "comment 2"),
        (Thread(THREAD.labels, {1: f"{WELCOME} "}), "comment 1"),
        (Thread(frozenset({"kind/bug"}), {1: WELCOME}), "+area: api"),
        (Thread(THREAD.labels | {"area: ui"}, {1: WELCOME}), "-area: ui"),
    ],
)
def test_any_touch_is_seen(before: Thread, found: str) -> None:
    (check,) = check_entry("", Expect(untouched=True), SERVE, replace(outcome(), before=before))
    assert not check.held
    assert found in check.found


def test_two_types_are_not_one() -> None:
    two = replace(THREAD, labels=frozenset({"kind/bug", "needs-triage"}))
    for wanted in ("any", "bug", "unsure"):
        (check,) = check_entry("", Expect(type=wanted), SERVE, replace(outcome(), after=two))
        assert not check.held


def test_a_comment_without_a_marker_counts() -> None:
    odd = replace(THREAD, comments={1: WELCOME, 2: "who wrote this?"})
    assert dict(odd.purposes()) == {"welcome": 1, "without a marker": 1}
