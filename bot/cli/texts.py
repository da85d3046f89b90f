"""``usher classify`` and ``usher check-config``: work on texts alone, without server, database or GitHub."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.core.errors import ConfigError

_REPO = re.compile(r"[\w.-]+/[\w.-]+")


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
        Path | None,
        typer.Option("--input", help="JSON lines with title and body, - for stdin; goes with --output."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="Where the JSON lines go; - for stdout.")
    ] = None,
    heads: Annotated[
        list[Head] | None,
        typer.Option("--head", help="Say this of each text as well; may be given several times."),
    ] = None,
    precision: Annotated[
        float, typer.Option(min=0.5, max=1.0, help="How often a label shall be right; else there is none.")
    ] = 0.9,
    model: Annotated[
        Path | None,
        typer.Option(
            envvar="USHER_MODEL",
            show_envvar=False,
            help="Directory of another classifier than the shipped one [USHER_MODEL].",
        ),
    ] = None,
    threads: Annotated[
        int, typer.Option(min=1, max=256, help="CPU threads for --input; as many as there are cores is best.")
    ] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what type of issue a text is: bug, feature, question or documentation."""
    from bot.cli import classified, wiring
    from model.predict import Item

    _check_given(one=title is not None or body is not None, source=input_, target=output, repo=repo)
    classifier = wiring.classifier(model, threads=threads)
    asked = tuple(dict.fromkeys(head.value for head in heads or ()))
    if absent := [head for head in asked if head not in classifier.heads]:
        raise ConfigError(f"the classifier {classifier.version} cannot tell {' or '.join(absent)}")
    wanted = classified.Asked(classifier, asked, precision)
    if input_ is not None and output is not None:
        classified.classify_file(wanted, input_, output)
    else:
        classified.classify_one(wanted, Item(title or "", body or "", repo), json_wanted=as_json)


def _check_given(*, one: bool, source: Path | None, target: Path | None, repo: str | None) -> None:
    """Raises ConfigError where it is not clear what shall be classified."""
    choice = "--title and --body, or --input FILE.jsonl and --output FILE.jsonl"
    many = source is not None or target is not None
    if one and many:
        raise ConfigError(f"give {choice}, not both")
    if not one and not many:
        raise ConfigError(f"give {choice}")
    if many and (source is None or target is None):
        raise ConfigError(
            "--input FILE.jsonl and --output FILE.jsonl (or - for stdin and stdout) go together"
        )
    if many and repo is not None:
        raise ConfigError('--repo goes with --title; a line of --input names its own, as "repo"')
    if repo is not None and not _REPO.fullmatch(repo):
        raise ConfigError(f"--repo: {repo!r} is no repository; expected owner/name, such as acme/widgets")


def check_config(file: Annotated[Path, typer.Argument(help="A .github/usher.yml")]) -> None:
    """Check a configuration file."""
    from bot.config import load_file

    reading = load_file(file)
    for problem in reading.problems:
        typer.echo(str(problem), err=True)
    if reading.problems:
        raise typer.Exit(2)
    mode = reading.config.mode
    plans = ", so that all is planned and nothing is written" if mode == "observe" else ""
    typer.echo(f"{file}: good (mode: {mode}{plans})")
