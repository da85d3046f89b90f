"""What of a report is shown on a terminal."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from bot.demo.excerpt import excerpt
from bot.demo.screen import Screen
from bot.reporting import Told
from tests.health.examples import issue
from tests.reports.examples import story, told


def shown(found: Told, width: int = 120) -> str:
    out = io.StringIO()
    Screen(Console(file=out, width=width, highlight=False)).show(*excerpt(found))
    return out.getvalue()


def test_it_says_what_needs_somebody_how_it_went_and_what_to_try() -> None:
    text = shown(story())
    heads = ("Needs you now", "How it went", "Taken for a bot", "One thing to try")
    places = [text.index(f"\n{head}\n") for head in heads]
    assert places == sorted(places)
    for said in (
        "first-time contributors have had no answer",
        "widget-greeter answered on",
        "were questions",
    ):
        assert said in text
    assert len(text.splitlines()) < 45


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_it_fits(width: int) -> None:
    assert max(cell_len(line.rstrip()) for line in shown(story(), width).splitlines()) <= width


def test_of_many_threads_three_are_named() -> None:
    waits = [issue(n, f"2026-03-{n:02}", author=10 + n) for n in range(1, 6)]
    text = shown(told(*waits))
    assert "answer from a maintainer: #1 (31 days), #2 (30 days), #3 (29 days) and 2 more" in " ".join(
        text.split()
    )


def test_what_there_is_none_of_is_left_out() -> None:
    text = shown(told())
    assert "Taken for a bot" not in text
    assert "One thing to try" not in text
    assert "Nothing needs you" in text
