"""Which heading a change stands under, what it makes of the version, and whether it is left out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.core.conventional import Conventional, parse
from bot.core.globs import glob
from bot.core.release.settings import (
    Category,
    Condition,
    ConventionalCondition,
    Increment,
    MatchMode,
    ReleaseConfig,
)
from bot.core.release.state import MergedPull


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the categories make of a change.

    Args:
        left_out: why it is not in the notes; "" where it is. ``label <name>`` where a label keeps it out.
        headings: the categories that it stands under; empty for the list above all headings.
        resolvers: what categories and labels that are for the version ask for; empty without any.
    """

    left_out: str = ""
    headings: tuple[Category, ...] = ()
    resolvers: tuple[Increment, ...] = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What conditions ask about a change, worked out once."""

    labels: frozenset[str]
    paths: tuple[str, ...]
    said: Conventional | None


def verdict(pull: MergedPull, config: ReleaseConfig) -> Verdict:
    """Hold a change against the categories."""
    seen = _Seen(_folded(pull.labels), pull.paths, parse(pull.title))
    if reason := _left_out(pull, seen, config):
        return Verdict(left_out=reason)
    by_type = {
        name: [category for category in config.categories if category.type == name]
        for name in ("changelog", "version-resolver")
    }
    resolvers = [c.semver_increment for c in _chosen(by_type["version-resolver"], seen) if c.conditions]
    resolver = config.version_resolver
    named: tuple[tuple[Increment, tuple[str, ...]], ...] = (
        ("major", resolver.major.labels),
        ("minor", resolver.minor.labels),
        ("patch", resolver.patch.labels),
    )
    resolvers += [increment for increment, labels in named if seen.labels & _folded(labels)]
    return Verdict(headings=tuple(_chosen(by_type["changelog"], seen)), resolvers=tuple(resolvers))


def _left_out(pull: MergedPull, seen: _Seen, config: ReleaseConfig) -> str:
    """Why a change is not in the notes: inclusion is looked at first, exclusion second."""
    included = [category for category in config.categories if category.type == "pre-include"]
    only = Condition(labels=config.include_labels), Condition(paths=config.include_paths)
    asked = [condition for condition in only if not condition.is_empty]
    if (included or asked) and not (
        any(_holds(category, seen) for category in included) or any(_fits(each, seen) for each in asked)
    ):
        return "not among what is included"
    excluding = [
        *(each for c in config.categories if c.type == "pre-exclude" for each in c.conditions),
        Condition(labels=config.exclude_labels),
        Condition(paths=config.exclude_paths),
    ]
    for condition in excluding:
        if not condition.is_empty and _fits(condition, seen):
            named = _folded(condition.all_labels)
            label = next((label for label in pull.labels if label.casefold() in named), "")
            return f"label {label}" if label else "among what is excluded"
    everything = any(c.type == "pre-exclude" and not c.conditions for c in config.categories)
    return "among what is excluded" if everything else ""


def _chosen(categories: Sequence[Category], seen: _Seen) -> list[Category]:
    """The categories that take a change, down to an exclusive one; else the one that takes the rest."""
    taken: list[Category] = []
    for category in categories:
        if category.conditions and _holds(category, seen):
            taken.append(category)
            if category.exclusive:
                break
    return taken or [category for category in categories if not category.conditions][:1]


def _holds(category: Category, seen: _Seen) -> bool:
    return not category.conditions or any(_fits(condition, seen) for condition in category.conditions)


def _fits(condition: Condition, seen: _Seen) -> bool:
    return (
        _fits_labels(_folded(condition.all_labels), condition.labels_mode, seen.labels)
        and _fits_paths(condition.all_paths, condition.paths_mode, seen.paths)
        and _fits_title(condition.conventional, seen.said)
    )


def _fits_labels(wanted: frozenset[str], mode: MatchMode, has: frozenset[str]) -> bool:
    if not wanted:
        return True
    match mode:
        case "all":
            return wanted <= has
        case "only":
            return bool(has) and has <= wanted
        case "exactly":
            return has == wanted
        case _:
            return bool(wanted & has)


def _fits_paths(patterns: Collection[str], mode: MatchMode, paths: Collection[str]) -> bool:
    if not patterns:
        return True
    every_pattern = mode in {"any", "only"} or all(any(_touches(p, path) for path in paths) for p in patterns)
    every_path = mode in {"any", "all"} or all(any(_touches(p, path) for p in patterns) for path in paths)
    if mode == "any":
        return any(_touches(pattern, path) for path in paths for pattern in patterns)
    return bool(paths) and every_pattern and every_path


def _fits_title(wanted: bool | ConventionalCondition | None, said: Conventional | None) -> bool:
    if wanted is None or said is None:
        return wanted is None
    if not isinstance(wanted, ConventionalCondition):
        return True
    types = {name.lower() for name in (*wanted.types, wanted.type) if name}
    scopes = {name for name in (*wanted.scopes, wanted.scope) if name}
    return (
        (not types or said.type in types)
        and (not scopes or bool(scopes & {said.scope, *said.scopes}))
        and wanted.breaking in {None, said.is_breaking}
    )


@lru_cache(maxsize=50_000)
def _touches(pattern: str, path: str) -> bool:
    """Whether a pattern names a file or a folder that it lies in; without a slash it does so at any depth."""
    bare = pattern.rstrip("/").removeprefix("/")
    anywhere = "/" not in pattern.rstrip("/")
    parts = path.split("/")
    folders = ["/".join(parts[:count]) for count in range(1, len(parts))]
    named = glob(f"**/{bare}" if anywhere else bare)
    return any(named.matches(each) for each in (folders if pattern.endswith("/") else [*folders, path]))


@lru_cache(maxsize=5_000)
def _folded(labels: tuple[str, ...]) -> frozenset[str]:
    """Labels without regard to case, as GitHub compares them."""
    return frozenset(label.casefold() for label in labels)
