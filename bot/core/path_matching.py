"""Whether a pull request is what a label is for: match objects held against its files and branches.

A label has groups: ``any`` holds when one of its conditions does, ``all`` when each does, and the label fits
when every group holds. Conditions that stand in no group join the first ``any``. In the older form, a list of
patterns and of objects, one of them has to fit; in an object, ``any`` asks for a path that all its patterns
match, ``all`` for all paths to do so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from bot.core.globs import first_match, glob
from bot.core.match_objects import BareGlob, Conditions, LabelRule, MatchObject, searched
from bot.core.pulls import ChangedFiles, PullRequest

_LISTED_BY_GITHUB = 3_000  # files of a pull request, by GitHub's documentation


@dataclass(frozen=True, slots=True)
class Change:
    """What conditions are held against.

    Args:
        paths: the files as they are called now; where they were before a move does not count.
        base, head: the branches.
        is_complete: False where there are more files than GitHub lists.
    """

    paths: tuple[str, ...] = ()
    base: str = ""
    head: str = ""
    is_complete: bool = True

    @classmethod
    def of(cls, pull: PullRequest, files: ChangedFiles) -> Self:
        return cls(files.paths, pull.base, pull.head, files.is_complete)


def match(rule: LabelRule, change: Change) -> str | None:
    """Hold a label's conditions against a change.

    Returns:
        The first thing that was found to fit, in words; None where the conditions do not hold. What is said
        of all files never holds while some of them are unknown, and nothing holds of no files.
    """
    if any(each.patterns for each in rule):
        return next((why for each in rule if (why := _old_object(each, change))), None)
    found = [_group(kind, conditions, change) for kind, conditions in _groups(rule)]
    return found[0] if all(found) else None


def looks_at_files(rule: LabelRule) -> bool:
    """Whether a label depends on the changed files, and not on the branches alone."""
    return any(
        isinstance(each, BareGlob) or each.changed_files
        for item in rule
        for each in (item, *item.any, *item.all)
    )


def _groups(rule: LabelRule) -> list[tuple[Literal["any", "all"], list[Conditions]]]:
    groups: list[tuple[Literal["any", "all"], list[Conditions]]] = []
    for item in rule:
        groups += [("any", list(item.any))] if item.any else []
        groups += [("all", list(item.all))] if item.all else []
        if item.changed_files or item.base_branch or item.head_branch:
            joined = next((conditions for kind, conditions in groups if kind == "any"), None)
            if joined is None:
                groups.append(("any", [item]))
            else:
                joined.append(item)
    return groups


def _group(kind: Literal["any", "all"], conditions: Sequence[Conditions], change: Change) -> str | None:
    if kind == "any":
        return next((why for each in conditions for why in _checked(kind, each, change) if why), None)
    found = [why for each in conditions for why in _checked(kind, each, change)]
    return found[0] if all(found) else None


def _checked(kind: str, conditions: Conditions, change: Change) -> Iterator[str | None]:
    """Yield for each condition what fits, or None."""
    for side, name, patterns in (
        ("base", change.base, conditions.base_branch),
        ("head", change.head, conditions.head_branch),
    ):
        if patterns:
            fitting = [pattern for pattern in patterns if searched(pattern).fits(name)]
            holds = len(fitting) == len(patterns) if kind == "all" else bool(fitting)
            yield f"the {side} branch `{name}` matches `{fitting[0]}`" if holds else None
    for globs in conditions.changed_files:
        if globs.any_glob_to_any_file:
            yield _any_to_any(globs.any_glob_to_any_file, change)
        if globs.any_glob_to_all_files:
            yield _any_to_all(globs.any_glob_to_all_files, change)
        if globs.all_globs_to_any_file:
            yield _all_to_any(globs.all_globs_to_any_file, change)
        if globs.all_globs_to_all_files:
            yield _all_to_all(globs.all_globs_to_all_files, change)


def _old_object(item: MatchObject, change: Change) -> str | None:
    some = tuple(each.pattern for each in item.any if isinstance(each, BareGlob))
    every = tuple(each.pattern for each in item.all if isinstance(each, BareGlob))
    found = [_all_to_any(some, change)] if some else []
    found += [_all_to_all(every, change)] if every else []
    return found[0] if all(found) else None


def _any_to_any(patterns: Sequence[str], change: Change) -> str | None:
    for path in change.paths:
        if (pattern := first_match(patterns, path)) is not None:
            return _fits(path, pattern, change)
    return None


def _all_to_any(patterns: Sequence[str], change: Change) -> str | None:
    for path in change.paths:
        if _matches_all(patterns, path):
            return _fits(path, patterns[0], change)
    return None


def _any_to_all(patterns: Sequence[str], change: Change) -> str | None:
    return next((why for each in patterns if (why := _all_to_all((each,), change))), None)


def _all_to_all(patterns: Sequence[str], change: Change) -> str | None:
    if not (change.is_complete and change.paths):
        return None
    if not all(_matches_all(patterns, path) for path in change.paths):
        return None
    if len(change.paths) == 1:
        return _fits(change.paths[0], patterns[0], change)
    return f"all {len(change.paths):,} files match `{patterns[0]}`, `{change.paths[0]}` for one"


def _matches_all(patterns: Sequence[str], path: str) -> bool:
    return all(glob(pattern).matches(path) for pattern in patterns)


def _fits(path: str, pattern: str, change: Change) -> str:
    part = "" if change.is_complete else f" (of the first {_LISTED_BY_GITHUB:,} files; GitHub lists no more)"
    return f"`{path}` matches `{pattern}`{part}"
