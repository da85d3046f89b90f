"""Why a type was chosen, in words: the features that spoke for it, made fit for people to read."""

import re
from collections.abc import Mapping
from typing import Protocol

import numpy as np

from model.scrub import holds_placeholder
from model.serving.linear import Floats, Vector

MAX_CUES = 3
# Words that carry grammar, not meaning; a phrase needs at least one word that is not among them.
_GRAMMAR_TEXT = """
    a after all also am an and any are as at be been but by can could do does for from get got had has have
    he how i if in into is it its just me more my no not of on one only or our out so some than that the
    their them then there these they this to up use used using was we were what when where which while who
    will with would you your
"""
_GRAMMAR = frozenset(_GRAMMAR_TEXT.split())
_UNSAFE = re.compile(r"[^\w '.,?!+-]|_")
_CUE_WORDS: Mapping[str, str] = {
    "traceback": "a stack trace",
    "error message": "an error message",
    "code": "a code block",
    "diff": "a diff",
    "image": "a screenshot or image",
    "link": "a link",
    "inline code": "inline code",
    "checkboxes": "checkboxes of a form",
    "question mark": "a question mark",
    "question mark in the title": "a question mark in the title",
}
_STEM = 5  # letters
_FRAME_WORDS = frozenset({"section", "title", "tag"})  # of the cues below, not of the issue


class Names(Protocol):
    """The name of each feature by its place, such as a list."""

    def __getitem__(self, place: int, /) -> str:
        """The name of the feature at `place`."""


def explain(vector: Vector, weights: Floats, vocabulary: Names, label: int) -> tuple[str, ...]:
    """Up to three cues that spoke most for type number `label`, e.g. ('"crashes when"', 'a stack trace').

    The share of a feature is its value times the distance of its coefficient to the mean of the other types.
    `weights` has shape (features, types). Parts of words say little to people and are left out.
    """
    rows = weights[vector.columns]
    others = (rows.sum(axis=1) - rows[:, label]) / (rows.shape[1] - 1)
    shares = vector.values * (rows[:, label] - others)
    cues: list[str] = []
    for position in np.argsort(-shares, kind="stable"):
        if len(cues) == MAX_CUES or shares[position] <= 0:
            break
        cue = _readable(vocabulary[vector.columns[position]])
        if cue and not any(_overlap(cue, other) for other in cues):
            cues.append(cue)
    return tuple(cues)


def _readable(feature: str) -> str | None:
    """A feature in words, or None where it says nothing to a person."""
    namespace, text = feature[0], feature[1:].partition("@")[0]  # a repository's own features end in a mark
    if namespace == "c":
        return _CUE_WORDS.get(text)
    if namespace in "TB@" or holds_placeholder(text):
        return None
    plain = _UNSAFE.sub("", text).strip()[:60]
    if namespace == "g":
        return f'the title tag "{plain}"' if plain else None
    if not any(_meaningful(word) for word in plain.split()):
        return None
    return f'the section "{plain}"' if namespace == "h" else f'"{plain}"'


def _meaningful(word: str) -> bool:
    """Whether a word says something by itself; a single Han character does."""
    return word not in _GRAMMAR and (len(word) >= 3 or not word.isascii()) and any(map(str.isalpha, word))


def _overlap(first: str, second: str) -> bool:
    return bool(_content(first) & _content(second))


def _content(cue: str) -> set[str]:
    """The beginnings of the words of a cue, so that "crash" and "crashes" are one."""
    words = cue.replace('"', " ").split()
    return {word[:_STEM] for word in words if _meaningful(word) and word not in _FRAME_WORDS}
