"""From a training run to a classifier: the network compressed, both members put together, thresholds found.

Everything is found on the validation split with the files that will be served, so that what was calibrated is
what is used. Without a network in the run, the linear member becomes a classifier by itself.
"""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from model.artifact import Artifact, load, save
from model.ensemble import LINEAR, NETWORK
from model.errors import DataError
from model.linear_member import LinearMember
from model.onnx_network import OnnxNetwork
from model.samples import Sample, Samples
from model.stacking import stack
from model.tasks import TASKS
from model.tokens import Limits

ARTIFACT, COMPRESSION = "artifact", "compression.json"  # what is written into a run,
LINEAR_RUN, NETWORK_RUN = "linear", "network"  # and what training left there

Say = Callable[[str], None]


def export(run: Path, samples: Samples, *, name: str, say: Say) -> str:
    """Make a classifier of the members in `run`, write it into `run/artifact` and return its version.

    `samples` are those that the members were trained on. With a network it takes minutes on one CPU core,
    most of them to measure what each step of compression costs (`run/compression.json`).

    Raises ModelError where a member is missing or broken, DataError without issues to validate on.
    """
    member = load(run / LINEAR_RUN)
    if not samples.of("issue_type", "validation"):
        raise DataError("there are no issues to validate on, so weights and thresholds cannot be found")
    with tempfile.TemporaryDirectory(prefix=".compressed-", dir=run) as scratch:
        limits = _compress(run, Path(scratch), samples, say)
        network = OnnxNetwork(Path(scratch), limits) if limits else None
        heads, validation = _heads(member, network, samples, say)
        manifest = {
            **member.manifest,
            "name": name,
            "heads": heads,
            "validation": validation,
            "data": {"held_out": _held_out(samples)},
            **({"limits": asdict(limits)} if limits else {}),
        }
        network_files = Path(scratch) if network else None
        version = save(run / ARTIFACT, replace(member, manifest=manifest, network=network_files))
    say(f"{version} is in {run / ARTIFACT}")
    return version


def _compress(run: Path, target: Path, samples: Samples, say: Say) -> Limits | None:
    """Put the compressed network of `run` into `target`; what it reads of a text, None without one."""
    if not (run / NETWORK_RUN).is_dir():
        say("no network in the run: the linear member serves alone")
        return None
    from model.compression import compress  # noqa: PLC0415 -- torch, which only a network needs
    from model.training.network_files import load_network  # noqa: PLC0415

    network, tokens = load_network(run / NETWORK_RUN)
    report = compress(network, tokens, samples, target, say)
    (run / COMPRESSION).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return tokens.limits


def _heads(
    member: Artifact, network: OnnxNetwork | None, samples: Samples, say: Say
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The head of each task that can be decided, and what led to it, both as they are written down."""
    linear = LinearMember(member.vocabulary, member.idf, member.weights)
    heads, found = {}, {}
    for task, classes in TASKS.items():
        rows: Sequence[Sample] = samples.of(task, "validation")
        if task == "issue_type":
            rows = _shown(rows)
        texts, repos = [row.text for row in rows], [row.repo for row in rows]
        logits = {}
        if rows and task == "issue_type":
            logits[LINEAR] = linear.logits(linear.vectors(texts, repos))
        if rows and network and task in network.outputs:
            logits[NETWORK] = network.read(texts, task).astype(np.float64)
        if not logits:
            continue
        labels = np.array([row.label for row in rows], dtype=np.int64)
        correction = member.manifest["recipe"]["prior_correction"] if task == "issue_type" else 0.0
        stacked = stack(classes, logits, labels, repos, prior_correction=correction)
        heads[task], found[task] = stacked.head.to_json(), stacked.report
        scores = ", ".join(
            f"{part} {score['macro_f1']:.3f}" for part, score in stacked.report["members"].items()
        )
        say(f"{task}: macro F1 on validation: {scores}; served: {stacked.report['chosen']}")
    return heads, found


def _shown(rows: Sequence[Sample]) -> list[Sample]:
    """The rows, and those with title tags a second time without: most titles elsewhere have none."""
    bare = [replace(row, text=replace(row.text, tags=())) for row in rows if row.text.tags]
    return [*rows, *bare]


def _held_out(samples: Samples) -> list[str]:
    """The repositories whose issues nothing was learnt from."""
    kept = {row.repo for split in ("unseen", "validation") for row in samples.of("issue_type", split)}
    return sorted(kept)
