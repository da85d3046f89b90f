"""``usher classify`` and ``usher check-config``: work on texts alone, without server, database or GitHub."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from bot.core.errors import ConfigError, UsherError

if TYPE_CHECKING:
    from model.predict import Classifier, TypePrediction


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(classify)
    app.command("check-config")(check_config)


def classify(
    title: Annotated[str | None, typer.Option(help="The title.")] = None,
    body: Annotated[str | None, typer.Option(help="The body.")] = None,
    input_: Annotated[
        Path | None, typer.Option("--input", help="JSON lines with title and body; goes with --output.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="Where the JSON lines go; - for stdout.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what type of issue a text is: bug, feature, question or documentation."""
    from bot.cli import wiring

    one, many = title is not None or body is not None, input_ is not None or output is not None
    if one == many:
        raise ConfigError("give --title and --body, or --input FILE.jsonl and --output FILE.jsonl")
    if many:
        if input_ is None or output is None:
            raise ConfigError("--input FILE.jsonl and --output FILE.jsonl (or - for stdout) go together")
        _classify_file(wiring.classifier(), input_, output)
        return
    said = wiring.classifier().classify(title or "", body or "")
    if as_json:
        typer.echo(json.dumps(_line(None, said)))
        return
    seen = f"\nit saw: {', '.join(said.evidence)}" if said.evidence else ""
    doubt = f"\nnot sure enough to label: {said.reason}" if said.abstained else ""
    typer.echo(f"{said.label}  {said.probability:.0%} (threshold {said.threshold:.0%}){seen}{doubt}")


def check_config(file: Annotated[Path, typer.Argument(help="A .github/usher.yml")]) -> None:
    """Check a configuration file."""
    from bot.config import load_file

    reading = load_file(file)
    for problem in reading.problems:
        typer.echo(str(problem), err=True)
    if reading.problems:
        raise typer.Exit(2)
    typer.echo(f"{file}: good (mode: {reading.config.mode})")


def _classify_file(classifier: "Classifier", source: Path, target: Path) -> None:
    try:
        # Not splitlines: it also splits at characters that may stand within a JSON string.
        lines = source.read_text("utf-8-sig", "replace").split("\n")
    except OSError as error:
        raise ConfigError(f"cannot read {source}: {error.strerror}") from error
    with _written(target) as out:
        good, bad = _classify_lines(classifier, source, lines, out)
    if bad and not good:
        raise UsherError(f"{source} has no usable line")


def _classify_lines(classifier: "Classifier", source: Path, lines: list[str], out: TextIO) -> tuple[int, int]:
    """Write a line for each usable one, and complain about the others. Returns how many of each."""
    from rich.progress import track

    good = bad = 0
    console = _stderr_console()
    silent = not console.is_terminal
    for number, line in enumerate(track(lines, "classifying", console=console, disable=silent), 1):
        if not line.strip():
            continue
        try:
            item = _item(line)
        except ValueError as error:
            bad += 1
            typer.echo(f"usher: {source} line {number}: {error}; skipped", err=True)
            continue
        said = classifier.classify(item["title"], item["body"], repo=item.get("repo"))
        out.write(json.dumps(_line(item.get("id", number), said)) + "\n")
        good += 1
    return good, bad


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


def _item(line: str) -> dict[str, Any]:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    if not isinstance(item, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the line is wrong, not the program
    for name in ("title", "body", "repo"):
        value = item.get(name)
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{name} is not text")
    if item.get("title") is None and item.get("body") is None:
        raise ValueError("neither title nor body")
    return {**item, "title": item.get("title") or "", "body": item.get("body") or ""}


def _line(id_: Any, said: "TypePrediction") -> dict[str, Any]:
    type_ = {
        "label": said.label,
        "probability": round(said.probability, 4),
        "probabilities": {label: round(value, 4) for label, value in said.probabilities.items()},
    }
    line = {
        "type": type_,
        "abstained": said.abstained,
        "reason": said.reason,
        "evidence": list(said.evidence),
    }
    return line if id_ is None else {"id": id_, **line}


def _stderr_console() -> Any:
    from rich.console import Console

    return Console(stderr=True)
