"""The types of an issue, and which of a repository's own labels stands for each of them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

#: The types in the order of every probability vector and confusion matrix of this package.
LABELS = ("bug", "feature", "question", "documentation")

# What projects call each type, once prefixes, case, emoji and separators are gone; the best name first.
_NAMES: Mapping[str, str] = {
    "bug": """
        bug, bugs, bug report, defect, bug fix, bugfix, confirmed bug, bug confirmed, possible bug,
        potential bug, bug unconfirmed, unconfirmed bug, bug candidate, 缺陷, 错误""",
    "feature": """
        feature request, feature requests, feature, features, new feature, enhancement, enhancements,
        enhancement request, feature enhancement, feature idea, feature proposal, feature accepted, feat,
        improvement, improvements, suggestion, 功能请求, 新功能""",
    "question": """
        question, questions, support, support request, support question, usage question, user question, usage,
        get help, questions and help, question help, help question, help, how to, howto, query, user support,
        community support, 提问, 问题""",
    "documentation": """
        documentation, docs, doc, documentation bug, docs bug, documentation improvement, docs improvement,
        improve documentation, docs request, docs feature, api docs, 文档""",
}
_RANKS: Mapping[str, Mapping[str, int]] = {
    type_: {name.strip(): rank for rank, name in enumerate(names.split(","))}
    for type_, names in _NAMES.items()
}
_TYPE_GROUPS = frozenset(
    {"type", "kind", "category", "cat", "issue", "c", "t", "i", "class", "tag", "label", "status"}
)
# Documentation is a type to some projects and an area to others; "area/bug" would be an area, not a bug.
_AREA_GROUPS = frozenset({"area", "component", "comp", "module", "topic", "a", "d", "scope", "team", "for"})

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
    candidates = []
    for name in names:
        group, core = _split(name, type_)
        if core in _RANKS[type_]:
            candidates.append((_RANKS[type_][core], group, name))
    return min(candidates)[2] if candidates else None


def _split(name: str, type_: str) -> tuple[int, str]:
    """(0 without a group, 1 in one of types, 2 in one of areas; the rest): "kind/bug" -> (1, "bug")."""
    words = _words(name)
    core = " ".join(words)
    if core in _RANKS[type_] or not words:
        return 0, core
    if words[0] in _TYPE_GROUPS:
        return 1, " ".join(words[1:])
    if words[0] in _AREA_GROUPS and type_ == "documentation":
        return 2, " ".join(words[1:])
    return 0, core


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
