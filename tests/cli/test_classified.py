"""``usher classify`` with files: a line for each usable line, in order, and a word on each that is not."""

import json
import os
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from bot.cli import BAD_INPUT, FAILURE, run
from model.predict import Classifier

COMMAND = ["classify", "--input", "in.jsonl", "--output", "out.jsonl"]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def as_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_bad_lines_are_skipped_and_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = [
        '{"title": "It crashes", "body": "line\u2028separator and \\ud800"}',
        "not json",
        "",
        "[]",
        '{"title": 3}',
        '{"id": {"own": "\\ud800"}, "title": "Add a dark mode", "repo": "acme/widgets", "more": 1}',
        '{"title": null, "body": null}',
        "[" * 100_000,
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    assert run(COMMAND) == 0
    out, err = capsys.readouterr()
    assert out == ""
    *lines, summary = err.splitlines()
    assert [line.split(":")[1].split()[-1] for line in lines] == ["2", "4", "5", "7", "8"]
    assert all(line.startswith("usher: in.jsonl line ") for line in lines)
    assert all(line.endswith("; skipped") for line in lines)
    assert summary == "usher: in.jsonl: 2 written, 5 skipped"
    assert [line["id"] for line in as_lines((tmp_path / "out.jsonl").read_text())] == [1, {"own": "\ud800"}]
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", "out.jsonl"}


@pytest.mark.parametrize("threads", ["1", "3"])
def test_many_lines_come_out_in_order_and_as_each_alone(tmp_path: Path, threads: str) -> None:
    texts = [f"{'crash ' * (n % 7)}how do I use the widget {'please ' * (n % 5)}" for n in range(200)]
    lines = [json.dumps({"id": n, "title": text}) for n, text in enumerate(texts)]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    assert run([*COMMAND, "--threads", threads]) == 0
    found = as_lines((tmp_path / "out.jsonl").read_text())
    assert [line["id"] for line in found] == list(range(200))
    classifier = Classifier.load()
    for line, text in list(zip(found, texts, strict=True))[::50]:
        alone = classifier.classify(text, "")
        assert line["type"]["probability"] == round(alone.probability, 4)
        assert line["reason"] == alone.reason


def test_other_heads_are_said_of_each_line(tmp_path: Path) -> None:
    if not Classifier.load().has_network:
        pytest.skip("the shipped classifier has no network")
    (tmp_path / "in.jsonl").write_text('{"title": "Thank you", "body": "nice work"}\n{"body": "you idiot"}')
    assert run([*COMMAND, "--head", "tone"]) == 0
    found = as_lines((tmp_path / "out.jsonl").read_text())
    assert [line["tone"]["label"] for line in found] == ["civil", "uncivil"]
    assert "pr_type" not in found[0]


def test_to_stdout(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"title": "one"}\n{"title": "two"}')
    assert run(["classify", "--input", "in.jsonl", "--output", "-"]) == 0
    assert [line["id"] for line in as_lines(capsys.readouterr().out)] == [1, 2]


def test_from_stdin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    given = TextIOWrapper(BytesIO('{"title": "one"}\nno\n{"title": "three ✓"}'.encode()))
    monkeypatch.setattr("sys.stdin", given)
    assert run(["classify", "--input", "-", "--output", "-"]) == 0
    out, err = capsys.readouterr()
    assert [line["id"] for line in as_lines(out)] == [1, 3]
    assert err.splitlines() == [
        "usher: stdin line 2: not JSON; skipped",
        "usher: stdin: 2 written, 1 skipped",
    ]


@pytest.mark.parametrize("how", ["itself", "symlink", "hard link"])
def test_a_file_is_not_written_over_itself(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, how: str
) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "same.jsonl"
    source.write_text('{"title": "one"}\n')
    if how == "symlink":
        target.symlink_to(source)
    elif how == "hard link":
        target.hardlink_to(source)
    else:
        target = source
    assert run(["classify", "--input", "in.jsonl", "--output", target.name]) == BAD_INPUT
    assert capsys.readouterr().err == (
        f"usher: --input in.jsonl and --output {target.name} are the same file; name another --output\n"
    )
    assert source.read_text() == '{"title": "one"}\n'


def test_the_precision_asked_for_counts_for_each_line(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"title": "It crashes when it starts"}\n')
    thresholds = []
    for precision in ("0.7", "0.95"):
        assert run([*COMMAND, "--precision", precision]) == 0
        (line,) = as_lines((tmp_path / "out.jsonl").read_text())
        thresholds.append(line["type"]["threshold"])
    found = Classifier.load()
    assert thresholds == [round(found.thresholds(precision)["bug"], 4) for precision in (0.7, 0.95)]


def test_an_empty_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("")
    assert run(COMMAND) == 0
    assert (tmp_path / "out.jsonl").read_text() == ""
    assert capsys.readouterr() == ("", "")


def test_a_file_without_a_usable_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("no\nno\n")
    assert run(COMMAND) == FAILURE
    assert "no usable line" in capsys.readouterr().err.splitlines()[-1]


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(COMMAND) == BAD_INPUT
    assert capsys.readouterr().err.startswith("usher: cannot read in.jsonl: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", ["missing/out.jsonl", "in.jsonl/out.jsonl", "."])
def test_to_where_nothing_can_be_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, target: str
) -> None:
    (tmp_path / "in.jsonl").write_text('{"title": "one"}\n')
    assert run(["classify", "--input", "in.jsonl", "--output", target]) == BAD_INPUT
    assert capsys.readouterr().err.startswith(f"usher: cannot write {target}: ")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_to_a_device_which_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "in.jsonl").write_text('{"title": "one"}\n')
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert run(["classify", "--input", "in.jsonl", "--output", "pipe"]) == 0
    assert json.loads(os.read(reader, 65_536))["id"] == 1
    os.close(reader)
    assert pipe.is_fifo()
