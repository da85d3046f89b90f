"""``usher backfill``: the history of a repository over the API, with its progress and what it costs."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.core.errors import ConfigError, RetryLater

if TYPE_CHECKING:
    from rich.progress import Progress

    from bot.github.client import GitHub, RepositoryClient
    from bot.github.history_reads import Cost

MOST_TRIES = 12  # in a row, of what GitHub does not say how long to wait for; about three minutes
LONGEST_PAUSE = 30  # seconds
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)  # no thread is older, and not every server takes such years


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(backfill)


def backfill(
    repository: Annotated[str, typer.Argument(help="owner/repo, on which the App is installed.")],
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Only threads that have changed since this day, such as 2024-06-01."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object that says what was read.")] = False,
) -> None:
    """Read a repository's history over the API; the next time, only what has changed since.

    Whatever ends it, Ctrl-C included, what was read is kept, and the same command goes on from there.
    """
    from bot.backfill import Backfill
    from bot.cli import wiring
    from bot.github.history_reads import HistoryReader
    from bot.importing import check_name

    check_name(repository)
    day = _day(since)
    settings = wiring.settings()
    identity = wiring.needed_credentials(settings)
    with wiring.store(settings) as store:
        client = _client(wiring.at_github(settings, store, identity), repository)
        reader = HistoryReader(client)
        with _watching(reader.cost) as watch:
            read = Backfill(store.database, reader, watch).run(day)
    typer.echo(json.dumps(read.as_json()) if as_json else read.in_words())


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # the latter where UTC's year would be 0 or 10000
        raise ConfigError(f"--since {text} is no date: expected one such as 2024-06-01") from None
    if found > datetime.now(UTC):
        raise ConfigError(f"--since {text} lies in the future")
    if found < EARLIEST:
        raise ConfigError(f"--since {text} lies before {EARLIEST:%Y}: leave --since out to read everything")
    return found


def _client(github: "GitHub", repository: str) -> "RepositoryClient":
    """The repository as the App sees it.

    Raises:
        ConfigError: it does not see it.
    """
    from bot.github.answers import Forbidden, Missing
    from bot.github.history_reads import installation_of

    try:
        return github.repository(installation_of(github, repository), repository)
    except Missing:
        raise ConfigError(
            f"GitHub knows no repository {repository}, or the App is not installed on it (docs/install.md)"
        ) from None
    except Forbidden as error:
        raise ConfigError(f"{repository}: {error}") from None


@contextmanager
def _watching(cost: "Cost") -> Iterator["_Watch"]:
    """A bar on a terminal; elsewhere, only what has to be waited for is told."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[cost]}"),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        yield _Watch(progress, cost)


class _Watch:
    """Shows how the reading goes on, and waits where GitHub asks for it."""

    def __init__(self, progress: "Progress", cost: "Cost") -> None:
        self._progress, self._cost = progress, cost
        self._task = progress.add_task("reading", total=None, cost="")

    def began(self, start: datetime | None, total: int) -> None:
        """Show how much there is to read."""
        what = f"reading what changed since {start:%Y-%m-%d}" if start else "reading"
        self._progress.update(self._task, total=total, description=what)

    def met(self, commits: int, total: int) -> None:
        """Show that so many commits of so many were read."""
        said = f"{self._cost.calls:,} requests, {self._cost.points:,} points"
        self._progress.update(
            self._task, description="reading commits", completed=commits, total=total, cost=said
        )

    def kept(self, threads: int) -> None:
        """Show that so many threads more are kept."""
        said = f"{self._cost.calls:,} requests, {self._cost.points:,} points"
        self._progress.update(self._task, advance=threads, cost=said)

    def wait(self, error: RetryLater, tries: int) -> None:
        """Wait until GitHub may be asked again, and tell of it.

        Raises:
            RetryLater: it has only failed for long.
        """
        if error.until is not None:
            typer.echo(f"usher: {error}; going on at {error.until:%H:%M:%S} UTC", err=True)
            time.sleep(max(0.0, (error.until - datetime.now(UTC)).total_seconds()))
        elif tries > MOST_TRIES:
            raise error
        else:
            time.sleep(min(2.0 ** (tries - 4), LONGEST_PAUSE))  # the first are only for smaller portions
