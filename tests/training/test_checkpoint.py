import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

from pathlib import Path

from torch import nn

from model.errors import ModelError, TrainingError
from model.training.checkpoint import load_checkpoint, load_weights, save_checkpoint, save_weights


def trained(seed: int = 0) -> tuple[nn.Module, torch.optim.Optimizer]:
    torch.manual_seed(seed)
    module = nn.Linear(4, 3)
    optimizer = torch.optim.AdamW(module.parameters(), lr=0.1)
    for _ in range(3):
        module(torch.randn(8, 4)).square().mean().backward()
        optimizer.step()
        optimizer.zero_grad()
    return module, optimizer


def test_a_checkpoint_brings_back_weights_moments_and_state(tmp_path: Path) -> None:
    module, optimizer = trained()
    save_checkpoint(tmp_path / "a.safetensors", module, optimizer, {"step": 3})
    other, other_optimizer = trained(seed=1)
    assert load_checkpoint(tmp_path / "a.safetensors", other, other_optimizer) == {"step": 3}
    for one, two in ((module, optimizer), (other, other_optimizer)):
        one(torch.ones(1, 4)).sum().backward()
        two.step()
    assert torch.equal(module.weight, other.weight)


def test_weights_alone_can_be_kept(tmp_path: Path) -> None:
    module, _ = trained()
    save_weights(tmp_path / "w.safetensors", module, {"best": 0.5})
    other, _ = trained(seed=1)
    assert load_weights(tmp_path / "w.safetensors", other) == {"best": 0.5}
    assert torch.equal(module.weight, other.weight)


def test_nothing_but_the_file_is_left_behind(tmp_path: Path) -> None:
    module, optimizer = trained()
    save_checkpoint(tmp_path / "a.safetensors", module, optimizer, {})
    assert [path.name for path in tmp_path.iterdir()] == ["a.safetensors"]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_are_not_finite_are_never_written(tmp_path: Path, number: float) -> None:
    module, optimizer = trained()
    save_weights(tmp_path / "a.safetensors", module, {})
    before = (tmp_path / "a.safetensors").read_bytes()
    with torch.no_grad():
        module.bias[1] = number
    for save in (
        lambda: save_weights(tmp_path / "a.safetensors", module, {}),
        lambda: save_checkpoint(tmp_path / "a.safetensors", module, optimizer, {}),
    ):
        with pytest.raises(TrainingError, match=r"was not written: (model\.)?bias holds numbers"):
            save()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"\x80\x04."])
def test_a_broken_file_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.safetensors").write_bytes(content)
    with pytest.raises(ModelError, match=r"a\.safetensors cannot be read: .*; remove it"):
        load_checkpoint(tmp_path / "a.safetensors", *trained())


def test_the_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "a.safetensors", *trained(), {})
    other = nn.Linear(5, 3)
    with pytest.raises(ModelError, match="is of another network"):
        load_checkpoint(tmp_path / "a.safetensors", other, torch.optim.AdamW(other.parameters()))
