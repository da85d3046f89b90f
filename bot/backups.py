"""Backups of a repository's threads: a folder with ``issues.jsonl`` and ``pulls.jsonl``, plain or as ``.gz``.

One line is held at a time. A file may have been cut off, altered, or made to fill the memory, so that all
that is read has a limit, and whatever is wrong is said with the file and the line.
"""

import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from bot.core.errors import ConfigError

MIB = 2**20
LINE_LIMIT = 16 * MIB  # five times the longest of a project of twelve years
LINES_LIMIT = 500_000  # of a file, blank ones included
FILE_LIMIT = 16 * 1024 * MIB  # unpacked
RATIO_LIMIT = 100  # unpacked to packed; text of this kind reaches 20
RATIO_FROM = 64 * MIB  # below this no ratio can hurt

Kind = Literal["issue", "pull"]
_KINDS: dict[str, Kind] = {"pulls": "pull", "issues": "issue"}  # in the order in which they are read


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a backup.

    Args:
        where: its file and number, as they are said to people.
        kind: what it holds.
        data: its object.
    """

    where: str
    kind: Kind
    data: dict[str, Any]


class Backup:
    """The files of a backup.

    Args:
        folder: where they are.

    Raises:
        ConfigError: it is no folder, or it has no such file, or one twice.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise ConfigError(f"{folder} is not a directory" if folder.exists() else f"there is no {folder}")
        found = {kind: _file(folder, name) for name, kind in _KINDS.items()}
        self._files = {kind: path for kind, path in found.items() if path is not None}
        if not self._files:
            raise ConfigError(f"{folder} has neither issues.jsonl[.gz] nor pulls.jsonl[.gz]")
        self.size = sum(path.stat().st_size for path in self._files.values())

    def lines(self, advance: Callable[[int], object]) -> Iterator[Line]:
        """Yield the lines, the pull requests first; blank ones are passed over.

        Args:
            advance: told how many bytes of the files were read since it was told last.

        Raises:
            ConfigError: a file cannot be read or goes beyond a limit, or a line is wrong. Says where.
        """
        for kind, path in self._files.items():
            yield from _lines(path, kind, advance)


def _file(folder: Path, name: str) -> Path | None:
    there = [path for end in (".jsonl", ".jsonl.gz") if os.path.lexists(path := folder / f"{name}{end}")]
    if len(there) > 1:
        raise ConfigError(f"{folder} has both {there[0].name} and {there[1].name}: take one of them away")
    if there and not there[0].is_file():
        raise ConfigError(f"{there[0]} is not a file")
    return there[0] if there else None


def _lines(path: Path, kind: Kind, advance: Callable[[int], object]) -> Iterator[Line]:
    number = unpacked = told = 0
    with _opened(path) as (packed, stream):
        most = _most(packed, path)
        while True:
            number += 1
            where = f"{path}, line {number}"
            with _readable(where):
                text = stream.readline(LINE_LIMIT + 1)
            if not text:
                return
            if number > LINES_LIMIT:
                raise ConfigError(f"{where}: a file may have {LINES_LIMIT:,} lines")
            unpacked += len(text)
            _check_sizes(len(text), unpacked, most, where)
            if text.isspace():
                continue
            yield Line(where, kind, _object(text, kind, where))
            advance(packed.tell() - told)
            told = packed.tell()


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """The file as it lies there, to see how far it was read, and what it says."""
    try:
        packed = path.open("rb")
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    with packed:
        if path.suffix == ".gz":
            with gzip.GzipFile(fileobj=packed) as stream:
                yield packed, stream  # type: ignore[misc]  # it reads like any other
        else:
            yield packed, packed


def _most(packed: IO[bytes], path: Path) -> int:
    """How many bytes a file may unpack to."""
    size = os.fstat(packed.fileno()).st_size
    if path.suffix != ".gz":
        return FILE_LIMIT
    if not size:
        raise ConfigError(f"{path} is empty: not even a gzip header is there")
    return min(FILE_LIMIT, max(RATIO_FROM, RATIO_LIMIT * size))


@contextmanager
def _readable(where: str) -> Iterator[None]:
    try:
        yield
    except EOFError as error:
        raise ConfigError(f"{where}: the file is cut off here") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise ConfigError(f"{where}: the gzip file is damaged here, or is none") from error
    except OSError as error:
        raise ConfigError(f"{where}: cannot read it: {error.strerror}") from error


def _check_sizes(line: int, unpacked: int, most: int, where: str) -> None:
    if line > LINE_LIMIT:
        raise ConfigError(f"{where}: it is longer than {LINE_LIMIT // MIB} MiB, the limit for a line")
    if unpacked > most:
        limit = f"{FILE_LIMIT // MIB // 1024} GiB"
        if most < FILE_LIMIT:
            limit = f"{RATIO_LIMIT} times its packed size, and {RATIO_FROM // MIB} MiB"
        raise ConfigError(f"{where}: the file unpacks to more than {limit}, the limit for a file")


def _object(text: bytes, kind: Kind, where: str) -> dict[str, Any]:
    try:
        found = json.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ConfigError(f"{where}: not UTF-8") from None
    except RecursionError:
        raise ConfigError(f"{where}: nested too deeply") from None
    except ValueError:
        cut = "" if text.endswith(b"\n") else "; the file seems to be cut off"
        raise ConfigError(f"{where}: not JSON{cut}") from None
    if not isinstance(found, dict):
        raise ConfigError(f"{where}: not a JSON object")
    said = found.get("type")
    if said is not None and said != kind:
        raise ConfigError(f'{where}: its "type" is {json.dumps(said)[:50]}, expected "{kind}"')
    if not isinstance(found.get(kind), dict):
        raise ConfigError(f'{where}: it has no "{kind}" that is an object')
    return found
