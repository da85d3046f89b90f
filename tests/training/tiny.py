"""A tiny encoder and little invented data, so that a whole run takes seconds on one core."""

from pathlib import Path

from tokenizers import Tokenizer

from model.datasets.samples import Sample
from model.tasks import TASKS
from model.text import clean
from model.training.config import TrainingConfig
from model.training.run import Material
from tests.model.word_pieces import word_pieces

WORDS = [
    "crash",
    "error",
    "broken",
    "fails",
    "add",
    "support",
    "please",
    "option",
    "how",
    "do",
    "i",
    "use",
    "why",
    "docs",
    "typo",
    "readme",
    "page",
    "the",
    "a",
    "app",
    "button",
    "thanks",
    "rubbish",
    "idiot",
    "nice",
    "work",
]
_SAYINGS = {
    "issue_type": (
        ("crash error broken", "the app fails"),
        ("add support option", "please add"),
        ("how do i use", "why"),
        ("docs typo", "readme page"),
    ),
    "pr_type": (("add option", ""), ("crash fails", ""), ("readme page", "")),
    "tone": (("", "thanks nice work"), ("", "rubbish idiot")),
}


def write_encoder(directory: Path, *, layers: int = 2) -> Path:
    """Write a BERT of width 16 with random weights, in the three files that an encoder consists of."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    directory.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer()
    (directory / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=16,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=160,
        hidden_dropout_prob=0.1,
    )
    BertModel(config, add_pooling_layer=True).save_pretrained(directory, safe_serialization=True)
    return directory


def _tokenizer() -> Tokenizer:
    """It knows WORDS and, for the rest, letters."""
    letters = [chr(letter) for letter in range(97, 123)]
    return word_pieces([".", ",", "[", "]", *WORDS, *letters, *(f"##{letter}" for letter in letters)])


def samples(task: str, split: str, count: int) -> list[Sample]:
    """`count` texts of each class of `task` that is invented here; the class can be read off its words."""
    found = []
    for number in range(count):
        for label, (title, body) in enumerate(_SAYINGS[task]):
            text = clean(title, f"{body} {WORDS[(number * 7 + label) % 6 + 14]} {'the ' * (number % 5)}")
            found.append(
                Sample(
                    task=task,
                    text=text,
                    label=label,
                    split=split,
                    repo=f"o/r{number}",
                    source="invented",
                    dataset="invented",
                    language="en",
                    created_at="",
                )
            )
    return found


def material(count: int = 12) -> Material:
    """Something to learn of every task."""
    return Material(
        {task: samples(task, "train", count) for task in TASKS},
        {task: samples(task, "validation", 3) for task in TASKS},
        [sample.text for sample in samples("issue_type", "train", count)],
    )


def config(encoder: Path, *, words: int = 0, **changes: object) -> TrainingConfig:
    """A configuration for seconds on a CPU; `changes` replace values of the top level."""
    plain = {
        "name": "tiny",
        "device": "cpu",
        "precision": "fp32",
        "threads": 1,
        "encoder": {"source": str(encoder), "words": words},
        "tokens": {"title": 12, "body": 12, "extras": 6},
        "pretrain": {"epochs": 1, "batch": 8, "learning_rate": 1e-3},
        "tasks": {"epochs": 4, "batch": 8, "learning_rate": 5e-3, "head_rate": 2.0, "checks": 2},
    }
    return TrainingConfig.model_validate({**plain, **changes})
