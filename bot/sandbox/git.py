"""Just enough git: a commit is a snapshot of a tree (path -> bytes), shared by a repository and its forks."""

import difflib
import hashlib
import heapq
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

ABSENT = "0" * 40


@dataclass(frozen=True)
class Author:
    """Who a commit names; `login` only when GitHub would match the e-mail to an account."""

    name: str
    email: str
    login: str | None = None


GITHUB = Author("GitHub", "noreply@github.com", "web-flow")  # the committer of what is made on its pages


@dataclass(frozen=True, eq=False)
class Commit:
    sha: str
    tree: Mapping[str, bytes]
    parents: tuple[str, ...]
    message: str
    author: Author
    date: datetime
    committed_by: Author | None = None  # where that is not the author

    @property
    def committer(self) -> Author:
        return self.committed_by or self.author

    @property
    def tree_sha(self) -> str:
        return tree_sha(self.tree)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


@dataclass(frozen=True)
class FileChange:
    path: str
    status: str
    previous_path: str | None
    blob: str
    additions: int
    deletions: int
    patch: str | None


@dataclass(frozen=True, eq=False)
class Comparison:
    """What one commit has that another has not: commits oldest first, and the files they change."""

    base: Commit | None
    commits: list[Commit]
    changes: list[FileChange]


@dataclass(eq=False)
class Network:
    """The commits of a repository and of every fork of it."""

    commits: dict[str, Commit] = field(default_factory=dict)
    signed: set[str] = field(default_factory=set)  # those that GitHub made, and signed itself
    _comparisons: dict[tuple[str, str], Comparison] = field(default_factory=dict)

    def commit(
        self,
        tree: Mapping[str, bytes],
        parents: tuple[str, ...],
        message: str,
        author: Author,
        date: datetime,
        *,
        committer: Author | None = None,
    ) -> Commit:
        text = f"{tree_sha(tree)} {parents} {author} {date.isoformat()} {message}"
        sha = _sha(text.encode("utf-8", "replace"))
        made = Commit(sha, dict(tree), parents, message, author, date, committer)
        self.commits[made.sha] = made
        return made

    def history(self, sha: str) -> Iterator[Commit]:
        """Every ancestor of a commit, itself first, newest first."""
        turn, seen = itertools.count(), {sha}
        heap = [(0.0, 0, sha)]  # those of one moment in the order in which they were met
        while heap:
            commit = self.commits[heapq.heappop(heap)[2]]
            yield commit
            for parent in commit.parents:
                if parent not in seen:
                    seen.add(parent)
                    heapq.heappush(heap, (-self.commits[parent].date.timestamp(), next(turn), parent))

    def touches(self, commit: Commit, path: str) -> bool:
        """Whether a commit changed a file, or one in a folder, from what its first parent has."""
        before = self.commits[commit.parents[0]].tree if commit.parents else {}
        inside = path.rstrip("/") + "/"
        places = {one for one in before.keys() | commit.tree.keys() if one == path or one.startswith(inside)}
        return any(before.get(one) != commit.tree.get(one) for one in places)

    def merge_base(self, ours: str, theirs: str) -> Commit | None:
        known = {commit.sha for commit in self.history(ours)}
        return next((commit for commit in self.history(theirs) if commit.sha in known), None)

    def compare(self, base: str, head: str) -> Comparison:
        known = self._comparisons.get((base, head))
        if known is None:
            shared = {commit.sha for commit in self.history(base)}
            own = [commit for commit in self.history(head) if commit.sha not in shared]
            fork_point = self.merge_base(base, head)
            before = {} if fork_point is None else fork_point.tree
            known = Comparison(fork_point, own[::-1], changes(before, self.commits[head].tree))
            self._comparisons[base, head] = known
        return known

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # commits are only ever added, so a snapshot may share them


def _sha(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def blob_sha(data: bytes) -> str:
    return _sha(b"blob %d\0" % len(data) + data)


def tree_sha(tree: Mapping[str, bytes]) -> str:
    return _sha("\n".join(f"{path} {blob_sha(data)}" for path, data in sorted(tree.items())).encode())


def below(tree: Mapping[str, bytes], path: str) -> dict[str, bytes]:
    """What lies in a folder; "" is the root."""
    inside = f"{path}/" if path else ""
    return {name.removeprefix(inside): data for name, data in tree.items() if name.startswith(inside)}


def merge_trees(
    base: Mapping[str, bytes], ours: Mapping[str, bytes], theirs: Mapping[str, bytes]
) -> dict[str, bytes] | None:
    """Merge whole files three ways; None where both sides changed the same file differently."""
    merged = dict(ours)
    for path in base.keys() | theirs.keys():
        before, after = base.get(path), theirs.get(path)
        if before == after or ours.get(path) == after:
            continue
        if ours.get(path) != before:
            return None
        if after is None:
            merged.pop(path, None)
        else:
            merged[path] = after
    return merged


def changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[FileChange]:
    """What differs between two trees, in path order; a file moved without a change is a rename."""
    gone = {path: before[path] for path in before if path not in after}
    found: list[FileChange] = []
    for path in sorted(after):
        if before.get(path) == after[path]:
            continue
        origin = None
        if path not in before:
            origin = next((old for old, data in gone.items() if data == after[path]), None)
        if origin is not None:
            del gone[origin]
            found.append(FileChange(path, "renamed", origin, blob_sha(after[path]), 0, 0, None))
        else:
            status = "modified" if path in before else "added"
            found.append(_change(path, status, before.get(path, b""), after[path]))
    found += [_change(path, "removed", data, b"") for path, data in gone.items()]
    return sorted(found, key=lambda change: change.path)


def _change(path: str, status: str, before: bytes, after: bytes) -> FileChange:
    blob = blob_sha(before if status == "removed" else after)
    if b"\0" in before or b"\0" in after:
        return FileChange(path, status, None, blob, 0, 0, None)
    old, new = (data.decode("utf-8", "replace").splitlines() for data in (before, after))
    lines = list(difflib.unified_diff(old, new, lineterm="", n=3))[2:]
    added = sum(line.startswith("+") for line in lines)
    removed = sum(line.startswith("-") for line in lines)
    return FileChange(path, status, None, blob, added, removed, "\n".join(lines) or None)
