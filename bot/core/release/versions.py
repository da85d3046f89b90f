"""Version numbers: reading them from tags, and what comes after them.

SemVer 2.0.0 (https://semver.org) and PEP 440 (https://peps.python.org/pep-0440), with three parts. A tag that
is neither is read for the first number in it, as other release tools do.
"""

import re
from dataclasses import dataclass, replace
from functools import total_ordering
from typing import Any

import semver
from packaging.version import InvalidVersion
from packaging.version import Version as Pep440

from bot.core.release.settings import PEP440_WORDS, Increment, Scheme

MAX_CHARS = 200  # of a tag or title that is searched for a version
MAX_PART = 999_999_999
_SEMVER = re.compile(
    r"(?<!\d)(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?!\d)"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)
_PEP440 = re.compile(
    r"(?<!\d)\d{1,9}!?(?:\.?\d{1,9})*(?:[._-]?(?:a|b|c|rc|alpha|beta|pre|preview|post|dev)\d*)*"
)
_COUNTED = re.compile(r"(?P<word>.*[A-Za-z-])(?P<joint>\.?)(?P<count>\d{1,9})", re.ASCII)


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """A version number.

    Args:
        major, minor, patch: its parts.
        suffix: what follows them, as written: ``-rc.1``, ``rc1``, ``.post2``; "" without.
        word: the identifier of a pre-release: ``rc``; "" for a release.
        count: which of the pre-releases; 0 where it has no number.
        joint: what stands between the two.
        epoch: of PEP 440.
        scheme: how it is written and compared.
    """

    major: int
    minor: int = 0
    patch: int = 0
    suffix: str = ""
    word: str = ""
    count: int = 0
    joint: str = "."
    epoch: int = 0
    scheme: Scheme = "semver"

    def __str__(self) -> str:
        return f"{self.major_text}.{self.minor}.{self.patch}{self.suffix}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._order == other._order

    def __lt__(self, other: "Version") -> bool:
        return bool(self._order < other._order)

    def __hash__(self) -> int:
        return hash(self._order)

    @property
    def major_text(self) -> str:
        """The first part, with the epoch in front where there is one."""
        return f"{self.epoch}!{self.major}" if self.epoch else str(self.major)

    @property
    def core(self) -> "Version":
        """The release that a pre-release prepares; a release itself."""
        return replace(self, suffix="", word="", count=0, joint=".")

    @property
    def _order(self) -> Any:
        return Pep440(str(self)) if self.scheme == "pep440" else semver.Version.parse(str(self))

    def raised(self, increment: Increment) -> "Version":
        """The next release. A pre-release becomes the release that it prepares, where that is big enough."""
        core = self.core
        is_enough = {"major": core.minor == core.patch == 0, "minor": core.patch == 0, "patch": True}
        if self.word and is_enough[increment]:
            return core
        match increment:
            case "major":
                return replace(core, major=core.major + 1, minor=0, patch=0)
            case "minor":
                return replace(core, minor=core.minor + 1, patch=0)
            case _:
                return replace(core, patch=core.patch + 1)

    def next_prerelease(self, increment: Increment, identifier: str) -> "Version":
        """The next pre-release: another of the same release, or the first of a bigger one.

        Never an older one: after ``1.2.0-rc.1`` comes ``1.2.1-alpha.1``.

        Args:
            increment: what the changes since this version ask for.
            identifier: such as ``rc``.
        """
        base = self.raised(increment)
        word = PEP440_WORDS[identifier] if self.scheme == "pep440" else identifier
        if str(base) == str(self.core) and word == self.word:
            return base.counted(word, self.count + 1, self.joint)
        first = base.counted(word, 1)
        return first if first > self else replace(base, patch=base.patch + 1).counted(word, 1)

    def counted(self, word: str, count: int, joint: str = ".") -> "Version":
        """A pre-release of this release."""
        if self.scheme == "pep440":
            suffix = f".dev{count}" if word == "dev" else f"{word}{count}"
        else:
            suffix = f"-{word}{joint}{count}"
        return replace(self, suffix=suffix, word=word, count=count, joint=joint)


def parse(text: str, scheme: Scheme = "semver", prefix: str = "") -> Version | None:
    """Read the version from a tag or a title, such as ``v1.2.3`` or ``widgets-1.2``; None where it has none.

    Args:
        text: the tag.
        scheme: how it is numbered.
        prefix: what the tag begins with and is no part of the version.
    """
    bare = text[:MAX_CHARS].removeprefix(prefix).strip()
    return _pep440(bare) if scheme == "pep440" else _semver(bare)


def _semver(text: str) -> Version | None:
    found = _SEMVER.search(text)
    if found is None:
        return None
    major, minor, patch = (int(part or 0) for part in found.groups()[:3])
    pre = found["pre"] if found[3] else None
    if not pre or not semver.Version.is_valid(f"0.0.0-{pre}"):
        return Version(major, minor, patch)
    counted = _COUNTED.fullmatch(pre)
    word, joint, count = (
        (counted["word"], counted["joint"], int(counted["count"])) if counted else (pre, ".", 0)
    )
    return Version(major, minor, patch, f"-{pre}", word, count, joint)


def _pep440(text: str) -> Version | None:
    found = _PEP440.search(text)
    for candidate in (text, found[0] if found else ""):
        try:
            known = Pep440(candidate)
        except InvalidVersion:
            continue
        if max(known.release) > MAX_PART:
            continue
        word, count = known.pre or ("dev" if known.dev is not None else "", known.dev or 0)
        suffix = known.public.removeprefix(known.base_version)
        return Version(known.major, known.minor, known.micro, suffix, word, count, "", known.epoch, "pep440")
    return None
