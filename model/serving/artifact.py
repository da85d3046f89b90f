"""The files of a trained classifier: how they are written and checked. No pickle, nothing executable.

manifest.json    name, heads, recipe, provenance, the SHA-256 of every other file that serves, and the
                 version, a digest of all that a prediction depends on
vocabulary.txt   one feature of the linear member a line; its line number is its row in the arrays below
idf.npy          float16 (features,): inverse document frequency
weights.npy      float16 (features + 1, types): coefficients of the regression; the last row is the bias
network.onnx     the network, if there is one, and
tokenizer.json   what turns a text into the numbers it reads
metrics.json     what was measured, and CARD.md, the same for people; not needed for serving
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from model.errors import ModelError
from model.serving.exchange import put, whole

FORMAT = 3
MANIFEST, METRICS, CARD = "manifest.json", "metrics.json", "CARD.md"
VOCABULARY, IDF, WEIGHTS = "vocabulary.txt", "idf.npy", "weights.npy"
NETWORK, TOKENIZER = "network.onnx", "tokenizer.json"
LINEAR_FILES, NETWORK_FILES = (VOCABULARY, IDF, WEIGHTS), (NETWORK, TOKENIZER)
_DECIDING = ("heads", "limits", "common", "familiar")  # the parts of the manifest that predictions depend on
_AGAIN = "install Usher again, or publish the run again that it came from"


@dataclass(frozen=True, slots=True)
class Artifact:
    """A trained classifier: what its files hold."""

    vocabulary: Sequence[str]
    idf: npt.NDArray[np.float16]  # (features,)
    weights: npt.NDArray[np.float16]  # (features + 1, types)
    manifest: Mapping[str, Any]
    network: Mapping[str, bytes] | None = None  # network.onnx and tokenizer.json, where there is a network


def save(directory: Path, artifact: Artifact, notes: Mapping[str, str] = MappingProxyType({})) -> str:
    """Write the artifact into `directory`, whole or not at all, and return its version.

    It is built beside `directory` and then takes its place, or that of what it links to; `notes` are texts to
    go with it, by file name. Raises ModelError where `directory` holds something else, which would be lost.
    """
    directory = directory.resolve()
    _check_replaceable(whole(directory))
    directory.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        (building / VOCABULARY).write_text("\n".join(artifact.vocabulary), encoding="utf-8", newline="\n")
        np.save(building / IDF, artifact.idf, allow_pickle=False)
        np.save(building / WEIGHTS, artifact.weights, allow_pickle=False)
        for name, content in (artifact.network or {}).items():
            (building / name).write_bytes(content)
        hashes = {path.name: _sha256(path.read_bytes()) for path in sorted(building.iterdir())}
        version = version_of(artifact.manifest, hashes)
        manifest = {**artifact.manifest, "format": FORMAT, "version": version, "sha256": hashes}
        texts = {**notes, MANIFEST: json.dumps(manifest, indent=2, sort_keys=True) + "\n"}
        for name, text in texts.items():
            (building / name).write_text(text, encoding="utf-8", newline="\n")
        building.chmod(0o755)
        put(building, directory)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return version


def load(directory: Path) -> Artifact:
    """Read and check the artifact in `directory`, every file of it.

    Raises ModelError where it is missing, altered or of another format.
    """
    try:
        return _load(whole(directory))
    except ModelError:
        return _load(whole(directory))  # once more, for another may have taken its place while it was read


def network_files(directory: Path) -> dict[str, bytes]:
    """The content of the files of a network, by name. Raises OSError where one cannot be read."""
    return {name: (directory / name).read_bytes() for name in NETWORK_FILES}


def version_of(manifest: Mapping[str, Any], hashes: Mapping[str, str]) -> str:
    """The name, and eight digits that stand for all that a prediction depends on, of files and manifest."""
    content = json.dumps([hashes, *(manifest.get(part) for part in _DECIDING)], sort_keys=True)
    return f"{manifest['name']}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"


def size_bytes(directory: Path) -> int:
    """What the files take that serve, the manifest among them."""
    names = [MANIFEST, *read_json(directory, MANIFEST)["sha256"]]
    return sum((directory / name).stat().st_size for name in names)


def read_json(directory: Path, name: str) -> dict[str, Any]:
    """A JSON object of an artifact. Raises ModelError where the file is missing or something else."""
    try:
        found = json.loads((directory / name).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"no classifier in {directory}: {name} is missing") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{directory / name} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise ModelError(f"{directory / name} holds no JSON object")
    return found


def _load(directory: Path) -> Artifact:
    manifest = read_json(directory, MANIFEST)
    try:
        if manifest["format"] != FORMAT:
            raise ModelError(
                f"{directory}: format {manifest['format']}, but only format {FORMAT} is read here; "
                "train again, or take the release that goes with it"
            )
        if manifest["version"] != version_of(manifest, manifest["sha256"]):
            raise ModelError(
                f"{directory / MANIFEST} was altered: its version is not that of what it says; {_AGAIN}"
            )
        network = any(name in manifest["sha256"] for name in NETWORK_FILES)
        names = LINEAR_FILES + (NETWORK_FILES if network else ())
        # Each file is read once: what is checked is what is used.
        files = {name: _checked(directory / name, manifest["sha256"][name]) for name in names}
        artifact = Artifact(
            vocabulary=files[VOCABULARY].decode("utf-8").split("\n"),
            idf=_array(files[IDF]),
            weights=_array(files[WEIGHTS]),
            manifest=manifest,
            network={name: files[name] for name in NETWORK_FILES} if network else None,
        )
    except (OSError, ValueError, KeyError, TypeError, MemoryError, RecursionError) as error:
        raise ModelError(f"{directory}: the classifier cannot be read: {error}; {_AGAIN}") from error
    _check_arrays(directory, artifact)
    return artifact


def _check_replaceable(directory: Path) -> None:
    """Raises ModelError where `directory` holds anything that is not of a classifier."""
    if not directory.exists() or (directory.is_dir() and not any(directory.iterdir())):
        return
    ours = {MANIFEST, METRICS, f".{METRICS}", CARD, *LINEAR_FILES, *NETWORK_FILES}
    others = sorted(path.name for path in directory.iterdir() if path.name not in ours or not path.is_file())
    try:
        manifest = read_json(directory, MANIFEST)
    except ModelError:
        manifest = {}
    if others or not {"format", "sha256"} <= manifest.keys():
        raise ModelError(
            f"{directory} holds other files{f', such as {others[0]}' if others else ''}; "
            "name an empty directory or one of a classifier"
        )


def _check_arrays(directory: Path, artifact: Artifact) -> None:
    count, idf, weights = len(artifact.vocabulary), artifact.idf, artifact.weights
    if idf.shape != (count,) or weights.ndim != 2 or len(weights) != count + 1:
        raise ModelError(f"{directory}: vocabulary, idf and weights differ in length")
    if any(array.dtype.kind != "f" or not np.isfinite(array).all() for array in (idf, weights)):
        raise ModelError(f"{directory}: idf or weights hold something else than finite numbers; {_AGAIN}")


def _array(content: bytes) -> npt.NDArray[np.float16]:
    try:
        array: npt.NDArray[np.float16] = np.load(BytesIO(content), allow_pickle=False)
    except Exception as error:  # the header is Python, and what its parser raises comes through
        raise ValueError(str(error).partition("\n")[0]) from error
    return array


def _checked(path: Path, expected: str) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ModelError(f"no classifier in {path.parent}: {path.name} is missing") from error
    if _sha256(content) != expected:
        raise ModelError(f"{path} was altered: its SHA-256 is not the one in {MANIFEST}; {_AGAIN}")
    return content


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
