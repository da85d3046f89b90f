"""Slices: where a sample belongs, and what is left of a text when a shortcut is hidden."""

import numpy as np

from model.measuring.slices import VARIANTS, large_repositories, large_slices, slices
from model.text import clean
from tests.model.measured import sample

FORM = clean("[Bug]: App crashes", "### Version\n\n2.0\n\n### What happened\n\nIt stops when I save")


def test_hiding_takes_away_the_shortcut_and_nothing_else() -> None:
    shown = {name: hide(FORM) for name, hide in VARIANTS.items()}
    assert next(iter(shown)) == "as written"
    assert shown["as written"] == FORM
    assert (shown["title tags hidden"].tags, shown["title tags hidden"].headings) == ((), FORM.headings)
    assert (shown["headings and cues hidden"].tags, shown["headings and cues hidden"].headings) == (
        ("bug",),
        (),
    )
    assert shown["both hidden"].tags == shown["both hidden"].headings == shown["both hidden"].cues == ()
    assert {text.title for text in shown.values()} == {"app crashes"}


def test_every_sample_is_in_one_slice_of_each_kind() -> None:
    samples = [
        sample(FORM),
        sample(clean("App crashes", None)),
        sample(clean("Crash", "x" * 300), language="zh"),
    ]
    found = slices(samples)
    for masks in found.values():
        assert np.sum(list(masks.values()), axis=0).tolist() == [1, 1, 1]
    assert found["language"]["zh"].tolist() == [False, False, True]
    assert found["template"]["template"].tolist() == [True, False, False]
    assert found["title tag"]["tag"].tolist() == [True, False, False]


def test_lengths_stand_in_order() -> None:
    samples = [sample(clean("Crash", "x" * size)) for size in (5_000, 799, 199, 0)]
    found = slices(samples)["body"]
    assert list(found) == ["0 characters", "1 to 199 characters", "200 to 799", "800 and more"]
    assert [mask.argmax() for mask in found.values()] == [3, 2, 1, 0]


def test_repositories_with_enough_issues_are_looked_at_by_themselves() -> None:
    samples = [sample(repo="octo/big"), sample(repo="octo/big"), sample(repo="octo/small")]
    assert {repo: mask.tolist() for repo, mask in large_repositories(samples, 2).items()} == {
        "octo/big": [True, True, False]
    }


def test_slices_that_say_little_are_left_out() -> None:
    measured = {"body": {"short": {"n": 30}, "long": {"n": 29}, "empty": None}}
    assert list(large_slices(measured)) == [("body", "short", {"n": 30})]
