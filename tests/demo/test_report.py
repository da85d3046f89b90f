"""The report with which the demo ends: what is expected of it can fail, and its file needs nothing else."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.errors import BotError
from bot.demo.history import made_up
from bot.demo.report import check_figures, write
from bot.health.waiting import Need
from tests.reports.examples import UNTIL, story
from tests.reports.test_page import Outline

MADE = made_up(UNTIL)


def test_what_is_missing_from_it_is_told() -> None:
    whole = story().report
    assert all(held for _, _, held in check_figures(whole))
    empty = replace(
        whole,
        needs_you=(Need("heated", (), frozenset()),),
        suspects=(),
        advice=(),
        before={**whole.before, "time_to_first_response_pr": whole.metric("time_to_first_response_pr")},
    )
    assert not any(held for _, _, held in check_figures(empty))


def test_every_link_in_its_file_leads_to_a_line_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = write(MADE, story())
    assert path.parent == tmp_path
    text = path.read_text("utf-8")
    outline = Outline(text)
    assert outline.open == []
    ids = {attrs.get("id") for _, attrs in outline.seen}
    links = [attrs["href"] or "" for tag, attrs in outline.seen if tag == "a"]
    assert len(links) > 50
    assert [link for link in links if not link.startswith("#") or link[1:] not in ids] == []
    assert "<bdi>Translate the menu into Yoruba</bdi>" in text
    assert "pull request by yewande of 13 June 2026, open, 1 comment</span>" in text


def test_a_folder_that_takes_no_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(BotError, match=r"cannot write the report into .*none: No such file"):
        write(MADE, story())
