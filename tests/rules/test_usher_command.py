from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.actions import Abstain, Action, RevertPlan, SetPause, UpsertComment
from bot.core.catalogue import COMMANDS
from bot.core.facts import (
    CommandComment,
    Facts,
    LedgerEntry,
    Level,
    Permission,
    SwitchedOff,
    ThreadLedger,
    ThreadPause,
)
from bot.core.sections import CommandsConfig
from bot.rules.usher_command import usher_command
from tests.rules.examples import command

AT = datetime(2025, 6, 9, 9, 2, tzinfo=UTC)


def entry(number: int, plan: int, **changes: Any) -> LedgerEntry:
    values = {
        "rule": "triage",
        "kind": "add_labels",
        "summary": "kind/bug",
        "reason": "94% sure",
        "status": "done",
    }
    return LedgerEntry(id=number, plan=plan, at=AT, **{**values, **changes})


def decide(
    line: str,
    *entries: LedgerEntry,
    level: Level = Level.TRIAGE,
    still_says: bool = True,
    is_paused: bool = False,
    off: frozenset[str] = frozenset(),
) -> list[Any]:
    facts = [
        Permission("maint", level),
        CommandComment(still_says),
        ThreadLedger(entries),
        ThreadPause(is_paused),
        SwitchedOff(off),
    ]
    return list(usher_command.decide(command(line), CommandsConfig(), Facts(facts)))


def answer(name: str, template: str, purpose: str = "reply", **context: Any) -> Action:
    reason = f"maint asked with /usher {name}"
    return UpsertComment(purpose=purpose, template=template, context=context, reason=reason)


def row(fate: str = "", what: str = "kind/bug", reason: str = "94% sure") -> dict[str, str]:
    return {"at": "2025-06-09 09:02 UTC", "what": what, "fate": fate, "reason": reason, "rule": "triage"}


def test_help_lists_every_command_and_who_may() -> None:
    rows = tuple({"usage": each.usage, "who": each.who, "help": each.help} for each in COMMANDS)
    assert decide("/usher help") == [answer("help", "help", "help", commands=rows)]
    assert {
        "usage": "usher why",
        "who": "anyone",
        "help": "Say what Usher did on this thread, and why.",
    } in rows


def test_help_leaves_out_what_is_switched_off() -> None:
    (said,) = decide("/usher help", off=frozenset({"merge"}))
    listed = [row["usage"] for row in said.context["commands"]]
    assert "merge [METHOD]" not in listed
    assert len(listed) == len(COMMANDS) - 1


def test_what_it_does_not_know_gets_help() -> None:
    (reply,) = decide("/usher dance", level=Level.NONE)
    assert isinstance(reply, UpsertComment)
    assert reply.purpose == "help"


def test_other_commands_are_not_its_business() -> None:
    assert decide("/label bug") == []
    assert decide("/usherette help") == []


def test_why_tells_what_was_done_the_newest_first() -> None:
    entries = [entry(2, 8, status="undone"), entry(1, 7, summary="question", reason="88% sure")]
    assert decide("/usher why", *entries) == [
        answer(
            "why",
            "why",
            "why",
            decisions=(row("taken back"), row(what="question", reason="88% sure")),
            earlier=0,
        )
    ]


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        ("planned", "under way"),
        ("started", "under way"),
        ("done", ""),
        ("unchanged", "it was so already"),
        ("observed", "only noted: the mode is observe"),
        ("skipped", "not done"),
        ("failed", "failed"),
        ("undone", "taken back"),
    ],
)
def test_why_tells_what_became_of_it(status: str, fate: str) -> None:
    assert decide("/usher why", entry(1, 7, status=status)) == [
        answer("why", "why", "why", decisions=(row(fate),), earlier=0)
    ]


def test_why_tells_what_was_left_undone_too() -> None:
    abstained = entry(
        1, 7, kind="abstain", summary="no type label", reason="only 41% sure", status="observed"
    )
    assert decide("/usher why", abstained) == [
        answer("why", "why", "why", decisions=(row(what="no type label", reason="only 41% sure"),), earlier=0)
    ]


def test_why_leaves_out_its_own_answers() -> None:
    assert decide("/usher why", entry(1, 7, rule="usher_command", kind="upsert_comment")) == [
        answer("why", "why", "why", decisions=(), earlier=0)
    ]


def test_why_leaves_out_what_only_says_how_things_stand() -> None:
    checklist = entry(3, 9, rule="contribution_flow", kind="upsert_comment", summary="comment: checklist")
    check = entry(2, 8, rule="contribution_flow", kind="set_check", summary="contribution flow: failure")
    welcome = entry(1, 7, rule="welcome", kind="upsert_comment", summary="comment: welcome")
    (said,) = decide("/usher why", checklist, check, welcome)
    assert [row["what"] for row in said.context["decisions"]] == ["comment: welcome"]


def test_why_tells_first_what_people_decided() -> None:
    label = entry(4, 9)
    skip = entry(3, 8, kind="record_skip", summary="skip: docs")
    older = entry(2, 7, summary="question")
    word = entry(1, 6, kind="record_word", summary="approve: maya")
    (said,) = decide("/usher why", label, skip, older, word)
    told = [row["what"] for row in said.context["decisions"]]
    assert told == ["skip: docs", "approve: maya", "kind/bug", "question"]


def test_why_stays_short() -> None:
    (reply,) = decide("/usher why", *(entry(number, number) for number in range(25)))
    assert isinstance(reply, UpsertComment)
    assert len(reply.context["decisions"]) == 10
    assert reply.context["earlier"] == 15


@pytest.mark.parametrize("name", ["help", "why"])
def test_anyone_may_ask(name: str) -> None:
    assert decide(f"/usher {name}", level=Level.NONE) == decide(f"/usher {name}")


@pytest.mark.parametrize("name", ["undo", "pause", "resume"])
def test_the_rest_takes_triage_rights(name: str) -> None:
    assert decide(f"/usher {name}", entry(1, 7), level=Level.READ) == [
        UpsertComment(
            purpose="denied",
            template="denied",
            context={"login": "maint", "command": f"usher {name}", "needed": "triage"},
            reason=f"/usher {name} takes triage rights; maint has read",
        )
    ]


def test_a_comment_that_is_gone_commands_nothing() -> None:
    assert decide("/usher undo", entry(1, 7), still_says=False) == [
        Abstain(about="/usher undo", reason="the comment was deleted, or no longer says so")
    ]


def test_undo_takes_back_the_newest_plan_as_a_whole() -> None:
    entries = [
        entry(3, 8),
        entry(4, 8, rule="welcome", kind="upsert_comment", summary="comment: welcome"),
        entry(1, 7, summary="question"),
    ]
    assert decide("/usher undo", *entries) == [
        RevertPlan(plan=8, reason="maint asked with /usher undo"),
        answer("undo", "undone", undone=("kind/bug", "comment: welcome"), stays=(), merged=False),
    ]


@pytest.mark.parametrize(
    "newer",
    [
        {"status": "undone"},
        {"status": "observed"},
        {"status": "unchanged"},
        {"kind": "abstain"},
        {"kind": "remember_correction"},
        {"kind": "revert_plan"},
        {"kind": "upsert_comment", "rule": "usher_command", "summary": "comment: help"},
        {"kind": "upsert_comment", "rule": "label_command", "summary": "comment: denied"},
        {"kind": "upsert_issue", "rule": "release_gate", "summary": "issue: release after v1.0.0"},
        {"kind": "follow_release", "rule": "release_gate", "summary": "follow the release"},
        {"kind": "draft_release", "rule": "release_command", "summary": "draft release: v1.1.0"},
    ],
)
def test_undo_passes_over_what_changed_nothing(newer: dict[str, str]) -> None:
    assert decide("/usher undo", entry(2, 8, **newer), entry(1, 7)) == [
        RevertPlan(plan=7, reason="maint asked with /usher undo"),
        answer("undo", "undone", undone=("kind/bug",), stays=(), merged=False),
    ]


def test_undo_says_that_a_merge_stays() -> None:
    merge, word = (
        {"kind": "merge_pull", "summary": "merge"},
        {"kind": "record_word", "summary": "merge: maya"},
    )
    (_revert, said) = decide("/usher undo", entry(2, 8, **merge), entry(1, 7, **word))
    assert said.context["undone"] == ("merge: maya",)
    assert said.context["merged"]


def test_undo_says_when_there_is_nothing_left() -> None:
    assert decide("/usher undo") == [answer("undo", "nothing-to-undo", stays=())]


@pytest.mark.parametrize("word", ["merge", "approve"])
def test_what_somebody_took_back_only_they_say_again(word: str) -> None:
    taken_back = entry(2, 8, kind="forget_word", rule="merge_command", summary=f"{word}: taken back")
    stays = (f"{word}: taken back",)
    assert decide("/usher undo", taken_back) == [answer("undo", "nothing-to-undo", stays=stays)]
    assert decide("/usher undo", taken_back, entry(1, 7)) == [
        RevertPlan(plan=7, reason="maint asked with /usher undo"),
        answer("undo", "undone", undone=("kind/bug",), stays=stays, merged=False),
    ]


@pytest.mark.parametrize(
    "done",
    [
        {"kind": "record_word", "rule": "merge_command", "summary": "merge: maya"},
        {"kind": "forget_word", "rule": "merge_command", "summary": "merge dequeued: taken back"},
        {"kind": "upsert_issue", "rule": "docs_follow_up", "summary": "issue: docs-follow-up 7"},
    ],
)
def test_a_word_an_issue_and_what_usher_itself_noted_are_taken_back(done: dict[str, str]) -> None:
    assert decide("/usher undo", entry(2, 8, **done))[0] == RevertPlan(
        plan=8, reason="maint asked with /usher undo"
    )


def test_pause_and_resume() -> None:
    assert decide("/usher pause") == [
        SetPause(paused=True, reason="maint asked with /usher pause"),
        answer("pause", "paused"),
    ]
    assert decide("/usher resume", is_paused=True) == [
        SetPause(paused=False, reason="maint asked with /usher resume"),
        answer("resume", "resumed"),
    ]


def test_pause_and_resume_only_answer_when_it_is_so_already() -> None:
    assert decide("/usher pause", is_paused=True) == [answer("pause", "paused")]
    assert decide("/usher resume") == [answer("resume", "resumed")]


def test_a_paused_thread_can_be_resumed() -> None:
    assert usher_command.ignores_pause
