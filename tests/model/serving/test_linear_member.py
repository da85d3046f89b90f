"""The linear member: what it says is what can be worked out by hand."""

import numpy as np
import pytest

from model.serving.linear import BLOCKS, OWN_BIAS, own_mark
from model.serving.linear_member import LinearMember
from model.text import clean

MARK = own_mark("octo/app")
VOCABULARY = ["tcrash", "thow", "t崩", MARK, "tcrash" + MARK]
WEIGHTS = np.array(
    [[1, 0, 0, 0], [0, 0, 2, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 1], [0.1, 0.2, 0.3, 0.4]],
    dtype=np.float16,
)
COMMON = 3  # of these features are those of all repositories
MEMBER = LinearMember(VOCABULARY, np.ones(len(VOCABULARY), dtype=np.float16), WEIGHTS, COMMON)
BIAS = np.array([0.1, 0.2, 0.3, 0.4])


def logits(title: str, repo: str | None = None) -> list[float]:
    return MEMBER.logits(MEMBER.vectors([clean(title, "")], [repo]))[0].tolist()


def own(title: str, repo: str | None) -> list[float]:
    return MEMBER.own(MEMBER.vectors([clean(title, "")], [repo]))[0].tolist()


def test_each_feature_adds_its_weights_to_the_bias() -> None:
    assert logits("crash") == pytest.approx(np.add(BIAS, [BLOCKS["t"], 0, 0, 0]).tolist(), abs=1e-3)
    assert logits("") == pytest.approx(BIAS.tolist(), abs=1e-3)


def test_what_a_familiar_repository_adds_is_told_apart() -> None:
    assert own("crash", "Octo/App") == pytest.approx([0, 0, 0, OWN_BIAS + BLOCKS["t"]], abs=1e-3)
    assert own("how", "octo/app") == pytest.approx([0, 0, 0, OWN_BIAS], abs=1e-3)
    assert logits("crash", "octo/app") == logits("crash")


@pytest.mark.parametrize("repo", ["octo/other", None])
def test_another_repository_adds_nothing(repo: str | None) -> None:
    assert own("crash", repo) == [0, 0, 0, 0]


def test_unless_told_otherwise_all_features_are_common() -> None:
    plain = LinearMember(VOCABULARY, np.ones(len(VOCABULARY), dtype=np.float16), WEIGHTS)
    vectors = plain.vectors([clean("crash", "")], ["octo/app"])
    together = np.add(logits("crash"), own("crash", "octo/app"))
    assert plain.logits(vectors)[0].tolist() == pytest.approx(together.tolist())
    assert plain.own(vectors).tolist() == [[0, 0, 0, 0]]


def test_many_texts_are_answered_in_order_and_none_by_nothing() -> None:
    texts = [clean("crash", ""), clean("how", "")]
    both = MEMBER.logits(MEMBER.vectors(texts, [None, None]))
    assert both.tolist() == [logits("crash"), logits("how")]
    assert MEMBER.logits(MEMBER.vectors([], [])).shape == (0, 4)
    assert MEMBER.own(MEMBER.vectors([], [])).shape == (0, 4)


def test_it_says_what_it_saw_in_any_script() -> None:
    (vector,) = MEMBER.vectors([clean("崩 crash", "")], [None])
    assert MEMBER.explain(vector, 0) == ('"crash"',)
    (vector,) = MEMBER.vectors([clean("崩", "")], [None])
    assert MEMBER.logits([vector]).argmax() == 1


def test_it_counts_its_types() -> None:
    assert MEMBER.types == 4


@pytest.mark.parametrize("common", [0, -1, len(VOCABULARY) + 1])
def test_common_features_are_among_the_vocabulary(common: int) -> None:
    with pytest.raises(ValueError, match="common features"):
        LinearMember(VOCABULARY, np.ones(len(VOCABULARY), dtype=np.float16), WEIGHTS, common)
