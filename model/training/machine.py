"""What a run computes on: device, precision, processes; and what it gets out of it: throughput and energy."""

import os
import platform
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import torch
from torch import distributed

from model.errors import DataError

#: Dense bf16 FLOP/s of a GPU without sparsity, from the makers' data sheets. Others are measured.
_PEAKS = {"H100 PCIe": 756e12, "H100": 989e12, "H200": 989e12, "A100": 312e12, "L40S": 362e12, "L4": 121e12}
_PROBE = 2_048  # rows and columns of the matrices that a peak is measured with
_PROBE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Machine:
    """One process of a run. `process` of `processes`, as torchrun says."""

    device: torch.device
    precision: torch.dtype
    process: int = 0
    processes: int = 1

    @property
    def first(self) -> bool:
        """Whether this process writes files and shows progress."""
        return self.process == 0

    def autocast(self) -> AbstractContextManager[Any]:
        """Matrix products in the chosen precision."""
        return torch.autocast(
            self.device.type, dtype=torch.bfloat16, enabled=self.precision == torch.bfloat16
        )

    def agreed(self, value: float) -> float:
        """The first process's value, on every process."""
        if self.processes == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64, device=self.device)
        distributed.broadcast(shared, src=0)
        return float(shared.item())

    def wait(self) -> None:
        """Until all processes are here."""
        if self.processes > 1:
            distributed.barrier()

    def describe(self) -> str:
        """The hardware, for people."""
        several = f"{self.processes} x " if self.processes > 1 else ""
        if self.device.type == "cuda":
            return f"{several}GPU ({torch.cuda.get_device_name(self.device)})"
        return f"{several}CPU ({platform.machine()}), {torch.get_num_threads()} threads"


@contextmanager
def machine(device: str, precision: str, threads: int) -> Iterator[Machine]:
    """Take what `device` (auto, cpu, cuda) and `precision` (auto, bf16, fp32) name, and give it back after.

    Under torchrun it joins the other processes. Raises DataError for a device or precision there is not.
    """
    if device not in {"auto", "cpu", "cuda"} or precision not in {"auto", "bf16", "fp32"}:
        raise DataError(
            f"device {device!r} or precision {precision!r} is none: auto, cpu, cuda; auto, bf16, fp32"
        )
    if device == "cuda" and not torch.cuda.is_available():
        raise DataError('device is cuda, but torch sees no GPU here; say device = "auto" or "cpu"')
    if threads:
        torch.set_num_threads(threads)
    on_gpu = device == "cuda" or (device == "auto" and torch.cuda.is_available())
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    place = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if on_gpu else torch.device("cpu")
    if on_gpu:
        torch.cuda.set_device(place)
    half = precision == "bf16" or (precision == "auto" and _fast_at_bf16(place))
    if processes > 1:
        distributed.init_process_group("nccl" if on_gpu else "gloo")
    try:
        yield Machine(
            place, torch.bfloat16 if half else torch.float32, int(os.environ.get("RANK", "0")), processes
        )
    finally:
        if processes > 1:
            distributed.destroy_process_group()


def peak_flops(where: Machine) -> tuple[float, str]:
    """The most FLOP/s that one process can reach, and how that is known.

    The data sheet's number for a GPU in bf16 that is known by name, else what a large matrix product reaches.
    """
    if where.device.type == "cuda" and where.precision == torch.bfloat16:
        name = torch.cuda.get_device_name(where.device)
        for known, peak in _PEAKS.items():
            if known in name:
                return peak, "data sheet, dense bf16"
    matrix = torch.randn(_PROBE, _PROBE, device=where.device).to(where.precision)
    _ = matrix @ matrix
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < _PROBE_SECONDS:
        _ = matrix @ matrix
        if where.device.type == "cuda":
            torch.cuda.synchronize(where.device)
        count += 1
    return count * 2 * _PROBE**3 / (time.perf_counter() - started), f"measured, product of {_PROBE}-matrices"


def training_flops(parameters: int, layers: int, width: int, texts: int, tokens: int) -> float:
    """FLOPs of one training step over `texts` of `tokens` each: forward and backward.

    6 per parameter of the layers and token, and 12 x layers x width x tokens per token for attention:
    Chowdhery et al., "PaLM: Scaling Language Modeling with Pathways", 2022, appendix B.
    """
    return texts * tokens * (6.0 * parameters + 12.0 * layers * width * tokens)


def _fast_at_bf16(device: torch.device) -> bool:
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    probe = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return bool(probe())


class Energy:
    """The energy that the GPUs of this host take, by NVML; None where there is none or it does not say."""

    def __init__(self, where: Machine) -> None:
        self._handle: Any = None
        if where.device.type != "cuda":
            return
        with suppress(Exception):  # no NVML, or a GPU that does not count energy
            import pynvml  # noqa: PLC0415 -- only on a GPU

            pynvml.nvmlInit()
            self._nvml = pynvml
            self._handle = pynvml.nvmlDeviceGetHandleByIndex(where.device.index or 0)
            self._start = pynvml.nvmlDeviceGetTotalEnergyConsumption(self._handle)

    def joules(self) -> float | None:
        """Joules since this was made, of one GPU."""
        if self._handle is None:
            return None
        with suppress(Exception):
            return float(self._nvml.nvmlDeviceGetTotalEnergyConsumption(self._handle) - self._start) / 1e3
        return None
