"""The commands: what they print, and errors in one line with their exit code."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from model.__main__ import app
from model.artifact import CARD, METRICS
from model.predict import PRETRAINED


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


def test_train_on_a_missing_directory_writes_nothing(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="training needs scikit-learn")
    result = call("train", "--data", tmp_path / "nowhere", "--run", tmp_path / "run")
    assert result.exit_code == 2
    assert error_of(result) == f"error: {tmp_path / 'nowhere'} is not a directory; name the data with --data"
    assert not (tmp_path / "run").exists()


def test_train_without_its_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "model.regression", None)
    result = call("train")
    assert result.exit_code == 1
    assert error_of(result).endswith("training needs scikit-learn (pip install scikit-learn)")


def test_train_does_not_overwrite_something_else(data_directory: Path, tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="training needs scikit-learn")
    (tmp_path / "thesis.txt").write_text("precious")
    result = call("train", "--data", data_directory, "--run", tmp_path)
    assert result.exit_code == 2
    assert "holds other files" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_evaluate_before_training(data_directory: Path, tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="training needs scikit-learn")
    result = call("evaluate", "--data", data_directory, "--run", tmp_path)
    assert result.exit_code == 2
    assert "train first" in result.stderr.splitlines()[-1]


def test_evaluate_prints_the_scores(data_directory: Path, run: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(run, tmp_path / "copy"))
    result = call("evaluate", "--data", data_directory, "--run", copy)
    assert result.exit_code == 0
    assert result.stdout.startswith("NLBSE'24 test: average F1 ")


def test_export_publishes_and_card_writes_the_card_again(run: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    result = call("export", "--run", run, "--output", output)
    assert result.exit_code == 0
    assert result.stdout.startswith("tiny-")
    card = (output / CARD).read_text()
    (output / CARD).unlink()
    assert call("card", "--model", output).exit_code == 0
    assert (output / CARD).read_text() == card


def test_card_without_metrics(run: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(run, tmp_path / "copy"))
    (copy / METRICS).unlink()
    result = call("card", "--model", copy)
    assert result.exit_code == 2
    assert "metrics.json is missing" in error_of(result)
