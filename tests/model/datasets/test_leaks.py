"""Leaks: what would make a measurement better than the truth is found before anything is trained."""

from collections.abc import Collection
from pathlib import Path

import pytest

from model.datasets.leaks import assert_no_leak
from model.datasets.samples import Sample, Samples, load_samples
from model.errors import DataError
from model.text import clean
from tests.model.many_tasks import write_all

TEXT = "When I press the save button twice the whole window freezes for a minute or more"


def sample(split: str, body: str, repo: str = "octo/app", day: int = 1, task: str = "issue_type") -> Sample:
    return Sample(task, clean("", body), 0, split, repo, "", "", "en", f"2024-01-{day:02}T00:00:00Z")


def check(*rows: Sample, whole: Collection[str] = (), in_time: Collection[str] = ()) -> None:
    assert_no_leak(Samples(rows, {}), whole, in_time)


def test_what_is_loaded_has_no_leak(tmp_path: Path) -> None:
    assert_no_leak(load_samples(write_all(tmp_path)))


def test_nothing_has_no_leak() -> None:
    check()


# Texts


@pytest.mark.parametrize("split", ["benchmark", "test", "unseen", "validation", "adaptation"])
@pytest.mark.parametrize("text", [TEXT, TEXT + " again", "Crash"])
def test_a_text_that_is_measured_on_and_learnt(split: str, text: str) -> None:
    with pytest.raises(DataError, match=rf'"{text.lower()[:20]}.+octo/b.+train.+ is like .+octo/a.+{split}'):
        check(sample("train", text, "octo/b"), sample(split, TEXT if text != "Crash" else text, "octo/a"))


def test_a_text_that_is_decided_on_and_tested_on() -> None:
    with pytest.raises(DataError, match=r"validation\) is like .+ test\)"):
        check(sample("test", TEXT), sample("validation", TEXT))


def test_repetitions_within_a_split_are_no_leak() -> None:
    check(sample("benchmark", TEXT), sample("benchmark", TEXT))


def test_the_texts_of_another_task_are_no_leak() -> None:
    check(sample("train", TEXT), sample("test", TEXT, task="tone"))


# Repositories


def test_a_repository_in_two_splits() -> None:
    rows = sample("unseen", "The one", "octo/app"), sample("train", "The other", "Octo/App")
    with pytest.raises(DataError, match="issue_type: Octo/App is both in unseen and in train"):
        check(*rows, whole=["issue_type"])
    check(*rows, whole=["tone"])


@pytest.mark.parametrize("split", ["adaptation", "train"])
def test_the_benchmark_shares_its_repositories(split: str) -> None:
    check(sample("benchmark", "The one"), sample(split, "The other"), whole=["issue_type"])


# Time


@pytest.mark.parametrize(
    ("before", "after"), [("train", "test"), ("train", "validation"), ("validation", "test")]
)
def test_what_is_learnt_is_older_than_what_is_measured_on(before: str, after: str) -> None:
    check(sample(before, "The one", day=1), sample(after, "The other", day=1), in_time=["issue_type"])
    with pytest.raises(DataError, match=r'"the one" .+ is newer than "the other"'):
        check(sample(before, "The one", day=2), sample(after, "The other", day=1), in_time=["issue_type"])


def test_each_repository_has_its_own_time() -> None:
    rows = sample("train", "The one", "octo/a", 9), sample("test", "The other", "octo/b", 1)
    check(*rows, in_time=["issue_type"])
