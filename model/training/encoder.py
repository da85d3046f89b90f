"""Loading a pretrained encoder: by path or name, hash checked, safetensors only. Room for new tokens."""

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path

import torch
from huggingface_hub.utils.tqdm import disable_progress_bars
from safetensors import SafetensorError
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel, PreTrainedModel
from transformers.utils import logging as transformers_logging

from model.errors import DataError, ModelError
from model.training.config import EncoderSection, TrainingConfig

WEIGHTS, TOKENIZER, CONFIG = "model.safetensors", "tokenizer.json", "config.json"
_FILES = (WEIGHTS, TOKENIZER, CONFIG)


def locate(source: str, sha256: str) -> Path:
    """The directory of an encoder: `source` itself, or where the model hub's copy of that name was put.

    Only its configuration, tokenizer and safetensors are ever fetched or read: a pickle is code, and a hash
    says nothing before one has it. Raises DataError where a file is missing or the weights are others than
    `sha256`, which a name on the hub must have; an unfinished download is never used.
    """
    directory = Path(source)
    if not directory.is_dir():
        if directory.is_absolute() or source.startswith("."):
            raise DataError(f"{source}: no such directory; name one that holds {', '.join(_FILES)}")
        if not sha256:
            raise DataError(f"{source} is no directory; an encoder from the model hub needs its sha256")
        directory = _fetch(source)
    for name in _FILES:
        if not (directory / name).is_file():
            raise DataError(f"{directory} holds no {name}; an encoder is {', '.join(_FILES)}")
    if sha256:
        with (directory / WEIGHTS).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256.lower():
            raise DataError(
                f"{directory / WEIGHTS} is another file than the one asked for: its SHA-256 is {found},"
                f" expected is {sha256}, which the configuration sets as sha256 beside source"
            )
    return directory


def find(section: EncoderSection, encoders: Mapping[str, Path]) -> Path:
    """Where the encoder of `section` lies; `encoders` says so of names. Raises DataError as `locate` does."""
    return locate(str(encoders.get(section.source, section.source)), section.sha256)


def check_encoders(config: TrainingConfig, encoders: Mapping[str, Path]) -> None:
    """Find and check each encoder of `config`; raises DataError as `locate` does."""
    for section in (config.encoder, config.reference):
        if section:
            find(section, encoders)


def _fetch(name: str) -> Path:
    from huggingface_hub import snapshot_download  # noqa: PLC0415 -- only where the hub is asked

    _hide_bars()
    try:
        return Path(snapshot_download(name, allow_patterns=list(_FILES)))
    except Exception as error:  # whatever the network and the hub can do wrong
        reason = str(error).strip().partition("\n")[0]
        raise DataError(
            f"the encoder {name} is neither a directory nor on the model hub: {reason}"
        ) from error


def _hide_bars() -> None:
    """Progress bars of the libraries are for terminals; in a log they are noise."""
    if not sys.stderr.isatty():
        disable_progress_bars()
        transformers_logging.disable_progress_bar()


def load_encoder(directory: Path, *, dropout: float, attention: str) -> PreTrainedModel:
    """The encoder of a directory, in fp32. `dropout` 0 to 1; `attention`: "eager" or "sdpa".

    Raises ModelError where the files do not fit each other.
    """
    _hide_bars()
    try:
        config = AutoConfig.from_pretrained(directory, local_files_only=True, trust_remote_code=False)
        for name in ("hidden_dropout_prob", "attention_probs_dropout_prob"):
            if hasattr(config, name):
                setattr(config, name, dropout)
        encoder: PreTrainedModel = AutoModel.from_pretrained(
            directory,
            config=config,
            dtype=torch.float32,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            attn_implementation=attention if config.model_type != "mpnet" else "eager",
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(f"{directory}: the encoder cannot be loaded: {reason}") from error
    return encoder


def widen(encoder: PreTrainedModel, plain: Tokenizer, meanings: Mapping[int, str], seed: int) -> None:
    """Give the encoder a row for each new token: number -> what it means in words of `plain`.

    A row starts at the mean of those of its meaning's tokens; at the mean of all, with a little noise, where
    the meaning is "".
    """
    if not meanings:
        return
    old = encoder.get_input_embeddings().weight.detach().clone()
    encoder.resize_token_embeddings(max(len(old), max(meanings) + 1), mean_resizing=False)
    generator = torch.Generator().manual_seed(seed)
    middle, spread = old.mean(dim=0), old.std(dim=0)
    with torch.no_grad():
        weight = encoder.get_input_embeddings().weight
        weight[: len(old)] = old
        for number, meaning in meanings.items():
            ids = plain.encode(meaning, add_special_tokens=False).ids
            noise = 0.5 * torch.randn(old.shape[1], generator=generator) * spread
            weight[number] = old[ids].mean(dim=0) if ids else middle + noise
