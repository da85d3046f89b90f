"""The files of a classifier: refused when altered, replaced whole or not at all."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from model import artifact
from model.artifact import FILES, MANIFEST, Artifact, load, save
from model.errors import ModelError

TINY = Artifact(
    vocabulary=["bcrash", "tcrash"],
    idf=np.ones(2, dtype=np.float16),
    weights=np.zeros((3, 4), dtype=np.float16),
    manifest={"name": "tiny", "temperature": 1.0},
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    save(tmp_path / "model", TINY)
    return tmp_path / "model"


def test_comes_back_as_it_was_saved(saved: Path) -> None:
    found = load(saved)
    assert found.vocabulary == TINY.vocabulary
    assert np.array_equal(found.idf, TINY.idf)
    assert np.array_equal(found.weights, TINY.weights)
    assert found.manifest["temperature"] == 1.0


def test_the_version_names_the_weights(tmp_path: Path) -> None:
    other = Artifact(TINY.vocabulary, TINY.idf, TINY.weights + 1, TINY.manifest)
    assert save(tmp_path / "one", TINY) == save(tmp_path / "same", TINY) != save(tmp_path / "other", other)


@pytest.mark.parametrize("name", FILES)
def test_an_altered_file_is_refused(saved: Path, name: str) -> None:
    content = bytearray((saved / name).read_bytes())
    content[-1] ^= 1
    (saved / name).write_bytes(content)
    with pytest.raises(ModelError, match=f"{name} was altered: its SHA-256 is not the one in manifest.json"):
        load(saved)


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
def test_a_missing_file_is_named(saved: Path, name: str) -> None:
    (saved / name).unlink()
    with pytest.raises(ModelError, match=f"no classifier in .*: {name} is missing"):
        load(saved)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "not json", '{"format": 1}', '{"format": 1, "sha256": 3}']
)
def test_a_broken_manifest_is_one_clear_line(saved: Path, content: str) -> None:
    (saved / MANIFEST).write_text(content)
    with pytest.raises(ModelError, match=r"^[^\n]+$"):
        load(saved)


def test_another_format_is_refused(saved: Path) -> None:
    manifest = json.loads((saved / MANIFEST).read_text())
    (saved / MANIFEST).write_text(json.dumps({**manifest, "format": 99}))
    with pytest.raises(ModelError, match="format 99, but only format 1 is read here"):
        load(saved)


def test_a_pickle_is_never_loaded(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(saved / artifact.IDF, np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
    monkeypatch.setattr(artifact, "_checked", lambda path, _: path.read_bytes())
    with pytest.raises(ModelError, match="cannot be read"):
        load(saved)


def test_arrays_of_different_length_are_refused(tmp_path: Path) -> None:
    save(tmp_path / "model", Artifact(["one"], TINY.idf, TINY.weights, TINY.manifest))
    with pytest.raises(ModelError, match="differ in length"):
        load(tmp_path / "model")


def test_a_failed_save_leaves_the_old_one_and_nothing_else(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(artifact.np, "save", full_disk)
    with pytest.raises(OSError, match="No space left"):
        save(saved, TINY)
    assert [path.name for path in saved.parent.iterdir()] == ["model"]
    assert load(saved).vocabulary == TINY.vocabulary


def test_a_failed_move_puts_the_old_one_back(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def fails_for_the_new_one(self: Path, target: Path) -> Path:
        if self.name.endswith("-old") or target.name.endswith("-old"):
            return rename(self, target)
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", fails_for_the_new_one)
    with pytest.raises(OSError, match="Permission denied"):
        save(saved, TINY)
    assert load(saved).vocabulary == TINY.vocabulary


def test_a_directory_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(ModelError, match="holds other files"):
        save(tmp_path, TINY)
    assert (tmp_path / "thesis.txt").read_text() == "precious"


def test_saving_again_replaces_everything(saved: Path) -> None:
    (saved / "CARD.md").write_text("about the old one")
    save(saved, TINY, notes={"metrics.json": "{}"})
    assert sorted(path.name for path in saved.iterdir()) == sorted([*FILES, MANIFEST, "metrics.json"])
    shutil.rmtree(saved)
