"""One directory in the place of another, such that one of the two is found whole at every moment.

Two renames are needed, and between them nothing has the name. Whoever looks then finds the former directory
beside it, and so does whoever looks after a process was ended there.
"""

import os
import shutil
from pathlib import Path


def whole(directory: Path) -> Path:
    """Where what belongs into `directory` lies: there, or beside it where two renames were not finished."""
    aside = _aside(directory.resolve())
    return aside if aside.exists() and not directory.exists() else directory


def put(building: Path, directory: Path) -> None:
    """Give `building` the name of `directory`, in the same folder; what had it is removed after.

    Raises OSError where it cannot; the former directory is then in its place.
    """
    aside = _aside(directory)
    if not directory.exists() and aside.exists():
        aside.rename(directory)
    shutil.rmtree(aside, ignore_errors=True)
    for path in (*building.iterdir(), building):
        _sync(path)
    if directory.exists():
        directory.rename(aside)
    try:
        building.rename(directory)
    except OSError:
        if aside.exists() and not directory.exists():
            aside.rename(directory)
        raise
    _sync(directory.parent)
    shutil.rmtree(aside, ignore_errors=True)


def _aside(directory: Path) -> Path:
    return directory.with_name(f".{directory.name}-old")


def _sync(path: Path) -> None:
    """Have the system write a file, or the names in a directory, to the disk, before what comes next."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
