"""``usher sandbox`` and ``usher demo``: a local GitHub, and a whole day on it."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(sandbox)
    app.command()(demo)


def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port on loopback; 0 for a free one.")] = 9000,
    seed: Annotated[
        Path | None,
        typer.Option(help="What it holds at the start (docs/sandbox.md).", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Run a local GitHub to develop against."""
    from bot.core.errors import UsherError
    from bot.sandbox import run

    def ready(url: str) -> None:
        sys.stdout.write(f"a local GitHub at {url}, its API at {url}/api/v3 (USHER_GITHUB_API_URL)\n")
        sys.stdout.flush()

    try:
        run(port, seed, on_ready=ready)
    except OSError as error:
        raise UsherError(f"cannot listen on port {port}: {error.strerror}") from error


def demo(
    once: Annotated[
        bool,
        typer.Option("--once", help="End with the report in a file; exit code 0 if all went as expected."),
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port of the dashboard; 0 for a free one.")
    ] = 8000,
) -> None:
    """Play a day of a project on a local GitHub, and report on one: no account, no network."""
    from bot.demo.play import play

    raise typer.Exit(play(once=once, port=port))
