from typing import Any

import pytest

from bot.core.actions import Abstain, Action, AddLabels, RemoveLabels, UpsertComment
from bot.core.facts import CommandComment, CurrentThread, Facts, Level, Permission, RepositoryLabels
from bot.core.sections import CommandsConfig
from bot.rules.label_command import label_command
from tests.rules.examples import BOT, MAINTAINER, command

EXIST = ("bug", "area: ui", "good first issue", "P1")


def decide(
    line: str,
    *,
    on: tuple[str, ...] = (),
    exist: tuple[str, ...] = EXIST,
    level: Level = Level.TRIAGE,
    still_says: bool = True,
    actor: Any = MAINTAINER,
    **config: Any,
) -> list[Any]:
    facts = [
        Permission(actor.login, level),
        CommandComment(still_says),
        RepositoryLabels(exist),
        CurrentThread(on),
    ]
    return list(label_command.decide(command(line, actor), CommandsConfig(**config), Facts(facts)))


def added(*labels: str) -> Action:
    return AddLabels(labels=labels, reason="maint asked for it with /label")


def removed(*labels: str) -> Action:
    reason = "maint asked for it with /remove-label"
    return RemoveLabels(labels=labels, asked_by_human=True, reason=reason)


def reply(name: str = "label", **context: Any) -> Action:
    return UpsertComment(
        purpose="reply",
        template="label-problems",
        context={"command": name, "unknown": (), "over": (), "more": 0, **context},
        reason=f"maint asked for it with /{name}",
    )


def unknown(name: str, nearest: str = "", *, too_long: bool = False) -> dict[str, Any]:
    return {"name": name, "too_long": too_long, "nearest": nearest}


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("/label bug", ("bug",)),
        ("/label area: ui", ("area: ui",)),
        ("/label bug P1", ("bug", "P1")),
        ("/label bug, good first issue", ("bug", "good first issue")),
        ('/label "good first issue" bug', ("good first issue", "bug")),
    ],
)
def test_labels_are_put_on(line: str, labels: tuple[str, ...]) -> None:
    assert decide(line) == [added(*labels)]


def test_labels_are_spelled_as_the_repository_does_and_named_once() -> None:
    assert decide("/label BUG, bug, p1") == [added("bug", "P1")]


def test_labels_are_taken_off_whoever_put_them_on() -> None:
    assert decide("/remove-label Bug, P1", on=("bug", "P1", "area: ui")) == [removed("bug", "P1")]


def test_a_label_that_only_the_thread_has_can_go_too() -> None:
    assert decide("/remove-label old", on=("old",)) == [removed("old")]


def test_nothing_to_change_stays_on_the_record() -> None:
    assert decide("/label bug", on=("bug",)) == [
        Abstain(about="/label", reason="maint asked for it with /label; nothing to change")
    ]
    assert decide("/remove-label bug") == [
        Abstain(about="/remove-label", reason="maint asked for it with /remove-label; nothing to change")
    ]


def test_other_commands_are_not_its_business() -> None:
    assert decide("/close") == []
    assert decide("/usher help") == []


def test_a_command_without_names_gets_an_example() -> None:
    assert decide("/label") == [
        UpsertComment(
            purpose="reply",
            template="label-usage",
            context={"command": "label"},
            reason="maint asked for it with /label",
        )
    ]


@pytest.mark.parametrize("level", [Level.TRIAGE, Level.WRITE, Level.MAINTAIN, Level.ADMIN])
def test_triage_rights_or_above_may(level: Level) -> None:
    assert decide("/label bug", level=level) == [added("bug")]


@pytest.mark.parametrize("level", [Level.NONE, Level.READ])
def test_others_are_told_so_politely(level: Level) -> None:
    assert decide("/label bug", level=level) == [
        UpsertComment(
            purpose="denied",
            template="denied",
            context={"login": "maint", "command": "label", "needed": "triage"},
            reason=f"/label takes triage rights; maint has {level.name.lower()}",
        )
    ]


def test_a_comment_that_is_gone_commands_nothing() -> None:
    assert decide("/label bug", still_says=False, level=Level.NONE) == [
        Abstain(about="/label", reason="the comment was deleted, or no longer says so")
    ]


def test_bots_command_nothing() -> None:
    reason = "commands are taken from people only, so that bots cannot chase each other"
    assert decide("/label bug", actor=BOT, level=Level.ADMIN) == [Abstain(about="/label", reason=reason)]


def test_labels_that_do_not_exist_are_named_and_the_rest_is_done() -> None:
    assert decide("/label bug, good first isue, xyzzy") == [
        added("bug"),
        reply(unknown=(unknown("good first isue", "good first issue"), unknown("xyzzy"))),
    ]
    assert decide("/remove-label bgu") == [reply("remove-label", unknown=(unknown("bgu", "bug"),))]


def test_create_labels_lets_new_ones_be_made() -> None:
    assert decide("/label brand-new", create_labels=True) == [added("brand-new")]
    assert decide("/remove-label brand-new", create_labels=True) == [
        reply("remove-label", unknown=(unknown("brand-new"),))
    ]


def test_a_name_has_at_most_fifty_characters() -> None:
    fits, too_long = "x" * 50, "x" * 51
    assert decide(f"/label {fits}", create_labels=True) == [added(fits)]
    assert decide(f"/label {too_long}", create_labels=True) == [
        reply(unknown=(unknown(too_long, too_long=True),))
    ]


def test_a_thread_has_at_most_a_hundred_labels() -> None:
    on = tuple(f"label-{number}" for number in range(99))
    assert decide("/label bug, P1", on=on) == [added("bug"), reply(over=("P1",))]
    assert decide("/label bug", on=(*on, "P1")) == [reply(over=("bug",))]


def test_a_flood_of_names_gets_a_short_answer() -> None:
    flood = ", ".join(f"{number:05}" for number in range(9_000))
    (answer,) = decide(f"/label {flood}", exist=())
    assert isinstance(answer, UpsertComment)
    assert len(answer.context["unknown"]) == len(answer.context["over"]) == 10
    assert answer.context["more"] == 9_000 - 20
