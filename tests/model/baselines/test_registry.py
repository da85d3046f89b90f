"""The list of baselines."""

import pickle
from pathlib import Path

import pytest

from model.baselines.base import Unavailable
from model.baselines.registry import REGISTRY, Context


def test_every_entry_can_be_handed_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(dict(REGISTRY))) == REGISTRY


def test_titles_and_names_are_distinct() -> None:
    assert len({entry.title for entry in REGISTRY.values()}) == len(REGISTRY)


def test_what_depends_on_chance_and_learns_in_seconds_is_trained_three_times() -> None:
    assert {name: entry.seeds for name, entry in REGISTRY.items() if entry.seeds} == {
        "fasttext": 3,
        "lstm": 1,
        "lstm-pretrained": 1,
    }


def test_a_frozen_encoder_needs_an_encoder(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"^no encoder given$"):
        REGISTRY["frozen"].make(Context(cache=tmp_path, repos=[]))


def test_another_encoder_gives_another_edition(tmp_path: Path) -> None:
    editions = set()
    for content in (b"one", b"two"):
        (tmp_path / "model.safetensors").write_bytes(content)
        editions.add(REGISTRY["frozen"].edition(Context(cache=tmp_path, repos=[], encoder=tmp_path)))
    assert len(editions) == 2
