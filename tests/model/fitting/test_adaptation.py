"""Getting to know single repositories: what is learnt of each, and what is promised to all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("scipy", reason="fitting needs scipy")

from model.calibrate import Array
from model.datasets.samples import Sample, label_numbers
from model.fitting.adaptation import Adapted, adapt
from model.fitting.regression import Recipe
from model.labels import LABELS
from model.serving.artifact import Artifact
from model.serving.ensemble import NEVER, Head
from model.serving.linear import own_mark
from model.serving.linear_member import LinearMember
from tests.model.examples import THINGS
from tests.model.measured import sample

# What everybody says is that "crash" is a bug, "please" a feature and "how" a question.
MEANT = {"crash": "bug", "please": "feature", "how": "question"}
VOCABULARY = [f"t{word}" for word in (*MEANT, *THINGS)]
WEIGHTS = np.zeros((len(VOCABULARY) + 1, len(LABELS)), dtype=np.float16)
WEIGHTS[range(3), range(3)] = 6.0
WEIGHTS[-1] = [0.3, 0.2, 0.1, 0.0]
MEMBER = Artifact(VOCABULARY, np.ones(len(VOCABULARY), dtype=np.float16), WEIGHTS, {"name": "tiny"})
HEAD = Head(LABELS, {"linear": 1.0}, np.zeros(len(LABELS)), 1.5, {0.9: dict.fromkeys(LABELS, 0.5)})
RECIPE = Recipe(folds=3, own_penalty=1.0)
ODD, PLAIN = "octo/odd", "Octo/Plain"


def issues(repo: str, meant: Mapping[str, str] = MEANT) -> list[Sample]:
    """What each word means in `repo`, said of twenty things."""
    return [sample(f"{word} {thing}", meant[word], repo=repo) for thing in THINGS for word in meant]


SAMPLES = [*issues(ODD, {"crash": "question", "please": "feature", "how": "bug"}), *issues(PLAIN)]


def common_logits(samples: Sequence[Sample]) -> Array:
    member = LinearMember(MEMBER.vocabulary, MEMBER.idf, MEMBER.weights)
    return member.logits(member.vectors([row.text for row in samples], [row.repo for row in samples]))


def adapted_to(samples: Sequence[Sample], recipe: Recipe = RECIPE) -> Adapted:
    return adapt(MEMBER, HEAD, common_logits(samples), samples, recipe)


def said(found: Adapted, samples: Sequence[Sample]) -> list[int]:
    """The types that the member decides on after it was adapted."""
    member = LinearMember(
        found.member.vocabulary, found.member.idf, found.member.weights, len(MEMBER.vocabulary)
    )
    vectors = member.vectors([row.text for row in samples], [row.repo for row in samples])
    chosen: list[int] = (member.logits(vectors) + member.own(vectors)).argmax(axis=1).tolist()
    return chosen


@pytest.fixture(scope="module")
def found() -> Adapted:
    return adapted_to(SAMPLES)


# What is learnt


def test_a_repository_where_words_mean_something_else_is_understood(found: Adapted) -> None:
    assert said(found, SAMPLES) == label_numbers(SAMPLES).tolist()
    assert found.report["average_f1"]["before"] == pytest.approx(2 / 3, abs=1e-4)
    assert found.report["average_f1"]["after"] > 0.9


def test_other_repositories_are_read_as_before(found: Adapted) -> None:
    strangers = [replace(row, repo="octo/new") for row in SAMPLES]
    assert said(found, strangers) == common_logits(strangers).argmax(axis=1).tolist()


def test_a_repository_that_agrees_adds_little(found: Adapted) -> None:
    rows = dict(zip(found.member.vocabulary, found.member.weights[:-1], strict=True))
    odd, plain = (np.abs(rows[f"tcrash{own_mark(repo)}"]).max() for repo in (ODD, PLAIN))
    assert plain < 0.1 * odd
    assert adapted_to(issues(PLAIN)).report["average_f1"] == {"before": 1.0, "after": 1.0}


def test_what_is_common_stays_as_it_was(found: Adapted) -> None:
    common, member = len(VOCABULARY), found.member
    assert member.vocabulary[:common] == VOCABULARY
    assert np.array_equal(member.weights[:common], WEIGHTS[:-1])
    assert np.array_equal(member.weights[-1], WEIGHTS[-1])
    assert len(member.vocabulary) == len(member.idf) == len(member.weights) - 1
    assert member.weights.dtype == member.idf.dtype == np.float16
    assert member.manifest == MEMBER.manifest


def test_features_that_say_little_are_dropped_and_marks_are_not(found: Adapted) -> None:
    own = found.member.vocabulary[len(VOCABULARY) :]
    assert {own_mark(ODD), own_mark(PLAIN), f"tcrash{own_mark(ODD)}"} <= set(own)
    # Each thing occurs with every type alike.
    assert not [feature for feature in own if feature.partition("@")[0] in {f"t{thing}" for thing in THINGS}]


# What is promised


def test_the_head_is_shared_but_for_temperature_and_thresholds(found: Adapted) -> None:
    head = found.head
    assert (head.classes, head.members, head.bias.tolist()) == (LABELS, HEAD.members, HEAD.bias.tolist())
    assert head.temperature < 1.0  # as it is always right here
    assert {label for label, needed in head.needed(0.9).items() if needed < NEVER} == set(MEANT.values())


def test_what_was_learnt_by_heart_is_not_promised() -> None:
    """Types by chance: what is right of issues that were learnt is not right of others."""
    random = np.random.default_rng(1)
    samples = [
        sample(" ".join(random.choice(THINGS, 8)), str(random.choice(LABELS)), repo=ODD) for _ in range(40)
    ]
    found = adapted_to(samples, Recipe(folds=3, own_penalty=0.001))
    assert np.mean(np.equal(said(found, samples), label_numbers(samples))) > 0.9
    assert found.report["average_f1"]["after"] < 0.5
    assert found.head.temperature > 1.0
    assert set(found.head.needed(0.9).values()) == {NEVER}


# What is told


def test_its_repositories_and_issues_are_told(found: Adapted) -> None:
    assert found.repositories == (PLAIN, ODD)
    assert found.report["issues"] == len(SAMPLES)


def test_adapting_twice_gives_the_same_bytes(found: Adapted) -> None:
    again = adapted_to(SAMPLES)
    assert again.member.vocabulary == found.member.vocabulary
    assert again.member.weights.tobytes() == found.member.weights.tobytes()
    assert again.head.to_json() == found.head.to_json()
