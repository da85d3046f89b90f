"""The files of a classifier: refused when altered, replaced whole or not at all."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
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
    VOCABULARY,
    WEIGHTS,
    Artifact,
    load,
    network_files,
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


#: What the files of a network hold is nothing to whoever only carries them.
LAYERS = {NETWORK: b"layers", TOKENIZER: b"{}"}


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A classifier of both members."""
    save(tmp_path / "models" / "model", replace(TINY, network=LAYERS))
    return tmp_path / "models" / "model"


def test_comes_back_as_it_was_saved(saved: Path) -> None:
    found = load(saved)
    assert found.vocabulary == TINY.vocabulary
    assert np.array_equal(found.idf, TINY.idf)
    assert np.array_equal(found.weights, TINY.weights)
    assert found.manifest["heads"] == TINY.manifest["heads"]
    assert found.network == network_files(saved) == LAYERS


def test_without_a_network_it_is_still_a_classifier(tmp_path: Path) -> None:
    save(tmp_path / "model", TINY)
    assert load(tmp_path / "model").network is None
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == sorted([*LINEAR_FILES, MANIFEST])


def test_a_copy_of_what_was_loaded_is_the_same_version(saved: Path, tmp_path: Path) -> None:
    assert save(tmp_path / "copy", load(saved)) == load(saved).manifest["version"]


def test_the_version_changes_with_all_that_a_prediction_depends_on(tmp_path: Path) -> None:
    others = (
        replace(TINY, weights=TINY.weights + 1),
        replace(TINY, idf=TINY.idf + 1),
        replace(TINY, vocabulary=["bcrash", "tother"]),
        replace(TINY, manifest={**TINY.manifest, "heads": {"issue_type": {"temperature": 2.0}}}),
        replace(TINY, manifest={**TINY.manifest, "limits": {"title": 8}}),
        replace(TINY, manifest={**TINY.manifest, "common": 1}),
        replace(TINY, manifest={**TINY.manifest, "familiar": {"temperature": 2.0}}),
        replace(TINY, network=LAYERS),
        replace(TINY, network={**LAYERS, NETWORK: b"other layers"}),
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
    monkeypatch.setattr(artifact, "_checked", lambda path, _: path.read_bytes())
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


@pytest.mark.parametrize(
    "manifest", [None, "{}", "not json", '{"format": 3}', '{"format": 3, "sha256": {"thesis.txt": ""}}']
)
def test_a_directory_of_something_else_is_left_alone(tmp_path: Path, manifest: str | None) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    if manifest is not None:
        (tmp_path / MANIFEST).write_text(manifest)
    with pytest.raises(ModelError, match=r"holds other files, such as thesis\.txt; name an empty directory"):
        save(tmp_path, TINY)
    assert (tmp_path / "thesis.txt").read_text() == "precious"


def test_so_is_a_manifest_of_something_else(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"name": "a browser extension"}')
    with pytest.raises(ModelError, match="holds other files; name an empty directory"):
        save(tmp_path, TINY)
    assert (tmp_path / MANIFEST).exists()


def test_what_lies_beside_a_classifier_is_not_lost_with_it(saved: Path) -> None:
    (saved / "notes").mkdir()
    with pytest.raises(ModelError, match="holds other files, such as notes"):
        save(saved, TINY)
    assert load(saved).network == LAYERS


def test_a_link_goes_on_pointing_to_what_is_served(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(saved)
    save(tmp_path / "link", TINY)
    assert (tmp_path / "link").is_symlink()
    assert load(saved).network is None
    assert [path.name for path in saved.parent.iterdir()] == ["model"]


# While it is replaced


def test_ended_between_two_renames_it_still_serves_and_can_be_replaced(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def killed(self: Path, target: Path) -> Path:
        if target == saved:
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            save(saved, TINY)
    assert not saved.exists()
    assert load(saved).network == LAYERS
    save(saved, TINY)
    assert load(saved).network is None
    assert [path.name for path in saved.parent.iterdir()] == ["model"]


def test_what_is_replaced_while_it_is_read_is_read_again(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(TINY, weights=TINY.weights + 1, network={**LAYERS, NETWORK: b"other layers"})
    checked, published = artifact._checked, []

    def replaced(path: Path, expected: str) -> bytes:
        if path.name == WEIGHTS and not published:
            published.append(save(saved, other))
        return checked(path, expected)

    monkeypatch.setattr(artifact, "_checked", replaced)
    found = load(saved)
    assert [found.manifest["version"]] == published
    assert (found.weights == 1).all()
    assert found.network == other.network


# Whose hash is right, and which makes no sense


def signed(saved: Path, name: str, content: bytes) -> None:
    """Put `content` into a file of the classifier as if it had been made so."""
    (saved / name).write_bytes(content)
    manifest = json.loads((saved / MANIFEST).read_text())
    manifest["sha256"][name] = hashlib.sha256(content).hexdigest()
    manifest["version"] = version_of(manifest, manifest["sha256"])
    (saved / MANIFEST).write_text(json.dumps(manifest))


def npy(header: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()


def array(values: Any, dtype: str = "float16") -> bytes:
    written = BytesIO()
    np.save(written, np.array(values, dtype=dtype))
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (IDF, array([1.0, np.nan])),
        (IDF, array([1.0, np.inf])),
        (IDF, array([1, 1], "int64")),
        (IDF, array(1.0)),
        (IDF, array([[1.0], [1.0]])),
        (WEIGHTS, array([[0.0], [-np.inf], [0.0]])),
        (WEIGHTS, array([0.0, 0.0, 0.0])),
        (IDF, npy("{'descr': '<f2', 'fortran_order': False, 'shape': (9999999999999,), }\n")),
        (IDF, npy("{'descr': '<f2', 'fortran_order': False, 'shape': (\n")),
        (IDF, npy("(" * 500)),
        (IDF, b""),
        (VOCABULARY, b"\xff\nb"),
    ],
)
def test_what_cannot_be_computed_with_is_one_clear_line(saved: Path, name: str, content: bytes) -> None:
    signed(saved, name, content)
    with pytest.raises(ModelError, match=r"^[^\n]+$"):
        load(saved)


def test_a_manifest_of_a_million_brackets_is_one_clear_line(saved: Path) -> None:
    (saved / MANIFEST).write_text("[" * 1_000_000)
    with pytest.raises(ModelError, match=r"manifest\.json cannot be read: [^\n]+$"):
        load(saved)


def test_saving_again_replaces_everything(saved: Path) -> None:
    (saved / "CARD.md").write_text("about the old one")
    save(saved, TINY, notes={"metrics.json": "{}"})
    assert sorted(path.name for path in saved.iterdir()) == sorted([*LINEAR_FILES, MANIFEST, "metrics.json"])
    shutil.rmtree(saved)
