"""From webhook to label: the time that a person waits, and how many events are worked off per second."""

import time
from datetime import datetime, timedelta
from pathlib import Path

from bot.sandbox import Sandbox
from tests.benchmarks.table import Row, percentile
from tests.server import running

REPOSITORY = "octo/engine"
LABELS = [{"name": name} for name in ("bug", "enhancement", "question", "documentation", "needs-triage")]
CONFIG = "mode: act\nwelcome: {enabled: false}\n"
BODY = (
    "### What happened\nThe server stops after a few hundred requests.\n\n"
    "### Steps\n1. start it with four workers\n"
    '2. send requests\n\n```\nTraceback (most recent call last):\n  File "serve.py", line 88, in handle\n'
    "RuntimeError: CUDA error: out of memory\n```\n\nExpected: it goes on. Actual: it ends.\n"
)
PACE = 5.0  # events a second
PACED_EVENTS = 150
BACKLOG = 600
NODE_BOT = (430, 530)  # events a second of a Node bot that stores nothing
PATIENCE = 180.0


def bench(database_url: str, folder: Path, kind: str) -> list[Row]:
    workers = 0 if kind == "SQLite" else 2
    return [
        _paced(database_url, folder, kind, workers),
        _backlog(database_url, folder, kind, workers),
    ]


def world() -> Sandbox:
    sandbox = Sandbox()
    sandbox.add_repo(REPOSITORY, labels=LABELS, files={".github/usher.yml": CONFIG})
    return sandbox


def _paced(database_url: str, folder: Path, kind: str, workers: int) -> Row:
    sandbox = world()
    with running(database_url, folder, workers=workers, sandbox=sandbox, USHER_SWEEP_SECONDS="300") as usher:
        sandbox.install(usher.app, "octo")
        _warm_up(sandbox)
        opened: dict[int, datetime] = {}
        person = sandbox.as_user("newcomer")
        begin = time.monotonic()
        for turn in range(PACED_EVENTS):
            time.sleep(max(0.0, begin + turn / PACE - time.monotonic()))
            at = sandbox.clock.now()
            opened[person.open_issue(REPOSITORY, f"It stops ({turn})", BODY)["number"]] = at
        labelled = _wait_for_labels(sandbox, set(opened))
    waits = [(labelled[number] - at) / timedelta(milliseconds=1) for number, at in opened.items()]
    return Row(
        f"webhook to label, {kind}",
        f"p50 {percentile(waits, 0.5):.0f} ms, p95 {percentile(waits, 0.95):.0f} ms",
        "p50 300 ms, p95 1,000 ms",
        f"{len(waits)} issues at {PACE:.0f} a second, write spacing off, {workers or 'no'} separate workers",
    )


def _backlog(database_url: str, folder: Path, kind: str, workers: int) -> Row:
    sandbox = world()
    with running(database_url, folder, workers=workers, sandbox=sandbox, USHER_SWEEP_SECONDS="300") as usher:
        sandbox.install(usher.app, "octo")
        _warm_up(sandbox)
        person = sandbox.as_user("newcomer")
        numbers = {person.open_issue(REPOSITORY, f"It stops ({n})", BODY)["number"] for n in range(BACKLOG)}
        labelled = _wait_for_labels(sandbox, numbers)
    times = sorted(labelled.values())
    middle = times[len(times) // 10 : -len(times) // 10]
    rate = (len(middle) - 1) / (middle[-1] - middle[0]).total_seconds()
    low, high = NODE_BOT
    return Row(
        f"events worked off, {kind}",
        f"{rate:.0f} a second ({rate / high:.2f} to {rate / low:.2f} of a Node bot without durability)",
        "80 a second" if kind == "PostgreSQL" else "-",
        f"{BACKLOG} one-action events at once, middle 80%, {workers or 'no'} separate workers",
    )


def _warm_up(sandbox: Sandbox) -> None:
    number = sandbox.as_user("newcomer").open_issue(REPOSITORY, "It stops", BODY)["number"]
    _wait_for_labels(sandbox, {number})


def _wait_for_labels(sandbox: Sandbox, numbers: set[int]) -> dict[int, datetime]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        done = {
            int(write.path.split("/")[5]): write.time
            for write in list(sandbox.writes)
            if write.actor == "usher[bot]" and write.path.endswith("/labels")
        }
        if done.keys() >= numbers:
            return {number: done[number] for number in numbers}
        time.sleep(0.05)
    raise TimeoutError(
        f"{len(numbers - done.keys())} of {len(numbers)} issues have no label after {PATIENCE} s"
    )
