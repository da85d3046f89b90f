"""`python -m model`: train, evaluate, compare, export, publish and try the classifier; write its card.

Errors are one line on stderr: exit code 2 for input that cannot be used, 1 for a failure, 130 after Ctrl-C.
"""

# ruff: noqa: PLC0415 -- training needs libraries that trying a classifier does not

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from typer.exceptions import TyperException

from model.errors import DataError, ModelError, TrainingError
from model.predict import PRETRAINED, Classifier
from model.predict import as_json as to_json
from model.predict import in_words as to_words

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="The classifier: from data to card.",
)
_console = Console(stderr=True)
_PATIENCE = 20.0  # seconds that the first of several processes has to say what all of them found

BAD_INPUT, FAILURE, INTERRUPTED = 2, 1, 130

RUN = Path("runs/cpu")
Run = Annotated[Path, typer.Option(help="Directory of the training run.")]
Data = Annotated[Path | None, typer.Option(help="Directory of the data; by default ../shared/data.")]
Encoder = Annotated[
    list[str] | None,
    typer.Option(
        "--encoder",
        help="Where the pretrained encoder lies, if not on the model hub: DIR, or NAME=DIR.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def train(
    config: Annotated[str, typer.Option(help="cpu, gpu, teacher, or a TOML file.")] = "cpu",
    data: Data = None,
    run: Annotated[
        Path | None, typer.Option(help="Directory of the run; by default runs/ and its configuration.")
    ] = None,
    encoder: Encoder = None,
) -> None:
    """From data to card: members, ensemble, measurements, report. Goes on where it was interrupted."""
    with _one_line_errors("stopped; start it again to go on where it was"):
        from model import pipeline
        from model.training.config import find_config, load_config

        file = find_config(config)
        source = load_config(file).encoder.source
        pipeline.train(
            file,
            _directory(data),
            run or Path("runs") / file.stem,
            encoders=_encoders(encoder, source),
            console=_console,
        )


@app.command()
def export(
    data: Data = None, run: Run = RUN, name: Annotated[str, typer.Option(help="Name of the model.")] = ""
) -> None:
    """Compress a trained network, put both members together and calibrate them: RUN/artifact."""
    with _one_line_errors():
        from model import pipeline

        pipeline.check_is_run(run)
        samples = pipeline.read(_directory(data), _console)
        pipeline.export(run, samples, name=name or f"usher-{datetime.now(UTC):%Y.%m}", console=_console)


@app.command()
def evaluate(data: Data = None, run: Run = RUN, as_json: AsJson = False) -> None:
    """Measure RUN/artifact on what was held out: metrics, report with pictures, card."""
    with _one_line_errors():
        from model import pipeline

        pipeline.check_is_run(run)
        directory = _directory(data)
        metrics = pipeline.evaluate(run, pipeline.read(directory, _console), directory, _console)
        if as_json:
            sys.stdout.write(json.dumps(metrics, indent=2) + "\n")


@app.command()
def compare(  # noqa: PLR0917 -- Typer reads the options off the signature
    data: Data = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Measure these alone; may be given several times.")
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=20,
            help="Trainings of each where chance matters; by default 3 of fastText, 1 of the others.",
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=10, help="Use so many issues to train on.")] = None,
    cache: Annotated[Path, typer.Option(help="Where results are kept.")] = Path("runs/compare"),
    encoder: Encoder = None,
) -> None:
    """Train the baselines on the same issues and print one table of them and the shipped classifier."""
    with _one_line_errors():
        from model.compare import compare as compare_
        from model.compare import render

        rows = compare_(
            _directory(data),
            only=only or (),
            seeds=seeds,
            limit=limit,
            say=_console.print,
            cache=cache,
            encoder=next(iter(_encoders(encoder, "").values()), None),
        )
        sys.stdout.write(render(rows))


@app.command()
def publish(
    run: Run = RUN,
    output: Annotated[Path, typer.Option(help="Where the classifier is served from.")] = PRETRAINED,
    report: Annotated[Path | None, typer.Option(help="Copy the report with its pictures here.")] = None,
) -> None:
    """Put a measured classifier in the place of the one that serves."""
    with _one_line_errors():
        from model import pipeline

        typer.echo(f"{pipeline.publish(run, output)} is in {output}")
        if report:
            pipeline.copy_report(run, report)
            typer.echo(f"the report is in {report}")


@app.command()
def predict(
    *,
    title: Annotated[str, typer.Option(help="Title of the issue.")],
    body: Annotated[str, typer.Option(help="Body of the issue, in Markdown.")] = "",
    repo: Annotated[
        str | None, typer.Option(help="Its repository, owner/name; the classifier may be familiar with it.")
    ] = None,
    model: Annotated[Path, typer.Option(help="Directory of the classifier.")] = PRETRAINED,
    precision: Annotated[float, typer.Option(min=0.5, max=1.0, help="Precision to reach, as a share.")] = 0.9,
    as_json: AsJson = False,
) -> None:
    """Classify one issue."""
    with _one_line_errors():
        if repo is not None and not all(repo.partition("/")):
            raise DataError(f"--repo: {repo!r} is no repository; expected owner/name, such as acme/widgets")
        found = Classifier.load(model).classify(title, body, repo=repo, precision=precision)
        sys.stdout.write((json.dumps(to_json(found)) if as_json else to_words(found)) + "\n")


@app.command()
def card(model: Annotated[Path, typer.Option(help="Directory of the classifier.")] = PRETRAINED) -> None:
    """Write the model card again from the manifest and the metrics."""
    with _one_line_errors():
        from model import pipeline

        typer.echo(f"written: {pipeline.write_card(model)}")


def _directory(data: Path | None) -> Path:
    from model.datasets.samples import DEFAULT_DIRECTORY

    return data or DEFAULT_DIRECTORY


def _encoders(given: list[str] | None, source: str) -> dict[str, Path]:
    """Where each encoder lies: "DIR" is that of `source`, "NAME=DIR" that of any name.

    Raises DataError where a directory is not there.
    """
    places: dict[str, Path] = {}
    for each in given or ():
        name, mark, directory = each.partition("=")
        place = Path(directory if mark else each)
        if not place.is_dir():
            raise DataError(f"--encoder {each}: no such directory")
        places[name if mark else source] = place
    return places


@contextmanager
def _one_line_errors(stopped: str = "stopped") -> Iterator[None]:
    """Say what went wrong in one line on stderr: exit code 2 for unusable input, 1 for a failure.

    `stopped` is what is said after Ctrl-C.
    """
    try:
        yield
    except KeyboardInterrupt:
        _stop(stopped, INTERRUPTED)
    except (DataError, ModelError) as error:
        _stop(f"error: {error}", BAD_INPUT)
    except (TrainingError, OSError) as error:
        _stop(f"error: {error}", FAILURE)
    except ModuleNotFoundError as error:
        _stop(
            f"error: {error}; training needs more: make install-train, or pip install 'usher-bot[train]'",
            FAILURE,
        )


def _stop(message: str, code: int) -> NoReturn:
    """Say `message` and end.

    Of several processes the first one says it, and when it ends, so do all; another one speaks where the
    first has nothing to say.
    """
    if os.environ.get("RANK", "0") != "0":
        if code == INTERRUPTED:
            raise typer.Exit(code)
        time.sleep(_PATIENCE)
    typer.echo(" ".join(message.split()), err=True)
    raise typer.Exit(code) from None


def run(arguments: list[str] | None = None) -> int:
    """Run one command. Returns its exit code; bad usage is one line on stderr, too."""
    try:
        result = app(args=arguments, prog_name="python -m model", standalone_mode=False)
    except TyperException as error:
        message = error.format_message()
        if "\n" in message:  # no command was given: this is the help
            typer.echo(message, err=True)
        else:
            typer.echo(f"error: {message} (see python -m model --help)", err=True)
        return BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    sys.exit(run())
