"""From the members of a run to a classifier. That of both members is tested where torch is."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="fitting needs scipy")

from model import layout
from model.datasets.samples import Sample, Samples, load_samples
from model.errors import DataError, ModelError
from model.export import Members, _shown, export
from model.labels import LABELS
from model.predict import Classifier
from model.serving.artifact import LINEAR_FILES, MANIFEST, load, read_json
from model.serving.linear import own_mark
from model.serving.linear_member import LinearMember
from model.text import clean
from tests.model import examples
from tests.model.measured import sample

FAMILIAR = "facebook/react"


@pytest.fixture(scope="module")
def samples(data_directory: Path) -> Samples:
    return load_samples(data_directory)


@pytest.fixture
def members(run: Path, tmp_path: Path) -> Path:
    """A run whose members were trained and nothing more; a test may spoil it."""
    copy = Path(shutil.copytree(run / layout.LINEAR, tmp_path / "run" / layout.LINEAR)).parent
    shutil.copyfile(run / layout.HELD_OUT, copy / layout.HELD_OUT)
    return copy


def exported(run: Path, samples: Samples) -> str:
    return export(run, samples, name="tiny", say=lambda _: None)


def adapting_to(members: Path, samples: Samples, issues: list[Sample]) -> Samples:
    """The samples, with these issues to adapt to in the place of theirs; none of them was learnt from."""
    found = load(members / layout.LINEAR)
    member = LinearMember(found.vocabulary, found.idf, found.weights)
    vectors = member.vectors([row.text for row in issues], [row.repo for row in issues])
    np.save(members / layout.HELD_OUT, member.logits(vectors))
    return Samples((*(row for row in samples.rows if row.split != "adaptation"), *issues), {})


def contrary() -> list[Sample]:
    """Issues of a repository that calls a crash a question, and asking how a bug."""
    called = {"bug": "question", "question": "bug"}
    return [
        sample(clean(row["title"], row["body"]), called[row["label"]], repo=FAMILIAR, split="adaptation")
        for row in examples.rows(called, examples.THINGS[:8], [FAMILIAR])
    ]


def test_the_linear_member_becomes_a_classifier_by_itself(members: Path, samples: Samples) -> None:
    version = exported(members, samples)
    found = Classifier.load(members / "artifact")
    assert (found.version, found.has_network, found.heads) == (version, False, ("issue_type",))
    assert version.startswith("tiny-")
    rows = samples.of("issue_type", "unseen")
    chosen = found.probabilities([row.text for row in rows], [row.repo for row in rows]).argmax(axis=1)
    assert (chosen == [row.label for row in rows]).mean() > 0.9


def test_without_issues_to_adapt_to_its_files_are_those_of_the_member_and_a_manifest(
    members: Path, samples: Samples
) -> None:
    (members / layout.HELD_OUT).unlink()
    exported(members, Samples(tuple(row for row in samples.rows if row.split != "adaptation"), {}))
    assert {path.name for path in members.iterdir()} == {"linear", "artifact"}
    assert {path.name for path in (members / "artifact").iterdir()} == {*LINEAR_FILES, MANIFEST}
    for name in LINEAR_FILES:
        assert (members / "artifact" / name).read_bytes() == (members / "linear" / name).read_bytes()
    assert not {"common", "familiar"} & read_json(members / "artifact", MANIFEST).keys()


def test_a_repository_that_was_adapted_to_is_familiar(members: Path, samples: Samples) -> None:
    exported(members, adapting_to(members, samples, contrary()))
    member, found = load(members / "linear"), load(members / "artifact")
    common = found.manifest["common"]
    assert found.vocabulary[:common] == member.vocabulary
    assert own_mark(FAMILIAR) in found.vocabulary[common:]
    familiar = found.manifest["familiar"]
    assert familiar["repositories"] == [FAMILIAR]
    assert familiar["report"]["issues"] == len(contrary())
    assert familiar["report"]["average_f1"]["before"] < familiar["report"]["average_f1"]["after"]
    shared = found.manifest["heads"]["issue_type"]
    assert familiar["temperature"] != shared["temperature"]
    assert familiar["thresholds"].keys() == shared["thresholds"].keys()
    assert familiar["thresholds"] != shared["thresholds"]


def test_what_words_mean_in_a_familiar_repository_is_served_there_alone(
    members: Path, samples: Samples
) -> None:
    exported(members, adapting_to(members, samples, contrary()))
    classifier = Classifier.load(members / "artifact")
    issue = ("The modem crashes on start", "The modem throws an error and crashes.")
    said = {repo: classifier.classify(*issue, repo=repo).label for repo in (FAMILIAR, "octo/new", None)}
    assert said == {FAMILIAR: "question", "octo/new": "bug", None: "bug"}


def test_the_manifest_says_what_led_to_it(members: Path, samples: Samples) -> None:
    exported(members, samples)
    manifest = read_json(members / "artifact", MANIFEST)
    validation = manifest["validation"]["issue_type"]
    decided_on = [*_shown(samples.of("issue_type", "validation")), *samples.of("issue_type", "adaptation")]
    assert validation["texts"] == len(decided_on)
    assert validation["chosen"] == "linear"
    assert set(validation["members"]) == {"linear"}
    assert 0 < validation["served"]["macro_f1"] <= 1
    assert manifest["heads"]["issue_type"]["classes"] == list(LABELS)


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
    assert {path.name for path in members.iterdir()} == {layout.LINEAR, layout.HELD_OUT}


def test_a_missing_or_altered_member_is_named_and_nothing_is_written(members: Path, samples: Samples) -> None:
    (members / "linear" / "idf.npy").write_bytes(b"")
    with pytest.raises(ModelError, match=r"idf\.npy was altered"):
        exported(members, samples)
    shutil.rmtree(members / "linear")
    with pytest.raises(ModelError, match="no classifier in"):
        exported(members, samples)
    assert {path.name for path in members.iterdir()} == {layout.HELD_OUT}


def test_issues_to_adapt_to_are_judged_by_a_member_that_did_not_learn_from_them(
    members: Path, samples: Samples
) -> None:
    exported(members, samples)
    sure = read_json(members / "artifact", MANIFEST)["familiar"]["report"]["average_f1"]["before"]
    logits = np.load(members / layout.HELD_OUT, allow_pickle=False)
    np.save(members / layout.HELD_OUT, -logits)
    exported(members, samples)
    mistaken = read_json(members / "artifact", MANIFEST)["familiar"]["report"]["average_f1"]["before"]
    assert (sure, mistaken) == (1.0, 0.0)


def test_a_network_that_learnt_from_them_is_judged_alike(members: Path, samples: Samples) -> None:
    network = SimpleNamespace(outputs={"issue_type": 4}, read=lambda texts, _: np.zeros((len(texts), 4)))
    validation, familiar = (samples.of("issue_type", split) for split in ("validation", "adaptation"))
    held_out = np.ones((len(familiar), 4))
    both = Members(load(members / layout.LINEAR), network, {"network": held_out})  # type: ignore[arg-type]
    found = both.logits("issue_type", [*validation, *familiar])["network"]
    assert found.tolist() == [*np.zeros((len(validation), 4)).tolist(), *held_out.tolist()]


def test_where_it_is_not_known_what_such_a_member_says_it_must_be_trained_again(
    members: Path, samples: Samples
) -> None:
    np.save(members / layout.HELD_OUT, np.zeros((1, 4)))
    with pytest.raises(ModelError, match=r"held-out\.npy is of 1 issues, not of 6; train again$"):
        exported(members, samples)
    (members / layout.HELD_OUT).unlink()
    with pytest.raises(ModelError, match=r"held-out\.npy cannot be read .*; train again$"):
        exported(members, samples)
    assert {path.name for path in members.iterdir()} == {layout.LINEAR}


def test_progress_is_told(members: Path, samples: Samples) -> None:
    said: list[str] = []
    version = export(members, samples, name="tiny", say=said.append)
    assert said[0] == "no network in the run: the linear member serves alone"
    assert said[1].startswith("issue_type: macro F1 on validation: linear ")
    assert said[2] == "1 repositories made familiar: average F1 1.000, then 1.000"
    assert said[-1] == f"{version} is in {members / 'artifact'}"
    assert json.loads((members / "artifact" / MANIFEST).read_text())["version"] == version
