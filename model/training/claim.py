"""Whose directory a run is: of one configuration and one set of texts, with one trainer at a time."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from model.datasets.samples import Samples
from model.errors import DataError
from model.layout import FINGERPRINT
from model.training.config import TrainingConfig
from model.training.material import Material

_LOCK = ".lock"
_OF_THE_MACHINE = {"threads", "checkpoint_minutes", "device"}  # settings that may change when a run goes on


@contextmanager
def claimed(directory: Path, config: TrainingConfig, material: Material) -> Iterator[None]:
    """Hold `directory` while a run trains in it; of several processes of one run, the first holds it for all.

    Raises DataError where another run trains in it now, or has left its files there.
    """
    own = {
        "config": config.model_dump(mode="json", exclude=_OF_THE_MACHINE),
        "data": material.fingerprint(),
    }
    _check(directory, own)
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / _LOCK).open("a+", encoding="utf-8") as handle:
        _lock(handle, directory)
        _check(directory, own)  # again, for somebody may have been quicker
        draft = directory / f".{FINGERPRINT}"
        draft.write_text(json.dumps(own, indent=2) + "\n", encoding="utf-8")
        draft.replace(directory / FINGERPRINT)
        yield


def check_is_run(directory: Path) -> None:
    """Raises DataError where no run was begun in `directory`."""
    _read(directory)


def check_learnt_from(directory: Path, samples: Samples) -> None:
    """Raises DataError where the run in `directory` learnt from other texts than those of `samples`."""
    data = _read(directory).get("data")
    learnt = data.get("labelled") if isinstance(data, dict) else None
    if learnt != Material.of(samples, ()).fingerprint()["labelled"]:
        raise DataError(f"{directory} was trained on other data; name that with --data, or train again")


def _check(directory: Path, own: dict[str, Any]) -> None:
    if (directory / FINGERPRINT).exists():
        if _read(directory) != own:
            raise DataError(
                f"{directory} belongs to a run with another configuration or other data; name another --run"
            )
    elif directory.exists() and any(not path.name.startswith(".") for path in directory.iterdir()):
        raise DataError(f"{directory} holds files of something else; name another --run")


def _lock(handle: IO[str], directory: Path) -> None:
    """The lock is given back when `handle` is closed, or its process is gone, however it ended."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.seek(0)
        other = handle.read().strip() or "unknown"
        raise DataError(
            f"another process ({other}) is training in {directory}; wait for it, or name another --run"
        ) from error
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()


def _read(directory: Path) -> dict[str, Any]:
    path = directory / FINGERPRINT
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError(f"{directory} holds no run: {FINGERPRINT} is missing; train first") from error
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise DataError(f"{path} holds no JSON object")
    return found
