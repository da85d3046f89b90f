"""Token numbers of a cleaned text: tags and title, body, headings and cues, each within a budget of its own.

[CLS] tags title [SEP] body [SEP] headings cues [SEP]. Whatever the length of one part, the others keep their
room, so that neither title nor body drowns the other. Training and serving share this file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from model.errors import ModelError
from model.text import CleanText

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Limits:
    """The most tokens of each part that are read; special tokens come on top (four at most)."""

    title: int = 32  # with its tags
    body: int = 76  # three quarters from its beginning, the rest from its end
    extras: int = 20  # headings, then cues

    def __post_init__(self) -> None:
        """Raises ValueError for what is no number of tokens."""
        for limit in (self.title, self.body, self.extras):
            if type(limit) is not int or limit < 1:
                raise ValueError(f"limits: {limit!r} is no number of tokens")

    @property
    def longest(self) -> int:
        """The most tokens of one text."""
        return self.title + self.body + self.extras + 4


class Parts(NamedTuple):
    """The token numbers of one text, part by part."""

    tags: list[int]
    title: list[int]
    body: list[int]
    extras: list[int]


class Encoded(NamedTuple):
    """One text as the network reads it: numbers of tokens, and 0 for the title, 1 for the rest."""

    ids: list[int]
    segments: list[int]


class Batch(NamedTuple):
    """Texts side by side, padded to the longest; each array of shape (texts, tokens)."""

    input_ids: Integers
    attention_mask: Integers
    token_type_ids: Integers


class Tokens:
    """A tokenizer with limits. Read-only after it was made, so threads may share it."""

    def __init__(self, tokenizer: Tokenizer, limits: Limits) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.tokenizer = tokenizer
        self.limits = limits
        self.start = _number(tokenizer, "[CLS]", "<s>")
        self.end = _number(tokenizer, "[SEP]", "</s>")
        self.pad = _number(tokenizer, "[PAD]", "<pad>")

    @classmethod
    def load(cls, path: Path, limits: Limits) -> "Tokens":
        """Read the file of a tokenizer. Raises ModelError where it cannot be read."""
        try:
            return cls.read(path.read_bytes(), limits)
        except (OSError, ModelError) as error:
            raise ModelError(f"{path} cannot be read: {error}") from error

    @classmethod
    def read(cls, content: bytes, limits: Limits) -> "Tokens":
        """Read what a `tokenizer.json` holds. Raises ModelError where that is something else."""
        try:
            tokenizer = Tokenizer.from_str(content.decode("utf-8"))
        except Exception as error:  # the library raises bare Exception
            raise ModelError(f"tokenizer.json is no tokenizer that can be read: {error}") from error
        return cls(tokenizer, limits)

    def parts(self, texts: Sequence[CleanText]) -> list[Parts]:
        """The token numbers of each part of each text, cut to the limits."""
        columns = (
            self._numbers([" ".join(f"[{tag}]" for tag in text.tags) for text in texts]),
            self._numbers([text.title for text in texts]),
            self._numbers([text.body for text in texts]),
            self._numbers([" . ".join((*text.headings, " , ".join(text.cues))) for text in texts]),
        )
        limits = self.limits
        found = []
        for tags, title, body, extras in zip(*columns, strict=True):
            short_tags = tags[: limits.title // 2]
            room = limits.title - len(short_tags)
            found.append(Parts(short_tags, title[:room], _ends(body, limits.body), extras[: limits.extras]))
        return found

    def assemble(self, parts: Parts, *, tags: bool = True, extras: bool = True) -> Encoded:
        """One text from its parts; without its tags, or headings and cues, where training hides them."""
        first = [self.start, *(parts.tags if tags else ()), *parts.title, self.end]
        rest = [*parts.body, self.end]
        if extras and parts.extras:
            rest += [*parts.extras, self.end]
        return Encoded(first + rest, [0] * len(first) + [1] * len(rest))

    def encode(self, texts: Sequence[CleanText]) -> list[Encoded]:
        """Each text as the network reads it."""
        return [self.assemble(parts) for parts in self.parts(texts)]

    def batch(self, texts: Sequence[Encoded]) -> Batch:
        """Texts side by side, padded at the end."""
        width = max(len(text.ids) for text in texts)
        shape = (len(texts), width)
        ids = np.full(shape, self.pad, dtype=np.int64)
        mask, segments = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, text in enumerate(texts):
            length = len(text.ids)
            ids[row, :length] = text.ids
            segments[row, :length] = text.segments
            mask[row, :length] = 1
        return Batch(ids, mask, segments)

    def _numbers(self, texts: list[str]) -> list[list[int]]:
        return [found.ids for found in self.tokenizer.encode_batch(texts, add_special_tokens=False)]


def _ends(numbers: list[int], limit: int) -> list[int]:
    """The beginning, where people say what they want, and the end, where they ask."""
    if len(numbers) <= limit:
        return numbers
    tail = limit // 4
    return numbers[: limit - tail] + numbers[len(numbers) - tail :]


def _number(tokenizer: Tokenizer, *names: str) -> int:
    for name in names:
        number = tokenizer.token_to_id(name)
        if number is not None:
            return int(number)
    raise ModelError(f"the tokenizer has no token {' or '.join(names)}")
