"""A prediction as people and scripts read it: the verdict first, and no guess where there is no text."""

import numpy as np

from model.labels import LABELS
from model.serving.judge import TypePrediction, judge
from model.serving.wording import as_json, in_words
from model.text import clean

NEEDED = dict.fromkeys(LABELS, 0.6)


def said(text: str, *probabilities: float, evidence: tuple[str, ...] = ()) -> TypePrediction:
    return TypePrediction.of(judge(LABELS, np.array(probabilities), NEEDED, clean("", text)), evidence)


def test_a_sure_answer_opens_with_its_label() -> None:
    found = said("it crashes", 0.9, 0.05, 0.03, 0.02, evidence=('"crashes"', "a stack trace"))
    assert in_words(found) == 'bug  90% (threshold 60%)\nit saw: "crashes", a stack trace'
    assert in_words(said("it crashes", 0.9, 0.05, 0.03, 0.02)) == "bug  90% (threshold 60%)"


def test_an_unsure_answer_opens_with_that_and_says_what_is_most_likely() -> None:
    assert in_words(said("it does", 0.1, 0.2, 0.5, 0.2, evidence=('"does"',))).splitlines() == [
        "no label: below the threshold for question (0.50 < 0.60)",
        "most likely: question 50%, feature 20%, documentation 20%",
        'it saw: "does"',
    ]


def test_no_guess_is_shown_of_a_text_that_cannot_be_read() -> None:
    assert in_words(said("x", 0.9, 0.05, 0.03, 0.02)) == "no label: too little text to judge"
    foreign = said("Quand je clique sur le bouton, il ne se passe pas une erreur", 0.9, 0.1, 0.0, 0.0)
    assert in_words(foreign) == (
        "no label: the text seems to be in French, which the classifier was not trained on"
    )


def test_other_heads_are_worded_alike() -> None:
    tone = judge(
        ("civil", "uncivil"),
        np.array([0.8, 0.2]),
        dict.fromkeys(("civil", "uncivil"), 0.5),
        clean("", "so so"),
    )
    assert in_words(tone) == "civil  80% (threshold 50%)"


def test_json_has_numbers_for_everything_that_was_weighed() -> None:
    found = said("it crashes", 0.9, 0.05, 0.03, 0.02, evidence=("a stack trace",))
    line = as_json(found, {"again": found})
    assert line["type"] == {
        "label": "bug",
        "probability": 0.9,
        "probabilities": dict(zip(LABELS, (0.9, 0.05, 0.03, 0.02), strict=True)),
        "threshold": 0.6,
    }
    assert line["again"] == {**line["type"], "abstained": False, "reason": found.reason}
    assert (line["abstained"], line["reason"], line["evidence"]) == (False, found.reason, ["a stack trace"])
    assert as_json(found).keys() == line.keys() - {"again"}
