"""Predictions that training leaves for evaluation."""

from pathlib import Path

import numpy as np
import pytest

from model.data import load as load_data
from model.errors import DataError
from model.heldout import FILE, HeldOut
from model.labels import LABELS


def test_held_out_predictions_are_of_every_training_issue(run: Path, data_directory: Path) -> None:
    held_out = HeldOut.load(run)
    count = len(load_data(data_directory).train)
    assert held_out.tagged.shape == held_out.untagged.shape == (count, len(LABELS))
    assert (held_out.tagged.argmax(axis=1) == held_out.labels).mean() > 0.8


def test_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    names = np.array(["many_repos", "many_repos"])
    saved = HeldOut(np.array([0, 1]), np.array([1, 0]), np.eye(2, 4), np.ones((2, 4)), names, names)
    saved.save(tmp_path)
    found = HeldOut.load(tmp_path)
    for name in HeldOut.__slots__:
        assert np.array_equal(getattr(found, name), getattr(saved, name))


@pytest.mark.parametrize("content", [None, b"", b"not an archive", b"PK\x03\x04 cut"])
def test_what_cannot_be_read_is_one_clear_line(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
    with pytest.raises(DataError, match=r"heldout.npz cannot be read, train first"):
        HeldOut.load(tmp_path)
