import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

from model.errors import DataError
from model.training.machine import Energy, Machine, machine, peak_flops, training_flops


def test_the_cpu_is_described_and_given_back() -> None:
    with machine("cpu", "fp32", 1) as found:
        assert found.first
        assert found.describe().startswith("CPU (")
        assert not found.autocast()._enabled


def test_bf16_computes_products_in_half_precision() -> None:
    with machine("cpu", "bf16", 1) as found, found.autocast():
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.bfloat16


@pytest.mark.parametrize(("device", "precision"), [("tpu", "auto"), ("cpu", "int4")])
def test_what_there_is_not_is_said_in_one_line(device: str, precision: str) -> None:
    with pytest.raises(DataError, match="is none: auto, cpu, cuda"), machine(device, precision, 1):
        pass


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_gpu_that_is_not_there_is_said_in_one_line() -> None:
    with pytest.raises(DataError, match="torch sees no GPU"), machine("cuda", "auto", 0):
        pass


def test_a_peak_is_measured_where_no_data_sheet_says_it() -> None:
    peak, source = peak_flops(Machine(torch.device("cpu"), torch.float32))
    assert peak > 1e8
    assert source.startswith("measured")


def test_flops_of_a_step_follow_the_formula() -> None:
    assert training_flops(parameters=100, layers=2, width=4, texts=3, tokens=5) == 3 * 5 * (
        600 + 12 * 2 * 4 * 5
    )


def test_energy_is_not_made_up_where_nothing_counts_it() -> None:
    assert Energy(Machine(torch.device("cpu"), torch.float32)).joules() is None
