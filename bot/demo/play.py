"""The demo itself: the stage is built, the day is played and shown, and every expectation is checked."""

import signal
import sys
from types import FrameType

from bot.demo import report
from bot.demo.acts import perform
from bot.demo.desktop import show
from bot.demo.entries import Entry
from bot.demo.excerpt import excerpt
from bot.demo.expectations import Check, check_entry, check_thread, check_whole
from bot.demo.screen import Screen
from bot.demo.script import Day, Repo, load
from bot.demo.server import free_port
from bot.demo.stage import Stage, open_stage, set_up
from bot.demo.witness import Thread, Witness
from bot.store.inbox import FAILED

OPENING = "09:00"


def play(*, once: bool, port: int, day: Day | None = None) -> int:
    """Play the day.

    Args:
        once: end after it, with the report in a file; otherwise stay until Ctrl-C, so that the person can
            look around.
        port: of the dashboard; 0 for a free one.
        day: the script; the one that comes with Usher where none is given.

    Returns:
        0 where every expectation held, else 1.

    Raises:
        SetupError: the server cannot be started.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup sets it
            signal.signal(number, _leave)
    day, screen = day or load(), Screen()
    with open_stage(day.place, free_port(port)) as stage:
        with screen.busy("starting the server ..."):
            stage.server.start("/healthz")
        screen.header(stage)
        witness = Witness(stage)
        try:
            checks = _Performance(day, stage, witness, screen).run(keep_report=once)
        finally:
            witness.close()
        if not once:
            _look_around(stage, screen)
    return 0 if all(check.held for check in checks) else 1


class _Performance:
    """One run through the script."""

    def __init__(self, day: Day, stage: Stage, witness: Witness, screen: Screen) -> None:
        self._day, self._stage, self._witness, self._screen = day, stage, witness, screen

    def run(self, *, keep_report: bool) -> list[Check]:
        """Play everything, show it as it happens, and return every expectation with its fate."""
        for entry in self._day.yesterday:
            perform(self._stage, entry)
        self._install()
        checks = [check for entry in self._day.entries for check in self._play(entry)]
        with self._screen.busy("looking at everything once more ..."):
            self._witness.wait_until_quiet()
            checks += self._evening()
        checks += self._report(keep=keep_report)
        self._screen.summary(self._counts(), checks)
        return checks

    def _counts(self) -> str:
        actions, deliveries = self._witness.ledger.counts(), self._witness.inbox.counts()
        failed = actions.get("failed", 0) + sum(deliveries.get(state, 0) for state in FAILED)
        return f"{len(self._day.entries)} events, {sum(actions.values())} actions, {failed} failed"

    def _install(self) -> None:
        organisation = self._stage.place.organisation
        with self._screen.busy(f"setting up the App on {organisation} ..."):
            outcome = self._witness.outcome(set_up(self._stage), Thread())
        note = "as a browser does it: /setup, the pages of GitHub, and back"
        self._screen.row(OPENING, f"{self._stage.place.app} is installed", outcome, (), note)

    def _play(self, entry: Entry) -> list[Check]:
        with self._screen.busy(f"{entry.at} ..."):
            earlier = self._stage.trace_of(entry)
            before = self._witness.thread(earlier.thread if earlier else None)
            trace = perform(self._stage, entry)
            if entry.server_dies:
                self._stage.sandbox.wait_idle()
                self._stage.server.kill()
                self._stage.server.start("/readyz")
            outcome = self._witness.outcome(trace, before)
            self._stage.sandbox.faults.clear()
        about = f"{entry.at} {entry.headline}"
        checks = check_entry(about, entry.expect, self._repo(trace.repo), outcome)
        self._screen.row(entry.at, entry.headline, outcome, checks, entry.note)
        return checks

    def _evening(self) -> list[Check]:
        checks = []
        for ending in self._day.evening:
            trace = self._stage.traces[ending.thread]
            now = self._witness.thread(trace.thread)
            about = f"in the evening: {trace.repo}#{trace.number}"
            checks += check_thread(about, ending.expect, self._repo(trace.repo), now)
        return checks + check_whole(self._stage, self._witness)

    def _report(self, *, keep: bool) -> list[Check]:
        """Report on a project with a past, and show how that begins."""
        with self._screen.busy("making up two years of another project ..."):
            made, told = report.remember(self._stage)
            checks = report.check_report(self._stage, told)
        self._screen.show(*excerpt(told))
        if keep:
            self._screen.say("", f"  all of it, with charts: {report.write(made, told)}")
        return checks

    def _repo(self, full_name: str) -> Repo:
        return self._stage.place.repositories[full_name.partition("/")[2]]


def _look_around(stage: Stage, screen: Screen) -> None:
    name = stage.place.organisation
    screen.say(
        "",
        "It all stays as it is until you press Ctrl-C. Look around:",
        f"  what was done, and why   {stage.server.url}/",
        f"  every webhook            {stage.server.url}/deliveries",
        f"  report                   {report.address(stage)}",
        f"  labels and comments      {stage.sandbox_url}/{name}/serve/issues",
    )
    try:
        if show(report.address(stage)):
            screen.say("The report is open in your browser.")
        signal.pause()
    except KeyboardInterrupt:
        screen.say("", "Stopping; nothing is left behind.")


def _leave(number: int, _frame: FrameType | None) -> None:
    """End in order, so that the server is stopped and the folder removed."""
    sys.exit(128 + number)
