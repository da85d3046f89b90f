"""Masked language modelling: the encoder guesses hidden words of unlabelled threads before it learns tasks.

Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers", NAACL 2019, section 3.1: 15% of the
tokens; of these 80% become [MASK], 10% a random token, 10% stay.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from model.serving.tokens import Encoded, Tokens
from model.training.batching import Step
from model.training.multitask import to_tensors

_HIDDEN_SHARE = 0.15
_IGNORED = -100
_SPECIAL = ("[CLS]", "[SEP]", "[PAD]", "[UNK]", "<s>", "</s>", "<pad>", "<unk>")


class Masked(NamedTuple):
    """Token numbers with some hidden, and what was there (-100 elsewhere); both (B, T)."""

    input_ids: Tensor
    truth: Tensor


def hide(input_ids: Tensor, attention_mask: Tensor, *, special: Tensor, mask: int, size: int) -> Masked:
    """Hide tokens of `input_ids` (B, T); never padding or `special` tokens. `mask` is the number of [MASK].

    `size` is the size of the vocabulary. Uses torch's random numbers, so its seed decides.
    """
    usable = attention_mask.bool() & ~torch.isin(input_ids, special)
    chosen = (torch.rand(input_ids.shape, device=input_ids.device) < _HIDDEN_SHARE) & usable
    truth = torch.where(chosen, input_ids, _IGNORED)
    dice = torch.rand(input_ids.shape, device=input_ids.device)
    random = torch.randint(size, input_ids.shape, device=input_ids.device)
    hidden = torch.where(chosen & (dice < 0.8), mask, input_ids)
    return Masked(torch.where(chosen & (dice >= 0.9), random, hidden), truth)


class MaskedLanguageModel(nn.Module):
    """An encoder and a guess of every hidden token, through the encoder's own table of tokens."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        width = int(encoder.config.hidden_size)
        self.encoder = encoder
        self.segmented = int(getattr(encoder.config, "type_vocab_size", 1)) > 1
        self.transform = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.bias = nn.Parameter(torch.zeros(encoder.get_input_embeddings().num_embeddings))

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, truth: Tensor
    ) -> Tensor:
        """The mean loss over hidden tokens, in nats; only those are guessed, which saves most of the work."""
        kinds = {"token_type_ids": token_type_ids} if self.segmented else {}
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask, **kinds).last_hidden_state
        places = truth != _IGNORED
        table = self.encoder.get_input_embeddings().weight
        logits = nn.functional.linear(self.transform(states[places]), table, self.bias)
        if not len(logits):
            return states.sum() * 0.0
        return nn.functional.cross_entropy(logits.float(), truth[places])


class LanguageLesson:
    """Makes losses of batches of texts without labels."""

    def __init__(self, tokens: Tokens, texts: Sequence[Encoded], device: torch.device) -> None:
        self._tokens, self._texts, self._device = tokens, texts, device
        known = tokens.tokenizer
        numbers = [number for name in _SPECIAL if (number := known.token_to_id(name)) is not None]
        self._special = torch.tensor(numbers, device=device)
        self._mask = int(known.token_to_id("[MASK]") or known.token_to_id("<mask>") or 0)

    def loss(self, module: nn.Module, step: Step) -> tuple[Tensor, int, int]:
        """The loss of one batch, its tokens, and its tokens with padding."""
        batch, real = to_tensors(self._tokens, [self._texts[row] for row in step.rows], self._device)
        size = self._tokens.tokenizer.get_vocab_size()
        hidden = hide(batch[0], batch[1], special=self._special, mask=self._mask, size=size)
        value = module(hidden.input_ids, batch[1], batch[2], hidden.truth)
        return value, real, batch[0].numel()
