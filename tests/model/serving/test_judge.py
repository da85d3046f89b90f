"""When a prediction is not acted on, and what is said then."""

import numpy as np
import pytest

from model.serving.judge import TypePrediction, judge
from model.text import CleanText, clean

CLASSES = ("civil", "uncivil")
NEEDED = {"civil": 0.6, "uncivil": 1.0}
PLAIN = clean("", "the button does nothing when it is pressed")


def said(civil: float, text: CleanText = PLAIN) -> tuple[bool, str]:
    found = judge(CLASSES, np.array([civil, 1 - civil]), NEEDED, text)
    return found.abstained, found.reason


def test_what_is_probable_enough_is_said_with_its_threshold() -> None:
    assert said(0.7) == (False, "civil with probability 0.70, above the threshold 0.60")


def test_below_the_threshold_it_abstains() -> None:
    assert said(0.55) == (True, "below the threshold for civil (0.55 < 0.60)")


def test_what_is_no_number_reaches_no_threshold() -> None:
    found = judge(CLASSES, np.array([np.nan, np.nan]), NEEDED, PLAIN)
    assert (found.abstained, found.reason) == (True, "below the threshold for civil (nan < 0.60)")
    assert judge(CLASSES, np.array([0.7, 0.3]), {"civil": np.nan}, PLAIN).abstained


def test_where_the_precision_was_never_reached_it_abstains() -> None:
    assert said(0.0) == (True, "uncivil never reached the precision asked for on data held out")


@pytest.mark.parametrize("body", ["", "  \n", "<!-- template -->"])
def test_on_an_empty_text_it_abstains_however_sure(body: str) -> None:
    assert said(1.0, clean("", body)) == (True, "the text is empty")


@pytest.mark.parametrize(
    ("title", "body"),
    [("x", ""), ("[Bug]", ""), ("", "!!!"), ("", "1"), ("", "```\ncode only\n```"), ("7", "- [x] yes")],
)
def test_on_hardly_any_text_it_abstains_however_sure(title: str, body: str) -> None:
    assert said(1.0, clean(title, body)) == (True, "too little text to judge")


@pytest.mark.parametrize(
    ("body", "readable"),
    [("", False), ("x", False), ("Помогите пожалуйста исправить", False), ("it crashes", True)],
)
def test_a_guess_is_worth_something_where_the_text_can_be_read(body: str, readable: bool) -> None:
    for probability in (0.5, 1.0):
        found = judge(CLASSES, np.array([probability, 1 - probability]), NEEDED, clean("", body))
        assert found.readable is readable


def test_on_a_language_it_never_learnt_it_abstains_however_sure() -> None:
    abstained, reason = said(1.0, clean("", "Помогите пожалуйста исправить ошибку"))
    assert abstained
    assert (
        reason
        == "the text seems to be in a language in Cyrillic script, which the classifier was not trained on"
    )


def test_probabilities_are_of_all_classes_in_their_order() -> None:
    found = judge(CLASSES, np.array([0.3, 0.7]), NEEDED, PLAIN)
    assert dict(found.probabilities) == {"civil": 0.3, "uncivil": 0.7}
    assert (found.label, found.probability, found.threshold) == ("uncivil", 0.7, 1.0)


def test_evidence_is_added_to_what_was_said() -> None:
    plain = judge(CLASSES, np.array([0.7, 0.3]), NEEDED, PLAIN)
    found = TypePrediction.of(plain, ("a stack trace",))
    assert found.evidence == ("a stack trace",)
    assert (found.label, found.reason, found.threshold) == (plain.label, plain.reason, plain.threshold)
