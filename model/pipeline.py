"""From data to card: the steps of a training run in their order. Each finds what the one before it left.

A run is a directory: `fingerprint.json`, which says of what; `sheet.md`, `linear/`, `network/`, `artifact/`
with the classifier, `REPORT.md`. Steps that are finished are not done again; a step that was interrupted goes
on or starts afresh.
"""

# ruff: noqa: PLC0415 -- measuring needs no torch, and the other processes of a torchrun need only the network

import os
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from model import layout
from model.card import render
from model.datasets.leaks import assert_no_leak
from model.datasets.samples import Samples, label_numbers, load_samples, unlabelled
from model.errors import ModelError
from model.predict import PRETRAINED, Classifier
from model.serving.artifact import CARD, MANIFEST, METRICS, load, read_json, save, size_bytes
from model.training.progress import busy

MAX_MB = 40.0  # of a classifier that is shipped: it lies in the repository and in every wheel


def train(config: Path, data: Path, run: Path, *, encoders: Mapping[str, Path], console: Console) -> None:
    """Do all steps; under torchrun, all processes train the network and the first does the rest.

    `encoders` says where an encoder lies that the configuration names. Raises DataError for what cannot be
    used, before anything is written, and ModelError for what fails.
    """
    from model.training.claim import claimed
    from model.training.config import load_config
    from model.training.encoder import check_encoders
    from model.training.material import Material
    from model.training.run import train_network

    settings = load_config(config)
    check_encoders(settings, encoders)
    first = os.environ.get("RANK", "0") == "0"
    said = console if first else Console(quiet=True)
    samples = read(data, said)
    assert_no_leak(samples)
    with busy(said, "the texts without labels"):
        material = Material.of(samples, list(unlabelled(data, samples)))
    material.check()
    if not first:
        train_network(settings, material, run / layout.NETWORK, said, encoders=encoders)
        return
    with claimed(run, settings, material):
        fit_linear(run, samples, said)
        train_network(settings, material, run / layout.NETWORK, said, encoders=encoders)
        export(run, samples, name=f"{settings.name}-{datetime.now(UTC):%Y.%m}", console=said)
        evaluate(run, samples, data, said)


def check_is_run(run: Path) -> None:
    """Raises DataError where no run was begun in `run`."""
    from model.training.claim import check_is_run as check

    check(run)


def read(data: Path, console: Console) -> Samples:
    """The samples of a directory, with a word on how many there are."""
    with busy(console, "reading and cleaning"):
        samples = load_samples(data)
    sizes = ", ".join(f"{len(samples.of(task, 'train')):,} {task}" for task in samples.tasks)
    console.print(
        f"{len(samples.rows):,} texts; to learn from: {sizes}; left out {sum(samples.dropped.values()):,}"
    )
    return samples


def fit_linear(run: Path, samples: Samples, console: Console) -> None:
    """Fit the linear member, and write the data sheet with the labels that it doubts."""
    if (run / layout.SHEET).exists() and (run / layout.HELD_OUT).exists():
        console.print(f"the linear classifier is there already, in {run / layout.LINEAR}")
        return
    import numpy as np

    from model.calibrate import to_probabilities
    from model.datasets.noise import suspects
    from model.datasets.sheet import render_sheet
    from model.fitting.regression import Recipe
    from model.train import train_linear

    learnt, familiar = (samples.of("issue_type", split) for split in ("train", "adaptation"))
    rows = (*learnt, *familiar)
    with busy(console, "fitting the linear classifier"):
        logits = train_linear(rows, run / layout.LINEAR, name="linear", recipe=Recipe(), say=console.print)
    np.save(run / layout.HELD_OUT, logits[len(learnt) :], allow_pickle=False)
    doubts = suspects(label_numbers(learnt), to_probabilities(logits[: len(learnt)], 1.0))
    draft = run / f".{layout.SHEET}"
    draft.write_text(render_sheet(samples, {"issue_type": doubts}), encoding="utf-8")
    draft.replace(run / layout.SHEET)


def export(run: Path, samples: Samples, *, name: str, console: Console) -> str:
    """Compress the network, put both members together, and write `artifact/`; returns its version.

    Raises DataError where the run learnt from other data.
    """
    from model.export import export as export_
    from model.training.claim import check_learnt_from

    check_learnt_from(run, samples)
    with busy(console, "compressing, putting together"):
        return export_(run, samples, name=name, say=console.print)


def evaluate(run: Path, samples: Samples, data: Path, console: Console) -> dict[str, object]:
    """Measure `artifact/`; write metrics, report and card. Raises DataError as `export` does."""
    from model.evaluate import evaluate as evaluate_
    from model.reporting.report import write_report
    from model.training.claim import check_learnt_from

    check_learnt_from(run, samples)
    with busy(console, "measuring"):
        metrics = evaluate_(run / layout.ARTIFACT, samples, duplicates=data, say=console.print)
    console.print(f"written: {write_report(metrics, run)}")
    console.print(f"written: {write_card(run / layout.ARTIFACT)}")
    return metrics


def write_card(artifact: Path) -> Path:
    """Write the card of a measured artifact. Raises ModelError where it is broken or was not measured."""
    Classifier.load(artifact)
    if not (artifact / METRICS).exists():
        raise ModelError(f"{artifact} was not measured; evaluate first")
    manifest, metrics = read_json(artifact, MANIFEST), read_json(artifact, METRICS)
    try:
        text = render(manifest, metrics)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"{artifact / METRICS} lacks or misstates {error}; evaluate again") from error
    (artifact / CARD).write_text(text, encoding="utf-8")
    return artifact / CARD


def publish(run: Path, output: Path = PRETRAINED) -> str:
    """Put the measured artifact of a run into `output`, whole or not at all; returns its version.

    Raises ModelError for an artifact that is broken, too large, or not the one that was measured.
    """
    source = run / layout.ARTIFACT
    artifact = load(source)
    card = write_card(source)
    metrics, version = read_json(source, METRICS), artifact.manifest["version"]
    if metrics.get("version") != version:
        raise ModelError(
            f"{source}: the metrics are of {metrics.get('version')}, not of {version}; evaluate again"
        )
    megabytes = size_bytes(source) / 1e6
    if megabytes > MAX_MB:
        raise ModelError(f"{source}: {megabytes:.1f} MB is more than the {MAX_MB} MB that are shipped")
    notes = {METRICS: (source / METRICS).read_text(encoding="utf-8"), CARD: card.read_text(encoding="utf-8")}
    return save(output, artifact, notes=notes)


def copy_report(run: Path, output: Path) -> None:
    """Copy the report and its pictures to `output`, a directory of the manual."""
    for path in (run / layout.REPORT, *sorted((run / layout.PICTURES).glob("*"))):
        target = output / path.relative_to(run)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
