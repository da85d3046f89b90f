"""`python -m model`: train, evaluate, compare, export, publish and try the classifier; write its card.

Errors are one line on stderr: exit code 2 for input that cannot be used, 1 for a failure.
"""

# ruff: noqa: PLC0415 -- training needs libraries that trying a classifier does not

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from model.errors import DataError, ModelError, TrainingError
from model.predict import PRETRAINED, Classifier

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The classifier: from data to card.")
_console = Console(stderr=True)

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
    with _one_line_errors():
        from model import pipeline
        from model.training.config import load_config

        file = pipeline.CONFIGS / f"{config}.toml" if "." not in config else Path(config)
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

        samples = pipeline.read(_directory(data), _console)
        pipeline.export(run, samples, name=name or f"usher-{datetime.now(UTC):%Y.%m}", console=_console)


@app.command()
def evaluate(data: Data = None, run: Run = RUN, as_json: AsJson = False) -> None:
    """Measure RUN/artifact on what was held out: metrics, report with pictures, card."""
    with _one_line_errors():
        from model import pipeline

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
    title: Annotated[str, typer.Option(help="Title of the issue.")],
    body: Annotated[str, typer.Option(help="Body of the issue, in Markdown.")] = "",
    model: Annotated[Path, typer.Option(help="Directory of the classifier.")] = PRETRAINED,
    precision: Annotated[float, typer.Option(min=0.5, max=1.0, help="Precision to reach, as a share.")] = 0.9,
    as_json: AsJson = False,
) -> None:
    """Classify one issue."""
    with _one_line_errors():
        found = Classifier.load(model).classify(title, body, precision=precision)
        shares = {label: round(share, 4) for label, share in found.probabilities.items()}
        if as_json:
            answer = {"label": found.label, "probability": shares[found.label], "probabilities": shares}
            rest = {"abstained": found.abstained, "reason": found.reason, "evidence": found.evidence}
            sys.stdout.write(json.dumps(answer | rest, ensure_ascii=False) + "\n")
            return
        typer.echo(f"{found.label if not found.abstained else 'no label'}: {found.reason}")
        typer.echo(", ".join(f"{label} {share:.1%}" for label, share in shares.items()))
        typer.echo(f"spoke for {found.label}: {', '.join(found.evidence) or 'nothing in particular'}")


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
    """Where each encoder lies: "DIR" is that of `source`, "NAME=DIR" that of any name."""
    places: dict[str, Path] = {}
    for each in given or ():
        name, mark, directory = each.partition("=")
        places[name if mark else source] = Path(directory if mark else each)
    return places


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """Say what went wrong in one line on stderr: exit code 2 for unusable input, 1 for a failure."""
    try:
        yield
    except (DataError, ModelError) as error:
        _stop(error, 2)
    except TrainingError as error:
        _stop(error, 1)
    except ModuleNotFoundError as error:
        _stop(
            f"{error}; training needs more: make install-train, or pip install 'usher-bot[train]'",
            1,
        )
    except OSError as error:
        _stop(error, 1)


def _stop(message: object, code: int) -> NoReturn:
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(code) from None


if __name__ == "__main__":
    app(prog_name="python -m model")
