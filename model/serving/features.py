"""Features of a cleaned text: word and character n-grams, each in the namespace of where it was found."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

from model.text import CleanText

# Han characters stand alone as words; letters and digits of other scripts run together.
_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}][^\W{_HAN}]*(?:['\u2019][^\W_{_HAN}]{{1,2}})?|[?!]")
_MAX_WORD = 32  # characters; what is longer is an identifier, seen by its parts
_OPENING = 30  # words at the start of a body, where people say what they want

#: Namespace -> what it holds. The first character of every feature is its namespace.
NAMESPACES: Mapping[str, str] = {
    "t": "words of the title",
    "s": "first and last words of the title",
    "b": "words of the body",
    "f": "words of the body's opening",
    "T": "characters of the title",
    "B": "characters of the body",
    "h": "section headings",
    "g": "tags of the title",
    "c": "cues",
}


def words(text: str) -> list[str]:
    """The words of a cleaned text, in order; Han characters one by one."""
    return [word[:_MAX_WORD] for word in _WORD.findall(text)]


def extract(text: CleanText) -> dict[str, Counter[str]]:
    """Count the features of `text` by namespace; each feature carries its namespace as first character."""
    title, body = words(text.title), words(text.body)
    return {
        "t": Counter(_word_ngrams("t", title)),
        "s": Counter(_ends("s", title)),
        "b": Counter(_word_ngrams("b", body)),
        "f": Counter(_word_ngrams("f", body[:_OPENING])),
        "T": Counter(_char_ngrams("T", title)),
        "B": Counter(_char_ngrams("B", body)),
        "h": Counter(feature for heading in text.headings for feature in _heading("h", words(heading))),
        "g": Counter("g" + tag for tag in text.tags),
        "c": Counter("c" + cue for cue in text.cues),
    }


def _word_ngrams(namespace: str, tokens: list[str]) -> Iterator[str]:
    for token in tokens:
        yield namespace + token
    for first, second in pairwise(tokens):
        yield f"{namespace}{first} {second}"


def _char_ngrams(namespace: str, tokens: list[str]) -> Iterator[str]:
    """Runs of 3 to 5 characters inside a word, its two ends marked by a space."""
    for token in tokens:
        padded = f" {token} "
        for size in (3, 4, 5):
            for start in range(len(padded) - size + 1):
                yield namespace + padded[start : start + size]


def _ends(namespace: str, tokens: list[str]) -> Iterator[str]:
    """How a title opens ("how do ...") and ends ("... support ...")."""
    if tokens:
        yield f"{namespace}^{tokens[0]}"
        yield f"{namespace}^{' '.join(tokens[:2])}"
        yield f"{namespace}${tokens[-1]}"


def _heading(namespace: str, tokens: list[str]) -> Iterator[str]:
    yield f"{namespace}={' '.join(tokens)}"
    yield from _word_ngrams(namespace, tokens)
