"""What ``usher classify`` says of texts: as lines of JSON, or in words."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import typer
from rich.console import Console
from rich.progress import track

from bot.cli.files import to_write
from bot.core.errors import ConfigError, UsherError
from model.predict import Classifier, HeadPrediction, Item, TypePrediction, as_json, in_words

_BLOCK = 64  # lines that are classified together
_STANDARD = "-"  # the name of stdin and stdout among files

Said = tuple[TypePrediction, Mapping[str, HeadPrediction]]  # of one text: its type, and the other heads


class _Line(NamedTuple):
    """One usable line of a file."""

    id: Any
    item: Item


class Asked(NamedTuple):
    """What is asked of each text.

    Args:
        heads: what is to be said beside its type.
        precision: how often a label shall be right, 0 to 1.
    """

    classifier: Classifier
    heads: Sequence[str]
    precision: float

    def of(self, items: Sequence[Item]) -> Iterator[Said]:
        """What the classifier says of each text, in order."""
        found: dict[str, Sequence[HeadPrediction]] = {}
        if "pr_type" in self.heads:
            found["pr_type"] = self.classifier.pr_types(items, precision=self.precision)
        if "tone" in self.heads:
            texts = [f"{item.title}\n\n{item.body}" for item in items]
            found["tone"] = self.classifier.tones(texts, precision=self.precision)
        for number, said in enumerate(self.classifier.classify_many(items, precision=self.precision)):
            yield said, {head: said_of[number] for head, said_of in found.items()}


def classify_one(asked: Asked, item: Item, *, json_wanted: bool) -> None:
    """Print what the classifier says of a text, in words or as one line of JSON."""
    ((said, others),) = asked.of([item])
    if json_wanted:
        typer.echo(json.dumps(as_json(said, others)))
        return
    typer.echo(in_words(said))
    for head, other in others.items():
        typer.echo(f"{head}: {in_words(other)}")


def classify_file(asked: Asked, source: Path, target: Path) -> None:
    """Classify the JSON lines of `source` into `target`; what cannot be used is named on stderr and skipped.

    Raises:
        ConfigError: one of the files cannot be read or written, or both are the same.
        UsherError: not a single line was usable.
    """
    name = "stdin" if str(source) == _STANDARD else str(source)
    if _same(source, target):
        raise ConfigError(f"--input {source} and --output {target} are the same file; name another --output")
    lines = _lines_of(source, name)
    good = bad = 0
    console = Console(stderr=True)
    with _written(target) as out:
        starts = range(0, len(lines), _BLOCK)
        for start in track(starts, "classifying", console=console, disable=not console.is_terminal):
            usable, complaints = _read(lines[start : start + _BLOCK], start + 1)
            for complaint in complaints:
                typer.echo(f"usher: {name} {complaint}; skipped", err=True)
            out.writelines(_answers(asked, usable))
            good, bad = good + len(usable), bad + len(complaints)
    if bad and not good:
        raise UsherError(f"{name} has no usable line")
    if bad:
        typer.echo(f"usher: {name}: {good:,} written, {bad:,} skipped", err=True)


def _same(source: Path, target: Path) -> bool:
    """Whether both are one file, by whatever names; a device can be both."""
    try:
        return target.is_file() and target.samefile(source)
    except OSError:
        return False


def _lines_of(source: Path, name: str) -> list[str]:
    try:
        read = sys.stdin.buffer.read() if str(source) == _STANDARD else source.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot read {name}: {error.strerror}") from error
    # Not splitlines: it also splits at characters that may stand within a JSON string.
    return read.decode("utf-8-sig", "replace").split("\n")


def _answers(asked: Asked, usable: Sequence[_Line]) -> Iterator[str]:
    """The line for each text, in order."""
    for line, (said, others) in zip(usable, asked.of([line.item for line in usable]), strict=True):
        yield json.dumps({"id": line.id, **as_json(said, others)}) + "\n"


def _read(lines: Sequence[str], first: int) -> tuple[list[_Line], list[str]]:
    """The usable ones of `lines`, the first of which is number `first`, and what is wrong with the others."""
    usable, complaints = [], []
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        try:
            usable.append(_parsed(line, number))
        except ValueError as error:
            complaints.append(f"line {number}: {error}")
    return usable, complaints


def _parsed(line: str, number: int) -> _Line:
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    if not isinstance(read, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the line is wrong, not the program
    for name in ("title", "body", "repo"):
        value = read.get(name)
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{name} is not text")
    if read.get("title") is None and read.get("body") is None:
        raise ValueError("neither title nor body")
    return _Line(
        read.get("id", number), Item(read.get("title") or "", read.get("body") or "", read.get("repo"))
    )


@contextmanager
def _written(target: Path) -> Iterator[TextIO]:
    """Open a file that gets its name once it is complete; ``-`` is stdout. See ``bot.cli.files``."""
    if str(target) == _STANDARD:
        yield sys.stdout
        return
    try:
        with to_write(target) as raw, TextIOWrapper(raw, encoding="utf-8") as out:
            yield out
    except OSError as error:
        raise ConfigError(f"cannot write {target}: {error.strerror}") from error
