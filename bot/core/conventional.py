"""Conventional Commits 1.0.0 (https://www.conventionalcommits.org): the type, scope and weight of a change.

Reads titles of pull requests and whole messages of commits alike. All patterns take linear time.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

#: The types of the specification's own examples, which most projects use.
TYPES = ("feat", "fix", "docs", "style", "refactor", "perf", "test", "build", "ci", "chore", "revert")

_MAX_HEADER = 1_000  # characters of a first line; what is beyond does not make it another type
_MAX_WORD = 30  # characters of something that may be a misspelt type
_HEADER = re.compile(
    r"(?P<type>[A-Za-z][\w-]*)(?:\((?P<scope>[^()]+)\))?(?P<mark>!)?:[ \t]+(?P<description>\S.*)"
)
# What people write when they mean it: a blank too many or too few, other words for the types.
_NEARLY = re.compile(
    r"\[?(?P<type>[A-Za-z][\w-]*)\]? ?(?:\((?P<scope>[^()]*)\))? ?(?P<mark>!)? ?: ?(?P<description>[^\s:/].*)"
)
_OTHER_WORDS: Mapping[str, str] = {
    "bug": "fix",
    "bugfix": "fix",
    "doc": "docs",
    "documentation": "docs",
    "enhancement": "feat",
    "feature": "feat",
    "hotfix": "fix",
    "maintenance": "chore",
    "performance": "perf",
    "refactoring": "refactor",
    "testing": "test",
    "tests": "test",
}
# A footer lasts until the next one; only the words BREAKING CHANGE have to be in capitals.
_FOOTER = re.compile(r"^(?P<token>BREAKING[ -]CHANGE|[A-Za-z][A-Za-z0-9-]*)(?:: | (?=#))", re.MULTILINE)
_BREAKING = frozenset({"BREAKING CHANGE", "BREAKING-CHANGE"})
_QUOTED_REVERT = re.compile(r'(?:Revert|Reapply) "(?P<subject>.*)"(?:[ \t]*\(#\d+\))?')
_REVERTS = re.compile(r"\bThis reverts commit (?P<sha>[0-9a-f]{7,64})\b")
_SHA = re.compile(r"\b[0-9a-f]{7,64}\b")


@dataclass(frozen=True, slots=True)
class Conventional:
    """A message in the form of Conventional Commits.

    Args:
        type: in lower case, as the specification takes no notice of case: ``fix``.
        scope: as written, without its brackets; "" without one.
        is_breaking: True with a ``!`` or a footer that says so.
        description: the rest of the first line.
        breaking: what the footer ``BREAKING CHANGE`` says; "" without one.
    """

    type: str
    scope: str = ""
    is_breaking: bool = False
    description: str = ""
    breaking: str = ""

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes one by one: ``fix(api, ui): ...`` has two."""
        return tuple(name for part in self.scope.split(",") if (name := part.strip()))


@dataclass(frozen=True, slots=True)
class Reverted:
    """What a message says that it takes back.

    Args:
        subject: the first line of the commit that is reverted; "" where it is not told.
        shas: names of the commits, possibly shortened.
    """

    subject: str = ""
    shas: tuple[str, ...] = ()


def parse(message: str) -> Conventional | None:
    """Read a title or a commit's message; None where its first line has not that form."""
    header, body = _split(message)
    found = _HEADER.fullmatch(header)
    if not found or not (found["scope"] or "-").strip():
        return None
    breaking = next((text for token, text in footers(body) if token in _BREAKING), None)
    return Conventional(
        type=found["type"].lower(),
        scope=(found["scope"] or "").strip(),
        is_breaking=bool(found["mark"]) or breaking is not None,
        description=found["description"].strip(),
        breaking=breaking or "",
    )


def footers(body: str) -> list[tuple[str, str]]:
    """The footers ``Token: text`` and ``Token #text`` of a message's body, in order.

    The last paragraphs of most messages are hard to tell from text, so any line of that form counts.
    """
    found = list(_FOOTER.finditer(body))
    ends = [*(match.start() for match in found[1:]), len(body)]
    return [(m["token"], body[m.end() : end].strip()) for m, end in zip(found, ends, strict=False)]


def reverted(message: str) -> Reverted | None:
    """What a commit or pull request reverts; None where it reverts nothing.

    Knows Git's and GitHub's ``Revert "..."`` with ``This reverts commit ...``, and the specification's
    ``revert: ...`` with a footer ``Refs: ...``.
    """
    header, body = _split(message)
    shas = tuple(match["sha"] for match in _REVERTS.finditer(body))
    if quoted := _QUOTED_REVERT.fullmatch(header):
        # A revert that is reverted puts the change back.
        return Reverted(quoted["subject"], shas) if header.startswith("Revert") else None
    said = parse(message)
    if said is None or said.type != "revert":
        return None
    named = [text for token, text in footers(body) if token.lower() == "refs"]
    return Reverted(said.description, shas or tuple(_SHA.findall(" ".join(named))))


def corrected(title: str, types: Collection[str] = TYPES) -> str | None:
    """The conventional title that was probably meant: ``Feature : x`` -> ``feat: x``; None for no idea.

    Args:
        title: one that cannot be used as it is.
        types: those that are allowed.
    """
    header = " ".join(_split(title)[0].split())  # runs of blanks would take the pattern long
    if (quoted := _QUOTED_REVERT.fullmatch(header)) and "revert" in types:
        return f"revert: {quoted['subject']}" if header.startswith("Revert") else None
    found = _NEARLY.fullmatch(header)
    type_ = _meant(found["type"].lower(), types) if found else None
    if found is None or type_ is None:
        return None
    scope = (found["scope"] or "").strip()
    return f"{type_}{f'({scope})' if scope else ''}{found['mark'] or ''}: {found['description'].strip()}"


def _meant(word: str, types: Collection[str]) -> str | None:
    """The type that a word stands for: itself, a synonym, or the one that it misspells."""
    known = {name.lower(): name for name in types}
    if word in known or _OTHER_WORDS.get(word) in known:
        return known.get(word) or known[_OTHER_WORDS[word]]
    near = get_close_matches(word, known, n=1, cutoff=0.75) if 2 < len(word) <= _MAX_WORD else []
    return known[near[0]] if near else None


def _split(message: str) -> tuple[str, str]:
    """The first line, and what follows it."""
    header, _, body = message.replace("\r\n", "\n").strip().partition("\n")
    return header[:_MAX_HEADER].strip(), body
