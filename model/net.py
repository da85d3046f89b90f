"""The network: one transformer encoder, one head for each task, and an embedding for similarity.

Needs torch, so nothing that serves imports this file.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

EMBEDDING = "embedding"  # the name of the similarity embedding beside the tasks' own


class Network(nn.Module):
    """An encoder with heads. B texts of T tokens in, one tensor of logits for each head out.

    `encoder` is a transformers model with `config.hidden_size`; `heads` maps a task to its number of
    classes; `dropout` (0 to 1) is applied to what the heads read.
    """

    def __init__(self, encoder: nn.Module, heads: Mapping[str, int], *, dropout: float = 0.1) -> None:
        super().__init__()
        width = int(encoder.config.hidden_size)
        self.encoder = encoder
        self.segmented = int(getattr(encoder.config, "type_vocab_size", 1)) > 1
        self.heads = nn.ModuleDict(
            {name: _Head(3 * width, classes, dropout) for name, classes in heads.items()}
        )
        # Starts as the identity: what the encoder already knows of similarity is not thrown away.
        self.projection = nn.Linear(width, width, bias=False)
        nn.init.eye_(self.projection.weight)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> dict[str, Tensor]:
        """Logits (B, classes) by task, and "embedding" (B, width) of unit length. Inputs: (B, T) int64."""
        return self.read(
            self.encode(input_ids, attention_mask, token_type_ids), attention_mask, token_type_ids
        )

    def encode(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """The encoder's last hidden states, (B, T, width)."""
        kinds = {"token_type_ids": token_type_ids} if self.segmented else {}
        states: Tensor = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, **kinds
        ).last_hidden_state
        return states

    def read(self, states: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> dict[str, Tensor]:
        """What the heads make of hidden states (B, T, width)."""
        title = mean(states, attention_mask * (1 - token_type_ids))
        rest = mean(states, attention_mask * token_type_ids)
        pooled = torch.cat([states[:, 0], title, rest], dim=1)
        found = {name: head(pooled) for name, head in self.heads.items()}
        whole = mean(states, attention_mask)
        found[EMBEDDING] = nn.functional.normalize(self.projection(whole).float(), dim=1)
        return found


class _Head(nn.Module):
    """A hidden layer and a classifier, on title and body side by side."""

    def __init__(self, width: int, classes: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.hidden = nn.Linear(width, width // 3)
        self.out = nn.Linear(width // 3, classes)

    def forward(self, pooled: Tensor) -> Tensor:
        logits: Tensor = self.out(self.dropout(torch.tanh(self.hidden(self.dropout(pooled)))))
        return logits


def mean(states: Tensor, mask: Tensor) -> Tensor:
    """Mean of the states (B, T, width) where `mask` (B, T) is 1; zeros where it never is."""
    weights = mask.unsqueeze(-1).to(states.dtype)
    total: Tensor = (states * weights).sum(dim=1)
    return total / weights.sum(dim=1).clamp(min=1.0)
