"""Pictures: files that are there, the same each time, and readable by eye alone."""

from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="matplotlib is only in the training environment")

from model.reporting.pictures import draw
from tests.model.measured import metrics

NAMES = {"coverage.png", "reliability.png", "confusion.png", "slices.png"}


def test_each_picture_is_a_file_with_words_for_who_cannot_see_it(tmp_path: Path) -> None:
    drawn = draw(metrics(), tmp_path / "pictures")
    assert drawn.keys() == NAMES == {path.name for path in (tmp_path / "pictures").iterdir()}
    assert all(drawn.values())
    for name in NAMES:
        content = (tmp_path / "pictures" / name).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) < 150_000


def test_the_same_numbers_give_the_same_files(tmp_path: Path) -> None:
    draw(metrics(), tmp_path / "first")
    draw(metrics(), tmp_path / "second")
    for name in NAMES:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_what_was_not_measured_is_not_drawn(tmp_path: Path) -> None:
    assert draw({"unseen": None}, tmp_path / "pictures") == {}
    assert not (tmp_path / "pictures").exists()
