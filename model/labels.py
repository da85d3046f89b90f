"""The types of an issue, and which of a repository's own labels stands for each of them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

#: The types in the order of every probability vector and confusion matrix of this package.
LABELS = ("bug", "feature", "question", "documentation")

# What projects call each type, once prefixes, case, emoji and separators are gone; the best name first.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "bug": (
        *("bug", "bugs", "bug report", "defect", "bug fix", "bugfix", "confirmed bug", "bug confirmed"),
        *("possible bug", "potential bug", "bug unconfirmed", "unconfirmed bug", "bug candidate"),
        *("regression", "crash", "错误", "缺陷"),
    ),
    "feature": (
        *("feature request", "feature requests", "feature", "features", "new feature", "enhancement"),
        *(
            "enhancements",
            "enhancement request",
            "feat",
            "feature proposal",
            "feature enhancement",
            "feature idea",
        ),
        *("feature accepted", "improvement", "improvements", "proposal", "suggestion", "功能请求", "新功能"),
    ),
    "question": (
        *(
            "question",
            "questions",
            "support",
            "support request",
            "support question",
            "usage question",
            "usage",
        ),
        *(
            "user question",
            "help",
            "get help",
            "question help",
            "questions and help",
            "help question",
            "how to",
        ),
        *("howto", "query", "community support", "user support", "问题", "提问"),
    ),
    "documentation": (
        *(
            "documentation",
            "docs",
            "doc",
            "documentations",
            "docs bug",
            "documentation bug",
            "docs improvement",
        ),
        *(
            "improve documentation",
            "documentation improvement",
            "docs request",
            "docs feature",
            "api docs",
            "文档",
        ),
    ),
}
# Groups that say "this is a type" come before those that say "this is an area"; no group comes before both.
_TYPE_GROUPS = "type kind category cat issue c t i class tag label status"
_AREA_GROUPS = "area component comp module topic a d s p scope domain team for"
_GROUP_RANK = dict.fromkeys(_TYPE_GROUPS.split(), 1) | dict.fromkeys(_AREA_GROUPS.split(), 2)

_SHORTCODE = re.compile(r":[a-z0-9_+-]+:")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PART = re.compile(r"[^\W_]+")


def match_label(type_: str, names: Iterable[str]) -> str | None:
    """The one of a repository's label `names` that stands for `type_`, spelt as the repository spells it.

    A plain name wins over one in a group ("bug" over "kind/bug"), a group of types over a group of areas
    ("kind/documentation" over "area/docs"), and a usual name over a rare one; what is left is settled by the
    alphabet, so the order of `names` never matters. `None` when no label fits. Raises KeyError for an
    unknown type.
    """
    ranks = {name: rank for rank, name in enumerate(_NAMES[type_])}
    best: tuple[int, int, str] | None = None
    for name in names:
        prefix_rank, core = _core(name, ranks)
        if core in ranks:
            candidate = (ranks[core], prefix_rank, name)
            best = min(best, candidate) if best else candidate
    return best[2] if best else None


def _core(name: str, known: Mapping[str, int]) -> tuple[int, str]:
    """(rank of the group, the words without it): "kind/bug" -> (1, "bug")."""
    words = _words(name)
    core = " ".join(words)
    if core in known or not words or words[0] not in _GROUP_RANK:
        return 0, core
    return _GROUP_RANK[words[0]], " ".join(words[1:])


def _words(name: str) -> list[str]:
    """The lower-case words of a label without emoji, shortcodes, asides and leading numbers.

    A label that is nothing but a shortcode or an aside is read as the word inside it.
    """
    plain = unicodedata.normalize("NFKC", name)
    for reduced in (_ASIDE.sub(" ", _SHORTCODE.sub(" ", plain)), plain):
        words = [word.lower() for word in _PART.findall(_CAMEL.sub(" ", reduced))]
        while words and words[0].isdecimal():
            words.pop(0)
        if words:
            return words
    return []
