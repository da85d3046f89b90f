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

Every command has `--help`. What goes wrong is said in one line on stderr; the exit code is 2 for bad usage
or bad input, 1 for a failure, 130 after Ctrl-C. `USHER_DEBUG=1` shows the traceback. Where a script would
read the output, `--json` prints JSON on stdout, see [JSON](#json).

Settings come from the environment, see [Install](install.md). `python -m model` trains and measures
classifiers, see [The classifier](model.md).
"""
_JSON = """## JSON

One object per line; names are kept, and further ones may be added.

- `usher classify --output`, one line per usable input line, in order: `id` (the input's own, else its
  line number), `type` with `label`, `probability`, `probabilities` (one for each of `bug`,
  `feature`, `question`, `documentation`) and `threshold` (what `probability` had to reach for the
  precision asked for), `abstained`, `reason`, `evidence`; with `--head pr_type` or `--head tone` also
  that, with the keys of `type` and its own `abstained` and `reason`. Where `abstained` is true, `label`
  is what is most likely, and not to be set; of a text that is too short or in another language it says
  nothing. Input lines have `title` and `body`, and may have `id` and `repo` (`owner/name`). With
  `--title` and `--json` the same object is printed, without `id`; `python -m model predict --json`
  prints it, too. Lines that cannot be used are named on stderr and skipped; the exit code is 1 where
  all of them were.
- `usher receive --json`, one line per event: `delivery`, `event`, `action`, `thread`, and `plan`: a
  list of `rule`, `kind`, `target`, `args`, `reason`, `status`.
- `usher import --json`, one line: `repository` (as the backup spells it), `issues`, `pulls` and `events`
  (how many the backup holds), `outdated` (how many of its threads were known in a later state), and
  `undated` (how many commits were left out, since the date that they say themselves is not possible).
- `usher backfill --json`, one line: `repository` (as GitHub spells it), `start` (from when on it was read,
  null for all), `is_complete`, `issues`, `pulls`, `events`, `releases`, and what it cost: `calls` (requests),
  `graphql_calls` (those among them to GraphQL), `points` (what GitHub counted for these).
- `usher why --json`, one line per action: `thread`, `plan`, `event`, `id`, `rule`, `kind`, `args`,
  `reason`, `confidence`, `status`, `detail`.
- `usher deliveries list --json`, one line per delivery: `id`, `guid`, `event`, `action`, `state`,
  `repository`, `thread`, `attempts`, `note`, `received_at`, `not_before`.
"""


def commands() -> Iterator[tuple[str, Any]]:
    """Yield each command that does something, with its full name, such as ``usher deliveries list``."""
    yield from _below(typer.main.get_command(app), "usher")


def reference() -> str:
    """Return the reference page, in Markdown."""
    parts = [_INTRO, *(_section(name, command) for name, command in commands()), _JSON]
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
    records = [record for each in command.params if (record := each.get_help_record(context))]
    rows = [f"| `{_cell(option)}` | {_cell(text)} |" for option, text in records]
    table = ["", "| Option | Meaning |", "|---|---|", *rows] if rows else []
    return "\n".join([f"## `{name}`", "", command.help or "", "", f"    {usage}", *table])


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    sys.stdout.write(reference())
