"""A file that a command writes is there whole, or as it was before; what is open already is written to."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.files import to_write

WRITES = """
import sys
from pathlib import Path

from bot.cli.files import to_write

with to_write(Path(sys.argv[1])) as out:
    out.write(b"new\\n")
"""


def test_a_file_gets_its_name_once_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "report.md"
    with to_write(target) as out:
        out.write(b"new")
        assert not target.exists()
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_where_it_cannot_be_written_what_was_there_stays(tmp_path: Path) -> None:
    target = tmp_path / "report.md"
    target.write_text("of last week")

    def full() -> None:
        with to_write(target) as out:
            out.write(b"ne")
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
    with to_write(link) as out:
        out.write(b"new")
    assert (link.is_symlink(), target.read_text()) == (True, "new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_device_stays_one() -> None:
    with to_write(Path(os.devnull)) as out:
        out.write(b"nothing")
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/stderr", "/dev/fd/1"])
def test_what_the_shell_appends_to_a_file_is_appended(name: str, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text("kept line\n")
    with log.open("ab") as end:
        subprocess.run([sys.executable, "-c", WRITES, name], stdout=end, stderr=end, check=True)
    assert log.read_text() == "kept line\nnew\n"
    assert list(tmp_path.iterdir()) == [log]


def test_what_was_written_to_a_file_that_is_open_stays_before_it(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with log.open("wb", buffering=0) as begun:
        begun.write(b"first line\n")
        subprocess.run([sys.executable, "-c", WRITES, "/dev/stdout"], stdout=begun, check=True)
        begun.write(b"last line\n")
    assert log.read_text() == "first line\nnew\nlast line\n"


def test_a_pipe_is_written_to() -> None:
    done = subprocess.run([sys.executable, "-c", WRITES, "/dev/stdout"], capture_output=True, check=True)
    assert done.stdout == b"new\n"


def test_a_descriptor_that_is_not_open_cannot_be_written() -> None:
    with pytest.raises(OSError, match="Bad file descriptor"), to_write(Path("/dev/fd/999999")):
        pass
