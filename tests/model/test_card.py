"""The card says what was measured and nothing else, and the shipped one is the generated one."""

from collections.abc import Mapping
from typing import Any

import pytest

from model.card import render
from model.predict import PRETRAINED
from model.reporting.short import failures
from model.reporting.yardsticks import HEADLINES
from model.serving.artifact import CARD, MANIFEST, METRICS, load, read_json
from tests.model.measured import FAMILIAR, HEAD, metrics

MANIFEST_OF_TESTS: Mapping[str, Any] = {
    "version": "made-up-1",
    "heads": {"issue_type": HEAD.to_json() | {"members": {"linear": 0.6, "network": 0.9}}},
    "validation": {"issue_type": {"members": {"linear": {"macro_f1": 0.7}, "together": {"macro_f1": 0.75}}}},
    "familiar": {**FAMILIAR, "repositories": ["octo/app", "octo/b"]},
    "training": {"seconds": 381.6, "hardware": "CPU (abacus), 2 cores"},
}


def training(hardware: str, joules: float | None = None) -> dict[str, Any]:
    phase = {"step": 10, "seconds": 3_600, "tokens_per_second": 9, "share_of_peak": 0.3, "joules": joules}
    return {
        "hardware": hardware,
        "precision": "bfloat16",
        "unlabelled": 56_000,
        "phases": {"tasks": phase},
        "config": {"encoder": {"source": "sentence-transformers/all-MiniLM-L6-v2"}},
    }


def card(**more: Any) -> str:
    return render(MANIFEST_OF_TESTS, {**metrics(), **more})


# Numbers


def test_the_card_says_the_measured_numbers() -> None:
    text, found = card(), metrics()
    assert text.startswith("# Model card: made-up-1\n")
    low, high = found["benchmark"]["interval"]
    score = f"{found['benchmark']['average_f1']:.3f} ({low:.3f} to {high:.3f})"
    first = HEADLINES[0]
    assert f"| {first.name} | {score} | {first.floor:.3f} | {first.aim:.3f} | {first.others} |" in text
    assert f"**{score}**" in text


def test_what_was_not_measured_is_said_to_be_so() -> None:
    text = render(MANIFEST_OF_TESTS, {"data": metrics()["data"], "not_measured": {"tone": "it rained"}})
    assert "## Tone of comments\n\nNot measured: it rained." in text
    assert "| types of changes: macro F1 of the six frequent ones | not measured |" in text


def test_thresholds_of_every_head_are_listed() -> None:
    text = card()
    assert "Issue type: weights of the members: linear 0.60, network 0.90; temperature 1.00." in text
    assert "Macro F1 on validation: linear 0.700, together 0.750." in text
    assert "| 0.95 | 0.85 | 0.85 | 1.00 | 1.00 |" in text


def test_it_begins_with_what_to_expect_in_five_lines_at_most() -> None:
    text = card()
    assert text.index("## In short") < text.index("## Intended use")
    lines = [line for line in text.split("## ")[1].splitlines() if line.startswith("- ")]
    assert 3 <= len(lines) <= 5


def test_the_limits_begin_with_the_failures_that_were_measured() -> None:
    limits = card().split("## Limits\n\n")[1].splitlines()
    assert limits[: len(list(failures(metrics())))] == [f"- {line}" for line in failures(metrics())]
    assert "- A text is judged by itself alone" in limits[-1]


def test_what_others_reach_was_measured_beside_it() -> None:
    row = {"n": 66, "recall@5": 0.7, "interval@5": (0.6, 0.8), "recall@10": 0.8, "interval@10": None}
    older = {"lexical": {**row, "recall@5": 0.61}, "embedding": {**row, "recall@5": 0.52}, "both": row}
    text = card(duplicates={"Hadoop": {"issues": 9, "pairs": 6, "older": older, "all": {}}})
    assert "| 0.710 | 0.800 | words (BM25) alone 0.610, meaning alone 0.520 |" in text


# Data


def test_every_collection_has_its_licence_and_its_counts_by_split() -> None:
    text = card()
    assert "| set | what it is | licence | train | unseen |" in text
    assert "| many_repos/weex | issues of Weex | none stated | 1,200 | 3 |" in text
    assert "| bug | 1,200 | 3 |\n| feature | 0 | 0 |" in text
    assert "| repositories that are known | 7 | 1 |" in text
    assert "<summary>Left out: 2 texts.</summary>\n\n- 2 issue_type: no text\n" in text


def test_where_nothing_was_left_out_nothing_is_folded_away() -> None:
    text = card(data={**metrics()["data"], "left_out": {}})
    assert "Left out: nothing." in text
    assert "<details>" not in text


def test_familiar_repositories_are_named_with_what_it_helped() -> None:
    text = card()
    assert "it uses what it learnt of that one alone: octo/app, octo/b. From 1,400 of their issues" in text
    assert "average F1 rose from 0.700 to 0.800." in text


def test_without_familiar_repositories_there_are_none() -> None:
    stranger = {key: value for key, value in MANIFEST_OF_TESTS.items() if key != "familiar"}
    assert "None: it was adapted to no single repository." in render(stranger, metrics())


# Training


def test_training_on_a_cpu_is_said_to_have_used_no_gpu() -> None:
    text = card(training=training("CPU (x86_64), 2 threads"))
    assert "Hardware: CPU (x86_64), 2 threads; precision: bfloat16." in text
    assert "No GPU was used." in text
    assert "| tasks | 10 | 1.00 | 9 | 30.0% | not measured |" in text


def test_training_on_a_gpu_is_said_to_have_used_one() -> None:
    text = card(training=training("2 x GPU (H100)", joules=3.6e6))
    assert "Hardware: 2 x GPU (H100);" in text
    assert "No GPU was used." not in text
    assert "| 1.000 kWh |" in text


def test_the_encoder_has_its_licence_and_the_run_its_configuration() -> None:
    text = card(training=training("CPU"))
    assert "pretrained encoder all-MiniLM-L6-v2 (Apache-2.0)" in text
    assert '"source": "sentence-transformers/all-MiniLM-L6-v2"' in text
    assert "56,000 threads without their labels" in text


def test_an_encoder_that_is_not_known_has_no_licence_made_up() -> None:
    found = training("CPU") | {"config": {"encoder": {"source": "/somewhere/mine"}}}
    assert "pretrained encoder mine (licence not known)" in card(training=found)


def test_without_a_network_nothing_is_said_of_one() -> None:
    linear = {**MANIFEST_OF_TESTS, "heads": {"issue_type": HEAD.to_json()}}
    text = render(linear, metrics())
    assert "A linear classifier. It decides: issue type (bug, feature, question, documentation)" in text
    assert "The network's training: Not measured: network/run.json is not there." in text
    assert "GPU" not in text


# The shipped one


@pytest.mark.parametrize("wanted", [MANIFEST, METRICS, CARD])
def test_the_shipped_classifier_comes_with_its_papers(wanted: str) -> None:
    assert (PRETRAINED / wanted).exists()


def test_the_shipped_card_is_the_generated_one() -> None:
    generated = render(read_json(PRETRAINED, MANIFEST), read_json(PRETRAINED, METRICS))
    assert (PRETRAINED / CARD).read_text(encoding="utf-8") == generated


def test_the_shipped_card_names_every_source_with_its_licence() -> None:
    assert "not known" not in (PRETRAINED / CARD).read_text(encoding="utf-8")


def test_the_shipped_vocabulary_holds_no_addresses_or_keys() -> None:
    features = [
        feature.partition("@")[0] for feature in load(PRETRAINED).vocabulary
    ]  # without repository marks
    assert not [feature for feature in features if "://" in feature or ".com" in feature]
    assert not [feature for feature in features if len(feature) > 80]
    assert not any(character.isdigit() and character != "0" for feature in features for character in feature)
