"""The commands: what they print, and errors in one line with their exit code."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from model.__main__ import app
from model.predict import PRETRAINED
from model.serving.artifact import CARD, METRICS


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def error_of(result: Result) -> str:
    """The one line on stderr."""
    (line,) = result.stderr.strip().splitlines()
    return line


def test_predict_says_type_reason_shares_and_evidence() -> None:
    result = call(
        "predict", "--title", "App crashes when saving", "--body", "it crashes with an error every time"
    )
    assert result.exit_code == 0
    first, shares, evidence = result.stdout.splitlines()
    assert first.startswith(("bug: bug with probability", "no label: below the threshold"))
    assert shares.startswith("bug ")
    assert evidence.startswith('spoke for bug: "')


def test_predict_speaks_json() -> None:
    found = json.loads(call("predict", "--title", "Add dark mode", "--json").stdout)
    assert set(found) == {"label", "probability", "probabilities", "abstained", "reason", "evidence"}


def test_predict_without_a_classifier(tmp_path: Path) -> None:
    result = call("predict", "--title", "x", "--model", tmp_path)
    assert result.exit_code == 2
    assert error_of(result) == f"error: no classifier in {tmp_path}: manifest.json is missing"


def test_predict_with_an_altered_classifier(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(PRETRAINED, tmp_path / "copy"))
    (copy / "idf.npy").write_bytes(b"")
    result = call("predict", "--title", "x", "--model", copy)
    assert result.exit_code == 2
    assert "idf.npy was altered" in error_of(result)


def test_predict_wants_a_title() -> None:
    assert call("predict").exit_code == 2


def test_train_without_its_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "model.training.config", None)
    result = call("train")
    assert result.exit_code == 1
    assert "make install-train" in error_of(result)


def test_evaluate_before_training(data_directory: Path, tmp_path: Path) -> None:
    result = call("evaluate", "--data", data_directory, "--run", tmp_path)
    assert result.exit_code == 2
    assert "holds no run: fingerprint.json is missing; train first" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize("command", ["train", "export", "evaluate", "compare"])
def test_a_missing_directory_of_data_is_one_line(command: str, tmp_path: Path) -> None:
    if command == "train":
        pytest.importorskip("torch", reason="torch is only in the training environment")
    result = call(command, "--data", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr.strip().splitlines()[-1]
    assert result.stderr.startswith("error: ")


@pytest.mark.parametrize(
    ("given", "expected"),
    [([], None), (["--encoder", "here"], Path("here")), (["--encoder", "some/name=here"], Path("here"))],
)
def test_compare_is_told_where_the_encoder_lies(
    given: list[str], expected: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {}
    monkeypatch.setattr("model.compare.compare", lambda _, **options: told.update(options) or [])
    monkeypatch.setattr("model.compare.render", lambda _: "")
    assert call("compare", *given).exit_code == 0
    assert told["encoder"] == expected


def test_evaluate_writes_metrics_report_and_card(data_directory: Path, run: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(run, tmp_path / "copy"))
    (copy / "artifact" / METRICS).unlink()
    result = call("evaluate", "--data", data_directory, "--run", copy, "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["version"].startswith("tiny-")
    for name in (f"artifact/{METRICS}", f"artifact/{CARD}", "REPORT.md"):
        assert (copy / name).is_file(), name


def test_publish_puts_a_measured_run_in_place(run: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    result = call("publish", "--run", run, "--output", output, "--report", tmp_path / "report")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("tiny-")
    assert (tmp_path / "report" / "REPORT.md").is_file()
    card = (output / CARD).read_text()
    (output / CARD).unlink()
    assert call("card", "--model", output).exit_code == 0
    assert (output / CARD).read_text() == card


def test_publish_does_not_overwrite_something_else(run: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    result = call("publish", "--run", run, "--output", tmp_path)
    assert result.exit_code == 2
    assert "holds other files" in error_of(result)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_what_was_not_measured_is_not_published(run: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(run, tmp_path / "copy"))
    (copy / "artifact" / METRICS).unlink()
    result = call("publish", "--run", copy, "--output", tmp_path / "out")
    assert result.exit_code == 2
    assert "was not measured; evaluate first" in error_of(result)
    assert not (tmp_path / "out").exists()
