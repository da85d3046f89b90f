import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

from rich.console import Console

from model.errors import DataError, ModelError, TrainingError
from model.serving.tokens import Limits, Tokens
from model.text import clean
from model.training.material import balance
from model.training.multitask import predict
from model.training.network_files import load_network
from model.training.run import _texts, train_network
from tests.training.tiny import config, material, samples, write_encoder

QUIET = Console(quiet=True)
CPU = torch.device("cpu")
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


def test_issues_to_adapt_to_are_looked_at_and_not_learnt_from(encoder: Path, tmp_path: Path) -> None:
    once = config(encoder, tasks={"epochs": 1, "batch": 8, "checks": 1})
    issues = samples("issue_type", "adaptation", 3)
    for name, adaptation in (("plain", ()), ("adapting", issues)):
        train_network(once, replace(material(4), adaptation=adaptation), tmp_path / name, QUIET)
    found = scores(tmp_path / "adapting")
    assert 0 <= found.pop("issue_type, familiar") <= 1
    assert found.keys() == scores(tmp_path / "plain").keys()
    plain, adapting = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("plain", "adapting"))
    assert plain == adapting


def test_what_is_adapted_to_is_learnt_last_and_judged_by_networks_that_did_not_see_it(
    encoder: Path, tmp_path: Path
) -> None:
    # Repositories where words mean another type than everywhere else.
    issues = samples("issue_type", "adaptation", 12)
    odd = [replace(sample, label=(sample.label + 1) % 4) for sample in issues]
    learning = {"epochs": 12, "batch": 8, "learning_rate": 5e-3}
    wanted = config(encoder, tasks={**learning, "checks": 2}, adapt=learning)
    train_network(wanted, replace(material(2), adaptation=odd), tmp_path / "run", QUIET)
    phases = json.loads((tmp_path / "run" / "run.json").read_text())["phases"]
    assert set(phases) == {"pretrain", "tasks", "adapt-0", "adapt-1", "adapt"}
    assert phases["adapt-0"]["steps"] < phases["adapt"]["steps"]
    labels = [sample.label for sample in odd]
    held_out = np.load(tmp_path / "run" / "held-out.npy")
    assert (held_out.argmax(axis=1) == labels).mean() > 0.8
    network, tokens = load_network(tmp_path / "run")
    encoded = tokens.encode([sample.text for sample in odd])
    said = predict(network, tokens, encoded, ["issue_type"], CPU)["issue_type"]
    assert (said.argmax(axis=1) == labels).mean() > 0.8
    assert not np.allclose(said, held_out, atol=0.1)


def test_an_interrupted_adaptation_ends_like_one_that_was_not(
    encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = config(encoder, adapt={"epochs": 2, "batch": 8})
    learnt = replace(material(4), adaptation=samples("issue_type", "adaptation", 4))
    train_network(wanted, learnt, tmp_path / "whole", QUIET)

    from model.training import run

    real = run._Training._adapt_to

    def interrupted(self, name, *given):
        if name == "adapt":
            raise KeyboardInterrupt
        return real(self, name, *given)

    monkeypatch.setattr(run._Training, "_adapt_to", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train_network(wanted, learnt, tmp_path / "broken", QUIET)
    monkeypatch.setattr(run._Training, "_adapt_to", real)
    train_network(wanted, learnt, tmp_path / "broken", QUIET)
    for name in ("model.safetensors", "held-out.npy"):
        whole, broken = ((tmp_path / run_ / name).read_bytes() for run_ in ("whole", "broken"))
        assert whole == broken


def test_frequent_chinese_words_are_learnt(encoder: Path, tmp_path: Path) -> None:
    wanted = config(encoder, words=3, tasks={"epochs": 1, "batch": 8})
    texts = replace(material(4), unlabelled=[clean("如何", "如何使用"), clean("如何", "安装")])
    network, tokens = load_network(train_network(wanted, texts, tmp_path / "run", QUIET))
    assert tokens.tokenizer.encode("如何", add_special_tokens=False).tokens == ["如何"]
    assert tokens.tokenizer.token_to_id("安装") is None
    assert network.encoder.get_input_embeddings().num_embeddings == tokens.tokenizer.get_vocab_size()


def test_texts_are_balanced_over_languages(encoder: Path) -> None:
    tokens = Tokens.load(encoder / "tokenizer.json", Limits())
    english = samples("issue_type", "train", 60)
    chinese = [replace(sample, language="zh") for sample in samples("issue_type", "train", 60)[:-30]]
    found = _texts(tokens, [*english, *chinese])
    languages = [sample.language for sample in (*english, *chinese)]
    assert found.weights.tolist() == balance(found.labels, languages).tolist()
    assert len(set(found.weights.tolist())) > 1


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


def test_what_is_only_read_from_a_file_leaves_the_rest_as_it_starts(
    encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train_network(config(encoder), material(4), tmp_path / "whole", QUIET)

    from model.training import run

    def interrupted(*given):
        raise KeyboardInterrupt

    for begun, left in (("_pretrain", "reference.npy"), ("_learn_tasks", "pretrain.safetensors")):
        with monkeypatch.context() as patch:
            patch.setattr(run._Training, begun, interrupted)
            with pytest.raises(KeyboardInterrupt):
                train_network(config(encoder), material(4), tmp_path / "broken", QUIET)
        assert (tmp_path / "broken" / left).exists()
    train_network(config(encoder), material(4), tmp_path / "broken", QUIET)
    whole, broken = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("whole", "broken"))
    assert whole == broken


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
