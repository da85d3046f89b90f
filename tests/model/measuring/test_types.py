"""Measuring issue types: which issues count, which types can be chosen, and what is kept."""

import numpy as np
import pytest

from model.measuring.slices import VARIANTS
from model.measuring.types import measure_benchmark, measure_unseen
from tests.model.measured import THRESHOLDS, guesses, issues, metrics, sample

BUG, FEATURE, QUESTION, DOCUMENTATION = np.eye(4) * 0.6 + 0.1


def test_the_benchmark_is_the_mean_over_repositories() -> None:
    samples = [sample(repo="octo/a"), sample(repo="octo/a"), sample(repo="octo/b")]
    named = np.stack([BUG, FEATURE, BUG])
    found = measure_benchmark(samples, named, np.stack([BUG] * 3), THRESHOLDS)
    assert found["repositories"] == {"octo/a": {"n": 2, "f1": round(2 / 3, 4)}, "octo/b": {"n": 1, "f1": 1.0}}
    assert found["average_f1"] == round((2 / 3 + 1) / 2, 4)
    assert found["average_f1_unnamed"] == 1.0
    assert found["coverage"]["0.90"]["labelled"] == 3


def test_the_benchmark_offers_three_types_only() -> None:
    torn = np.array([[0.3, 0.2, 0.1, 0.4]])
    found = measure_benchmark([sample()], torn, torn, THRESHOLDS)
    assert (found["average_f1"], found["average_f1_of_all_types"]) == (1.0, 0.0)


def test_core_scores_are_of_the_three_types_alone() -> None:
    samples = [sample(), sample(label="documentation"), sample(label="question")]
    said = np.array([[0.3, 0.2, 0.1, 0.4], DOCUMENTATION, QUESTION])
    found = measure_unseen(samples, dict.fromkeys(VARIANTS, said), THRESHOLDS)["variants"]["as written"][
        "all"
    ]
    assert (found["core"]["n"], found["core"]["macro_f1"]) == (2, 1.0)
    assert (found["all"]["n"], found["all"]["accuracy"]) == (3, round(2 / 3, 4))


def test_each_language_and_each_hidden_shortcut_is_measured() -> None:
    samples = issues()
    right, wrong = guesses(samples, 4, wrong=10_000), guesses(samples, 4, wrong=1)
    shown = dict.fromkeys(VARIANTS, right) | {"both hidden": wrong}
    found = measure_unseen(samples, shown, THRESHOLDS)
    assert {part: row["all"]["n"] for part, row in found["variants"]["as written"].items()} == {
        "all": 80,
        "English": 68,
        "Chinese": 12,
    }
    assert found["variants"]["as written"]["Chinese"]["all"]["accuracy"] > 0.8
    assert found["variants"]["both hidden"]["Chinese"]["all"]["accuracy"] == 0.0
    assert found["coverage"]["title tags hidden"]["English"]["0.95"]["n"] == 68


def test_a_language_that_does_not_occur_is_left_out() -> None:
    found = measure_unseen([sample()], dict.fromkeys(VARIANTS, BUG[None]), THRESHOLDS)
    assert list(found["variants"]["as written"]) == ["all", "English"]


def test_confusion_and_reliability_are_of_titles_as_written() -> None:
    unseen = metrics()["unseen"]
    assert np.sum(unseen["confusion"]) == sum(row["size"] for row in unseen["reliability"]) == 80
    assert set(unseen["reliability"][0]) == {"size", "confidence", "accuracy"}


def test_intervals_are_over_repositories() -> None:
    row = metrics()["unseen"]["variants"]["as written"]["all"]["core"]
    assert row["repositories"] == 6
    assert row["interval"] != row["interval_rows"]


def test_the_best_and_the_worst_repositories_do_not_overlap() -> None:
    samples = [sample(repo=f"octo/{repo:02}") for repo in range(12) for _ in range(30)]
    share = (
        np.arange(len(samples)) % 30 < np.repeat(np.arange(12), 30) * 2
    )  # repository n is right 2n of 30 times
    said = np.where(share[:, None], BUG, FEATURE)
    found = measure_unseen(samples, dict.fromkeys(VARIANTS, said), THRESHOLDS)["repositories"]
    assert found["n"] == 12
    assert [row["repo"] for row in found["best"]] == [f"octo/{repo:02}" for repo in range(11, 1, -1)]
    assert [row["repo"] for row in found["worst"]] == ["octo/00", "octo/01"]
    assert found["best"][0]["accuracy"] == pytest.approx(22 / 30, abs=1e-4)
