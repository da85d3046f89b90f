"""Progress in a log: a plain line now and then, and nothing that only a terminal can show."""

import io
import time

import pytest
from rich.console import Console

from model.training import progress
from model.training.progress import Steps, busy


def log() -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, force_terminal=False, width=200), out


def test_steps_are_told_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 30.0, 60.0, 90.0, 130.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(moments))
    console, out = log()
    with Steps(console, "tasks", total=1_000, done=600) as steps:
        for number in range(4):
            steps.advance()
            if number == 2:
                steps.say("tasks, loss 0.500")
    assert out.getvalue().splitlines() == [
        "tasks: step 602 of 1,000, about 199 minutes left",
        "tasks, loss 0.500: step 604 of 1,000, about 214 minutes left",
    ]


def test_on_a_terminal_there_is_a_bar() -> None:
    out = io.StringIO()
    with Steps(Console(file=out, force_terminal=True, width=80), "tasks", total=2, done=0) as steps:
        steps.advance()
    assert "1/2" in out.getvalue()


def test_what_takes_long_is_told_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.01)
    console, out = log()
    with busy(console, "measuring"):
        while not out.getvalue():
            time.sleep(0.01)
    assert out.getvalue().splitlines()[0] == "measuring: 0 minutes so far"


def test_what_is_quick_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    console, out = log()
    with busy(console, "measuring"):
        pass
    with pytest.raises(ValueError, match="no"), busy(console, "measuring"):
        raise ValueError("no")
    assert out.getvalue() == ""


def test_nothing_is_told_where_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    out = io.StringIO()
    quiet = Console(file=out, quiet=True)
    with busy(quiet, "measuring"), Steps(quiet, "tasks", total=2, done=0) as steps:
        steps.advance()
    assert out.getvalue() == ""
