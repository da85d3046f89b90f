"""Finding what an issue may be a duplicate of: by the words they share, by their meaning, and by both.

NumPy alone. The choices below were made on the pairs of rust-lang/rust; other sets were only measured.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from model.text import MAX_RAW

Scores = npt.NDArray[np.float32]

_TITLE_WEIGHT = 3  # a word of the title counts as so many of the body
# Unlike words of features, parts of an identifier are words here: "foo_bar" is found by "foo bar".
_TERM = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3400-\u9fff\uf900-\ufaff]+")


def terms(title: str, body: str | None) -> list[str]:
    """The words of an issue as written, for `Bm25`; code and logs are kept, for duplicates share them."""
    return _TITLE_WEIGHT * _words(title) + _words((body or "")[:MAX_RAW])


class Bm25:
    """Texts by the words they hold, as postings: for each word, which texts hold it and what that is worth.

    Okapi BM25 with the usual constants: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25
    and Beyond", 2009, section 3; a query is a text as well here, so words that it repeats count as in
    Robertson et al., "Okapi at TREC-3", 1994. The weight of a rare word has ln(1 + ...), so that none is
    negative.
    """

    def __init__(
        self, texts: Iterable[Sequence[str]], *, k1: float = 1.2, b: float = 0.75, k3: float = 8.0
    ) -> None:
        """Index texts, each a list of words. `k1` and `k3` bound what repetition is worth, `b` length."""
        self._k3 = k3
        self._numbers: dict[str, int] = {}
        words, owners, counts, lengths = [], [], [], []
        for number, text in enumerate(texts):
            lengths.append(len(text))
            for word, count in Counter(text).items():
                words.append(self._numbers.setdefault(word, len(self._numbers)))
                owners.append(number)
                counts.append(count)
        self.size = len(lengths)
        order = np.argsort(np.array(words, dtype=np.int64), kind="stable")
        held, owner = np.array(words, dtype=np.int64)[order], np.array(owners, dtype=np.int64)[order]
        times, length = np.array(counts, dtype=np.float64)[order], np.array(lengths, dtype=np.float64)
        frequency = np.bincount(held, minlength=len(self._numbers))
        rarity = np.log1p((self.size - frequency + 0.5) / (frequency + 0.5))
        relative = length[owner] / max(length.mean(), 1.0) if self.size else times
        saturation = times * (k1 + 1) / (times + k1 * (1 - b + b * relative))
        self._worth = (rarity[held] * saturation).astype(np.float32)
        self._owners = owner
        self._starts = np.concatenate([[0], np.cumsum(frequency)])

    def scores(self, query: Sequence[str]) -> Scores:
        """How much each text speaks of the words of `query`, shape (texts,); 0 where it shares none."""
        result = np.zeros(self.size, dtype=np.float32)
        for word, count in Counter(query).items():
            number = self._numbers.get(word)
            if number is not None:
                postings = slice(self._starts[number], self._starts[number + 1])
                weight = np.float32((self._k3 + 1) * count / (self._k3 + count))
                result[self._owners[postings]] += weight * self._worth[postings]
        return result


def together(lexical: Scores, meaning: Scores) -> Scores:
    """Both scores as one, shape (candidates,): each in standard deviations from its mean, half and half."""
    return _standard(lexical) + _standard(meaning)


def _standard(scores: Scores) -> Scores:
    spread = scores.std()
    result: Scores = (scores - scores.mean()) / (spread if spread > 0 else 1.0)
    return result


def _words(text: str) -> list[str]:
    return _TERM.findall(text.lower())
