"""Measuring changes and comments: what can be chosen, and how much of what is uncivil is found."""

import numpy as np
import pytest

from model.measuring.heads import measure_pr_types, measure_tones
from model.tasks import PR_TYPES
from tests.model.measured import sample


def change(type_: str, repo: str = "octo/app") -> object:
    return sample("a change", type_, task="pr_type", split="test", repo=repo)


def comment(tone: str, dataset: str = "strudel") -> object:
    return sample("a comment", tone, task="tone", split="test", dataset=dataset)


def test_rare_types_count_only_among_all() -> None:
    said = np.full((3, len(PR_TYPES)), 0.05)
    said[0, PR_TYPES.index("fix")] = 0.6
    said[1, PR_TYPES.index("ci")], said[1, PR_TYPES.index("docs")] = 0.5, 0.2  # torn, and the rare one wins
    said[2, PR_TYPES.index("ci")] = 0.6
    found = measure_pr_types([change("fix"), change("docs", "octo/b"), change("ci")], said)
    assert (found["core"]["n"], found["core"]["macro_f1"]) == (2, 1.0)
    assert (found["all"]["n"], found["all"]["accuracy"]) == (3, round(2 / 3, 4))
    assert {repo: row["n"] for repo, row in found["repositories"].items()} == {"octo/app": 1, "octo/b": 1}


def test_uncivil_comments_found_at_each_threshold() -> None:
    comments = [comment("uncivil"), comment("uncivil"), comment("civil"), comment("civil")]
    uncivil = np.array([0.95, 0.6, 0.7, 0.1])
    said = np.stack([1 - uncivil, uncivil], axis=1)
    found = measure_tones(comments, said, {"half": 0.5, "sure": 0.9, "never": 1.0})["strudel"]
    assert (found["n"], found["uncivil"]) == (4, 2)
    assert found["average_precision"] == pytest.approx(0.5 + 0.5 * 2 / 3, abs=1e-4)
    at = {name: (row["precision"], row["recall"], row["f1"]) for name, row in found["at"].items()}
    assert at == {"half": (0.6667, 1.0, 0.8), "sure": (1.0, 0.5, 0.6667), "never": (None, 0.0, 0.0)}


def test_a_probability_of_one_does_not_reach_the_threshold_that_stands_for_never() -> None:
    found = measure_tones([comment("uncivil")], np.array([[0.0, 1.0]]), {"never": 1.0})
    assert found["strudel"]["at"]["never"]["recall"] == 0.0


def test_each_data_set_is_measured_by_itself() -> None:
    comments = [comment("uncivil"), comment("civil"), comment("uncivil", "toxicr"), comment("civil", "calm")]
    found = measure_tones(comments, np.full((4, 2), 0.5), {"half": 0.5})
    assert {name: row["n"] for name, row in found.items()} == {"strudel": 2, "toxicr": 1}
