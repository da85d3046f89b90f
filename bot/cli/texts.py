"""``usher classify`` and ``usher check-config``: work on texts alone, without server, database or GitHub."""

import json
import os
import sys
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
    input_: Annotated[Path | None, typer.Option("--input", help="JSON lines with title and body.")] = None,
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
    from rich.progress import track

    try:
        lines = source.read_text("utf-8", "replace").splitlines()
    except OSError as error:
        raise ConfigError(f"cannot read {source}: {error.strerror}") from error
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    out = _open(draft, target)
    bad = 0
    try:
        console = _stderr_console()
        for number, line in enumerate(
            track(lines, "classifying", console=console, disable=not console.is_terminal), 1
        ):
            if not line.strip():
                continue
            try:
                item = _item(line)
            except ValueError as error:
                bad += 1
                typer.echo(f"usher: {source} line {number}: {error}; skipped", err=True)
                continue
            said = classifier.classify(item["title"], item["body"], repo=item.get("repo"))
            out.write(json.dumps(_line(item.get("id", number), said), ensure_ascii=False) + "\n")
    finally:
        if out is not sys.stdout:
            out.close()
    if out is not sys.stdout:
        draft.replace(target)
    if bad and bad == sum(1 for line in lines if line.strip()):
        raise UsherError(f"{source} has no usable line")


def _open(draft: Path, target: Path) -> TextIO:
    if str(target) == "-":
        return sys.stdout
    try:
        return draft.open("w", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot write {target}: {error.strerror}") from error


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
