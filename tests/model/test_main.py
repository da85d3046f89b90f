"""The commands: what they print, and errors in one line with their exit code."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from model.__main__ import app
from model.__main__ import run as run_command
from model.predict import PRETRAINED, Classifier, as_json, in_words
from model.serving.artifact import CARD, METRICS
from tests.model.measured import write_artifact


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def error_of(result: Result) -> str:
    """The one line on stderr."""
    (line,) = result.stderr.strip().splitlines()
    return line


def test_predict_says_it_as_usher_classify_does(shipped: Classifier) -> None:
    title, body = "App crashes when saving", "it crashes with an error every time"
    said = shipped.classify(title, body, precision=0.8)
    asked = ["predict", "--title", title, "--body", body, "--precision", 0.8]
    assert call(*asked).stdout == in_words(said) + "\n"
    assert json.loads(call(*asked, "--json").stdout) == as_json(said)


def test_predict_may_be_told_the_repository(tmp_path: Path) -> None:
    model = write_artifact(tmp_path / "model")
    asked = ["predict", "--model", model, "--title", "It crashes", "--json"]
    labels = [
        json.loads(call(*asked, *repo).stdout)["type"]["label"] for repo in ((), ("--repo", "Octo/App"))
    ]
    assert labels == ["bug", "question"]


@pytest.mark.parametrize("repo", ["foo", "", "/foo", "foo/"])
def test_a_repository_has_an_owner(repo: str) -> None:
    result = call("predict", "--title", "x", "--repo", repo)
    assert result.exit_code == 2
    assert error_of(result).startswith(f"error: --repo: {repo!r} is no repository; expected owner/name")


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


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "nonsense"),
        (["predict"], "--title"),
        (["predict", "--title", "x", "--precision", "2"], "--precision"),
        (["train", "--nope"], "--nope"),
        (["predict", "--title", "x", "--model", "nowhere"], "no classifier in nowhere"),
    ],
)
def test_bad_usage_is_one_line_without_a_box(
    capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert run_command(arguments) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("error: ")
    assert says in err


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([]) == 2
    assert capsys.readouterr().err.startswith("Usage: python -m model")
    assert run_command(["--help"]) == 0


def test_training_that_is_stopped_says_that_it_can_go_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_: str) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr("model.training.config.find_config", stopped)
    assert run_command(["train"]) == 130
    assert capsys.readouterr().err == "stopped; start it again to go on where it was\n"


def test_of_several_processes_the_first_speaks_and_the_others_leave_it_the_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said_by_then: list[str] = []
    monkeypatch.setattr("model.__main__.time.sleep", lambda _: said_by_then.append(capsys.readouterr().err))
    monkeypatch.setenv("RANK", "1")
    assert run_command(["train", "--config", "nosuch"]) == 2
    assert said_by_then == [""]
    assert capsys.readouterr().err.startswith("error: no configuration nosuch")


def test_a_configuration_that_is_not_there() -> None:
    result = call("train", "--config", "nosuch")
    assert result.exit_code == 2
    assert error_of(result) == (
        "error: no configuration nosuch; there are cpu, gpu, teacher, or give a TOML file"
    )


@pytest.mark.parametrize(
    ("command", "given"), [("train", "nowhere"), ("compare", "nowhere"), ("compare", "x=nowhere")]
)
def test_an_encoder_that_is_not_there(command: str, given: str) -> None:
    result = call(command, "--encoder", given)
    assert result.exit_code == 2
    assert error_of(result) == f"error: --encoder {given}: no such directory"


@pytest.mark.parametrize("command", ["export", "evaluate"])
def test_without_a_run_nothing_is_read(command: str, tmp_path: Path) -> None:
    result = call(command, "--run", tmp_path, "--data", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert error_of(result) == f"error: {tmp_path} holds no run: fingerprint.json is missing; train first"


def test_train_without_its_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "model.training.config", None)
    result = call("train")
    assert result.exit_code == 1
    assert "make install-train" in error_of(result)


@pytest.mark.parametrize("command", ["train", "export", "evaluate", "compare"])
def test_a_missing_directory_of_data_is_one_line(command: str, run: Path, tmp_path: Path) -> None:
    if command == "train":
        pytest.importorskip("torch", reason="torch is only in the training environment")
    of_run = ["--run", run] if command in {"export", "evaluate"} else []
    result = call(command, "--data", tmp_path / "nowhere", *of_run)
    assert result.exit_code == 2
    assert "nowhere" in result.stderr.strip().splitlines()[-1]
    assert result.stderr.startswith("error: ")


@pytest.mark.parametrize(
    ("given", "expected"),
    [([], None), (["--encoder", "here"], Path("here")), (["--encoder", "some/name=here"], Path("here"))],
)
def test_compare_is_told_where_the_encoder_lies(
    given: list[str], expected: Path | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("here").mkdir()
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


@pytest.mark.parametrize(
    ("name", "value"), [("data", None), ("data", {}), ("unseen", 3), ("serving", {"n": []})]
)
def test_what_was_measured_by_halves_gets_no_card(run: Path, tmp_path: Path, name: str, value: Any) -> None:
    copy = Path(shutil.copytree(run, tmp_path / "copy"))
    metrics = json.loads((copy / "artifact" / METRICS).read_text())
    (copy / "artifact" / METRICS).write_text(json.dumps({**metrics, name: value}))
    before = (copy / "artifact" / CARD).read_text()
    for arguments in (
        ["publish", "--run", copy, "--output", tmp_path / "out"],
        ["card", "--model", copy / "artifact"],
    ):
        result = call(*arguments)
        assert result.exit_code == 2
        assert f"{METRICS} lacks or misstates" in error_of(result)
    assert not (tmp_path / "out").exists()
    assert (copy / "artifact" / CARD).read_text() == before
