from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from bot.core.actions import KINDS, Abstain, Action, AddLabels, RemoveLabels, SetCheck, UpsertComment
from bot.store.handover import Handover
from bot.store.inbox import Inbox
from bot.store.ledger import TITLE_LIMIT, Ending, Ledger, Planned
from tests.rules.answers import ANSWERS, ISSUES
from tests.store.examples import BUG, plan, put, stored

OFF = RemoveLabels(labels=("question",), reason="nia asked for it", asked_by_human=True)


def test_a_plan_is_saved_whole_before_anything_is_done(ledger: Ledger) -> None:
    before = datetime.now(UTC)
    saved = plan(ledger, Planned("triage", BUG, acts=True), Planned("label_command", OFF, acts=False))
    assert ledger.get(saved.id) == saved
    assert saved.created_at >= before
    assert (saved.key, saved.event, saved.actor) == ("acme/widgets#7", "IssueOpened", "nia")
    assert [(step.position, step.rule, step.status) for step in saved.steps] == [
        (0, "triage", "planned"),
        (1, "label_command", "observed"),
    ]
    assert [step.action() for step in saved.steps] == [BUG, OFF]
    assert saved.steps[0].reason == "94% sure it is a bug"
    assert saved.steps[0].summary == "bug"
    assert all(step.before is None and step.detail is None for step in saved.steps)


@pytest.mark.parametrize(
    "action", [*ANSWERS, *ISSUES, Abstain(about="type label", reason="too unsure")], ids=Action.summary
)
def test_every_action_is_read_back_as_it_was_planned(ledger: Ledger, action: Action) -> None:
    [step] = plan(ledger, Planned("a_rule", action, acts=True)).steps
    again = step.action()
    assert type(again) is type(action)
    assert (again.reason, again.confidence, again.summary()) == (
        action.reason,
        action.confidence,
        action.summary(),
    )
    assert again.args() == action.args()


def test_every_kind_of_action_has_a_name_of_its_own() -> None:
    assert {kind: type_.kind for kind, type_ in KINDS.items()} == {kind: kind for kind in KINDS}


def test_any_text_of_users_can_be_kept(ledger: Ledger) -> None:
    text = "日本語 🎉 \u202e'\"; DROP TABLE plans; -- {{ x }} %s"
    said = UpsertComment(purpose="reply", template="reply", context={"text": text}, reason=text)
    saved = plan(ledger, Planned("a_rule", said, acts=True), title=text, actor=text)
    assert (saved.title, saved.actor) == (text, text)
    assert saved.steps[0].args["context"] == {"text": text}


def test_a_long_title_is_shortened(ledger: Ledger) -> None:
    assert plan(ledger, title="x" * (TITLE_LIMIT + 1)).title == "x" * TITLE_LIMIT


def test_a_delivery_leads_to_one_plan(ledger: Ledger, inbox: Inbox) -> None:
    a, b = stored(inbox, "a", "b")
    saved = plan(ledger, delivery=a)
    assert ledger.of_delivery(a) == saved
    assert ledger.of_delivery(b) is None
    with pytest.raises(IntegrityError):
        plan(ledger, delivery=a)
    assert ledger.recent() == [saved]  # and the second one has left no action behind
    assert ledger.counts() == {"planned": 1}


def test_an_unknown_plan_and_an_unknown_action_are_none(ledger: Ledger) -> None:
    saved = plan(ledger)
    assert ledger.get(saved.id + 1) is None
    assert ledger.step(saved.steps[-1].id + 1) is None


def test_the_plans_of_a_thread_are_found_whatever_the_case_of_its_name(ledger: Ledger) -> None:
    first = plan(ledger)
    plan(ledger, number=8)
    plan(ledger, repository="acme/other")
    last = plan(ledger)
    assert ledger.of_thread("Acme/Widgets", 7) == [last, first]
    assert ledger.of_thread("acme/widgets", 7, limit=1) == [last]
    assert ledger.of_thread("acme/widgets", 9) == []


def test_a_repository_that_had_the_name_before_is_another_one(ledger: Ledger) -> None:
    old, new = plan(ledger, repository_id=1), plan(ledger, repository_id=2)
    assert ledger.on_thread(1, 7) == [old]
    assert ledger.on_thread(2, 7, limit=1) == [new]
    assert ledger.on_thread(3, 7) == []
    assert ledger.latest(2, 7, "triage", BUG.kind) == new.steps[0]
    assert ledger.latest(3, 7, "triage", BUG.kind) is None


def test_the_last_check_of_a_commit_is_found_by_it(ledger: Ledger) -> None:
    first, second = (plan(ledger, Planned("flow", _check(sha), acts=True)) for sha in ("a", "b"))
    for sha, made in (("", second), ("a", first), ("b", second)):
        assert ledger.latest(first.repository_id, 7, "flow", SetCheck.kind, sha=sha) == made.steps[0]
    assert ledger.latest(first.repository_id, 7, "flow", SetCheck.kind, sha="c") is None


def _check(sha: str) -> SetCheck:
    return SetCheck(name="flow", sha=sha, conclusion="", title="at review", template="x", reason="seen")


def test_plans_are_listed_newest_first_page_by_page_and_by_repository(ledger: Ledger) -> None:
    a, b, c = (plan(ledger, repository=f"acme/{name}") for name in ("one", "two", "one"))
    assert ledger.recent() == [c, b, a]
    assert ledger.recent(limit=2) == [c, b]
    assert ledger.recent(before=c.id) == [b, a]
    assert ledger.recent(repository="ACME/one") == [c, a]


def test_an_action_is_started_with_what_stood_before_and_finished_with_its_fate(ledger: Ledger) -> None:
    [step] = plan(ledger).steps
    ledger.start(step.id, {"labels": ["question"]})
    started = ledger.step(step.id)
    assert started is not None
    assert (started.status, started.before) == ("started", {"labels": ["question"]})
    assert started.changed_at >= step.changed_at
    ledger.finish(step.id, "done", "no room for more")
    done = ledger.step(step.id)
    assert done is not None
    assert (done.status, done.detail, done.before) == ("done", "no room for more", {"labels": ["question"]})


def test_how_actions_ended_is_noted_together_with_the_end_of_their_delivery(
    ledger: Ledger, inbox: Inbox, handover: Handover
) -> None:
    a, b = stored(inbox, "a", "b")
    for each in (a, b):
        put(handover, each, "queued", note="went wrong before")
    saved = plan(ledger, *[Planned("triage", BUG, acts=True)] * 3, delivery=a)
    first, second, third = saved.steps
    ledger.conclude([Ending(first.id, "done"), Ending(second.id, "skipped", "no room")], a)
    found = ledger.get(saved.id)
    assert found is not None
    assert [(step.status, step.detail) for step in found.steps] == [
        ("done", None),
        ("skipped", "no room"),
        ("planned", None),
    ]
    states = {each.id: (each.state, each.note) for each in inbox.recent()}
    assert states == {a: ("done", None), b: ("queued", "went wrong before")}
    ledger.conclude([Ending(third.id, "failed", "no")])
    assert ledger.counts() == {"done": 1, "skipped": 1, "failed": 1}
    ledger.conclude([])


def test_entries_tell_what_happened_on_a_thread_the_newest_first(ledger: Ledger) -> None:
    first = plan(ledger, Planned("triage", BUG, acts=True), Planned("welcome", OFF, acts=True))
    last = plan(ledger, Planned("label_command", AddLabels(labels=("P1", "ui"), reason="asked"), acts=False))
    ledger.finish(first.steps[0].id, "done")
    plan(ledger, repository_id=first.repository_id + 1)  # one that had this name before
    entries = ledger.entries(first.repository_id, 7)
    assert [(each.plan, each.rule, each.summary, each.status) for each in entries] == [
        (last.id, "label_command", "P1, ui", "observed"),
        (first.id, "triage", "bug", "done"),
        (first.id, "welcome", "-question", "planned"),
    ]
    assert entries[1].reason == "94% sure it is a bug"


def test_actions_are_counted_by_status(ledger: Ledger) -> None:
    saved = plan(ledger, *[Planned("triage", BUG, acts=True)] * 3)
    ledger.finish(saved.steps[0].id, "done")
    assert ledger.counts() == {"planned": 2, "done": 1}
