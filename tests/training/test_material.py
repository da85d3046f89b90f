import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is only in the training environment")

from dataclasses import replace

from model.datasets.samples import Samples
from model.serving.tokens import Parts
from model.training.material import Material, balance, chosen
from tests.model.measured import sample
from tests.training.tiny import material


def texts(counts: dict[str, list[int]]) -> tuple[np.ndarray, list[str]]:
    """Labels and languages: of each language, so many texts of each class."""
    pairs = [
        (label, language)
        for language, row in counts.items()
        for label, count in enumerate(row)
        for _ in range(count)
    ]
    return np.array([label for label, _ in pairs]), [language for _, language in pairs]


def weights(counts: dict[str, list[int]]) -> dict[str, list[float]]:
    """The weight of a text of each class in each language; all of them have the same."""
    labels, languages = texts(counts)
    found = balance(labels, languages)
    assert found.mean() == pytest.approx(1.0)
    groups = {
        language: [found[(labels == label) & (np.array(languages) == language)] for label in range(len(row))]
        for language, row in counts.items()
    }
    assert all(np.ptp(group) == 0 for row in groups.values() for group in row)
    return {language: [float(group[0]) for group in row] for language, row in groups.items()}


# What each text is worth


def test_a_language_says_nothing_about_the_class_of_its_texts() -> None:
    counts = {"en": [300, 300], "zh": [300, 100]}
    for language, row in weights(counts).items():
        worth = np.multiply(row, counts[language])
        assert worth / worth.sum() == pytest.approx([0.6, 0.4])
        assert worth.sum() == pytest.approx(sum(counts[language]))


def test_no_text_counts_for_more_than_four_or_less_than_a_quarter() -> None:
    rare = weights({"en": [900, 100], "zh": [399, 1]})
    usual = rare["zh"][0] / (1_299 / 1_400 * 400 / 399)  # what a text is worth whose class is as frequent
    assert rare["zh"][1] / usual == pytest.approx(4.0)
    frequent = weights({"en": [1_900, 100], "zh": [1, 399]})
    usual = frequent["en"][0] / (1_901 / 2_400 * 2_000 / 1_900)
    assert frequent["zh"][1] / usual == pytest.approx(0.25)


@pytest.mark.parametrize(("size", "touched"), [(199, False), (200, True)])
def test_of_few_texts_no_language_is_corrected(size: int, touched: bool) -> None:
    few = weights({"en": [500, 500], "fr": [size - 50, 50]})["fr"]
    assert (few[0] != few[1]) == touched


def test_mixed_with_another_language_chinese_is_chinese() -> None:
    found = weights({"en": [500, 500], "zh": [150, 10], "en+zh": [10, 30]})
    assert found["zh"] == found["en+zh"]
    assert found["zh"][0] < 1.0 < found["zh"][1]


# What language is learnt from

PARTS = [Parts([], [5], [number % 10], []) for number in range(40)]


def test_half_of_those_chosen_hold_the_newest_words() -> None:
    found = chosen(PARTS, 8, seed=1)
    assert sum(part.body == [9] for part in found) >= 4
    assert len({part.body[0] for part in found}) > 2
    assert len(found) == 8


def test_those_chosen_keep_their_order() -> None:
    parts = [Parts([], [number], [], []) for number in range(40)]
    assert list(chosen(parts, 20, seed=1)) == sorted(chosen(parts, 20, seed=1))


@pytest.mark.parametrize("limit", [0, 40, 50])
def test_where_all_may_be_learnt_from_all_are(limit: int) -> None:
    assert chosen(PARTS, limit, seed=1) == PARTS


def test_a_seed_decides_the_choice() -> None:
    assert chosen(PARTS, 8, seed=1) == chosen(PARTS, 8, seed=1)
    assert chosen(PARTS, 8, seed=1) != chosen(PARTS, 8, seed=2)


# What training may see


def test_what_is_measured_on_is_not_seen() -> None:
    splits = ("benchmark", "test", "unseen", "validation", "adaptation", "train")
    rows = {split: sample(f"The {split} crashes", split=split) for split in splits}
    found = Material.of(Samples(tuple(rows.values()), {}), [])
    assert found.train == {"issue_type": (rows["train"],)}
    assert found.validation == {"issue_type": (rows["validation"],)}
    assert found.adaptation == (rows["adaptation"],)


def test_every_text_that_is_looked_at_is_in_the_fingerprint() -> None:
    plain, one = material(2), [sample()]
    others = (
        replace(plain, train={**plain.train, "tone": one}),
        replace(plain, validation={**plain.validation, "tone": one}),
        replace(plain, adaptation=one),
        replace(plain, unlabelled=()),
    )
    assert len({str(found.fingerprint()) for found in (plain, *others)}) == 5
    assert plain.fingerprint() == material(2).fingerprint()


@pytest.mark.parametrize(
    "changed",
    [{"title": "t"}, {"body": "b"}, {"tags": ("t",)}, {"headings": ("h",)}, {"cues": ("code",)}],
)
def test_all_that_is_read_of_a_text_is_in_the_fingerprint(changed: dict[str, object]) -> None:
    plain, one = material(2), sample()
    first, second = (
        replace(plain, adaptation=[replace(one, text=text)], unlabelled=[text]).fingerprint()
        for text in (one.text, replace(one.text, **changed))
    )
    assert first["labelled"] != second["labelled"]
    assert first["unlabelled"] != second["unlabelled"]


@pytest.mark.parametrize("changed", [{"label": 3}, {"repo": "o/other"}, {"language": "zh"}])
def test_so_is_what_is_known_of_it(changed: dict[str, object]) -> None:
    plain, one = material(2), sample()
    first, second = (replace(plain, adaptation=[row]).fingerprint() for row in (one, replace(one, **changed)))
    assert first != second
