"""From data to card in one command, on invented data and a tiny encoder."""

import json
import shutil
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

from typer.testing import CliRunner, Result

from model.__main__ import app
from model.predict import Classifier, Item
from tests.model.examples import write_data
from tests.model.many_tasks import write_all
from tests.training.tiny import write_encoder

CONFIG = """
name = "tiny"
device = "cpu"
precision = "fp32"
threads = 1
[encoder]
source = "somebody/tiny-encoder"
sha256 = "{sha256}"
[tokens]
title = 12
body = 16
extras = 6
[pretrain]
epochs = 1
batch = 16
[tasks]
epochs = 2
batch = 16
learning_rate = 3e-3
checks = 2
"""


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A directory with data, an encoder, a configuration and the run of it."""
    import hashlib

    place = tmp_path_factory.mktemp("made")
    write_all(place / "data")
    encoder = write_encoder(place / "encoder")
    sha256 = hashlib.sha256((encoder / "model.safetensors").read_bytes()).hexdigest()
    (place / "tiny.toml").write_text(CONFIG.format(sha256=sha256), encoding="utf-8")
    done = train(place)
    assert done.exit_code == 0, done.stderr[-3000:]
    return place


def train(place: Path, run: str = "run") -> Result:
    return call(
        *("train", "--config", place / "tiny.toml", "--data", place / "data"),
        *("--run", place / run, "--encoder", place / "encoder"),
    )


def test_one_command_leaves_sheet_members_artifact_report_and_card(made):
    for name in ("sheet.md", "linear/manifest.json", "linear-held-out.npy"):
        assert (made / "run" / name).is_file(), name
    for name in ("network/model.safetensors", "network/run.json"):
        assert (made / "run" / name).is_file(), name
    for name in ("artifact/manifest.json", "artifact/network.onnx", "artifact/CARD.md", "REPORT.md"):
        assert (made / "run" / name).is_file(), name
    assert (
        "trained on a CPU" in (made / "run/artifact/CARD.md").read_text()
        or "CPU" in (made / "run/artifact/CARD.md").read_text()
    )


def test_the_artifact_serves_every_head(made):
    found = Classifier.load(made / "run" / "artifact")
    assert found.has_network
    assert set(found.heads) == {"issue_type", "pr_type", "tone"}
    assert len(found.classify_many([Item("The editor crashes", "on start"), Item("Add an option", "")])) == 2


def test_what_is_finished_is_not_done_again(made):
    before = {path: path.stat().st_mtime_ns for path in (made / "run").glob("*/model.safetensors")}
    again = train(made)
    assert again.exit_code == 0
    assert "the linear classifier is there already" in " ".join(again.stderr.split())
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_a_directory_of_another_run_is_refused_before_anything_is_learnt(made, tmp_path):
    copy = shutil.copytree(made / "run" / "linear", tmp_path / "run" / "linear").parent
    done = train(made, copy)
    assert done.exit_code == 2
    assert "holds files of something else; name another --run" in done.stderr
    assert [path.name for path in copy.iterdir()] == ["linear"]


@pytest.mark.parametrize("command", ["export", "evaluate"])
def test_a_run_is_neither_put_together_nor_measured_with_other_data(made, tmp_path, command):
    write_data(tmp_path / "issue_type")
    done = call(command, "--run", made / "run", "--data", tmp_path)
    assert done.exit_code == 2
    assert "was trained on other data" in done.stderr.strip().splitlines()[-1]


def test_publish_puts_it_in_place_with_its_report(made, tmp_path):
    done = call(
        "publish", "--run", made / "run", "--output", tmp_path / "out", "--report", tmp_path / "report"
    )
    assert done.exit_code == 0, done.stderr
    assert Classifier.load(tmp_path / "out").version in done.stdout
    assert (tmp_path / "report" / "REPORT.md").is_file()


def test_an_artifact_that_was_not_the_one_measured_is_not_published(made, tmp_path):
    copy = shutil.copytree(made / "run", tmp_path / "run")
    metrics = json.loads((copy / "artifact/metrics.json").read_text())
    (copy / "artifact/metrics.json").write_text(json.dumps({**metrics, "version": "another-1"}))
    done = call("publish", "--run", copy, "--output", tmp_path / "out")
    assert done.exit_code == 2
    assert "the metrics are of another-1" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--data": "nowhere"}, "is not a directory; name the data with --data"),
        ({"--config": "nowhere.toml"}, "no configuration nowhere.toml; there are cpu"),
        ({"--encoder": "nowhere"}, "--encoder nowhere: no such directory"),
    ],
)
def test_a_wrong_path_is_one_line_and_nothing_is_written(made, tmp_path, changed, said):
    given = {
        "--config": made / "tiny.toml",
        "--data": made / "data",
        "--encoder": made / "encoder",
        "--run": tmp_path / "run",
        **changed,
    }
    done = call("train", *(part for pair in given.items() for part in pair))
    assert done.exit_code == 2
    assert said in done.stderr.strip().splitlines()[-1]
    assert not (tmp_path / "run").exists()


def test_an_encoder_with_another_hash_is_refused_before_anything_is_written(made, tmp_path):
    other = write_encoder(tmp_path / "encoder", layers=1)
    done = call(
        *("train", "--config", made / "tiny.toml", "--data", made / "data"),
        *("--run", tmp_path / "run", "--encoder", other),
    )
    assert done.exit_code == 2
    assert "is another file than the one asked for" in done.stderr
    assert not (tmp_path / "run").exists()
