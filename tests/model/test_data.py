"""Reading the data sets: their formats, and one clear line for what cannot be read."""

import gzip
from pathlib import Path

import pytest

from model.data import Example, existing, read
from model.datasets.samples import DEFAULT_DIRECTORY
from model.errors import DataError
from model.labels import LABELS
from tests.model.examples import Row, rows, write_csv, write_json_lines

ISSUE = {"repo": "octo/app", "label": "bug", "title": "It crashes", "body": "On start."}
BENCHMARK = DEFAULT_DIRECTORY / "issue_type" / "nlbse24_test.csv.gz"


def from_json(directory: Path, *issues: Row, name: str = "many_repos") -> list[Example]:
    """What is read of these issues, written as JSON Lines."""
    path = directory / f"{name}.jsonl.gz"
    write_json_lines(path, issues)
    return list(read(path))


# Formats


def test_an_issue_is_the_same_from_either_format(tmp_path: Path) -> None:
    write_csv(tmp_path / "nlbse24_train.csv.gz", [ISSUE])
    expected = Example("nlbse24_train", "nlbse24_train", "octo/app", "en", "It crashes", "On start.", "bug")
    assert list(read(tmp_path / "nlbse24_train.csv.gz")) == [expected]
    assert from_json(tmp_path, ISSUE, name="nlbse24_train") == [expected]


def test_issues_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = from_json(tmp_path, *rows())
    assert [(example.title, example.label) for example in found] == [
        (row["title"], row["label"]) for row in rows()
    ]


def test_an_issue_knows_its_day_language_and_source_where_the_file_does(tmp_path: Path) -> None:
    known = {"created_at": "2024-01-02", "lang": "zh", "source": "weex"}
    found = [(each.created_at, each.language, each.source) for each in from_json(tmp_path, ISSUE | known)]
    assert found == [("2024-01-02", "zh", "weex")]


def test_an_issue_without_a_repository_is_of_its_collection(tmp_path: Path) -> None:
    (found,) = from_json(tmp_path, {**ISSUE, "repo": "", "source": "ticket_tagger"})
    assert found.repo == "ticket_tagger"


def test_a_flattened_csv_field_gets_its_lines_back(tmp_path: Path) -> None:
    flat = {**ISSUE, "source": "ticket_tagger", "body": '"It says ""no""  and stops"'}
    assert [example.body for example in from_json(tmp_path, flat)] == ['It says "no"\nand stops']


def test_a_set_is_found_in_either_format(tmp_path: Path) -> None:
    assert existing(tmp_path, "nlbse24_test") == tmp_path / "nlbse24_test.jsonl.gz"
    write_csv(tmp_path / "nlbse24_test.csv.gz", [ISSUE])
    assert existing(tmp_path, "nlbse24_test") == tmp_path / "nlbse24_test.csv.gz"


# What cannot be read


def test_a_file_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert list(read(tmp_path / "many_repos.jsonl.gz")) == []


def test_an_unknown_label(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"^many_repos.jsonl.gz, row 2: 'chore' is not one of bug"):
        from_json(tmp_path, ISSUE, {**ISSUE, "label": "chore"})


def test_a_row_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "many_repos.jsonl.gz"
    write_json_lines(path, [ISSUE, ISSUE])
    with gzip.open(path, "at", encoding="utf-8") as file:
        file.write('{"repo": \n')
    with pytest.raises(DataError, match=r"many_repos.jsonl.gz, row 3, cannot be read: no JSON: Expecting"):
        list(read(path))


def test_the_benchmark_has_no_documentation(tmp_path: Path) -> None:
    documentation = {**ISSUE, "label": "documentation"}
    assert len(from_json(tmp_path, documentation)) == 1
    with pytest.raises(DataError, match="row 1: 'documentation' is not one of"):
        from_json(tmp_path, documentation, name="nlbse24_test")


def test_a_missing_column(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="row 1: no 'body' in it"):
        from_json(tmp_path, {"label": "bug", "title": "x"})


@pytest.mark.parametrize("name", ["title", "repo", "lang", "source", "created_at"])
def test_a_column_that_is_not_text(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match=f"row 1: '{name}' is not text"):
        from_json(tmp_path, {**ISSUE, name: ["x"]})  # type: ignore[dict-item]


@pytest.mark.parametrize("row", ["[" * 100_000, '{"title": ' + "9" * 5_000 + "}"])
def test_a_row_that_python_does_not_take_is_named(tmp_path: Path, row: str) -> None:
    path = tmp_path / "many_repos.jsonl.gz"
    write_json_lines(path, [ISSUE])
    with gzip.open(path, "at", encoding="utf-8") as file:
        file.write(row + "\n")
    with pytest.raises(DataError, match=r"^[^\n]*many_repos.jsonl.gz, row 2, cannot be read: [^\n]+$"):
        list(read(path))


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
        list(read(tmp_path / "many_repos.jsonl.gz"))


# The real one


@pytest.mark.skipif(not BENCHMARK.exists(), reason="the public data sets are not on this machine")
def test_the_benchmark_is_balanced() -> None:
    labels = [example.label for example in read(BENCHMARK)]
    assert [labels.count(label) for label in LABELS] == [500, 500, 500, 0]
