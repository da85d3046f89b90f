"""Files that commands write."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def draft_of(target: Path) -> Iterator[Path]:
    """Yield where to write a file that gets its name once it is complete; a device is written to as it is.

    What was there before stays until then: where the disk is full, for good.

    Raises:
        OSError: it cannot be written.
    """
    if target.exists() and not target.is_file():
        yield target
        return
    target = target.resolve()  # so that a link stays one
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield draft
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)
    finally:
        with suppress(OSError):
            draft.unlink()
