"""From the members of a run to a classifier. That of both members is tested where torch is."""

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="fitting needs scipy")

from model.artifact import LINEAR_FILES, MANIFEST, load, read_json
from model.errors import DataError, ModelError
from model.export import _shown, export
from model.labels import LABELS
from model.predict import Classifier
from model.samples import Samples, load_samples
from tests.model.measured import sample


@pytest.fixture(scope="module")
def samples(data_directory: Path) -> Samples:
    return load_samples(data_directory)


@pytest.fixture
def members(run: Path, tmp_path: Path) -> Path:
    """A run whose members were trained and nothing more; a test may spoil it."""
    return Path(shutil.copytree(run / "linear", tmp_path / "run" / "linear")).parent


def exported(run: Path, samples: Samples) -> str:
    return export(run, samples, name="tiny", say=lambda _: None)


def test_the_linear_member_becomes_a_classifier_by_itself(members: Path, samples: Samples) -> None:
    version = exported(members, samples)
    found = Classifier.load(members / "artifact")
    assert (found.version, found.has_network, found.heads) == (version, False, ("issue_type",))
    assert version.startswith("tiny-")
    rows = samples.of("issue_type", "unseen")
    chosen = found.probabilities([row.text for row in rows], [row.repo for row in rows]).argmax(axis=1)
    assert (chosen == [row.label for row in rows]).mean() > 0.9


def test_its_files_are_those_of_the_member_and_a_manifest(members: Path, samples: Samples) -> None:
    exported(members, samples)
    assert {path.name for path in members.iterdir()} == {"linear", "artifact"}
    assert {path.name for path in (members / "artifact").iterdir()} == {*LINEAR_FILES, MANIFEST}
    for name in LINEAR_FILES:
        assert (members / "artifact" / name).read_bytes() == (members / "linear" / name).read_bytes()


def test_the_manifest_says_what_led_to_it(members: Path, samples: Samples) -> None:
    exported(members, samples)
    manifest = read_json(members / "artifact", MANIFEST)
    validation = manifest["validation"]["issue_type"]
    assert validation["texts"] == len(samples.of("issue_type", "validation")) > 0
    assert validation["chosen"] == "linear"
    assert set(validation["members"]) == {"linear"}
    assert 0 < validation["served"]["macro_f1"] <= 1
    assert manifest["heads"]["issue_type"]["classes"] == list(LABELS)
    assert manifest["familiar"] == load(members / "linear").manifest["familiar"]


def test_it_names_the_repositories_that_nothing_was_learnt_from(members: Path, samples: Samples) -> None:
    exported(members, samples)
    kept = read_json(members / "artifact", MANIFEST)["data"]["held_out"]
    trained = {row.repo for row in samples.of("issue_type", "train")}
    assert kept
    assert not trained & set(kept)


def test_titles_with_tags_are_read_a_second_time_without() -> None:
    rows = [sample("[Bug]: crash"), sample("crash")]
    found = _shown(rows)
    assert found[:2] == rows
    assert [row.text.tags for row in found] == [("bug",), (), ()]


def test_the_same_run_gives_the_same_version(members: Path, samples: Samples) -> None:
    assert exported(members, samples) == exported(members, samples)


def test_without_issues_to_validate_on_nothing_is_written(members: Path, samples: Samples) -> None:
    rest = Samples(tuple(row for row in samples.rows if row.split != "validation"), {})
    with pytest.raises(DataError, match=r"^[^\n]*no issues to validate on[^\n]*$"):
        exported(members, rest)
    assert {path.name for path in members.iterdir()} == {"linear"}


def test_a_missing_or_altered_member_is_named_and_nothing_is_written(members: Path, samples: Samples) -> None:
    (members / "linear" / "idf.npy").write_bytes(b"")
    with pytest.raises(ModelError, match=r"idf\.npy was altered"):
        exported(members, samples)
    shutil.rmtree(members / "linear")
    with pytest.raises(ModelError, match="no classifier in"):
        exported(members, samples)
    assert list(members.iterdir()) == []


def test_progress_is_told(members: Path, samples: Samples) -> None:
    said: list[str] = []
    version = export(members, samples, name="tiny", say=said.append)
    assert said[0] == "no network in the run: the linear member serves alone"
    assert said[1].startswith("issue_type: macro F1 on validation: linear ")
    assert said[-1] == f"{version} is in {members / 'artifact'}"
    assert json.loads((members / "artifact" / MANIFEST).read_text())["version"] == version
