"""Samples: every task from its folder, every text in one split, and nothing that is measured on is learnt."""

from collections.abc import Iterable
from pathlib import Path
from shutil import rmtree

import pytest

from model.datasets.drafts import Draft
from model.datasets.samples import Samples, label_numbers, load_samples, prepare, unlabelled
from model.errors import DataError
from model.tasks import TASKS
from tests.model.examples import write_json_lines
from tests.model.many_tasks import change, write_all, write_changes, write_tones

CLASSES = [("bug", "The first button does nothing at all"), ("feature", "Please add one more button to it")]


def draft(split: str, body: str, label: str = "bug") -> Draft:
    return Draft("issue_type", split, label, "", body, "octo/app", "source", "set", "en", "2024-01-01")


def prepared(*drafts: Draft) -> Samples:
    """The samples of these drafts, beside two that make learning possible."""
    return prepare([draft("train", body, label) for label, body in CLASSES] + list(drafts))


def bodies(samples: Samples, split: str) -> list[str]:
    found = [row.text.body for row in samples.of("issue_type", split)]
    return [body for body in found if body not in {text.lower() for _, text in CLASSES}]


# Reading


def test_every_task_is_read(tmp_path: Path) -> None:
    samples = load_samples(write_all(tmp_path))
    splits = {task: {row.split for row in samples.rows if row.task == task} for task in samples.tasks}
    assert splits == {
        "issue_type": {"benchmark", "unseen", "validation", "adaptation", "train"},
        "pr_type": {"test", "validation", "train"},
        "tone": {"test", "validation", "train"},
    }
    assert all(0 <= row.label < len(TASKS[row.task]) for row in samples.rows)


def test_only_the_tasks_that_are_asked_for_are_read(tmp_path: Path) -> None:
    assert load_samples(write_all(tmp_path), ["tone"]).tasks == ("tone",)


def test_a_task_without_a_folder_is_left_out(tmp_path: Path) -> None:
    write_all(tmp_path)
    rmtree(tmp_path / "pr_type")
    assert load_samples(tmp_path).tasks == ("issue_type", "tone")


def test_the_same_files_give_the_same_samples(tmp_path: Path) -> None:
    write_all(tmp_path)
    assert load_samples(tmp_path) == load_samples(tmp_path)


def test_labels_are_numbered_in_the_order_of_their_classes() -> None:
    samples = prepared(draft("train", "How do I move the button", "question"))
    assert label_numbers(samples.rows).tolist() == [0, 1, 2]
    assert label_numbers(()).shape == (0,)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    samples = load_samples(write_all(tmp_path), progress=lambda task, count: told.append((task, count)))
    assert [task for task, count in told if count == 1] == list(samples.tasks)
    assert len(told) == len(samples.rows) + sum(samples.dropped.values())


# Texts in one split


@pytest.mark.parametrize("split", ["benchmark", "test", "unseen", "validation", "adaptation"])
def test_a_text_that_is_measured_or_decided_on_is_not_learnt(split: str) -> None:
    text = "When I press the save button twice the whole window freezes for a minute or more"
    samples = prepared(draft("train", text), draft(split, text), draft("train", text + " again"))
    assert bodies(samples, split) == [text.lower()]
    assert bodies(samples, "train") == []
    assert samples.dropped == {f"issue_type: in train, like one of {split}": 2}


def test_the_split_that_is_named_first_wins() -> None:
    splits = ["train", "adaptation", "validation", "unseen", "test", "benchmark"]
    samples = prepared(*(draft(split, "The save button is dead") for split in splits))
    assert [bodies(samples, split) for split in splits] == [[], [], [], [], [], ["the save button is dead"]]


def test_the_benchmark_is_kept_whole() -> None:
    twice = [draft("benchmark", "The save button is dead", label) for label in ("bug", "bug", "question")]
    samples = prepared(*twice, draft("benchmark", "???"), draft("train", "The save button is dead"))
    assert len(samples.of("issue_type", "benchmark")) == 4
    assert bodies(samples, "train") == []


def test_a_text_with_different_labels_teaches_nothing() -> None:
    samples = prepared(
        draft("train", "The menu is small", "bug"), draft("train", "The menu is small", "feature")
    )
    assert bodies(samples, "train") == []
    assert samples.dropped == {"issue_type: in train with different labels": 2}


def test_texts_that_are_nearly_alike_but_of_different_classes_are_counted_as_such() -> None:
    text = "When I press the save button twice the whole window freezes for a minute or more"
    samples = prepared(draft("train", text), draft("train", text + " again", "question"))
    assert bodies(samples, "train") == [text.lower()]
    assert samples.dropped == {"issue_type: in train, like another of another class": 1}


def test_a_text_without_letters_is_left_out() -> None:
    assert prepared(draft("train", "42")).dropped == {"issue_type: no text": 1}


def test_tasks_do_not_disturb_each_other() -> None:
    civil = [
        Draft("tone", "train", tone, "", body, "", "", "", "en")
        for tone, (_, body) in zip(TASKS["tone"], CLASSES, strict=True)
    ]
    assert len(prepared(*civil).rows) == 4


def test_personal_data_is_gone() -> None:
    samples = prepared(draft("train", "Ask @octocat or jane@example.org about the sidebar"))
    assert bodies(samples, "train") == ["ask xmention or xemail about the sidebar"]


# Unlabelled texts


def threads(directory: Path, issues: Iterable[dict[str, str]]) -> None:
    write_json_lines(directory / "area" / "llm_apps.jsonl.gz", issues)


def test_texts_without_labels_come_after_those_that_are_trained_on(tmp_path: Path) -> None:
    samples = load_samples(write_all(tmp_path))
    trained = [row.text for row in samples.rows if row.split == "train"]
    texts = list(unlabelled(tmp_path, samples))
    assert texts == list(unlabelled(tmp_path))
    assert set(texts[:-2]) <= set(trained)
    assert [text.title for text in texts[-2:]] == ["kettle crashes on start", "toaster crashes on start"]


def test_no_text_that_is_measured_or_decided_on_is_among_them(tmp_path: Path) -> None:
    samples = load_samples(write_all(tmp_path))
    measured = {(row.text.title, row.text.body) for row in samples.rows if row.split != "train"}
    threads(tmp_path, [{"repo": "octo/other", "title": title, "body": body} for title, body in measured])
    texts = {(text.title, text.body) for text in unlabelled(tmp_path, samples)}
    assert len(texts) == sum(row.split == "train" for row in samples.rows)
    assert not texts & measured


def test_no_text_of_a_repository_that_is_held_out_is_among_them(tmp_path: Path) -> None:
    write_all(tmp_path)
    samples = load_samples(tmp_path)
    for split, expected in (("unseen", 0), ("validation", 0), ("adaptation", 1), ("train", 1)):
        repo = next(row.repo for row in samples.of("issue_type", split) if "/" in row.repo)
        threads(tmp_path, [{"repo": repo.upper(), "title": "The kettle whistles", "body": ""}])
        assert sum(text.title == "the kettle whistles" for text in unlabelled(tmp_path, samples)) == expected


def test_a_broken_file_of_theirs(tmp_path: Path) -> None:
    write_all(tmp_path)
    threads(tmp_path, [{"title": "no body"}])
    with pytest.raises(DataError, match=r"llm_apps.jsonl.gz, row 1: no 'body' in it"):
        list(unlabelled(tmp_path))


# What cannot be used


def test_a_missing_directory(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a directory"):
        load_samples(tmp_path / "nowhere")


def test_an_empty_directory(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no data of issue_type, pr_type, tone"):
        load_samples(tmp_path)


def test_a_single_class(tmp_path: Path) -> None:
    write_changes(tmp_path, [change(f"fix the {thing}") for thing in ("door", "window", "roof", "floor")])
    with pytest.raises(DataError, match=r"pr_type: all examples are of one class \(fix\) in train"):
        load_samples(tmp_path)


def test_nothing_to_learn_from(tmp_path: Path) -> None:
    write_tones(tmp_path, strudel=[("n", "a fine day"), ("y", "a foul day")])
    with pytest.raises(DataError, match="tone: no examples in train"):
        load_samples(tmp_path)


def test_a_broken_file(tmp_path: Path) -> None:
    write_all(tmp_path)
    (tmp_path / "tone" / "toxicr.csv.gz").write_bytes(b"not gzip")
    with pytest.raises(DataError, match=r"toxicr.csv.gz cannot be read"):
        load_samples(tmp_path)
