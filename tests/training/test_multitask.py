import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

from dataclasses import replace

from model.net import EMBEDDING, Network
from model.serving.tokens import Limits, Tokens
from model.training.batching import Step
from model.training.config import TasksSection
from model.training.encoder import load_encoder
from model.training.multitask import Lesson, TaskTexts, _distance, predict
from tests.training.tiny import samples, write_encoder

CPU = torch.device("cpu")
STEP = Step("issue_type", tuple(range(8)))


@pytest.fixture
def network(tmp_path):
    torch.manual_seed(0)
    return Network(
        load_encoder(write_encoder(tmp_path), dropout=0.0, attention="eager"), {"issue_type": 4}, dropout=0.0
    )


@pytest.fixture
def tokens(tmp_path):
    return Tokens.load(write_encoder(tmp_path) / "tokenizer.json", Limits(12, 12, 6))


@pytest.fixture
def texts(tokens):
    found = samples("issue_type", "train", 4)
    labels = np.array([sample.label for sample in found], dtype=np.int64)
    weights = np.ones(len(labels), dtype=np.float32)
    return TaskTexts(tokens.parts([sample.text for sample in found]), labels, weights)


def lesson(tokens, texts, **section) -> Lesson:
    wanted = {"smoothing": 0.0, "hide_tags": 0.0, "hide_extras": 0.0, "similarity": 0.0, **section}
    return Lesson(tokens, {"issue_type": texts}, TasksSection(**wanted), CPU)


def test_the_plain_loss_is_the_cross_entropy_of_the_labels(
    network: Network, tokens: Tokens, texts: TaskTexts
) -> None:
    value, real, padded = lesson(tokens, texts).loss(network, STEP)
    encoded = [tokens.assemble(parts) for parts in texts.parts[:8]]
    logits = predict(network, tokens, encoded, ["issue_type"], CPU)["issue_type"].astype(float)
    expected = -np.log(np.exp(logits)[range(8), texts.labels[:8]] / np.exp(logits).sum(1)).mean()
    assert float(value) == pytest.approx(expected, abs=1e-5)
    assert real == sum(len(text.ids) for text in encoded) <= padded


def test_each_text_counts_by_its_weight(network: Network, tokens: Tokens, texts: TaskTexts) -> None:
    alone = [float(lesson(tokens, texts).loss(network, Step("issue_type", (row,)))[0]) for row in STEP.rows]
    weights = np.linspace(0.25, 4.0, len(texts.labels), dtype=np.float32)
    value, _, _ = lesson(tokens, replace(texts, weights=weights)).loss(network, STEP)
    assert float(value) == pytest.approx(np.mean(weights[:8] * alone), rel=1e-5)


def test_some_texts_and_others_keep_what_belongs_to_each(texts: TaskTexts) -> None:
    size = len(texts.labels)
    numbered = replace(texts, reference=np.arange(size, dtype=np.float16)[:, None])
    found = numbered.of(np.array([3, 1])).and_(numbered.of(np.array([0])))
    rows = [3, 1, 0]
    assert found.parts == [texts.parts[row] for row in rows]
    assert found.labels.tolist() == texts.labels[rows].tolist()
    assert found.weights.tolist() == texts.weights[rows].tolist()
    assert found.reference.ravel().tolist() == rows
    assert found.teacher is None


def test_embeddings_to_keep_are_kept_only_where_all_texts_have_them(texts: TaskTexts) -> None:
    known = replace(texts, reference=np.zeros((len(texts.labels), 2), dtype=np.float16))
    assert known.and_(texts).reference is None
    assert texts.and_(known).reference is None


def test_a_teacher_of_the_same_opinion_costs_nothing_and_another_does(
    network: Network, tokens: Tokens, texts: TaskTexts
) -> None:
    encoded = [tokens.assemble(parts) for parts in texts.parts]
    same = predict(network, tokens, encoded, ["issue_type"], CPU)["issue_type"]
    agreed, _, _ = lesson(tokens, replace(texts, teacher=same), distil=1.0).loss(network, STEP)
    opposed, _, _ = lesson(tokens, replace(texts, teacher=-20 * same), distil=1.0).loss(network, STEP)
    assert float(agreed) == pytest.approx(0.0, abs=1e-5)
    assert float(opposed) > 0.01


def test_keeping_similarity_costs_nothing_until_it_changes(
    network: Network, tokens: Tokens, texts: TaskTexts
) -> None:
    encoded = [tokens.assemble(parts) for parts in texts.parts]
    own = predict(network, tokens, encoded, [EMBEDDING], CPU)[EMBEDDING]
    plain, _, _ = lesson(tokens, texts).loss(network, STEP)
    kept, _, _ = lesson(tokens, replace(texts, reference=own.astype(np.float16)), similarity=5.0).loss(
        network, STEP
    )
    assert float(kept) == pytest.approx(float(plain), abs=1e-3)
    turned = np.random.default_rng(0).normal(size=own.shape)
    turned /= np.linalg.norm(turned, axis=1, keepdims=True)
    lost, _, _ = lesson(tokens, replace(texts, reference=turned.astype(np.float16)), similarity=5.0).loss(
        network, STEP
    )
    assert float(lost) > float(plain) + 0.1


def test_embeddings_of_the_same_width_are_as_far_as_their_cosine_says() -> None:
    own = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    assert float(_distance(own, own)) == 0.0
    assert float(_distance(own, own.flip(0))) == 1.0
    assert float(_distance(own, -own)) == 2.0


def test_embeddings_of_another_width_are_as_far_as_their_similarities() -> None:
    own = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    turned = torch.tensor([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])  # other directions, at the same angle
    together = torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    assert float(_distance(own, turned)) == 0.0
    assert float(_distance(own, together)) == 0.5  # two of the four similarities are 1, not 0


def test_tags_and_headings_are_hidden_as_often_as_asked(tokens: Tokens, texts: TaskTexts) -> None:
    parts = tokens.parts([samples("issue_type", "train", 1)[0].text])[0]._replace(tags=[20], extras=[21])
    always = lesson(tokens, texts, hide_tags=1.0, hide_extras=1.0)
    never = lesson(tokens, texts)
    often = lesson(tokens, texts, hide_tags=0.5)
    assert not {20, 21} & set(always._shown(parts).ids)
    assert {20, 21} <= set(never._shown(parts).ids)
    torch.manual_seed(0)
    assert 60 < sum(20 in often._shown(parts).ids for _ in range(200)) < 140


def test_predictions_come_back_in_the_order_of_the_texts(
    network: Network, tokens: Tokens, texts: TaskTexts
) -> None:
    encoded = [tokens.assemble(parts) for parts in texts.parts]
    together = predict(network, tokens, encoded, ["issue_type"], CPU)["issue_type"]
    alone = [predict(network, tokens, [text], ["issue_type"], CPU)["issue_type"][0] for text in encoded]
    assert np.allclose(together, alone, atol=1e-5)
