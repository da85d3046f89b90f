"""A classifier of both members: who is asked what, and that parts which do not fit each other are refused."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("onnx", reason="onnx is only in the training environment")

from model.errors import ModelError
from model.predict import Classifier, Item
from model.serving.artifact import MANIFEST, NETWORK, version_of
from model.tasks import TASKS
from model.text import clean
from tests.training.served import WIDTHS, WORDS, write_classifier, write_network

ITEMS = [Item(word, f"the {word} " * n, "octo/app") for n in range(12) for word in WORDS]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("served")
    return write_classifier(place / "model", write_network(place / "network"))


@pytest.fixture(scope="module")
def classifier(files: Path) -> Classifier:
    return Classifier.load(files)


@pytest.fixture
def linear_only(tmp_path: Path) -> Classifier:
    return Classifier.load(write_classifier(tmp_path / "model", None, ["issue_type"], linear=1.0))


def altered(files: Path, target: Path, change: Any) -> Path:
    """A classifier whose manifest says something else; `change` alters the JSON."""
    for path in files.iterdir():
        target.mkdir(exist_ok=True)
        (target / path.name).write_bytes(path.read_bytes())
    manifest = json.loads((target / MANIFEST).read_text())
    change(manifest)
    manifest["version"] = version_of(manifest, manifest["sha256"])
    (target / MANIFEST).write_text(json.dumps(manifest))
    return target


# What it says


@pytest.mark.parametrize("word", ["crash", "please", "how", "typo"])
def test_the_network_decides_where_it_alone_has_weight(classifier: Classifier, word: str) -> None:
    found = classifier.classify(word, "the")
    assert (found.label, found.abstained) == (WORDS[word]["issue_type"], False)


def test_the_linear_member_is_heard_by_its_weight(tmp_path: Path) -> None:
    network = write_network(tmp_path / "network")
    labels = [
        Classifier.load(write_classifier(tmp_path / str(weight), network, linear=weight))
        .classify("typo", "")
        .label
        for weight in (0.1, 2.0)
    ]
    assert labels == ["documentation", "bug"]


def test_other_heads_decide_other_things(classifier: Classifier) -> None:
    assert (classifier.pr_type("crash", "").label, classifier.tone("you idiot").label) == ("fix", "uncivil")
    assert classifier.tone("please").probabilities.keys() == set(TASKS["tone"])
    assert classifier.heads == tuple(TASKS)


def test_a_type_that_the_title_of_a_change_claims_is_not_read(classifier: Classifier) -> None:
    assert classifier.pr_type("fix: typo", "").label == "docs"


def test_many_get_the_answers_that_each_gets_alone_in_their_order(
    files: Path, classifier: Classifier
) -> None:
    alone = [classifier.classify(item.title, item.body, repo=item.repo) for item in ITEMS]
    assert classifier.classify_many(ITEMS) == alone
    assert Classifier.load(files, threads=3).classify_many(ITEMS) == alone
    assert classifier.classify_many([]) == []


def test_probabilities_are_those_of_the_predictions(classifier: Classifier) -> None:
    texts = [clean(*item) for item in ITEMS]
    found = classifier.probabilities(texts, [item.repo for item in ITEMS])
    said = [list(each.probabilities.values()) for each in classifier.classify_many(ITEMS)]
    assert found == pytest.approx(np.array(said))
    assert classifier.probabilities([], []).shape == (0, 4)


def test_head_probabilities_are_those_of_the_predictions(classifier: Classifier) -> None:
    texts = ["you idiot", "please", ""]
    found = classifier.head_probabilities("tone", [clean("", text) for text in texts])
    said = [list(each.probabilities.values()) for each in classifier.tones(texts)]
    assert found == pytest.approx(np.array(said))
    assert classifier.head_probabilities("tone", []).shape == (0, 2)


def test_alike_texts_have_alike_embeddings(classifier: Classifier) -> None:
    found = classifier.embed([clean("crash", ""), clean("crash", "crash"), clean("typo", "")])
    assert found @ found[0] == pytest.approx([1.0, 1.0, 0.0])
    assert found.dtype == np.float32
    assert classifier.embed([]).shape == (0, WIDTHS["embedding"])


def test_heads_abstain_like_types_do(classifier: Classifier) -> None:
    assert classifier.tone("").reason == "the text is empty"
    assert classifier.tone("the").reason.startswith("below the threshold for civil (0.50 < 0.60)")
    assert "never reached the precision" in classifier.tone("please", precision=0.99).reason


def test_the_same_text_gets_the_same_answer_from_another_process(files: Path, classifier: Classifier) -> None:
    script = (
        "from pathlib import Path; from model.predict import Classifier;"
        f"print(dict(Classifier.load(Path({str(files)!r})).tone('please').probabilities))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(dict(classifier.tone("please").probabilities))


# What it survives


@pytest.mark.parametrize(
    "text", ["\x00" * 1_000, "\ud800\udfff", "é" * 100_000, "crash " * 200_000, "\u202e", "汉字" * 50_000]
)
def test_any_text_is_read(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text, text, repo=text[:50]).label in TASKS["issue_type"]
    assert classifier.tone(text).label in TASKS["tone"]
    assert classifier.pr_type(text, text).label in TASKS["pr_type"]


def test_any_text_gets_probabilities(classifier: Classifier) -> None:
    @given(st.text(max_size=200), st.none() | st.text(max_size=500))
    @settings(max_examples=50)
    def check(title: str, body: str | None) -> None:
        found = classifier.pr_type(title, body)
        assert sum(found.probabilities.values()) == pytest.approx(1.0)

    check()


# What it refuses


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda c: c.pr_type("a", "b"), "has no head for pr_type"),
        (lambda c: c.tone("a"), "has no head for tone"),
        (lambda c: c.head_probabilities("tone", []), "has no head for tone"),
        (lambda c: c.embed([]), "has no network, which embedding needs"),
    ],
)
def test_without_a_network_it_says_what_it_cannot_do(linear_only: Classifier, ask: Any, says: str) -> None:
    assert not linear_only.has_network
    assert linear_only.heads == ("issue_type",)
    with pytest.raises(ModelError, match=rf"^the classifier tiny-\w+ {says}$"):
        ask(linear_only)


def test_without_a_network_onnxruntime_is_not_even_loaded(tmp_path: Path) -> None:
    model = write_classifier(tmp_path / "model", None, ["issue_type"], linear=1.0)
    script = (
        "import sys; from pathlib import Path; from model.predict import Classifier;"
        f"Classifier.load(Path({str(model)!r})).classify('typo', ''); print('onnxruntime' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_an_altered_network_is_refused(files: Path, tmp_path: Path) -> None:
    copy = altered(files, tmp_path / "copy", lambda manifest: None)
    (copy / NETWORK).write_bytes(b"")
    with pytest.raises(ModelError, match=r"network\.onnx was altered"):
        Classifier.load(copy)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda m: m.pop("heads"), "lacks or misstates 'heads'"),
        (lambda m: m.pop("limits"), "lacks or misstates 'limits'"),
        (lambda m: m["limits"].update(words=3), "lacks or misstates .*words"),
        (lambda m: m["limits"].update(body="76"), "limits: '76' is no number of tokens"),
        (lambda m: m["heads"]["tone"].update(temperature=10**400), "lacks or misstates int too large"),
        (lambda m: m["heads"].pop("issue_type"), "no head for issue_type"),
        (
            lambda m: m["heads"]["tone"].update(classes=["uncivil", "civil"]),
            "head for tone decides between uncivil, civil",
        ),
        (lambda m: m["heads"]["tone"].update(members={"linear": 1.0}), "needs 2 logits of the linear member"),
        (lambda m: m["heads"]["tone"].update(bias=[0.0]), "lacks or misstates"),
        (lambda m: m["heads"].update(mood=m["heads"]["tone"]), "head for mood"),
        (lambda m: m.update(familiar=["octo/app"]), "lacks or misstates"),
        (lambda m: m.update(familiar={"repositories": ["octo/app"]}), "lacks or misstates 'temperature'"),
    ],
)
def test_a_manifest_that_does_not_fit_is_one_clear_line(
    files: Path, tmp_path: Path, change: Any, says: str
) -> None:
    with pytest.raises(ModelError, match=rf"^[^\n]*{says}[^\n]*$"):
        Classifier.load(altered(files, tmp_path / "copy", change))


@pytest.mark.parametrize(
    ("widths", "says"),
    [
        ({**WIDTHS, "tone": 3}, "the head for tone needs 2 logits of the network member"),
        ({name: n for name, n in WIDTHS.items() if name != "pr_type"}, "the head for pr_type needs 9 logits"),
        (
            {name: n for name, n in WIDTHS.items() if name != "embedding"},
            "the network has no output embedding",
        ),
    ],
)
def test_a_network_of_other_shapes_is_refused(tmp_path: Path, widths: dict[str, int], says: str) -> None:
    network = write_network(tmp_path / "network", widths)
    with pytest.raises(ModelError, match=says):
        Classifier.load(write_classifier(tmp_path / "model", network))
