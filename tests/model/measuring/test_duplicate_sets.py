"""Reading pairs of duplicates: from two trackers with columns of their own, and from an archive of GitHub."""

import csv
import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from model.errors import DataError
from model.measuring.duplicate_sets import duplicate_sets
from tests.model.examples import write_json_lines

HADOOP = [
    ("Second", "8", "02/Jan/21 10:00"),
    ("First", "9", "01/Jan/21 10:00"),
    ("Third", "7", "03/Jan/21 09:00"),
]


def write_tracker(
    directory: Path, name: str, issues: Iterable[tuple[str, str, str]], pairs: Iterable[tuple[str, str]]
) -> Path:
    """Issues (summary, number, time) and the numbers of those that are the same."""
    folder = directory / "priority_duplicates"
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / f"{name}_bugs.csv.gz", "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Summary", "Issue id", "Created", "Description"])
        writer.writerows([(*issue, "") for issue in issues])
    with (folder / f"{name}_duplicates.csv").open("w", encoding="utf-8", newline="") as plain:
        writer = csv.writer(plain)
        writer.writerow(["Issue id", "Duplicate id"])
        writer.writerows(pairs)
    return directory


def write_rust(directory: Path, pairs: Iterable[tuple[int, int]], **more: object) -> Path:
    folder = directory / "rust"
    folder.mkdir(parents=True, exist_ok=True)
    issues: list[Mapping[str, object]] = [
        {"number": n, "title": f"Issue {n}", "body": None, "created_at": f"2014-01-0{n}T00:00:00Z", **more}
        for n in (1, 2, 3)
    ]
    write_json_lines(folder / "issues.jsonl.gz", issues)
    lines = [{"dup": dup, "orig": orig} for dup, orig in pairs]
    write_json_lines(folder / "duplicate_pairs.jsonl.gz", lines)
    return directory


def test_each_pair_is_there_once_with_the_newer_issue_first(tmp_path: Path) -> None:
    write_tracker(tmp_path, "hadoop", HADOOP, [("8", "9"), ("9", "8"), ("7", "9")])
    (found,) = duplicate_sets(tmp_path)
    assert found.name == "Hadoop"
    assert found.issues[0] == ("Second", "")
    assert found.age.tolist() == [1, 0, 2]
    assert found.pairs == [(0, 1), (2, 1)]


def test_several_duplicates_can_be_listed_at_once_and_strangers_are_left_out(tmp_path: Path) -> None:
    write_tracker(tmp_path, "hadoop", HADOOP, [("9", "8, 7,5"), ("9", "9")])
    (found,) = duplicate_sets(tmp_path)
    assert found.pairs == [(0, 1), (2, 1)]


def test_of_issues_of_one_minute_the_lower_number_is_older(tmp_path: Path) -> None:
    issues = [("Later", "12", "2020-01-02 10:00:00+00:00"), ("Earlier", "9", "2020-01-02 10:00:00+00:00")]
    write_tracker(tmp_path, "seamonkey", issues, [("9", "12")])
    (found,) = duplicate_sets(tmp_path)
    assert (found.name, found.age.tolist(), found.pairs) == ("SeaMonkey", [1, 0], [(0, 1)])


def test_the_newer_issue_asks_even_where_the_older_one_was_closed(tmp_path: Path) -> None:
    (found,) = duplicate_sets(write_rust(tmp_path, [(1, 2), (3, 1)]))
    assert (found.name, found.pairs) == ("rust-lang/rust", [(1, 0), (2, 0)])


def test_without_files_there_are_no_sets(tmp_path: Path) -> None:
    assert list(duplicate_sets(tmp_path)) == []


def test_a_time_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    write_tracker(tmp_path, "hadoop", [("First", "9", "yesterday")], [])
    with pytest.raises(DataError, match=r"hadoop_bugs.csv.gz, row 1: 'yesterday' is not a time"):
        list(duplicate_sets(tmp_path))


def test_missing_pairs_are_one_clear_line(tmp_path: Path) -> None:
    write_tracker(tmp_path, "hadoop", HADOOP, [])
    (tmp_path / "priority_duplicates" / "hadoop_duplicates.csv").unlink()
    with pytest.raises(DataError, match=r"hadoop_duplicates.csv cannot be read"):
        list(duplicate_sets(tmp_path))


def test_a_number_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"issues.jsonl.gz, row 1: 'number' is not a number"):
        list(duplicate_sets(write_rust(tmp_path, [], number="one")))
