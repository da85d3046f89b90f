"""Evaluation: what is measured, of which version, and what is said to be not measured."""

import json
from pathlib import Path

import pytest

from model.datasets.samples import Samples
from model.errors import DataError, ModelError
from model.evaluate import count, evaluate
from model.predict import Classifier
from model.serving.artifact import METRICS, read_json
from tests.model.examples import write_csv
from tests.model.measured import all_samples, issues, sample, write_artifact
from tests.model.measuring.test_duplicate_sets import HADOOP, write_tracker


def silent(_line: str) -> None:
    pass


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artifact that was measured, with duplicates and a run beside it."""
    run = tmp_path_factory.mktemp("run")
    data = write_tracker(run / "data", "hadoop", HADOOP, [("9", "8")])
    (data / "issue_type").mkdir()
    written = [
        {"repo": "octo/app", "label": "bug", "title": f"Crash {n}", "body": "```\nlog\n```"} for n in range(9)
    ]
    write_csv(data / "issue_type" / "nlbse24_test.csv.gz", written)
    (run / "network").mkdir()
    (run / "network" / "run.json").write_text('{"hardware": "CPU (abacus)"}')
    (run / "compression.json").write_text('{"rows": [{"step": "ONNX, int8"}]}')
    evaluate(write_artifact(run / "artifact"), all_samples(), duplicates=data, say=silent)
    return run / "artifact"


def test_metrics_are_written_beside_the_version_that_was_measured(artifact: Path) -> None:
    metrics = read_json(artifact, METRICS)
    assert metrics["version"] == Classifier.load(artifact).version
    assert (metrics["benchmark"]["n"], metrics["unseen"]["variants"]["as written"]["all"]["all"]["n"]) == (
        60,
        80,
    )
    assert not [path.name for path in artifact.iterdir() if path.name.startswith(".")]


def test_what_is_measured_is_what_is_served(artifact: Path) -> None:
    # The classifier knows one word of each type, and the titles hold these.
    metrics = read_json(artifact, METRICS)
    assert metrics["benchmark"]["average_f1"] == metrics["benchmark"]["average_f1_unnamed"] == 1.0
    assert metrics["unseen"]["variants"]["both hidden"]["all"]["all"]["macro_f1"] == 1.0
    thresholds = Classifier.load(artifact).thresholds(0.9)
    labelled = metrics["unseen"]["coverage"]["as written"]["all"]["0.90"]["classes"]
    assert {label: row["coverage"] for label, row in labelled.items()} == {
        label: float(needed < 1) for label, needed in thresholds.items()
    }


def test_a_familiar_repository_is_held_against_thresholds_of_its_own(tmp_path: Path) -> None:
    asked = tuple(sample(title, "question", split="benchmark") for title in ("It crashes", "How do I"))
    artifact = write_artifact(tmp_path / "artifact")
    found = evaluate(artifact, Samples(asked, {}), duplicates=None, say=silent)["benchmark"]
    assert (found["average_f1"], found["average_f1_unnamed"]) == (1.0, 0.6667)
    # Probabilities of 0.68 and 0.71 would reach the thresholds of others.
    assert {target: row["labelled"] for target, row in found["coverage"].items()} == {"0.90": 0, "0.95": 0}


def test_what_a_classifier_cannot_do_is_named_with_the_reason(artifact: Path) -> None:
    metrics = read_json(artifact, METRICS)
    reason = "the artifact has no head for it"
    assert metrics["not_measured"] == {"pr_type": reason, "tone": reason}
    assert not {"pr_type", "tone"} & metrics.keys()


def test_without_a_network_duplicates_are_found_by_words_alone(artifact: Path) -> None:
    found = read_json(artifact, METRICS)["duplicates"]["Hadoop"]
    assert (found["issues"], found["pairs"], list(found["older"])) == (3, 1, ["lexical"])


def test_issues_are_timed_as_written_where_these_are_there(artifact: Path) -> None:
    serving = read_json(artifact, METRICS)["serving"]
    assert (serving["n"], serving["issues"]) == (9, "issues of nlbse24_test, as written")


def test_training_and_compression_are_taken_from_the_run(artifact: Path) -> None:
    metrics = read_json(artifact, METRICS)
    assert metrics["training"] == {"hardware": "CPU (abacus)"}
    assert metrics["compression"] == {"rows": [{"step": "ONNX, int8"}]}


def test_an_artifact_alone_is_measured_on_what_there_is(tmp_path: Path) -> None:
    artifact = write_artifact(tmp_path / "artifact")
    said: list[str] = []
    found = evaluate(artifact, Samples(issues(), {}), duplicates=None, say=said.append)
    assert found["not_measured"] == {
        "benchmark": "the benchmark nlbse24_test is not there",
        "pr_type": "no changes to measure on",
        "tone": "no comments to measure on",
        "duplicates": "no pairs of duplicates are there",
        "training": "network/run.json is not there",
        "compression": "compression.json is not there",
    }
    assert found["serving"]["issues"] == "issues of unseen repositories, already cleaned"
    assert "measuring pr type" in said
    assert json.loads((artifact / METRICS).read_text(encoding="utf-8"))["version"] == found["version"]


def test_without_issues_nothing_is_measured(tmp_path: Path) -> None:
    nothing = Samples((sample(split="train"),), {})
    with pytest.raises(DataError, match="neither the benchmark nor repositories held out"):
        evaluate(write_artifact(tmp_path / "artifact"), nothing, duplicates=None, say=silent)


@pytest.mark.parametrize(("content", "wrong"), [("{", "cannot be read"), ("[]", "holds no JSON object")])
def test_a_run_file_that_is_broken_is_one_clear_line(tmp_path: Path, content: str, wrong: str) -> None:
    artifact = write_artifact(tmp_path / "artifact")
    (tmp_path / "compression.json").write_text(content)
    with pytest.raises(ModelError, match=rf"compression.json {wrong}"):
        evaluate(artifact, Samples(issues(), {}), duplicates=None, say=silent)
    assert not (artifact / METRICS).exists()


def test_texts_are_counted_by_collection_split_and_class() -> None:
    rows = (
        sample(split="train", repo="Octo/App"), sample(split="train", repo="octo/app", label="question"),
        sample(repo="octo/b"),
        sample("No.", "uncivil", task="tone", split="train", repo="tbdf", dataset="tbdf"),
    )  # fmt: skip
    found = count(Samples(rows, {"issue_type: no text": 2}))
    assert found["counts"]["issue_type"] == {
        "many_repos/made up": {"train": {"bug": 1, "question": 1}, "unseen": {"bug": 1}}
    }
    assert found["repositories"] == {"issue_type": {"train": 1, "unseen": 1}, "tone": {}}
    assert found["left_out"] == {"issue_type: no text": 2}
