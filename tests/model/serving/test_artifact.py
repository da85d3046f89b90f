"""The files of a classifier: refused when altered, replaced whole or not at all."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.errors import ModelError
from model.serving import artifact
from model.serving.artifact import (
    IDF,
    LINEAR_FILES,
    MANIFEST,
    NETWORK,
    NETWORK_FILES,
    TOKENIZER,
    Artifact,
    load,
    save,
    size_bytes,
    version_of,
)

ALL_FILES = LINEAR_FILES + NETWORK_FILES
TINY = Artifact(
    vocabulary=["bcrash", "tcrash"],
    idf=np.ones(2, dtype=np.float16),
    weights=np.zeros((3, 4), dtype=np.float16),
    manifest={"name": "tiny", "heads": {"issue_type": {"temperature": 1.0}}},
)


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """The files of a network; what they hold is nothing to whoever only carries them."""
    directory = tmp_path / "network"
    directory.mkdir()
    (directory / NETWORK).write_bytes(b"layers")
    (directory / TOKENIZER).write_text("{}")
    return directory


@pytest.fixture
def saved(tmp_path: Path, network: Path) -> Path:
    """A classifier of both members."""
    save(tmp_path / "models" / "model", replace(TINY, network=network))
    return tmp_path / "models" / "model"


def test_comes_back_as_it_was_saved(saved: Path) -> None:
    found = load(saved)
    assert found.vocabulary == TINY.vocabulary
    assert np.array_equal(found.idf, TINY.idf)
    assert np.array_equal(found.weights, TINY.weights)
    assert found.manifest["heads"] == TINY.manifest["heads"]
    assert found.network == saved
    assert (saved / NETWORK).read_bytes() == b"layers"


def test_without_a_network_it_is_still_a_classifier(tmp_path: Path) -> None:
    save(tmp_path / "model", TINY)
    assert load(tmp_path / "model").network is None
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == sorted([*LINEAR_FILES, MANIFEST])


def test_a_copy_of_what_was_loaded_is_the_same_version(saved: Path, tmp_path: Path) -> None:
    assert save(tmp_path / "copy", load(saved)) == load(saved).manifest["version"]


def test_the_version_changes_with_all_that_a_prediction_depends_on(tmp_path: Path, network: Path) -> None:
    (network / NETWORK).write_bytes(b"other layers")
    others = (
        replace(TINY, weights=TINY.weights + 1),
        replace(TINY, idf=TINY.idf + 1),
        replace(TINY, vocabulary=["bcrash", "tother"]),
        replace(TINY, manifest={**TINY.manifest, "heads": {"issue_type": {"temperature": 2.0}}}),
        replace(TINY, manifest={**TINY.manifest, "limits": {"title": 8}}),
        replace(TINY, manifest={**TINY.manifest, "common": 1}),
        replace(TINY, manifest={**TINY.manifest, "familiar": {"temperature": 2.0}}),
        replace(TINY, network=network),
    )
    versions = [save(tmp_path / str(number), other) for number, other in enumerate((TINY, *others))]
    assert len(set(versions)) == len(versions)
    assert save(tmp_path / "same", TINY) == versions[0]


@pytest.mark.parametrize("name", ALL_FILES)
def test_an_altered_file_is_refused(saved: Path, name: str) -> None:
    content = bytearray((saved / name).read_bytes())
    content[-1] ^= 1
    (saved / name).write_bytes(content)
    with pytest.raises(ModelError, match=f"{name} was altered: its SHA-256 is not the one in manifest.json"):
        load(saved)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m["heads"]["issue_type"].update(temperature=2.0),
        lambda m: m.update(familiar={"temperature": 2.0}),
        lambda m: m.update(limits={"title": 8}),
        lambda m: m.update(common=1),
        lambda m: m["sha256"].update({IDF: "0" * 64}),
        lambda m: m.update(version="tiny-00000000"),
        lambda m: m.update(name="another"),
    ],
)
def test_an_altered_manifest_is_refused(saved: Path, change: Callable[[dict[str, Any]], None]) -> None:
    manifest = json.loads((saved / MANIFEST).read_text())
    change(manifest)
    (saved / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match=r"^[^\n]*manifest.json was altered: [^\n]*$"):
        load(saved)


@pytest.mark.parametrize("name", [*ALL_FILES, MANIFEST])
def test_a_missing_file_is_named(saved: Path, name: str) -> None:
    (saved / name).unlink()
    with pytest.raises(ModelError, match=f"no classifier in .*: {name} is missing"):
        load(saved)


@pytest.mark.parametrize("name", NETWORK_FILES)
def test_half_a_network_is_refused(saved: Path, name: str) -> None:
    manifest = json.loads((saved / MANIFEST).read_text())
    del manifest["sha256"][name]
    manifest["version"] = version_of(manifest, manifest["sha256"])
    (saved / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match=rf"^[^\n]*cannot be read: '{name}'; [^\n]*$"):
        load(saved)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "not json", '{"format": 3}', '{"format": 3, "sha256": 3}']
)
def test_a_broken_manifest_is_one_clear_line(saved: Path, content: str) -> None:
    (saved / MANIFEST).write_text(content)
    with pytest.raises(ModelError, match=r"^[^\n]+$"):
        load(saved)


@pytest.mark.parametrize("other", [1, 99, "two"])
def test_another_format_is_refused(saved: Path, other: object) -> None:
    manifest = json.loads((saved / MANIFEST).read_text())
    (saved / MANIFEST).write_text(json.dumps({**manifest, "format": other}))
    with pytest.raises(ModelError, match=rf"^[^\n]*format {other}, but only format 3 is read here[^\n]*$"):
        load(saved)


def test_a_pickle_is_never_loaded(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(saved / IDF, np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
    monkeypatch.setattr(artifact, "_check", lambda *_: None)
    with pytest.raises(ModelError, match="cannot be read"):
        load(saved)


def test_arrays_of_different_length_are_refused(tmp_path: Path) -> None:
    save(tmp_path / "model", replace(TINY, vocabulary=["one"]))
    with pytest.raises(ModelError, match="differ in length"):
        load(tmp_path / "model")


def test_its_size_is_that_of_the_files_that_serve(saved: Path) -> None:
    before = size_bytes(saved)
    (saved / "CARD.md").write_text("for people")
    assert (
        size_bytes(saved) == before == sum((saved / name).stat().st_size for name in (*ALL_FILES, MANIFEST))
    )


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


def test_a_network_that_is_gone_leaves_the_old_one_and_nothing_else(saved: Path, network: Path) -> None:
    (network / TOKENIZER).unlink()
    with pytest.raises(FileNotFoundError):
        save(saved, replace(TINY, network=network))
    assert [path.name for path in saved.parent.iterdir()] == ["model"]
    assert load(saved).network == saved


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
    assert sorted(path.name for path in saved.iterdir()) == sorted([*LINEAR_FILES, MANIFEST, "metrics.json"])
    shutil.rmtree(saved)
