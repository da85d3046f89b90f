from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.actions import Abstain, Action, AddLabels, RemoveLabels
from bot.core.events import IssueEdited, IssueOpened
from bot.core.facts import CurrentThread, Facts, LabelHistory, Prediction, RepositoryLabels
from bot.rules.triage import TriageConfig, triage
from model.labels import LABELS
from tests.rules.examples import NEWCOMER, issue

OPENED = IssueOpened(NEWCOMER, issue())
EDITED = IssueEdited(NEWCOMER, issue())

SURE = Prediction(
    "bug", probability=0.94, threshold=0.81, evidence=('"crashes when saving"', "a stack trace")
)
UNSURE = Prediction("bug", probability=0.41, threshold=0.81)

SURE_REASON = (
    '94% sure it is a bug (threshold 81%, right 9 times in 10): "crashes when saving", a stack trace'
)
UNSURE_REASON = "only 41% sure it is a bug, below the threshold of 81%: a person should look"


def decide(
    prediction: Prediction = SURE,
    *,
    event: IssueOpened | IssueEdited = OPENED,
    exist: tuple[str, ...] = ("kind/bug", "enhancement", "needs-triage"),
    on: tuple[str, ...] = (),
    is_open: bool = True,
    history: LabelHistory = LabelHistory(),  # noqa: B008 (frozen)
    **config: Any,
) -> list[Any]:
    thread = CurrentThread(on, is_open=is_open)
    facts = Facts([prediction, RepositoryLabels(exist), thread, history])
    return list(triage.decide(event, TriageConfig(**config), facts))


def nothing(reason: str, confidence: float = 0.94) -> list[Action]:
    return [Abstain(about="type label", reason=reason, confidence=confidence)]


def added(label: str, reason: str = SURE_REASON, confidence: float = 0.94) -> list[Action]:
    return [AddLabels(labels=(label,), reason=reason, confidence=confidence)]


def test_a_sure_type_becomes_the_label_that_the_repository_has_for_it() -> None:
    assert decide() == added("kind/bug")


@pytest.mark.parametrize(
    ("type_", "label", "words"),
    [
        ("bug", "kind/bug", "a bug"),
        ("feature", "enhancement", "a feature request"),
        ("question", "question", "a question"),
        ("documentation", "docs", "about the documentation"),
    ],
)
def test_every_type_is_said_in_words(type_: str, label: str, words: str) -> None:
    prediction = Prediction(type_, probability=0.9, threshold=0.5, precision=0.95)
    reason = f"90% sure it is {words} (threshold 50%, right 19 times in 20)"
    assert decide(prediction, exist=("kind/bug", "enhancement", "question", "docs")) == added(
        label, reason, 0.9
    )


def test_the_types_are_those_of_the_model() -> None:
    keys = TriageConfig.model_json_schema()["properties"]["labels"]["propertyNames"]["enum"]
    assert keys == list(LABELS)


def test_an_unsure_type_asks_for_a_person() -> None:
    assert decide(UNSURE) == added("needs-triage", UNSURE_REASON, 0.41)


def test_what_just_misses_the_threshold_does_not_look_like_it() -> None:
    prediction = Prediction("bug", probability=0.8099, threshold=0.81)
    reason = "only 80% sure it is a bug, below the threshold of 81%: a person should look"
    assert decide(prediction) == added("needs-triage", reason, 0.8099)


def test_the_classifier_may_abstain_however_sure_it_is() -> None:
    prediction = Prediction(
        "bug", probability=0.99, threshold=0.81, abstained=True, reason="the text is in French"
    )
    assert decide(prediction) == added("needs-triage", "the text is in French", 0.99)


def test_without_the_label_for_unsure_issues_it_stays_on_the_record() -> None:
    assert decide(UNSURE, exist=("bug",)) == nothing(UNSURE_REASON, 0.41)


def test_a_label_that_is_there_already_is_not_added_again() -> None:
    assert decide(UNSURE, on=("needs-triage",)) == nothing(UNSURE_REASON, 0.41)


@pytest.mark.parametrize("label", ["bug", "enhancement", "type: question"])
def test_a_type_given_by_a_template_or_a_person_stands(label: str) -> None:
    assert decide(on=(label,)) == []


def test_a_type_label_of_the_config_counts_as_a_type() -> None:
    assert decide(on=("Zap",), labels={"question": "zap"}) == []


def test_other_labels_do_not_stand_in_the_way() -> None:
    assert decide(on=("priority: high",)) == added("kind/bug")


def test_a_closed_issue_is_left_alone() -> None:
    assert decide(is_open=False) == []


def test_a_type_label_that_a_person_took_off_stays_off() -> None:
    history = LabelHistory(removed_by_humans=frozenset({"kind/bug"}))
    assert decide(history=history) == nothing(f"{SURE_REASON}; a person took `kind/bug` off, so it stays off")


def test_the_label_for_unsure_issues_stays_off_too() -> None:
    history = LabelHistory(removed_by_humans=frozenset({"needs-triage"}))
    reason = f"{UNSURE_REASON}; a person took `needs-triage` off, so it stays off"
    assert decide(UNSURE, history=history) == nothing(reason, 0.41)


def test_an_edit_that_makes_it_sure_replaces_its_own_mark() -> None:
    history = LabelHistory(by_usher=frozenset({"needs-triage"}))
    assert decide(event=EDITED, on=("needs-triage",), history=history) == [
        *added("kind/bug"),
        RemoveLabels(labels=("needs-triage",), reason="the type is known now: kind/bug"),
    ]


def test_a_mark_that_a_person_put_on_is_theirs_to_take_off() -> None:
    history = LabelHistory(set_by_humans=frozenset({"needs-triage"}))
    assert decide(event=EDITED, on=("needs-triage",), history=history) == added("kind/bug")


def test_an_edit_changes_nothing_once_there_is_a_type() -> None:
    history = LabelHistory(by_usher=frozenset({"enhancement"}))
    assert decide(event=EDITED, on=("enhancement",), history=history) == []


def test_labels_are_not_created_unless_the_config_says_so() -> None:
    assert decide(exist=()) == nothing(f"{SURE_REASON}; the repository has no label for it")
    assert decide(exist=(), create_labels=True) == added("bug")
    assert decide(UNSURE, exist=(), create_labels=True) == added("needs-triage", UNSURE_REASON, 0.41)


def test_threshold_is_a_number_or_auto() -> None:
    reason = "41% sure it is a bug (threshold 40%)"
    assert decide(UNSURE, threshold=0.4) == added("kind/bug", reason, 0.41)
    assert decide(UNSURE, threshold=1) == added("needs-triage", UNSURE_REASON.replace("81%", "100%"), 0.41)


def test_labels_names_the_label_of_a_type() -> None:
    assert decide(exist=("Zap", "bug"), labels={"bug": "zap"}) == added("Zap")
    assert decide(exist=("bug",), labels={"bug": "zap"}) == nothing(
        f"{SURE_REASON}; the repository has no label for it"
    )
    assert decide(exist=(), labels={"bug": "zap"}, create_labels=True) == added("zap")


def test_labels_switches_a_type_off() -> None:
    assert decide(labels={"bug": None}) == nothing(f"{SURE_REASON}; the config switches this type off")


def test_abstain_label_is_a_name_or_none() -> None:
    assert decide(UNSURE, exist=("triage",), abstain_label="Triage") == added("triage", UNSURE_REASON, 0.41)
    assert decide(UNSURE, abstain_label=None) == nothing(UNSURE_REASON, 0.41)


@pytest.mark.parametrize(
    "wrong",
    [
        {"threshold": 1.5},
        {"threshold": "high"},
        {"threshold": True},
        {"precision": 0.4},
        {"precision": 1.0},
        {"labels": {"chore": "chore"}},
        {"labels": {"bug": "x" * 51}},
        {"abstain_label": ""},
        {"treshold": 0.5},
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TriageConfig(**wrong)
