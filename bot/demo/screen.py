"""What the person at the terminal sees: one row for each event, and a summary."""

import io
import os
import re
import sys
from collections.abc import Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.status import Status
from rich.table import Table
from rich.text import Text

from bot.demo.expectations import Check
from bot.demo.stage import Stage, Trace
from bot.demo.witness import Outcome
from bot.store.ledger import Step

PIPED_WIDTH = 120  # where there is no terminal to ask
WIDE = 100  # columns from which on there is room for the reason in the row; otherwise it stands below
TIME, THREAD, DECISION, SURE, MARK = 5, 11, 22, 4, 1
COMMENT = "comment: "
FATES = {"observed": "would: ", "skipped": "skipped: ", "failed": "failed: "}
_SURENESS = re.compile(r"^(only )?\d+% sure it is (an? |about )?| \(threshold [^)]*\)")


class Screen:
    """Prints to a terminal, or in plain lines to whatever takes its place."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or _console()
        self._wide = self._console.width >= WIDE
        gaps = 6 if self._wide else 5  # a blank behind each column but the last
        room = max(20, self._console.width - (TIME + THREAD + DECISION + SURE + MARK + gaps))
        reason = [room - room // 2] if self._wide else []
        event = room // 2 if self._wide else room
        self._widths = [TIME, THREAD, event, DECISION, SURE, *reason, MARK]

    def busy(self, what: str) -> Status:
        """Show what is being waited for; only on a terminal."""
        return self._console.status(what)

    def say(self, *lines: str) -> None:
        """Print lines as they are."""
        for line in lines:
            self._console.print(Text(line), soft_wrap=True)

    def show(self, *parts: RenderableType) -> None:
        """Print what knows itself how to fit."""
        for part in parts:
            self._console.print(part)

    def header(self, stage: Stage) -> None:
        """Show where to look while the day goes on."""
        name = stage.place.organisation
        self.say(
            f"A day at {name}, on a GitHub of its own: nothing leaves this machine.",
            f"  what Usher does   {stage.server.url}/",
            f"  what people see   {stage.sandbox_url}/{name}/serve/issues",
            "",
        )
        heads = [Text(word, "bold") for word in ("time", "thread", "event", "decision", "sure", "why")]
        self._line(heads[:5], heads[5], Text(""))

    def row(self, at: str, event: str, outcome: Outcome, checks: Sequence[Check], note: str = "") -> None:
        """Show one event and what came of it."""
        sure = next((step.confidence for step in outcome.steps if step.confidence is not None), None)
        cells = [
            Text(at, "dim"),
            Text(_place(outcome.trace), "cyan"),
            Text(one_line(event)),
            _decision(outcome.steps),
            Text("" if sure is None else f"{int(sure * 100)}%"),
        ]
        why = one_line(_why(outcome))
        self._line(cells, Text(why, "" if outcome.steps else "dim"), _mark(checks))
        below = one_line(note) or ("" if self._wide or not outcome.steps else why)
        if below:
            indent = TIME + THREAD + 2
            self._console.print(Padding(Text(f"↳ {below}", "dim italic"), (0, 0, 0, indent)))

    def summary(self, counts: str, checks: Sequence[Check]) -> None:
        """Show how the day went, and each expectation that did not hold."""
        failed = [check for check in checks if not check.held]
        held = f"{len(checks) - len(failed)}/{len(checks)} expectations held"
        style = "bold red" if failed else "bold green"
        self._console.print(Text(f"\n{counts}, {held}", style), soft_wrap=True)
        for check in failed:
            self.say(
                f"  ✗ {one_line(check.about)}",
                f"      expected  {one_line(check.expected)}",
                f"      found     {one_line(check.found)}",
            )

    def _line(self, cells: Sequence[Text], why: Text, mark: Text) -> None:
        grid = Table.grid(padding=(0, 1, 0, 0))
        for width in self._widths:
            grid.add_column(width=width, no_wrap=True, overflow="ellipsis")
        grid.columns[4].justify = "right"
        grid.add_row(*cells, *([why] if self._wide else []), mark)
        self._console.print(grid)


def one_line(text: str) -> str:
    """Make any text fit for one line of a terminal: no control codes, no marks that turn the direction."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _console() -> Console:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # where the terminal's characters are few
    console = Console(highlight=False)
    if console.is_terminal or "COLUMNS" in os.environ:
        return console
    return Console(highlight=False, width=PIPED_WIDTH)


def _place(trace: Trace) -> str:
    name = trace.repo.rpartition("/")[2]
    return name if trace.number is None else f"{name} #{trace.number}"


def _decision(steps: Sequence[Step]) -> Text:
    """What was planned, in the order of the plan: labels plain, comments in another colour."""
    shown = Text()
    for step in steps:
        colour = "dim" if step.status == "observed" or step.kind == "abstain" else _colour(step.summary)
        what = FATES.get(step.status, "") + step.summary.removeprefix(COMMENT)
        shown.append(", " if shown else "").append(one_line(what), colour)
    return shown or Text("nothing", "dim")


def _colour(summary: str) -> str:
    if summary.startswith(COMMENT):
        return "magenta"
    return "yellow" if summary == "needs-triage" else "green"


def _why(outcome: Outcome) -> str:
    """Why, in short: what stands in other columns is left out."""
    if outcome.steps:
        return _SURENESS.sub("", outcome.steps[0].reason)
    if outcome.notes:
        return outcome.notes[-1]
    if not outcome.trace.sent:
        return "Usher was not told: it asked for no such events"
    if outcome.answers[0] == 401:
        return "refused: the signature is wrong"
    return "it was done before" if outcome.states[0] == "done" else "the webhook never arrived"


def _mark(checks: Sequence[Check]) -> Text:
    if not checks:
        return Text("")
    return Text("✓", "green") if all(check.held for check in checks) else Text("✗", "bold red")
