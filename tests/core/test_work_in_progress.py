"""Marks of work in progress in titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.work_in_progress import mark_of
from tests.patience import must_end


@pytest.mark.parametrize(
    ("title", "mark"),
    [
        ("WIP", "WIP"),
        ("WIP: add a button", "WIP"),
        ("wip add a button", "wip"),
        ("WIP - add a button", "WIP"),
        ("WIP/ENH: add a button", "WIP"),
        ("wip(ui): add a button", "wip"),
        ("[WIP] add a button", "WIP"),
        ("(wip) add a button", "wip"),
        ("[ WIP ] add a button", "WIP"),
        ("Add a button [WIP]", "WIP"),
        ("Add [wip] a button", "wip"),
        ("Add a button (WIP)", "WIP"),
        ("Add a button - wip", "wip"),
        ("Add a button, WIP", "WIP"),
        ("Add a button WIP", "WIP"),
        ("fix: WIP add a button", "WIP"),
        ("feat(ui)!: wip: add a button", "wip"),
        ("Draft: add a button", "Draft"),
        ("[Draft] add a button", "Draft"),
        ("(Draft) add a button", "Draft"),
        ("draft - add a button", "draft"),
        ("Work in progress: add a button", "Work in progress"),
        ("[Work-in-progress] add a button", "Work-in-progress"),
        ("[DO NOT MERGE] add a button", "DO NOT MERGE"),
        ("DNM: add a button", "DNM"),
        ("\N{CONSTRUCTION SIGN} Add a button", "\N{CONSTRUCTION SIGN}"),
        ("Add a button :construction:", ":construction:"),
        ("  WIP\tadd a button", "WIP"),
    ],
)
def test_a_mark_is_found_as_it_is_written(title: str, mark: str) -> None:
    assert mark_of(title) == mark


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Add a button",
        "Show WIP limits on the board",
        "Show the wip",
        "feat: wip limits on the board",
        "WIP-limits on the board",
        "Draft release notes are kept current",
        "Draft/publish toggle",
        "fix: drafts are saved",
        "fix: draft releases are kept",
        "Work in progress is shown on the board",
        "Do not merge branches twice",
        "Wiping the disk asks first",
        "Swipe to close",
        "Mark pull requests as draft",
        "List (work in progress only)",
    ],
)
def test_titles_about_such_things_are_ready(title: str) -> None:
    assert mark_of(title) == ""


@given(st.text(max_size=100))
def test_any_text_is_read(text: str) -> None:
    assert mark_of(text) in text or mark_of(text) in " ".join(text.split())


HOSTILE = ["wip", "[", "a(", " - ", ": ", "(wip ", "do not "]


@must_end
@pytest.mark.parametrize("part", HOSTILE)
def test_long_text_is_read(part: str) -> None:
    assert len(mark_of(part * 60_000)) < 20
    assert mark_of("a(" + part * 60_000 + ")") == ""
