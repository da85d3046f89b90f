import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

from pathlib import Path

from model.training.encoder import load_encoder
from model.training.masked import MaskedLanguageModel, hide
from tests.training.tiny import write_encoder

SPECIAL = torch.tensor([0, 2, 3])
MASK = 4


def hidden():
    torch.manual_seed(1)
    ids = torch.randint(5, 50, (200, 40))
    ids[:, 0], ids[:, -10:] = 2, 0
    mask = (ids != 0).long()
    return ids, mask, hide(ids, mask, special=SPECIAL, mask=MASK, size=50)


def test_about_15_percent_are_hidden_most_of_them_by_the_mask() -> None:
    ids, _, found = hidden()
    chosen = found.truth != -100
    assert 0.13 < chosen[:, 1:-10].float().mean() < 0.17
    assert 0.75 < (found.input_ids[chosen] == MASK).float().mean() < 0.85
    assert 0.07 < (found.input_ids[chosen] == ids[chosen]).float().mean() < 0.14
    assert torch.equal(found.truth[chosen], ids[chosen])


def test_padding_and_special_tokens_stay() -> None:
    ids, _, found = hidden()
    assert torch.equal(found.input_ids[:, 0], ids[:, 0])
    assert torch.equal(found.input_ids[:, -10:], ids[:, -10:])
    assert torch.equal(found.input_ids[found.truth == -100], ids[found.truth == -100])


def test_the_encoder_learns_to_guess(tmp_path: Path) -> None:
    encoder = load_encoder(write_encoder(tmp_path), dropout=0.0, attention="eager")
    model = MaskedLanguageModel(encoder)
    ids = torch.arange(9, 17).repeat(16, 1)
    mask, segments = torch.ones_like(ids), torch.zeros_like(ids)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    losses = []
    for step in range(60):
        torch.manual_seed(step)
        found = hide(ids, mask, special=SPECIAL, mask=MASK, size=encoder.config.vocab_size)
        losses.append(model(found.input_ids, mask, segments, found.truth))
        losses[-1].backward()
        optimizer.step()
        optimizer.zero_grad()
    assert losses[-1] < 0.5 * losses[0]


def test_a_batch_in_which_nothing_is_hidden_costs_nothing(tmp_path: Path) -> None:
    encoder = load_encoder(write_encoder(tmp_path), dropout=0.0, attention="eager")
    ids = torch.full((2, 4), 9)
    loss = MaskedLanguageModel(encoder)(
        ids, torch.ones_like(ids), torch.zeros_like(ids), torch.full_like(ids, -100)
    )
    assert float(loss.detach()) == 0.0
