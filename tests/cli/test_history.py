"""``usher import``, as scripts see it."""

import json
from pathlib import Path

import pytest

from bot.cli import BAD_INPUT, run
from bot.store.database import Database
from bot.store.history import Histories
from tests.backup_lines import NAME, backup, comment, issue, line, pull

pytestmark = pytest.mark.usefixtures("alone")


def test_it_says_what_was_in_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = backup(tmp_path / "b", issues=[line(issue(), comment(2))], pulls=[line(pull())])
    assert run(["import", NAME, str(folder)]) == 0
    out, err = capsys.readouterr()
    assert out == (
        "acme/widgets: 1 issue and 1 pull request with 1 event\n"
        "its history ends on 2025-06-01: usher report acme/widgets shows how it went\n"
    )
    assert err == ""
    assert run(["import", "Acme/Widgets", str(folder), "--json"]) == 0
    out, err = capsys.readouterr()
    said = {"repository": NAME, "issues": 1, "pulls": 1, "events": 1, "outdated": 0, "undated": 0}
    assert (json.loads(out), err) == (said, "")


def test_what_is_wrong_is_said_in_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = backup(tmp_path / "b", issues=[line(issue()), "nonsense"])
    assert run(["import", NAME, str(folder)]) == BAD_INPUT
    assert capsys.readouterr() == (
        "",
        f"usher: {folder}/issues.jsonl, line 2: not JSON; the file seems to be cut off\n",
    )
    database = Database("sqlite:///usher.db")
    assert Histories(database).find(NAME) is None
    database.close()


def test_what_was_imported_can_be_purged(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["import", NAME, str(backup(tmp_path / "b", issues=[line(issue())]))]) == 0
    assert run(["purge", "ACME/Widgets"]) == 0
    assert run(["purge", NAME]) == BAD_INPUT
    out, err = capsys.readouterr()
    assert out.endswith("everything about ACME/Widgets is deleted\n")
    assert err == "usher: nothing is known of acme/widgets\n"
