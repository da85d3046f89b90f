"""``usher classify`` and ``usher check-config``: work on texts alone, without server, database or GitHub."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.core.errors import ConfigError


class Head(StrEnum):
    """What can be asked beside the type of an issue."""

    PR_TYPE = "pr_type"
    TONE = "tone"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(classify)
    app.command("check-config")(check_config)


def classify(
    *,
    title: Annotated[str | None, typer.Option(help="The title.")] = None,
    body: Annotated[str | None, typer.Option(help="The body.")] = None,
    repo: Annotated[
        str | None, typer.Option(help="Its repository, owner/name; the classifier may be familiar with it.")
    ] = None,
    input_: Annotated[
        Path | None, typer.Option("--input", help="JSON lines with title and body; goes with --output.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="Where the JSON lines go; - for stdout.")
    ] = None,
    heads: Annotated[
        list[Head] | None,
        typer.Option("--head", help="Say this of each text as well; may be given several times."),
    ] = None,
    threads: Annotated[int, typer.Option(min=1, max=256, help="Lines of a file read at a time.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what type of issue a text is: bug, feature, question or documentation."""
    from bot.cli import classified, wiring
    from model.predict import Item

    one, many = title is not None or body is not None, input_ is not None or output is not None
    if one == many:
        raise ConfigError("give --title and --body, or --input FILE.jsonl and --output FILE.jsonl")
    if many and (input_ is None or output is None):
        raise ConfigError("--input FILE.jsonl and --output FILE.jsonl (or - for stdout) go together")
    asked = tuple(dict.fromkeys(head.value for head in heads or ()))
    classifier = wiring.classifier(threads)
    if absent := [head for head in asked if head not in classifier.heads]:
        raise ConfigError(f"the classifier {classifier.version} cannot tell {' or '.join(absent)}")
    if input_ is not None and output is not None:
        classified.classify_file(classifier, input_, output, asked)
        return
    said = classifier.classify(title or "", body or "", repo=repo)
    items = [Item(title or "", body or "", repo)]
    others = {head: found[0] for head, found in classified.more(classifier, items, asked).items()}
    if as_json:
        typer.echo(json.dumps(classified.as_json(said, others)))
        return
    typer.echo(classified.in_words(said))
    for head, other in others.items():
        typer.echo(f"{head}: {classified.in_words(other)}")


def check_config(file: Annotated[Path, typer.Argument(help="A .github/usher.yml")]) -> None:
    """Check a configuration file."""
    from bot.config import load_file

    reading = load_file(file)
    for problem in reading.problems:
        typer.echo(str(problem), err=True)
    if reading.problems:
        raise typer.Exit(2)
    typer.echo(f"{file}: good (mode: {reading.config.mode})")
