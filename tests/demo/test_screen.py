"""What is shown fits its terminal, whatever the text."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from bot.demo.expectations import Check
from bot.demo.moments import Moment
from bot.demo.screen import Screen, one_line
from bot.demo.stage import Trace
from bot.demo.witness import Outcome, Thread
from tests.demo.test_expectations import outcome

HOSTILE = (
    "a\x1b[31mred\x1b]0;title\x07 \u202eright\r\nto left [bold]no markup[/bold] \u200b日本語の長い題名です"
    * 3
)


def shown(width: int, text: str) -> list[str]:
    out = io.StringIO()
    screen = Screen(Console(file=out, width=width, highlight=False))
    screen.row("09:00", text, outcome(), [Check("", "", "", held=True)], note=text[:20])
    screen.row("09:01", text, Outcome(Trace("acme/serve"), Thread(), Thread()), ())
    screen.summary("2 events", [Check(text, text, text, held=False)])
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_rows_fit(width: int) -> None:
    rows = [line for line in shown(width, "x" * 300) if line[:2] == "09"]
    assert len(rows) == 2
    assert all(cell_len(row.rstrip()) <= width for row in rows)


def test_wide_characters_are_counted_as_wide() -> None:
    rows = [line for line in shown(80, HOSTILE) if line[:2] == "09"]
    assert all(cell_len(row.rstrip()) <= 80 for row in rows)


def test_hostile_text_controls_nothing() -> None:
    text = "\n".join(shown(120, HOSTILE))
    assert not any(char in text for char in "\x1b\x07\r\u202e\u200b")
    assert "[bold]" in text


def test_the_reason_is_in_the_row_or_below_it() -> None:
    assert "why" in next(line for line in shown(120, "title") if line[:5] == "09:00")
    assert "why" not in next(line for line in shown(80, "title") if line[:5] == "09:00")


def test_what_failed_is_told() -> None:
    text = "\n".join(shown(120, "the label"))
    assert "0/1 expectations held" in text
    assert "expected  the label" in text


def test_one_line() -> None:
    assert one_line(" a\tb\n\nc\x00d\u2028 ") == "a b c d"


def test_every_entry_has_words_of_its_own() -> None:
    with pytest.raises(NotImplementedError):
        _ = Moment(at="09:00", by="lena").headline
