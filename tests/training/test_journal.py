"""The run file outlives whatever ends its writer."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is only in the training environment")

from model.training.journal import JOURNAL, Journal


def steps(directory: Path) -> list[int]:
    return [event["step"] for event in Journal(directory, writes=False).events("check")]


def test_events_come_back_by_name_in_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path, writes=True)
    journal.write("check", step=1)
    journal.write("started")
    journal.write("check", step=2)
    assert steps(tmp_path) == [1, 2]


def test_only_one_writes(tmp_path: Path) -> None:
    Journal(tmp_path / "run", writes=False).write("check", step=1)
    assert not (tmp_path / "run").exists()
    assert steps(tmp_path / "run") == []


@pytest.mark.parametrize(
    "half", [b'{"at": "2026', b'{"event": "check", "step": 2', b"\xff\xfe", b"[]", b"3\n"]
)
def test_a_line_that_was_not_finished_harms_no_other(tmp_path: Path, half: bytes) -> None:
    Journal(tmp_path, writes=True).write("check", step=1)
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(half)
    assert steps(tmp_path) == [1]
    Journal(tmp_path, writes=True).write("check", step=3)
    assert steps(tmp_path) == [1, 3]


def test_nothing_is_added_to_what_was_finished(tmp_path: Path) -> None:
    for step in (1, 2):
        Journal(tmp_path, writes=True).write("check", step=step)
    assert len((tmp_path / JOURNAL).read_text().splitlines()) == 2
