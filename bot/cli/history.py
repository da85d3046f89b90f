"""``usher import``: the history of a repository, from a backup."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.store.database import Database


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_)


def import_(
    repository: Annotated[str, typer.Argument(help="owner/repo, of which the backup is.")],
    folder: Annotated[
        Path, typer.Argument(help="The backup: a folder with issues.jsonl and pulls.jsonl, plain or as .gz.")
    ],
    formerly: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OWNER/REPO",
            help="A name that the repository had when a part of the backup was made; may be given again.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object that says what was in it.")
    ] = False,
) -> None:
    """Import a repository's history from a backup: all of it, or nothing where anything is wrong with it."""
    from bot.backups import Backup
    from bot.cli import wiring
    from bot.importing import check_name, import_backup

    check_name(repository)
    backup = Backup(folder)
    with wiring.store(wiring.settings()) as store, _bar("importing", backup.size) as advance:
        imported = import_backup(store.database, repository, backup, advance, formerly or ())
        ends = _ends(store.database, imported.repository)
    if as_json:
        typer.echo(json.dumps(imported.as_json()))
    else:
        typer.echo(f"{imported.in_words()}\n{ends}: usher report {imported.repository} shows how it went")


def _ends(database: "Database", repository: str) -> str:
    from bot.store.history import Histories

    histories = Histories(database)
    history = histories.find(repository)
    at = histories.known_until(history.id) if history else None
    return f"its history ends on {at:%Y-%m-%d}" if at else "it was purged meanwhile"


@contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[int], object]]:
    """A bar on a terminal, nothing elsewhere. Yields what is told of each step."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.advance(task, done)
