"""The data sheet: counts that a person can check, and not a word of anybody's text."""

from pathlib import Path

import numpy as np
import pytest

from model.datasets.noise import NONE
from model.datasets.samples import Sample, Samples, load_samples
from model.datasets.sheet import render_sheet, tagged
from model.tasks import TASKS
from model.text import clean
from tests.model.many_tasks import write_all


def sample(title: str, label: str, split: str = "train", task: str = "issue_type", **more: str) -> Sample:
    known = {"repo": "octo/app", "source": "", "dataset": "set", "language": "en", "created_at": ""} | more
    return Sample(task, clean(title, ""), TASKS[task].index(label), split, **known)


def sheet(*rows: Sample) -> str:
    return render_sheet(Samples(rows, {}))


def test_texts_are_counted_by_split_set_and_class() -> None:
    text = sheet(
        sample("a", "bug", "unseen", repo="octo/b"),
        sample("b", "bug"),
        sample("c", "feature", repo="Octo/App"),
        sample("d", "feature", dataset="other"),
    )
    assert "| split | data set | repositories | bug | feature | question | documentation | all |" in text
    assert "| unseen | set | 1 | 1 | 0 | 0 | 0 | 1 |\n| train | other | 1 | 0 | 1 | 0 | 0 | 1 |" in text
    assert "| train | set | 1 | 1 | 1 | 0 | 0 | 2 |" in text


def test_rare_languages_are_added_up() -> None:
    codes = ["en"] * 3 + ["zh", "zh", "ja", "ja", "ko", "ko", "fr", "fr", "de", "it"]
    text = sheet(*(sample(f"title {n}", "bug", language=code) for n, code in enumerate(codes)))
    assert "| split | en | zh | ja | ko | fr | others |" in text
    assert "| train | 3 | 2 | 2 | 2 | 2 | 2 |" in text


def test_what_was_left_out_is_told_with_the_reason() -> None:
    dropped = {
        "issue_type: no text": 1,
        "issue_type: in train with different labels": 4,
        "issue_type: in train, like another of another class": 2,
        "tone: no text": 7,
        "lines that cannot be used": 3,
    }
    text = render_sheet(Samples((sample("a", "bug"),), dropped))
    assert "| no text | 1 |" in text
    assert "In 6 of 7 cases" in text
    assert "3 lines that cannot be used." in text


def test_nothing_was_left_out() -> None:
    assert "### Left out\n\nNothing." in sheet(sample("a", "bug"))


# Title tags


@pytest.mark.parametrize(
    ("title", "task", "expected"),
    [
        ("[Bug]: crash", "issue_type", "bug"),
        ("[core][Feature Request] more", "issue_type", "feature"),
        ("docs: typo", "issue_type", "documentation"),
        ("[core] crash", "issue_type", None),
        ("crash", "issue_type", None),
        ("fix(core): crash", "pr_type", "fix"),
        ("[core] crash", "pr_type", None),
    ],
)
def test_a_tag_names_a_class(title: str, task: str, expected: str | None) -> None:
    found = tagged(sample(title, TASKS[task][0], task=task))
    assert (None if found is None else TASKS[task][found]) == expected


def test_how_far_a_rule_would_get_that_reads_only_tags() -> None:
    text = sheet(
        sample("[Bug] one", "bug"),
        sample("[Bug] two", "feature"),
        sample("[core] c", "bug"),
        sample("d", "bug"),
    )
    assert "| train | set | 75.0% | 50.0% | 50.0% | 25.0% |" in text


def test_comments_have_no_titles() -> None:
    assert "### Title tags" not in sheet(sample("a", "civil", task="tone"))


# Doubt


def test_labels_in_doubt_are_counted() -> None:
    rows = sample("a", "bug"), sample("b", "bug"), sample("c", "feature", dataset="other")
    text = render_sheet(Samples(rows, {}), {"issue_type": np.array([NONE, 2, 0])})
    assert "| other | 1 | 1 | 100.0% |\n| set | 2 | 1 | 50.0% |" in text
    assert "| bug | question | 1 |" in text
    assert "| feature | bug | 1 |" in text


def test_doubts_about_other_samples() -> None:
    with pytest.raises(ValueError, match=r"issue_type: \(2,\) suspicions for 1 samples"):
        render_sheet(Samples((sample("a", "bug"),), {}), {"issue_type": np.array([NONE, NONE])})


# The whole


def test_every_task_has_its_part_and_no_text_is_in_it(tmp_path: Path) -> None:
    samples = load_samples(write_all(tmp_path))
    text = render_sheet(samples)
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(samples.tasks)
    assert not [row for row in samples.rows if row.text.body and row.text.body in text.lower()]


def test_a_name_with_a_bar_does_not_break_the_table() -> None:
    assert r"| train | a\|b | 1 |" in sheet(sample("a", "bug", dataset="a|b"))
