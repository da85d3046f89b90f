"""``usher classify`` and ``usher check-config``, as scripts see them."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.cli import BAD_INPUT, FAILURE, run

TYPES = {"bug", "feature", "question", "documentation"}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def as_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


# check-config


def test_a_good_config(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "usher.yml").write_text("mode: act\n")
    assert run(["check-config", "usher.yml"]) == 0
    assert capsys.readouterr().out == "usher.yml: good (mode: act)\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"mode: on\ntriage:\n  treshold: 0.9\n", ["line 1", "line 3"]),
        (b"mode: [", ["line"]),
        (b"\xff\xfe", ["line 1"]),
    ],
)
def test_a_bad_config_has_one_line_for_each_problem(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, says: list[str]
) -> None:
    (tmp_path / "usher.yml").write_bytes(content)
    assert run(["check-config", "usher.yml"]) == BAD_INPUT
    out, err = capsys.readouterr()
    assert out == ""
    problems = err.splitlines()
    assert len(problems) == len(says)
    assert all(text in problem for text, problem in zip(says, problems, strict=True))


# classify


def test_classify_one(capsys: pytest.CaptureFixture[str]) -> None:
    title = "Crash with a segmentation fault when saving a file"
    assert run(["classify", "--title", title, "--body", "It crashes: see the traceback."]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("bug ")
    assert err == ""


def test_classify_one_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["classify", "--title", "How do I install this?", "--body", "", "--json"]) == 0
    (line,) = as_lines(capsys.readouterr().out)
    assert {"type", "abstained", "reason"} <= line.keys()
    assert line["type"]["label"] in TYPES
    assert line["type"]["probabilities"].keys() == TYPES
    assert line["type"]["probability"] == max(line["type"]["probabilities"].values())


def test_classify_a_file_skips_bad_lines_and_says_which(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lines = [
        '{"title": "It crashes", "body": "line\u2028separator and \\ud800"}',
        "not json",
        "",
        "[]",
        '{"title": 3}',
        '{"id": {"own": "\\ud800"}, "title": "Add a dark mode", "repo": "acme/widgets", "more": 1}',
        '{"title": null, "body": null}',
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    assert run(["classify", "--input", "in.jsonl", "--output", "out.jsonl"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split(":")[1].split()[-1] for line in err.splitlines()] == ["2", "4", "5", "7"]
    assert all(line.startswith("usher: in.jsonl line ") for line in err.splitlines())
    assert [line["id"] for line in as_lines((tmp_path / "out.jsonl").read_text())] == [1, {"own": "\ud800"}]
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", "out.jsonl"}


def test_classify_a_file_to_stdout(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"title": "one"}\n{"title": "two"}')
    assert run(["classify", "--input", "in.jsonl", "--output", "-"]) == 0
    assert [line["id"] for line in as_lines(capsys.readouterr().out)] == [1, 2]


def test_classify_an_empty_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("")
    assert run(["classify", "--input", "in.jsonl", "--output", "out.jsonl"]) == 0
    assert (tmp_path / "out.jsonl").read_text() == ""
    assert capsys.readouterr() == ("", "")


def test_classify_a_file_without_a_usable_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("no\nno\n")
    assert run(["classify", "--input", "in.jsonl", "--output", "out.jsonl"]) == FAILURE
    assert "no usable line" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("target", ["missing/out.jsonl", "in.jsonl/out.jsonl", "."])
def test_classify_to_where_nothing_can_be_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, target: str
) -> None:
    (tmp_path / "in.jsonl").write_text('{"title": "one"}\n')
    assert run(["classify", "--input", "in.jsonl", "--output", target]) == BAD_INPUT
    assert capsys.readouterr().err.startswith(f"usher: cannot write {target}: ")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_classify_to_a_device_leaves_it_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "in.jsonl").write_text('{"title": "one"}\n')
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert run(["classify", "--input", "in.jsonl", "--output", "pipe"]) == 0
    assert json.loads(os.read(reader, 65_536))["id"] == 1
    os.close(reader)
    assert pipe.is_fifo()
