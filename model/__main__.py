"""`python -m model`: train, evaluate, export and try the classifier; write its card.

Errors are one line on stderr: exit code 2 for input that cannot be used, 1 for a failure.
"""

# ruff: noqa: PLC0415 -- training needs libraries that trying a classifier does not

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from model.artifact import CARD, MANIFEST, METRICS, read_json
from model.card import render
from model.errors import DataError, ModelError
from model.predict import PRETRAINED, Classifier

if TYPE_CHECKING:
    from model.data import Dataset

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The issue classifier: from data to card.")
_console = Console(stderr=True)

RUN = Path("runs/linear")
Run = Annotated[Path, typer.Option(help="Directory of the training run.")]
Data = Annotated[
    Path | None, typer.Option(help="Directory of the data; by default ../shared/data/issue_type.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def train(
    data: Data = None, run: Run = RUN, name: Annotated[str, typer.Option(help="Name of the model.")] = ""
) -> None:
    """Train on the data sets and calibrate on held-out repositories. Takes minutes on one CPU core."""
    with _one_line_errors():
        from model.regression import Recipe
        from model.train import train as train_

        dataset = _load(data)
        name = name or f"linear-{datetime.now(UTC):%Y.%m}"
        train_(dataset, run, name=name, recipe=Recipe(), say=_console.print)


@app.command()
def evaluate(data: Data = None, run: Run = RUN, as_json: AsJson = False) -> None:
    """Measure a training run on the public benchmark and on held-out repositories."""
    with _one_line_errors():
        from model.evaluate import evaluate as evaluate_

        metrics = evaluate_(run, _load(data))
        if as_json:
            sys.stdout.write(json.dumps(metrics, indent=2) + "\n")
            return
        benchmark = metrics["benchmark"]
        unseen = metrics["unseen_repositories"]["slices"]["all"]["tagged"]
        score, (low, high) = benchmark["average_f1"], benchmark["interval"]
        typer.echo(f"NLBSE'24 test: average F1 {score:.3f} (95% interval {low:.3f} to {high:.3f})")
        typer.echo(f"unseen repositories: macro F1 {unseen['macro_f1']:.3f} on {unseen['issues']:,} issues")
        typer.echo(f"everything: {run / METRICS}")


@app.command()
def export(
    run: Run = RUN,
    output: Annotated[Path, typer.Option(help="Where to publish the classifier.")] = PRETRAINED,
) -> None:
    """Publish a measured run with its card, for serving."""
    with _one_line_errors():
        from model.export import export as export_

        typer.echo(f"{export_(run, output)} is in {output}")


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
        Classifier.load(model)
        text = render(read_json(model, MANIFEST), read_json(model, METRICS))
        (model / CARD).write_text(text, encoding="utf-8")
        typer.echo(f"written: {model / CARD}")


def _load(directory: Path | None) -> "Dataset":
    from model.data import DEFAULT_DIRECTORY, load

    with _console.status("reading, cleaning and comparing the issues"):
        dataset = load(directory or DEFAULT_DIRECTORY)
    dropped = ", ".join(f"{count:,} {reason}" for reason, count in dataset.dropped.items()) or "nothing"
    sizes = f"{len(dataset.train):,} issues to train on, {len(dataset.test):,} to test on"
    _console.print(f"{sizes}; left out: {dropped}")
    return dataset


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """Say what went wrong in one line on stderr: exit code 2 for unusable input, 1 for a failure."""
    try:
        yield
    except (DataError, ModelError) as error:
        _stop(error, 2)
    except ModuleNotFoundError as error:
        _stop(f"{error}; training needs scikit-learn (pip install scikit-learn)", 1)
    except OSError as error:
        _stop(error, 1)


def _stop(message: object, code: int) -> NoReturn:
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(code) from None


if __name__ == "__main__":
    app(prog_name="python -m model")
