"""Publishing a measured training run: its files, metrics and card become the classifier that is shipped."""

import json
from pathlib import Path

from model.artifact import CARD, METRICS, load, read_json, save
from model.card import render
from model.errors import ModelError

MAX_MB = 12.0


def export(run: Path, output: Path) -> str:
    """Copy the checked artifact of `run` to `output` with its metrics and a fresh card; return its version.

    Whole or not at all. Raises ModelError for an artifact that is broken, too large, or not the one measured.
    """
    artifact = load(run)
    if not (run / METRICS).exists():
        raise ModelError(f"{run} was not measured; evaluate first")
    metrics, version = read_json(run, METRICS), artifact.manifest["version"]
    if metrics.get("version") != version:
        raise ModelError(
            f"{run}: the metrics are of {metrics.get('version')}, not of {version}; evaluate again"
        )
    megabytes = metrics["serving"]["files_mb"]
    if megabytes > MAX_MB:
        raise ModelError(f"{run}: {megabytes} MB is more than the {MAX_MB} MB that are shipped")
    card = render(artifact.manifest, metrics)
    return save(output, artifact, notes={METRICS: json.dumps(metrics, indent=2) + "\n", CARD: card})
