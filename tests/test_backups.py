import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import backups
from bot.backups import Backup, Line
from bot.core.errors import ConfigError
from tests.backup_lines import backup, issue, line, pull, write

GOOD = line(issue())


def lines(folder: Path) -> list[Line]:
    return list(Backup(folder).lines(lambda _: None))


def complaint(folder: Path) -> str:
    """What is said of a backup that cannot be read: one line."""
    with pytest.raises(ConfigError) as refused:
        lines(folder)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("end", [".jsonl", ".jsonl.gz"])
def test_lines_are_read_plain_and_packed(tmp_path: Path, end: str) -> None:
    write(tmp_path / f"issues{end}", GOOD, "\n", "  \n", line(issue(9)))
    write(tmp_path / f"pulls{end}", "\ufeff", line(pull()))
    found = [(each.where, each.kind, each.data[each.kind]["number"]) for each in lines(tmp_path)]
    assert found == [
        (f"{tmp_path}/pulls{end}, line 1", "pull", 8),
        (f"{tmp_path}/issues{end}, line 1", "issue", 7),
        (f"{tmp_path}/issues{end}, line 4", "issue", 9),
    ]


def test_one_of_the_files_is_enough(tmp_path: Path) -> None:
    write(tmp_path / "pulls.jsonl.gz", line(pull()))
    assert [each.kind for each in lines(tmp_path)] == ["pull"]


def test_the_last_line_may_lack_its_end(tmp_path: Path) -> None:
    write(tmp_path / "issues.jsonl", '{"issue": {}}')
    assert len(lines(tmp_path)) == 1


@pytest.mark.parametrize("end", [".jsonl", ".jsonl.gz"])
def test_how_far_it_was_read_adds_up_to_the_size(tmp_path: Path, end: str) -> None:
    for name, make in (("issues", issue), ("pulls", pull)):
        write(tmp_path / f"{name}{end}", *(line(make(n, body=os.urandom(500).hex())) for n in range(1, 200)))
    steps: list[int] = []
    found = Backup(tmp_path)
    list(found.lines(steps.append))
    assert sum(steps) == found.size
    assert len(steps) > 300


# The folder


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: folder / "nowhere", "there is no "),
        (lambda folder: write(folder / "file", GOOD), "file is not a directory"),
        (lambda folder: folder, "has neither issues.jsonl[.gz] nor pulls.jsonl[.gz]"),
        (lambda folder: write(folder / "Issues.json", GOOD).parent, "has neither"),
        (
            lambda folder: write(write(folder / "pulls.jsonl").parent / "pulls.jsonl.gz").parent,
            "has both pulls.jsonl and pulls.jsonl.gz: take one of them away",
        ),
        (lambda folder: write(folder / "issues.jsonl" / "x").parent.parent, "issues.jsonl is not a file"),
    ],
)
def test_a_folder_that_is_no_backup(tmp_path: Path, make: Callable[[Path], Path], says: str) -> None:
    assert says in complaint(make(tmp_path))


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "issues.jsonl")
    assert complaint(tmp_path) == f"{tmp_path}/issues.jsonl is not a file"
    (tmp_path / "issues.jsonl").unlink()
    (tmp_path / "issues.jsonl").symlink_to("gone")
    assert complaint(tmp_path) == f"{tmp_path}/issues.jsonl is not a file"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "issues.jsonl", GOOD)

    def refuse(*_arguments: object) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert complaint(tmp_path) == f"cannot read {tmp_path}/issues.jsonl: Permission denied"


# The lines


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("nonsense\n", "not JSON"),
        ('{"issue": {"number": 1\n', "not JSON"),
        ('{"issue": {"number": 1', "not JSON; the file seems to be cut off"),
        ("[" * 100_000 + "\n", "nested too deeply"),
        (f"[{'1' * 10_000}]\n", "not JSON"),
        ("[]\n", "not a JSON object"),
        ("null\n", "not a JSON object"),
        ('"issue"\n', "not a JSON object"),
        (line(pull()), 'its "type" is "pull", expected "issue"'),
        ({"type": 7, "issue": {}}, 'its "type" is 7, expected "issue"'),
        ({"type": "issue", "events": []}, 'it has no "issue" that is an object'),
        ({"type": "issue", "issue": [], "events": []}, 'it has no "issue" that is an object'),
    ],
)
@pytest.mark.parametrize("end", [".jsonl", ".jsonl.gz"])
def test_a_wrong_line_is_named(tmp_path: Path, wrong: Any, says: str, end: str) -> None:
    write(tmp_path / f"issues{end}", GOOD, "\n", wrong)
    assert complaint(tmp_path) == f"{tmp_path}/issues{end}, line 3: {says}"


def test_a_line_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "issues.jsonl").write_bytes('{"issue": "ä"}\n'.encode("latin-1"))
    assert complaint(tmp_path) == f"{tmp_path}/issues.jsonl, line 1: not UTF-8"


# Files that are damaged, or made to do harm


def packed(folder: Path) -> Path:
    bodies = (os.urandom(2_000).hex() for _ in range(50))
    return write(
        folder / "issues.jsonl.gz", *(line(issue(n + 1, body=body)) for n, body in enumerate(bodies))
    )


@pytest.mark.parametrize("kept", [3, 15, 0.5, 0.9, -1])
def test_a_packed_file_that_was_cut_off(tmp_path: Path, kept: float) -> None:
    content = packed(tmp_path).read_bytes()
    (tmp_path / "issues.jsonl.gz").write_bytes(
        content[: int(kept * len(content)) if 0 < kept < 1 else int(kept)]
    )
    said = complaint(tmp_path)
    assert ", line " in said
    assert said.endswith("the file is cut off here") or "not JSON" in said


def test_a_packed_file_that_is_empty(tmp_path: Path) -> None:
    (tmp_path / "issues.jsonl.gz").touch()
    assert "issues.jsonl.gz is empty" in complaint(tmp_path)


@pytest.mark.parametrize("where", [0, 12, 5_000, -6])
def test_a_packed_file_that_was_altered(tmp_path: Path, where: int) -> None:
    content = bytearray(packed(tmp_path).read_bytes())
    content[where] ^= 0xFF
    (tmp_path / "issues.jsonl.gz").write_bytes(content)
    assert ", line " in complaint(tmp_path)


def test_a_plain_file_that_is_called_packed(tmp_path: Path) -> None:
    (tmp_path / "issues.jsonl.gz").write_text("{}\n")
    assert (
        complaint(tmp_path)
        == f"{tmp_path}/issues.jsonl.gz, line 1: the gzip file is damaged here, or is none"
    )


def test_a_line_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "LINE_LIMIT", backups.MIB)
    (tmp_path / "issues.jsonl.gz").write_bytes(gzip.compress(b" " * 2 * backups.MIB))
    said = complaint(tmp_path)
    assert said.endswith("issues.jsonl.gz, line 1: it is longer than 1 MiB, the limit for a line")


def test_a_file_that_unpacks_to_far_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "RATIO_FROM", backups.MIB)
    (tmp_path / "issues.jsonl.gz").write_bytes(gzip.compress((b" " * 1_000 + b"\n") * 10_000))
    said = complaint(tmp_path)
    assert "the file unpacks to more than 100 times its packed size, and 1 MiB" in said


def test_a_file_of_countless_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "LINES_LIMIT", 1_000)
    write(tmp_path / "issues.jsonl.gz", "\n" * 2_000)
    assert complaint(tmp_path).endswith("issues.jsonl.gz, line 1001: a file may have 1,000 lines")


def test_a_file_that_is_far_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup(tmp_path, issues=[GOOD] * 100)
    monkeypatch.setattr(backups, "FILE_LIMIT", 1_000)
    assert "the limit for a file" in complaint(tmp_path)
