from typing import Any

import pytest

from bot.core.actions import RememberCorrection
from bot.core.actors import GHOST, Actor
from bot.core.events import LabelChanged
from bot.core.facts import Facts, LabelHistory
from bot.rules.learn import LearningConfig, learn
from tests.rules.examples import BOT, MAINTAINER, issue, pull

OURS = frozenset({"kind/bug"})


def decide(label: str, *, added: bool, actor: Actor = MAINTAINER, ours: frozenset[str] = OURS) -> list[Any]:
    event = LabelChanged(actor, issue(), label, added)
    return list(learn.decide(event, LearningConfig(), Facts([LabelHistory(ever_by_usher=ours)])))


def test_taking_off_ushers_label_is_a_correction() -> None:
    assert decide("kind/bug", added=False) == [
        RememberCorrection(
            label="kind/bug",
            added=False,
            by="maint",
            reason="maint took off `kind/bug`, which Usher had put on",
        )
    ]


def test_pull_requests_teach_nothing() -> None:
    event = LabelChanged(MAINTAINER, pull(), "enhancement", added=True)
    assert learn.decide(event, LearningConfig(), Facts([LabelHistory(ever_by_usher=OURS)])) == []


def test_another_type_is_a_correction() -> None:
    assert decide("enhancement", added=True) == [
        RememberCorrection(
            label="enhancement",
            added=True,
            by="maint",
            reason="maint added `enhancement` where Usher had put `kind/bug`",
        )
    ]


def test_a_type_after_ushers_mark_for_unsure_issues_teaches_too() -> None:
    assert decide("question", added=True, ours=frozenset({"needs-triage"})) == [
        RememberCorrection(
            label="question",
            added=True,
            by="maint",
            reason="maint added `question` where Usher had put `needs-triage`",
        )
    ]


@pytest.mark.parametrize(
    ("label", "added"), [("priority: high", True), ("priority: high", False), ("kind/bug", True)]
)
def test_other_labels_teach_nothing(label: str, added: bool) -> None:
    assert decide(label, added=added) == []


@pytest.mark.parametrize("label", ["kind/bug", "enhancement"])
def test_a_thread_that_usher_never_labelled_teaches_nothing(label: str) -> None:
    assert decide(label, added=True, ours=frozenset()) == []
    assert decide(label, added=False, ours=frozenset()) == []


@pytest.mark.parametrize("actor", [BOT, GHOST])
def test_only_people_teach(actor: Actor) -> None:
    assert decide("kind/bug", added=False, actor=actor) == []
    assert decide("enhancement", added=True, actor=actor) == []
