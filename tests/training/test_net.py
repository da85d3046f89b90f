import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

from model.net import EMBEDDING, Network, mean
from model.training.encoder import load_encoder
from tests.training.tiny import write_encoder


@pytest.fixture
def network(tmp_path):
    torch.manual_seed(0)
    encoder = load_encoder(write_encoder(tmp_path), dropout=0.0, attention="eager")
    return Network(encoder, {"issue_type": 4, "tone": 2}, dropout=0.0).eval()


def batch(*rows: list[int], width: int = 8):
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    mask = (ids != 0).long()
    segments = torch.zeros_like(ids)
    segments[:, 3:] = 1
    return ids, mask, segments * mask


def test_every_head_and_the_embedding_have_an_output(network: Network) -> None:
    found = network(*batch([2, 9, 3, 10, 3], [2, 11, 3, 12, 13, 3]))
    assert {name: tuple(value.shape) for name, value in found.items()} == {
        "issue_type": (2, 4),
        "tone": (2, 2),
        EMBEDDING: (2, 16),
    }
    assert torch.allclose(found[EMBEDDING].norm(dim=1), torch.ones(2))


def test_padding_changes_nothing(network: Network) -> None:
    short, long = network(*batch([2, 9, 3, 10, 3])), network(*batch([2, 9, 3, 10, 3], width=20))
    for name in short:
        assert torch.allclose(short[name], long[name], atol=1e-5)


def test_a_text_without_a_body_has_finite_outputs(network: Network) -> None:
    ids, mask, _ = batch([2, 9, 3])
    for value in network(ids, mask, torch.zeros_like(ids)).values():
        assert torch.isfinite(value).all()


def test_the_title_counts_however_long_the_body_is(network: Network) -> None:
    """The pooled title is a part of its own of what the heads read, so a body cannot average it away."""
    body = [10] * 60
    one, two = ([2, title, 3, *body, 3] for title in (9, 20))
    found = network(*batch(one, two, width=64))["issue_type"]
    assert (found[0] - found[1]).abs().max() > 1e-3


def test_the_mean_is_over_marked_tokens_only() -> None:
    states = torch.tensor([[[1.0], [3.0], [100.0]]])
    assert mean(states, torch.tensor([[1, 1, 0]])).item() == 2.0
    assert mean(states, torch.tensor([[0, 0, 0]])).item() == 0.0
