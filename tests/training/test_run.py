import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

from rich.console import Console

from model.errors import DataError, ModelError, TrainingError
from model.training.network_files import load_network
from model.training.run import train_network
from tests.training.tiny import config, material, samples, write_encoder

QUIET = Console(quiet=True)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def encoder(tmp_path):
    return write_encoder(tmp_path / "encoder")


def scores(directory: Path) -> dict[str, float]:
    lines = [json.loads(line) for line in (directory / "run.jsonl").read_text().splitlines()]
    return [line for line in lines if line["event"] == "validation"][-1]


def test_a_run_learns_every_task_and_leaves_a_network_that_can_be_loaded(
    encoder: Path, tmp_path: Path
) -> None:
    train_network(
        config(encoder, tasks={"epochs": 12, "batch": 8, "learning_rate": 5e-3, "checks": 2}),
        material(),
        tmp_path / "run",
        QUIET,
    )
    found = scores(tmp_path / "run")
    assert min(found[name] for name in ("issue_type", "issue_type, no tags", "pr_type", "tone")) > 0.8
    network, tokens = load_network(tmp_path / "run")
    assert set(network.heads) == {"issue_type", "pr_type", "tone"}
    assert tokens.limits.title == 12
    summary = json.loads((tmp_path / "run" / "run.json").read_text())
    assert summary["hardware"].startswith("CPU")
    assert set(summary["phases"]) == {"pretrain", "tasks"}
    assert summary["phases"]["tasks"]["tokens_per_second"] > 0


def test_the_same_seed_gives_the_same_weights_and_another_does_not(encoder: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        train_network(config(encoder, seed=seed), material(4), tmp_path / name, QUIET)
    a, b, c = ((tmp_path / name / "model.safetensors").read_bytes() for name in "abc")
    assert a == b
    assert a != c


def test_an_interrupted_run_goes_on_and_ends_like_one_that_was_not(
    encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = config(encoder, checkpoint_minutes=1e-9)
    train_network(wanted, material(4), tmp_path / "whole", QUIET)

    from model.training import multitask

    calls, real = [], multitask.Lesson.loss

    def interrupted(self, module, step):
        calls.append(step)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return real(self, module, step)

    monkeypatch.setattr(multitask.Lesson, "loss", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train_network(wanted, material(4), tmp_path / "broken", QUIET)
    assert not (tmp_path / "broken" / "model.safetensors").exists()
    monkeypatch.setattr(multitask.Lesson, "loss", real)
    train_network(wanted, material(4), tmp_path / "broken", QUIET)
    whole, broken = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("whole", "broken"))
    assert whole == broken


def test_a_directory_of_another_run_is_refused(encoder: Path, tmp_path: Path) -> None:
    train_network(config(encoder), material(4), tmp_path / "run", QUIET)
    for wanted, learnt_from in ((config(encoder, seed=9), material(4)), (config(encoder), material(5))):
        with pytest.raises(DataError, match="belongs to a run with another configuration or other data"):
            train_network(wanted, learnt_from, tmp_path / "run", QUIET)


def test_a_student_learns_from_a_teacher(encoder: Path, tmp_path: Path) -> None:
    train_network(config(encoder), material(4), tmp_path / "teacher", QUIET)
    small = write_encoder(tmp_path / "small", layers=1)
    taught = config(
        small, tasks={"epochs": 1, "batch": 8, "teacher": str(tmp_path / "teacher"), "distil": 1.0}
    )
    train_network(taught, material(4), tmp_path / "student", QUIET)
    assert load_network(tmp_path / "student")[0].encoder.config.num_hidden_layers == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"train": {}}, "no issues to train on"),
        ({"train": {"issue_type": samples("issue_type", "train", 3)[::4]}}, "all 3 texts are of one class"),
        ({"validation": {}}, "no texts to validate on"),
    ],
)
def test_what_cannot_be_learnt_is_said_before_anything_is_written(
    encoder: Path, tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(DataError, match=said):
        train_network(config(encoder), replace(material(4), **changed), tmp_path / "run", QUIET)
    assert not (tmp_path / "run").exists()


def test_a_diverging_run_leaves_no_network(encoder: Path, tmp_path: Path) -> None:
    wild = config(encoder, tasks={"epochs": 2, "batch": 8, "learning_rate": 1e30})
    with pytest.raises(TrainingError, match=r"tasks: the loss is (nan|inf)"):
        train_network(wild, material(4), tmp_path / "run", QUIET)
    assert not (tmp_path / "run" / "model.safetensors").exists()


def test_a_directory_without_a_network_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no trained network in"):
        load_network(tmp_path)


def test_two_processes_train_one_network_together(encoder: Path, tmp_path: Path) -> None:
    """What `torchrun --nproc-per-node 2` does, over gloo on loopback."""
    script = tmp_path / "train.py"
    script.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from rich.console import Console\n"
        "from tests.training.tiny import config, material\n"
        "from model.training.run import train_network\n"
        "train_network(config(Path(sys.argv[1])), material(6), Path(sys.argv[2]), Console(quiet=True))\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    done = subprocess.run(
        [*command, str(script), str(encoder), str(tmp_path / "run")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    network, _ = load_network(tmp_path / "run")
    assert all(torch.isfinite(parameter).all() for parameter in network.parameters())
    started = json.loads((tmp_path / "run" / "run.jsonl").read_text().splitlines()[0])
    assert started["hardware"].startswith("2 x CPU")
    alone = train_network(config(encoder), material(6), tmp_path / "alone", QUIET)
    steps = [
        [json.loads(line) for line in (path / "run.jsonl").read_text().splitlines()][-1]["steps"]
        for path in (tmp_path / "run", alone)
    ]
    assert steps[0] == steps[1] // 2
