"""CODEOWNERS: whose files are whose, read as GitHub documents it ("About code owners").

The patterns are those of gitignore with GitHub's exceptions: no ``!``, no ``[ ]``, no escaped ``#`` at the
start, and ``docs/*`` stays on its level. The last line that matches a path counts. All patterns stand in one
tree of path segments, so that the time for a path depends on its own length and on the patterns that nearly
match it, not on the number of lines.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

MAX_BYTES = 3 * 1024 * 1024  # GitHub: "must be under 3 MB"; a larger file is not loaded

_PATTERN = re.compile(r"(?:\\.|\\\Z|[^\s\\])+")  # a blank behind a backslash belongs to the pattern
_ESCAPED = re.compile(r"\\(.)")
_ACCOUNT = r"@[A-Za-z0-9][A-Za-z0-9_-]{0,38}"
_OWNER = re.compile(
    rf"{_ACCOUNT}(?:/[A-Za-z0-9._-]{{1,100}})?|[^\s@]{{1,64}}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)
_STAR, _ANY = "star", "any"  # no single characters, so that nothing in a path equals them


@dataclass(frozen=True, slots=True)
class Ownership:
    """A line of the file.

    Args:
        line: its number, from 1.
        pattern: as it is written.
        owners: ``@user``, ``@org/team`` or an e-mail address, as written; empty where it takes owners away.
    """

    line: int
    pattern: str
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that is skipped.

    Args:
        line: its number, from 1; 0 for the whole file.
        message: what is wrong, in one sentence.
        source: the part that is meant, as it is written.
    """

    line: int
    message: str
    source: str = ""


class CodeOwners:
    """The lines of a CODEOWNERS file, and what could not be read of it."""

    def __init__(self, lines: Iterable[Ownership] = (), problems: Iterable[Problem] = ()) -> None:
        self.lines = tuple(lines)
        self.problems = tuple(problems)
        self._root = _Node()
        for place, line in enumerate(self.lines):
            self._add(place, line.pattern)

    def of(self, path: str) -> Ownership | None:
        """Return the line that counts for a file: the last one that matches; None where none does."""
        best = -1
        segments = path.split("/")
        active = _with_deep([self._root])
        for place, segment in enumerate(segments):
            reached = [child for node in active for child in node.children(segment)]
            for node in reached:
                ending = node.at if place == len(segments) - 1 else node.below
                best = max(best, ending)
            active = _with_deep([*(node for node in active if node.is_deep), *reached])
        return self.lines[best] if best >= 0 else None

    def _add(self, place: int, pattern: str) -> None:
        segments, at, below = _reach(pattern)
        node = self._root
        for segment in segments:
            node = node.grown(segment)
        node.at = place if at else node.at
        node.below = place if below else node.below


def parse(text: str) -> CodeOwners:
    """Read a CODEOWNERS file. Never fails: a line that cannot be used is skipped and reported.

    Args:
        text: the file.
    """
    if len(text.encode("utf-8", "surrogatepass")) >= MAX_BYTES:
        return CodeOwners(problems=[Problem(0, "the file is 3 MB or larger, so GitHub does not load it")])
    lines, problems = [], []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        read = _read(number, line.strip())
        if isinstance(read, Problem):
            problems.append(read)
        elif read is not None:
            lines.append(read)
    return CodeOwners(lines, problems)


def _read(number: int, line: str) -> Ownership | Problem | None:
    if not line or line.startswith("#"):
        return None
    found = _PATTERN.match(line)
    assert found is not None  # the line starts with something visible
    pattern, owners = found[0], []
    for word in line[found.end() :].split():
        if word.startswith("#"):
            break
        owners.append(word)
    if wrong := _wrong_with(pattern):
        return Problem(number, wrong, pattern)
    for owner in owners:
        if not _OWNER.fullmatch(owner):
            return Problem(number, "this is no owner: `@user`, `@org/team` or an e-mail address", owner)
    return Ownership(number, pattern, tuple(owners))


def _wrong_with(pattern: str) -> str:
    """Say why GitHub takes no such pattern, or why it could never match; "" for a good one."""
    if pattern.startswith("!"):
        return "`!` does not work in CODEOWNERS: a line without owners takes them away"
    if pattern.startswith("\\#"):
        return "a pattern cannot start with `#`, not even with a backslash before it"
    plain = _ESCAPED.sub("", pattern)
    if "[" in plain:
        return "`[ ]` does not work in CODEOWNERS: write a line for each"
    if plain.endswith("\\"):
        return "a backslash at the end stands for nothing"
    if "" in pattern.removeprefix("/").removesuffix("/").split("/"):
        return "this never matches anything: `*` stands for all files"
    return ""


def _reach(pattern: str) -> tuple[list[str], bool, bool]:
    """Take a pattern apart: its segments, and whether they match the path itself and what lies below it."""
    is_folder = pattern.endswith("/")
    body = pattern.removesuffix("/")
    segments = body.removeprefix("/").split("/")
    if "/" not in body:
        segments.insert(0, "**")  # without a slash it holds at any depth
    segments = [each for n, each in enumerate(segments) if each != "**" or segments[n - 1 : n] != ["**"]]
    if segments[-1] != "**":
        # GitHub's exception: what `docs/*` matches is not searched further, unlike `docs/x*`.
        return segments, not is_folder, is_folder or segments[-1] != "*"
    if is_folder or len(segments) == 1:
        return [*segments, "*"], not is_folder, True
    return segments[:-1], False, True


@dataclass(eq=False, slots=True)
class _Node:
    """A place in the tree of patterns.

    Args:
        at: the last line whose pattern ends here and matches the path itself; -1 without one.
        below: likewise, for paths below.
        is_deep: True behind ``**``, where any number of segments may pass.
    """

    at: int = -1
    below: int = -1
    is_deep: bool = False
    deep: "_Node | None" = None
    names: dict[str, "_Node"] = field(default_factory=dict)
    wild: "_Wild | None" = None

    def grown(self, segment: str) -> "_Node":
        """The child for one segment of a pattern, made where there was none."""
        if segment == "**":
            self.deep = self.deep or _Node(is_deep=True)
            return self.deep
        tokens = tuple(_tokens(segment))
        if _STAR in tokens or _ANY in tokens:
            self.wild = self.wild or _Wild()
            return self.wild.grown(tokens)
        return self.names.setdefault("".join(tokens), _Node())

    def children(self, segment: str) -> Iterator["_Node"]:
        """The children that match one segment of a path."""
        if segment in self.names:
            yield self.names[segment]
        if self.wild is not None:
            yield from self.wild.matching(segment)


class _Wild:
    """Children whose segment has wildcards, found by the longest piece of it that has none."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[str, ...], _Node] = {}
        self._by_piece: dict[str, list[tuple[str, ...]]] = {}
        self._sizes: set[int] = set()
        self._found: dict[str, list[_Node]] = {}

    def grown(self, tokens: tuple[str, ...]) -> _Node:
        if tokens not in self._nodes:
            self._nodes[tokens] = _Node()
            piece = _longest_piece(tokens)
            self._by_piece.setdefault(piece, []).append(tokens)
            self._sizes.add(len(piece))
        return self._nodes[tokens]

    def matching(self, segment: str) -> list[_Node]:
        if segment not in self._found:
            pieces = {segment[n : n + size] for size in self._sizes for n in range(len(segment) - size + 1)}
            near = [tokens for piece in pieces for tokens in self._by_piece.get(piece, ())]
            self._found[segment] = [self._nodes[tokens] for tokens in near if _matches(tokens, segment)]
        return self._found[segment]


def _with_deep(nodes: Iterable[_Node]) -> list[_Node]:
    """These nodes, each once, and the ``**`` behind them, which may stand for no segment at all."""
    return list(dict.fromkeys(found for node in nodes for found in (node, node.deep) if found))


def _tokens(segment: str) -> Iterator[str]:
    chars = iter(segment)
    for char in chars:
        match char:
            case "\\":
                yield next(chars, "")
            case "*":
                yield _STAR
            case "?":
                yield _ANY
            case _:
                yield char


def _longest_piece(tokens: Sequence[str]) -> str:
    pieces = "".join(token if len(token) == 1 else "/" for token in tokens).split("/")
    return max(pieces, key=len)


def _matches(tokens: Sequence[str], text: str) -> bool:
    """Match wildcards. Going back to the last ``*`` alone suffices, so no pattern takes long."""
    token = at = back = 0
    star = -1
    while at < len(text):
        now = tokens[token] if token < len(tokens) else ""
        if now == _STAR:
            star, back, token = token, at, token + 1
        elif now in (_ANY, text[at]):
            token, at = token + 1, at + 1
        elif star >= 0:
            back += 1
            token, at = star + 1, back
        else:
            return False
    return all(left == _STAR for left in tokens[token:])
