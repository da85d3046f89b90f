"""What ``usher classify`` says of texts: as lines of JSON, or in words."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import typer
from rich.console import Console
from rich.progress import track

from bot.core.errors import ConfigError, UsherError
from model.predict import Classifier, HeadPrediction, Item, TypePrediction

_BLOCK = 64  # lines that are classified together

More = Mapping[str, Sequence[HeadPrediction]]  # head -> what it says of each text


class _Line(NamedTuple):
    """One usable line of a file."""

    id: Any
    item: Item


def more(classifier: Classifier, items: Sequence[Item], heads: Sequence[str]) -> More:
    """What the other heads that were asked for say of each text."""
    found: dict[str, Sequence[HeadPrediction]] = {}
    if "pr_type" in heads:
        found["pr_type"] = classifier.pr_types(items)
    if "tone" in heads:
        found["tone"] = classifier.tones([f"{item.title}\n\n{item.body}" for item in items])
    return found


def as_json(said: TypePrediction, others: Mapping[str, HeadPrediction]) -> dict[str, Any]:
    """A prediction as scripts read it; see the manual."""
    return {
        "type": _shares(said),
        "abstained": said.abstained,
        "reason": said.reason,
        "evidence": list(said.evidence),
        **{
            head: {**_shares(other), "abstained": other.abstained, "reason": other.reason}
            for head, other in others.items()
        },
    }


def in_words(said: HeadPrediction) -> str:
    """A prediction as people read it."""
    seen = (
        f"\nit saw: {', '.join(said.evidence)}" if isinstance(said, TypePrediction) and said.evidence else ""
    )
    doubt = f"\nnot sure enough to label: {said.reason}" if said.abstained else ""
    return f"{said.label}  {said.probability:.0%} (threshold {said.threshold:.0%}){seen}{doubt}"


def classify_file(classifier: Classifier, source: Path, target: Path, heads: Sequence[str]) -> None:
    """Classify the JSON lines of `source` into `target`; what cannot be used is named on stderr and skipped.

    Raises:
        ConfigError: one of the files cannot be read or written.
        UsherError: not a single line was usable.
    """
    try:
        # Not splitlines: it also splits at characters that may stand within a JSON string.
        lines = source.read_text("utf-8-sig", "replace").split("\n")
    except OSError as error:
        raise ConfigError(f"cannot read {source}: {error.strerror}") from error
    good = bad = 0
    console = Console(stderr=True)
    with _written(target) as out:
        starts = range(0, len(lines), _BLOCK)
        for start in track(starts, "classifying", console=console, disable=not console.is_terminal):
            usable, complaints = _read(lines[start : start + _BLOCK], start + 1)
            for complaint in complaints:
                typer.echo(f"usher: {source} {complaint}; skipped", err=True)
            out.writelines(_lines(classifier, usable, heads))
            good, bad = good + len(usable), bad + len(complaints)
    if bad and not good:
        raise UsherError(f"{source} has no usable line")


def _lines(classifier: Classifier, usable: Sequence[_Line], heads: Sequence[str]) -> Iterator[str]:
    """The line for each text, in order."""
    items = [line.item for line in usable]
    others = more(classifier, items, heads)
    for number, said in enumerate(classifier.classify_many(items)):
        line = as_json(said, {head: found[number] for head, found in others.items()})
        yield json.dumps({"id": usable[number].id, **line}) + "\n"


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


def _shares(said: HeadPrediction) -> dict[str, Any]:
    return {
        "label": said.label,
        "probability": round(said.probability, 4),
        "probabilities": {label: round(value, 4) for label, value in said.probabilities.items()},
    }


@contextmanager
def _written(target: Path) -> Iterator[TextIO]:
    """Open a file that gets its name once it is complete; ``-`` is stdout, and a device stays one."""
    if str(target) == "-":
        yield sys.stdout
        return
    special = target.exists() and not target.is_file()
    draft = target if special else target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8") as out:
            yield out
        if not special:
            draft.replace(target)
    except OSError as error:
        raise ConfigError(f"cannot write {target}: {error.strerror}") from error
    finally:
        if not special:
            with suppress(OSError):
                draft.unlink()
