"""The files of a trained classifier: how they are written and checked. No pickle, nothing executable.

manifest.json    name, version, recipe, thresholds, provenance, SHA-256 of every other file
vocabulary.txt   one feature a line; its line number is its row in the arrays below
idf.npy          float16 (features,): inverse document frequency
weights.npy      float16 (features + 1, types): coefficients of the regression; the last row is the bias
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FORMAT = 1
MANIFEST = "manifest.json"
VOCABULARY, IDF, WEIGHTS = "vocabulary.txt", "idf.npy", "weights.npy"
FILES = (VOCABULARY, IDF, WEIGHTS)


class ModelError(Exception):
    """The classifier's files are missing, altered or of another format. The message is one clear line."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A trained classifier as it lies on disk."""

    vocabulary: Sequence[str]
    idf: npt.NDArray[np.float16]
    weights: npt.NDArray[np.float16]
    manifest: Mapping[str, Any]


def save(directory: Path, artifact: Artifact) -> None:
    """Write the artifact into `directory`, whole or not at all: it is built beside it and then moved there.

    Files of `directory` that are not part of an artifact (a card, metrics) are removed: they described the old one.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        (building / VOCABULARY).write_text("\n".join(artifact.vocabulary), encoding="utf-8", newline="\n")
        np.save(building / IDF, artifact.idf, allow_pickle=False)
        np.save(building / WEIGHTS, artifact.weights, allow_pickle=False)
        manifest = {
            "format": FORMAT,
            **artifact.manifest,
            "sha256": {name: sha256(building / name) for name in FILES},
        }
        manifest["version"] = f"{manifest['name']}-{manifest['sha256'][WEIGHTS][:8]}"
        (building / MANIFEST).write_text(
            json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8"
        )
        building.chmod(0o755)
        _replace(directory, building)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def load(directory: Path) -> Artifact:
    """Read and check the artifact in `directory`. Raises ModelError where it is missing or altered."""
    try:
        manifest = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
        hashes = manifest["sha256"]
        if manifest["format"] != FORMAT:
            raise ModelError(
                f"{directory}: format {manifest['format']} is not the format {FORMAT} that is read here"
            )
        for name in FILES:
            if sha256(directory / name) != hashes[name]:
                raise ModelError(
                    f"{directory / name}: the file was altered: its SHA-256 is not that of the manifest"
                )
        vocabulary = (directory / VOCABULARY).read_text(encoding="utf-8").split("\n")
        idf = np.load(directory / IDF, allow_pickle=False)
        weights = np.load(directory / WEIGHTS, allow_pickle=False)
    except FileNotFoundError as error:
        raise ModelError(f"no classifier in {directory}: {Path(error.filename).name} is missing") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{directory}: the classifier cannot be read: {error}") from error
    if len(vocabulary) != len(idf) or len(weights) != len(idf) + 1:
        raise ModelError(f"{directory}: vocabulary, idf and weights differ in length")
    return Artifact(vocabulary=vocabulary, idf=idf, weights=weights, manifest=manifest)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _replace(directory: Path, building: Path) -> None:
    """Put `building` in the place of `directory`; the old one is gone only once the new one is there."""
    old = building.with_name(building.name + "-old")
    if directory.exists():
        directory.rename(old)
    building.rename(directory)
    shutil.rmtree(old, ignore_errors=True)
