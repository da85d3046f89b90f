"""A repository's own history: what is read, what is left out and said, and what is too little."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from model.datasets.history import load_history
from model.datasets.leaks import assert_no_leak
from model.errors import DataError
from model.tasks import TASKS
from tests.model.examples import THINGS

REPO = "octo/app"
SAYS = {"bug": "The {} crashes on start", "feature": "Please add one more {} option"}
DOES = {"fix": "no crash of the {} any more", "docs": "explain how a {} is set up"}


def thread(title: str, day: int, *labels: str, kind: str = "User") -> dict[str, Any]:
    return {
        "title": title,
        "body": f"Ask @jane about day {day}, or write to jane@example.org",
        "labels": [{"name": name} for name in labels],
        "created_at": f"2024-01-{day:02}T00:00:00Z",
        "user": {"login": "jane", "type": kind},
    }


def issues() -> list[dict[str, Any]]:
    return [
        {"type": "issue", "issue": thread(says.format(thing), day, label), "events": []}
        for day, thing in enumerate(THINGS, start=1)
        for label, says in SAYS.items()
    ]


def pulls() -> list[dict[str, Any]]:
    return [
        {"type": "pull", "pull": thread(f"{type_}: {does.format(thing)}", day), "events": [], "comments": []}
        for day, thing in enumerate(THINGS, start=1)
        for type_, does in DOES.items()
    ]


def write(path: Path, records: Iterable[object]) -> Path:
    lines = [record if isinstance(record, bytes) else json.dumps(record).encode() for record in records]
    data = b"\n".join(lines) + b"\n"
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


# A backup


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz"])
def test_a_backup_teaches_both_types(tmp_path: Path, ending: str) -> None:
    write(tmp_path / f"issues.{ending}", issues())
    write(tmp_path / f"pulls.{ending}", pulls())
    history = load_history(tmp_path, REPO)
    assert history.problems == ()
    assert {task: len(history.samples.of(task, "train")) for task in TASKS} == {
        "issue_type": 32,
        "pr_type": 32,
        "tone": 0,
    }
    assert {row.repo for row in history.samples.rows} == {REPO}


def test_the_newest_are_the_test(tmp_path: Path) -> None:
    write(tmp_path / "issues.jsonl", reversed(issues()))
    samples = load_history(tmp_path, REPO).samples
    days = {
        split: {row.created_at[8:10] for row in samples.of("issue_type", split)}
        for split in ("train", "validation", "test")
    }
    assert max(days["train"]) < min(days["validation"])
    assert max(days["validation"]) < min(days["test"])
    assert_no_leak(samples, whole_repositories=(), in_time=TASKS)


def test_personal_data_is_gone(tmp_path: Path) -> None:
    write(tmp_path / "issues.jsonl", issues())
    assert not [row for row in load_history(tmp_path, REPO).samples.rows if "jane" in row.text.body]


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    more = [
        thread("Weekly report", 1, "bug", kind="Bot"),
        thread("What now", 2),
        thread("All", 3, "bug", "docs"),
    ]
    write(tmp_path / "issues.jsonl", [*issues(), *({"type": "issue", "issue": one} for one in more)])
    assert load_history(tmp_path, REPO).samples.dropped == {
        "issue_type: by a bot": 1,
        "issue_type: the labels name no type": 1,
        "issue_type: the labels name several types": 1,
    }


# Tables


def test_a_file_of_json_lines(tmp_path: Path) -> None:
    rows = [{"title": r["issue"]["title"], "body": "", "labels": r["issue"]["labels"]} for r in issues()]
    assert len(load_history(write(tmp_path / "mine.jsonl", rows), REPO).samples.rows) == 40


def test_a_csv_file(tmp_path: Path) -> None:
    lines = [
        f'"{r["issue"]["title"]}","two\nlines",{r["issue"]["labels"][0]["name"]}'.encode() for r in issues()
    ]
    path = write(tmp_path / "mine.csv.gz", [b"\xef\xbb\xbftitle,body,label", *lines])
    samples = load_history(path, REPO).samples
    assert len(samples.rows) == 40
    assert samples.rows[0].text.body == "two lines"


def test_the_line_of_a_bad_row_of_a_csv_file(tmp_path: Path) -> None:
    lines = [f"{r['issue']['title']},{r['issue']['labels'][0]['name']},".encode() for r in issues()]
    path = write(tmp_path / "mine.csv", [b"title,label,created_at", *lines, b"Crash,bug,soon"])
    assert load_history(path, REPO).problems[0].startswith("mine.csv, line 42: 'created_at'")


def test_several_repositories_have_each_their_own_time(tmp_path: Path) -> None:
    rows = [r["issue"] | {"repo": f"octo/{'ab'[n // 20]}", "body": ""} for n, r in enumerate(issues())]
    samples = load_history(write(tmp_path / "mine.jsonl", rows), REPO).samples
    assert {row.repo for row in samples.of("issue_type", "test")} == {"octo/a", "octo/b"}


# Lines that cannot be used


BAD = [b"{", b"[]", b"null", b"\xff\xfe", b'{"type": "issue"}', b"[" * 100_000, b'{"issue": {"labels": 3}}']


@pytest.mark.parametrize("line", BAD)
def test_a_bad_line_is_named_and_the_rest_is_read(tmp_path: Path, line: bytes) -> None:
    write(tmp_path / "issues.jsonl", [issues()[0], b"", line, *issues()[1:]])
    history = load_history(tmp_path, REPO)
    assert len(history.samples.rows) == 40
    assert history.samples.dropped == {"lines that cannot be used": 1}
    assert len(history.problems) == 1
    assert history.problems[0].startswith("issues.jsonl, line 3: ")
    assert "\n" not in history.problems[0]


def test_of_many_bad_lines_the_first_are_named(tmp_path: Path) -> None:
    write(tmp_path / "issues.jsonl", [*issues(), *[b"{"] * 50])
    history = load_history(tmp_path, REPO)
    assert history.samples.dropped["lines that cannot be used"] == 50
    assert len(history.problems) == 21
    assert history.problems[-1] == "and 30 more lines that cannot be used"


def test_a_file_that_is_cut_short(tmp_path: Path) -> None:
    path = write(
        tmp_path / "issues.jsonl.gz", [*issues(), *({"type": "x", "noise": str(n)} for n in range(99))]
    )
    path.write_bytes(path.read_bytes()[:-40])
    history = load_history(tmp_path, REPO)
    assert len(history.samples.rows) == 40
    assert "issues.jsonl.gz: cannot be read to its end" in "\n".join(history.problems)


def test_a_task_with_too_little_is_left_out(tmp_path: Path) -> None:
    write(tmp_path / "issues.jsonl", issues())
    write(tmp_path / "pulls.jsonl", pulls()[:1])
    history = load_history(tmp_path, REPO)
    assert history.samples.tasks == ("issue_type",)
    assert history.problems == (
        "pr_type: all examples are of one class (fix) in train; there is nothing to learn",
    )


# Nothing to learn from


def test_no_such_path(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere does not exist"):
        load_history(tmp_path / "nowhere", REPO)


def test_a_directory_without_a_backup(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no issues.jsonl or pulls.jsonl"):
        load_history(tmp_path, REPO)


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"neither .csv nor .jsonl"):
        load_history(write(tmp_path / "mine.xlsx", []), REPO)


@pytest.mark.parametrize("name", ["mine.jsonl", "mine.csv"])
def test_an_empty_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(DataError, match="holds nothing to learn from: no issues or pull requests in it"):
        load_history(tmp_path / name, REPO)


def test_nothing_but_bad_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.jsonl", [b"{"] * 3)
    with pytest.raises(
        DataError, match=r"3 lines that cannot be used; the first problem: mine.jsonl, line 1: not"
    ):
        load_history(path, REPO)


def test_not_compressed_after_all(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl.gz").write_bytes(b"plain")
    with pytest.raises(DataError, match=r"mine.jsonl.gz: cannot be read to its end: Not a gzipped file"):
        load_history(tmp_path / "mine.jsonl.gz", REPO)


def test_issues_of_one_type(tmp_path: Path) -> None:
    write(tmp_path / "issues.jsonl", issues()[::2])
    with pytest.raises(DataError, match=r"issue_type: all examples are of one class \(bug\)"):
        load_history(tmp_path, REPO)
