"""The command line described: the reference page of the manual, from the commands themselves.

``python -m bot.cli.reference > docs/commands.md`` writes the page anew (``make docs`` does so too).
"""

import sys
from collections.abc import Iterator
from typing import Any

import typer

from bot.cli import app

_INTRO = """# Commands

<!-- Written by `python -m bot.cli.reference`. Change the help texts in the code, not here. -->

Every command has `--help`. What goes wrong is said in one line on stderr, and the exit code tells what kind of
thing it was: 2 for bad usage or bad input, 1 for a failure, 130 after Ctrl-C. `USHER_DEBUG=1` shows the traceback.
Where a script would read the output, `--json` prints one JSON object per line on stdout.

Settings come from the environment, see [Install](install.md). How to train a classifier, with `python -m model`,
is in [The classifier](model.md).
"""


def commands() -> Iterator[tuple[str, Any]]:
    """Yield each command that does something, with its full name, such as ``usher deliveries list``."""
    yield from _below(typer.main.get_command(app), "usher")


def reference() -> str:
    """Return the reference page, in Markdown."""
    parts = [_INTRO, *(_section(name, command) for name, command in commands())]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _below(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", {})
    for child, each in children.items():
        yield from _below(each, f"{name} {child}")
    if not children:
        yield name, command


def _section(name: str, command: Any) -> str:
    context = command.context_class(command, info_name=name)
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    rows = [record for each in command.get_params(context) if (record := each.get_help_record(context))]
    table = ["| Option | Meaning |", "|---|---|", *(f"| `{_cell(o)}` | {_cell(text)} |" for o, text in rows)]
    return "\n".join([f"## `{name}`", "", command.help or "", "", f"    {usage}", "", *table])


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    sys.stdout.write(reference())
