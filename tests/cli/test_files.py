"""A file that a command writes is there whole, or as it was before."""

import os
import stat
from pathlib import Path

import pytest

from bot.cli.files import draft_of


def test_a_file_gets_its_name_once_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "report.md"
    with draft_of(target) as draft:
        draft.write_text("new")
        assert not target.exists()
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_where_it_cannot_be_written_what_was_there_stays(tmp_path: Path) -> None:
    target = tmp_path / "report.md"
    target.write_text("of last week")

    def full() -> None:
        with draft_of(target) as draft:
            draft.write_text("ne")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        full()
    assert target.read_text() == "of last week"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_stays_one_and_rights_stay_what_they_were(tmp_path: Path) -> None:
    target, link = tmp_path / "report.md", tmp_path / "latest.md"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    with draft_of(link) as draft:
        draft.write_text("new")
    assert (link.is_symlink(), target.read_text()) == (True, "new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_device_stays_one() -> None:
    with draft_of(Path(os.devnull)) as draft:
        assert draft == Path(os.devnull)
        draft.write_text("nothing")
    assert Path(os.devnull).is_char_device()
