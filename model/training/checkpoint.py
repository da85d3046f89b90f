"""Saving a run so that it can go on: tensors as safetensors, the rest as JSON, whole or not at all.

Numbers that are not finite are never written: nothing could go on from them, nor should be served.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from model.errors import ModelError, TrainingError

_STATE = "state"  # the key of the JSON in a checkpoint's metadata


def save_weights(path: Path, module: nn.Module, state: Mapping[str, Any]) -> None:
    """Write the tensors of `module`, with `state` (JSON) beside them in one file.

    Raises TrainingError where one holds a number that is not finite.
    """
    _write(path, {name: tensor.detach().cpu() for name, tensor in module.state_dict().items()}, state)


def load_weights(path: Path, module: nn.Module) -> dict[str, Any]:
    """Read what `save_weights` wrote into `module`; its `state` is returned. Raises ModelError."""
    tensors, state = _read(path)
    try:
        module.load_state_dict(tensors, strict=True)
    except RuntimeError as error:
        raise ModelError(f"{path} is of another network: {str(error).partition(chr(10))[0]}") from error
    return state


def save_checkpoint(path: Path, module: nn.Module, optimizer: Optimizer, state: Mapping[str, Any]) -> None:
    """Write all that is needed to go on: weights, the optimiser's moments, and `state`.

    Raises TrainingError as `save_weights` does.
    """
    tensors = {f"model.{name}": tensor.detach().cpu() for name, tensor in module.state_dict().items()}
    for number, moments in optimizer.state_dict()["state"].items():
        tensors |= {
            f"optimizer.{number}.{name}": torch.as_tensor(value).detach().cpu()
            for name, value in moments.items()
        }
    _write(path, tensors, state)


def load_checkpoint(path: Path, module: nn.Module, optimizer: Optimizer) -> dict[str, Any]:
    """Read what `save_checkpoint` wrote into `module` and `optimizer`; its `state` is returned.

    Raises ModelError for a file that is broken or of another network.
    """
    tensors, state = _read(path)
    moments: dict[int, dict[str, Tensor]] = {}
    weights: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        kind, _, rest = name.partition(".")
        if kind == "model":
            weights[rest] = tensor
        else:
            number, _, moment = rest.partition(".")
            moments.setdefault(int(number), {})[moment] = tensor
    try:
        module.load_state_dict(weights, strict=True)
        optimizer.load_state_dict({**optimizer.state_dict(), "state": moments})
    except (RuntimeError, ValueError, KeyError) as error:
        reason = str(error).partition("\n")[0]
        raise ModelError(f"{path} is of another network: {reason}; remove it to start again") from error
    return state


def _write(path: Path, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor).all():
            raise TrainingError(
                f"{path} was not written: {name} holds numbers that are not finite; "
                'lower learning_rate, or say precision = "fp32"'
            )
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        # Tensors that share memory (tied weights) are written once each: safetensors refuses shared memory.
        save_file(
            {name: tensor.clone().contiguous() for name, tensor in tensors.items()},
            draft,
            metadata={_STATE: json.dumps(state)},
        )
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _read(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    try:
        with safe_open(path, "pt") as file:
            state = json.loads((file.metadata() or {}).get(_STATE, "{}"))
        return load_file(path), state
    except (OSError, SafetensorError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}; remove it to start again") from error
