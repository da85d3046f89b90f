"""What the bot gets: a type, how sure, whether to act on it, and why."""

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.data import read
from model.datasets.samples import DEFAULT_DIRECTORY
from model.errors import ModelError
from model.labels import LABELS
from model.predict import PRETRAINED, Classifier, Item
from model.serving.artifact import load
from model.serving.linear import softmax
from model.text import clean
from tests.model.measured import FAMILIAR, THRESHOLDS, write_artifact

BENCHMARK = DEFAULT_DIRECTORY / "issue_type" / "nlbse24_test.csv.gz"

TRACEBACK = "It stops:\n```\nTraceback (most recent call last):\n  File 'a.py', line 3\nValueError: bad\n```"
PLAIN = [
    ("bug", "App crashes when saving a file", f"Steps to reproduce: open a file, save it. {TRACEBACK}"),
    (
        "feature",
        "Add support for dark mode",
        "It would be nice to have a dark theme. Please add an option for it.",
    ),
    ("question", "How do I configure the proxy?", "How can I set it? I could not find it, is there a way?"),
    ("documentation", "Typo in the README", "The documentation of the installation has a typo."),
    ("bug", "启动时报错崩溃", "升级到最新版本之后, 程序启动失败, 报错信息如下"),
    ("feature", "[功能请求] 希望支持暗色模式", "希望可以增加暗色主题的功能"),
]


# What it says


@pytest.mark.parametrize(("label", "title", "body"), PLAIN)
def test_plain_cases_are_right(shipped: Classifier, label: str, title: str, body: str) -> None:
    assert shipped.classify(title, body).label == label


def test_probabilities_are_of_all_types_and_sum_to_one(shipped: Classifier) -> None:
    found = shipped.classify("App crashes", "when saving")
    assert tuple(found.probabilities) == LABELS
    assert sum(found.probabilities.values()) == pytest.approx(1.0)
    assert found.probability == found.probabilities[found.label] == max(found.probabilities.values())


def test_a_confident_answer_says_what_it_was_held_against(shipped: Classifier) -> None:
    found = shipped.classify(*PLAIN[0][1:])
    assert not found.abstained
    assert found.reason.startswith("bug with probability 0.")
    assert f"above the threshold {found.threshold:.2f}" in found.reason


def test_evidence_is_short_and_in_words(shipped: Classifier) -> None:
    found = shipped.classify(*PLAIN[0][1:])
    assert 1 <= len(found.evidence) <= 3
    assert "a stack trace" in found.evidence
    assert any('"' in cue for cue in found.evidence)


def test_the_same_text_gets_the_same_answer(shipped: Classifier) -> None:
    assert shipped.classify("App crashes", TRACEBACK) == Classifier.load().classify("App crashes", TRACEBACK)


def test_many_are_classified_in_order(shipped: Classifier) -> None:
    items = [Item(title, body) for _, title, body in PLAIN] + [Item("", None)]
    assert shipped.classify_many(items) == [shipped.classify(item.title, item.body) for item in items]


# When it abstains


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("", None),
        ("", ""),
        ("  ", "\n\n"),
        ("", "<!-- template -->"),
    ],
)
def test_on_empty_text(shipped: Classifier, title: str, body: str | None) -> None:
    found = shipped.classify(title, body, threshold=0.0)
    assert (found.abstained, found.reason, found.evidence) == (True, "the text is empty", found.evidence)


def test_on_a_language_it_never_learnt(shipped: Classifier) -> None:
    found = shipped.classify(
        "Программа падает при запуске", "Помогите пожалуйста исправить ошибку", threshold=0.0
    )
    assert found.abstained
    assert found.reason == (
        "the text seems to be in a language in Cyrillic script, which the classifier was not trained on"
    )


def test_below_the_threshold(shipped: Classifier) -> None:
    found = shipped.classify("App", "something about the app", threshold=0.999)
    assert found.abstained
    assert found.reason == f"below the threshold for {found.label} ({found.probability:.2f} < 1.00)"


def test_where_the_precision_was_never_reached(shipped: Classifier) -> None:
    found = shipped.classify(*PLAIN[0][1:], precision=0.9999)
    assert (found.abstained, found.threshold) == (True, 1.0)
    assert found.reason == "bug never reached the precision asked for on data held out"


def test_a_threshold_of_ones_own_replaces_the_table(shipped: Classifier) -> None:
    title, body = PLAIN[0][1:]
    assert not shipped.classify(title, body, threshold=0.3).abstained
    assert shipped.classify(title, body, threshold=0.3).threshold == 0.3


def test_thresholds_grow_with_the_precision(shipped: Classifier) -> None:
    low, high = shipped.thresholds(0.8), shipped.thresholds(0.95)
    assert set(low) == set(high) == set(LABELS)
    assert all(low[label] <= high[label] for label in LABELS)
    assert all(0 < value <= 1 for value in low.values())


def test_between_two_measured_precisions_the_higher_one_is_taken(shipped: Classifier) -> None:
    assert shipped.thresholds(0.87) == shipped.thresholds(0.9)
    assert set(shipped.thresholds(0.999).values()) == {1.0}


# Familiar repositories


@pytest.fixture
def acquainted(tmp_path: Path) -> Classifier:
    """A classifier that knows octo/app, where "crashes" is said by who asks."""
    return Classifier.load(write_artifact(tmp_path / "model"))


def test_what_words_mean_in_a_familiar_repository_counts_there_alone(acquainted: Classifier) -> None:
    labels = [acquainted.classify("It crashes", "", repo=repo).label for repo in ("octo/app", "octo/b", None)]
    assert labels == ["question", "bug", "bug"]


def test_what_it_adds_is_not_weighed_like_a_member_and_cooled_as_it_needs(tmp_path: Path) -> None:
    artifact = load(write_artifact(tmp_path / "model"))
    head = {**artifact.manifest["heads"]["issue_type"], "members": {"linear": 0.5}}
    manifest = {**artifact.manifest, "heads": {"issue_type": head}}
    classifier = Classifier(replace(artifact, manifest=manifest))
    text = clean("It crashes", "")
    found = classifier.probabilities([text, text], ["octo/app", "octo/b"])
    # Half of 4 for the bug by all; 6 for the question, at a temperature of 2, in the familiar repository.
    assert found == pytest.approx(softmax(np.array([[1.0, 0.0, 3.0, 0.0], [2.0, 0.0, 0.0, 0.0]])), abs=1e-6)


def test_familiar_repositories_have_thresholds_of_their_own(acquainted: Classifier) -> None:
    assert acquainted.thresholds(0.9, repo="octo/app") == FAMILIAR["thresholds"]["0.90"]
    assert acquainted.thresholds(0.9, repo="octo/b") == acquainted.thresholds(0.9) == THRESHOLDS["0.90"]
    found = acquainted.classify_many([Item("How", None, repo) for repo in ("octo/app", "octo/b")])
    assert [said.threshold for said in found] == [0.8, 0.6]
    assert [said.abstained for said in found] == [True, False]


def test_however_their_name_is_spelled(acquainted: Classifier) -> None:
    alike = [acquainted.classify("It crashes", "", repo=repo) for repo in ("octo/app", "Octo/APP")]
    assert alike[0] == alike[1]


def test_a_threshold_of_ones_own_replaces_theirs(acquainted: Classifier) -> None:
    assert acquainted.classify("How", "", repo="octo/app", threshold=0.3).threshold == 0.3


def test_the_one_that_is_shipped_knows_those_of_the_benchmark(shipped: Classifier) -> None:
    assert shipped.thresholds(0.9, repo="microsoft/vscode") != shipped.thresholds(0.9)


# What it survives


@given(
    title=st.text(max_size=200),
    body=st.none() | st.text(max_size=1000),
    repo=st.none() | st.text(max_size=30),
)
@settings(max_examples=50)
def test_any_text_gets_an_answer_that_is_safe_to_show(
    shipped: Classifier, title: str, body: str | None, repo: str | None
) -> None:
    found = shipped.classify(title, body, repo=repo)
    assert found.label in LABELS
    assert "\n" not in found.reason
    for cue in found.evidence:
        assert len(cue) <= 80
        assert not set(cue) & set("<>@`[]()*_#|\\&$")


def test_evidence_never_repeats_markup_or_mentions(shipped: Classifier) -> None:
    found = shipped.classify(
        "<script>alert(1)</script> @admin crashes", "[x](javascript:1) fixes #1 ![i](http://a/b)"
    )
    assert not any(sign in "".join(found.evidence) for sign in "<>@[]()#`")


def test_a_megabyte_is_classified(shipped: Classifier) -> None:
    assert shipped.classify("x" * 1_000_000, "the app crashes " * 60_000).label in LABELS


def test_threads_share_one_classifier(shipped: Classifier) -> None:
    expected = [shipped.classify(title, body) for _, title, body in PLAIN]
    found: list[bool] = []

    def work() -> None:
        found.extend(
            shipped.classify(t, b) == e for (_, t, b), e in zip(PLAIN * 5, expected * 5, strict=True)
        )

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 * 5 * len(PLAIN)
    assert all(found)


# What it needs


def test_serving_needs_nothing_of_training() -> None:
    names = ("sklearn", "scipy", "torch", "transformers", "onnx", "joblib", "model.train", "bot")
    script = (
        "import sys; from model.predict import Classifier; Classifier.load().classify('crash', 'it crashes');"
        f"print([name for name in {names} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_shipped_files_are_small_and_hold_no_pickle() -> None:
    files = list(PRETRAINED.iterdir())
    assert sum(path.stat().st_size for path in files) < 40e6
    assert {path.suffix for path in files} <= {".json", ".txt", ".npy", ".onnx", ".md"}


def test_a_missing_classifier_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no classifier in .*: manifest.json is missing"):
        Classifier.load(tmp_path)


@pytest.mark.skipif(not BENCHMARK.exists(), reason="the public data sets are not on this machine")
def test_the_benchmark_is_answered_far_better_than_by_chance(shipped: Classifier) -> None:
    examples = list(read(BENCHMARK))[::10]
    right = sum(shipped.classify(e.title, e.body, repo=e.repo).label == e.label for e in examples)
    assert right / len(examples) > 0.65
