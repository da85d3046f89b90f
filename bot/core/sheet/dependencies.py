"""Dependencies that a pull request brings in or holds less firmly, and lock files that change alone."""

from collections.abc import Iterator, Mapping

import re2

from bot.core.diffs import Diff
from bot.core.findings import Finding, Level, shown
from bot.core.phrases import Phrase
from bot.core.sheet.manifests import Requirement, requirements
from bot.core.sheet.paths import is_lock, is_made, is_test, name_of

_EACH = 5  # new dependencies of one file that get a finding each
_NAMED = 3  # of more than that

_NEW = "New dependency: {name} {spec}. Is it needed, maintained, and under a fitting licence?"
_NEW_MANY = (
    "{count} new dependencies: {names} and others. Are they needed, maintained, and under a fitting licence?"
)
_ELSEWHERE = "New dependency: {name}, from {spec}. Nobody vouches for what is there tomorrow: name a commit."
_LOOSER = "{name} was held at {old}, and is now at {new}. May other versions come in?"
_LOCK = "{lock} changed and {manifest} did not. Was that meant? What it installs is not what reviewers see."

_SOURCE = re2.compile(r"^(?:@ ?)?(?:git[+:@]|git\+|https?://|ssh://|github:|gitlab:|file:)")
_COMMIT = re2.compile(r"[@#][0-9a-f]{40}\b|\brev\b|#sha256=")

#: Lock files, and their manifests.
_MANIFESTS: Mapping[str, tuple[str, ...]] = {
    "package-lock.json": ("package.json",),
    "npm-shrinkwrap.json": ("package.json",),
    "yarn.lock": ("package.json",),
    "pnpm-lock.yaml": ("package.json",),
    "bun.lock": ("package.json",),
    "bun.lockb": ("package.json",),
    "poetry.lock": ("pyproject.toml",),
    "pdm.lock": ("pyproject.toml",),
    "uv.lock": ("pyproject.toml",),
    "Pipfile.lock": ("Pipfile",),
    "Cargo.lock": ("Cargo.toml",),
    "go.sum": ("go.mod",),
    "Gemfile.lock": ("Gemfile", "gemspec"),
    "composer.lock": ("composer.json",),
}


def dependencies(diff: Diff) -> Iterator[Finding]:
    """New dependencies and loosened ones, on their lines."""
    for file in diff.files:
        if is_test(file.path) or is_made(file.path) or not file.added:
            continue
        old, new = requirements(file)
        fresh = [requirement for name, requirement in new.items() if name not in old]
        if len(fresh) > _EACH:
            names = ", ".join(requirement.name for requirement in fresh[:_NAMED])
            message = Phrase(_NEW_MANY, {"count": len(fresh), "names": shown(names)})
            yield _finding(file.path, fresh[0], "New dependencies", message)
        for requirement in fresh:
            if _SOURCE.search(requirement.spec) and not _COMMIT.search(requirement.spec):
                yield _finding(
                    file.path, requirement, "Dependency by address", _said(_ELSEWHERE, requirement), "warning"
                )
            elif len(fresh) <= _EACH:
                yield _finding(file.path, requirement, "New dependency", _said(_NEW, requirement))
        for name, requirement in new.items():
            if name in old and requirement.strength < old[name].strength:
                values = {
                    "name": shown(name),
                    "old": shown(old[name].spec) or "any version",
                    "new": shown(requirement.spec) or "any version",
                }
                yield _finding(file.path, requirement, "Looser dependency", Phrase(_LOOSER, values))


def lock_only(diff: Diff) -> Iterator[Finding]:
    """Lock files that changed while none of their manifests did, in any folder: workspaces share one lock."""
    names = {name_of(file.path) for file in diff.files}
    for file in diff.files:
        lock = name_of(file.path)
        if (
            lock not in _MANIFESTS
            or not is_lock(file.path)
            or file.file.status == "removed"
            or is_test(file.path)
        ):
            continue
        if not names & set(_MANIFESTS[lock]):
            values = {"lock": lock, "manifest": _MANIFESTS[lock][0]}
            yield Finding(
                "lock_only", "security", "notice", file.path, 1, "Lock file alone", Phrase(_LOCK, values)
            )


def _said(text: str, requirement: Requirement) -> Phrase:
    spec = requirement.spec.removeprefix("@ ").removeprefix("=v") if requirement.spec != "=" else ""
    return Phrase(text, {"name": shown(requirement.name), "spec": shown(spec) or "(any version)"})


def _finding(
    path: str, requirement: Requirement, title: str, message: Phrase, level: Level = "notice"
) -> Finding:
    return Finding("dependencies", "security", level, path, requirement.line, title, message)
