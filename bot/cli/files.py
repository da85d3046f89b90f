"""Files that commands write."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

#: Names of what is open already. It may be a file to which the shell appends, which is not to be replaced.
_OPEN = re.compile(r"/dev/(?:(?P<stdout>stdout)|(?P<stderr>stderr)|fd/(?P<number>\d{1,9}))")


@contextmanager
def to_write(target: Path) -> Iterator[BinaryIO]:
    """Open what is to be written, until it is complete.

    A file gets its name only then. What was there before stays until then: where the disk is full, for good.
    What is open already, such as ``/dev/stdout``, is written to where it stands, and a device as it is.

    Raises:
        OSError: it cannot be written.
    """
    descriptor = _descriptor(target)
    if descriptor is not None:
        with os.fdopen(os.dup(descriptor), "wb") as out:
            yield out
    elif target.exists() and not target.is_file():
        with target.open("wb") as out:
            yield out
    else:
        with _replaced(target.resolve()) as out:  # so that a link stays one
            yield out


def _descriptor(target: Path) -> int | None:
    """The open descriptor that a path names; None where it names none."""
    found = _OPEN.fullmatch(str(target))
    if found is None:
        return None
    return 1 if found["stdout"] else 2 if found["stderr"] else int(found["number"])


@contextmanager
def _replaced(target: Path) -> Iterator[BinaryIO]:
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with draft.open("wb") as out:
            yield out
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)
    finally:
        with suppress(OSError):
            draft.unlink()
