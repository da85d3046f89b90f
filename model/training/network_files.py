"""The files of a trained network: weights, tokenizer, and what is needed to build it again."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transformers import AutoConfig, AutoModel

from model.errors import ModelError
from model.layout import SUMMARY
from model.net import Network
from model.serving.tokens import Limits, Tokens
from model.training.checkpoint import load_weights, save_weights

WEIGHTS, TOKENIZER, CONFIG = "model.safetensors", "tokenizer.json", "network.json"


def save_network(directory: Path, network: Network, tokens: Tokens, summary: Mapping[str, Any]) -> None:
    """Write a network so that `load_network` finds it; the weights last, so that they stand for all."""
    directory.mkdir(parents=True, exist_ok=True)
    limits = {name: getattr(tokens.limits, name) for name in ("title", "body", "extras")}
    config = {
        "encoder": network.encoder.config.to_dict(),
        "heads": {name: head.out.out_features for name, head in network.heads.items()},
        "limits": limits,
    }
    (directory / TOKENIZER).write_text(tokens.tokenizer.to_str(), encoding="utf-8", newline="\n")
    (directory / CONFIG).write_text(json.dumps(config, indent=2, default=str) + "\n", encoding="utf-8")
    (directory / SUMMARY).write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    save_weights(directory / WEIGHTS, network, {})


def load_network(directory: Path) -> tuple[Network, Tokens]:
    """The network of a finished run, on the CPU in fp32. Raises ModelError where there is none."""
    if not (directory / WEIGHTS).exists():
        raise ModelError(f"no trained network in {directory}: {WEIGHTS} is missing; train first")
    try:
        config = json.loads((directory / CONFIG).read_text(encoding="utf-8"))
        written = dict(config["encoder"])
        encoder_config = AutoConfig.for_model(written.pop("model_type"), **written)
        encoder = AutoModel.from_config(encoder_config, attn_implementation="eager")
        network = Network(encoder, config["heads"])
        tokens = Tokens.load(directory / TOKENIZER, Limits(**config["limits"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{directory}: the network cannot be built: {error}") from error
    load_weights(directory / WEIGHTS, network)
    network.eval()
    return network, tokens
