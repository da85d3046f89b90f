"""Reading the data sets: formats, leaks, splits, and one clear line for what cannot be used."""

import gzip
from pathlib import Path

import pytest

from model.data import DEFAULT_DIRECTORY, held_out_folds, label_numbers, load, read
from model.errors import DataError
from model.labels import LABELS
from tests.model.examples import rows, write_csv, write_data, write_json_lines


def test_reads_every_file(tmp_path: Path) -> None:
    dataset = load(write_data(tmp_path))
    assert len(dataset.train) == len(dataset.train_texts) == 20 * 4 + 2 * 3
    assert len(dataset.test) == len(dataset.test_texts) == 3 * 3
    assert dataset.counts()["many_repos/made up"] == dict.fromkeys(LABELS, 20)


def test_no_test_issue_is_trained_on(tmp_path: Path) -> None:
    write_csv(tmp_path / "nlbse24_test.csv.gz", rows(["bug"], ["modem"]))
    write_json_lines(tmp_path / "many_repos.jsonl.gz", rows(["bug", "feature"], ["modem", "mouse"]))
    dataset = load(tmp_path)
    assert dataset.dropped == {"near duplicate of the test set": 1}
    tested = {(example.title, example.body) for example in dataset.test}
    assert not tested & {(example.title, example.body) for example in dataset.train}


def test_duplicates_across_files_are_dropped(tmp_path: Path) -> None:
    write_json_lines(tmp_path / "many_repos.jsonl.gz", rows())
    write_json_lines(tmp_path / "unified_train.jsonl.gz", rows())
    dataset = load(tmp_path)
    assert len(dataset.train) == 80
    assert dataset.dropped == {"duplicate": 80}


def test_no_repository_is_in_two_folds(tmp_path: Path) -> None:
    examples = load(write_data(tmp_path)).train
    folds = held_out_folds(examples, 3)
    for repo in {example.repo for example in examples}:
        assert len({fold for fold, example in zip(folds, examples, strict=True) if example.repo == repo}) == 1
    assert set(folds) == {0, 1, 2}


def test_label_numbers_follow_the_order_of_labels(tmp_path: Path) -> None:
    examples = load(write_data(tmp_path)).train[:8]
    assert [LABELS[number] for number in label_numbers(examples)] == [example.label for example in examples]


def test_a_flattened_csv_field_gets_its_lines_back(tmp_path: Path) -> None:
    flat = {
        **rows()[0],
        "source": "ticket_tagger",
        "title": "",
        "body": '"It says ""no""  and stops"',
        "repo": "",
    }
    write_json_lines(tmp_path / "unified_train.jsonl.gz", [flat, *rows(["feature"])])
    example = load(tmp_path).train[0]
    assert (example.repo, example.body) == ("ticket_tagger", 'It says "no"\nand stops')


def test_a_missing_directory(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a directory"):
        load(tmp_path / "nowhere")


def test_an_empty_directory(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no training examples"):
        load(tmp_path)


def test_a_single_type(tmp_path: Path) -> None:
    write_json_lines(tmp_path / "many_repos.jsonl.gz", rows(["bug"]))
    with pytest.raises(DataError, match="all examples are of one type"):
        load(tmp_path)


def test_a_column_that_is_not_text(tmp_path: Path) -> None:
    write_json_lines(tmp_path / "many_repos.jsonl.gz", [{**rows()[0], "title": ["x"]}])  # type: ignore[dict-item]
    with pytest.raises(DataError, match="row 1: 'title' is not text"):
        load(tmp_path)


def test_an_issue_knows_its_day_where_the_file_does(tmp_path: Path) -> None:
    write_csv(tmp_path / "nlbse24_train.csv.gz", [{**rows()[0], "created_at": "2024-01-02"}, rows()[0]])
    assert [example.created_at for example in read(tmp_path / "nlbse24_train.csv.gz")] == ["2024-01-02", ""]


def test_an_unknown_label(tmp_path: Path) -> None:
    write_json_lines(tmp_path / "many_repos.jsonl.gz", [{**rows()[0], "label": "chore"}])
    with pytest.raises(DataError, match=r"many_repos.jsonl.gz, row 1: 'chore' is not one of bug"):
        load(tmp_path)


def test_a_missing_column(tmp_path: Path) -> None:
    write_json_lines(tmp_path / "many_repos.jsonl.gz", [{"label": "bug", "title": "x"}])
    with pytest.raises(DataError, match="row 1: no 'body' in it"):
        load(tmp_path)


BROKEN = [
    b"not gzip",
    gzip.compress(b"not json\n"),
    gzip.compress(b"\xff\xfe"),
    gzip.compress(b"cut short" * 100)[:-12],
    gzip.compress(b"damaged")[:12] + b"\xff" * 20,
]


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "many_repos.jsonl.gz").write_bytes(content)
    with pytest.raises(DataError, match="cannot be read"):
        load(tmp_path)


@pytest.mark.skipif(not DEFAULT_DIRECTORY.is_dir(), reason="the public data sets are not on this machine")
def test_the_benchmark_is_balanced() -> None:
    examples = list(read(DEFAULT_DIRECTORY / "nlbse24_test.csv.gz"))
    labels = [example.label for example in examples]
    assert [labels.count(label) for label in LABELS] == [500, 500, 500, 0]
