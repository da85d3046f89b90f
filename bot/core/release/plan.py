"""What is going to be in the next release, and what it is called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.release.categories import Verdict, verdict
from bot.core.release.increments import Step, step
from bot.core.release.reverts import taken_back
from bot.core.release.settings import ReleaseConfig
from bot.core.release.state import MergedPull, ReleaseState
from bot.core.release.templates import filled
from bot.core.release.versions import Version, parse

FIRST = Version(0, 1)  # of a repository that has no release yet
_UNTAGGED = re.compile(r"untagged-[0-9a-f]+")  # what GitHub calls the tag of a draft that has none


@dataclass(frozen=True, slots=True)
class Plan:
    """The next release.

    Args:
        pulls: the changes that its notes list, in the order in which they were merged.
        verdicts: what the categories make of each merged pull request, by number.
        taken_back: the changes that cancel each other out: number -> number, in both directions.
        values: the variables of the version, such as ``RESOLVED_VERSION``.
        tag, name: what it is called.
        usual_tag: what the settings make of its tag; another than ``tag`` where a person chose that.
        reason: what the version follows from, in one line.
    """

    pulls: tuple[MergedPull, ...]
    verdicts: Mapping[int, Verdict]
    taken_back: Mapping[int, int]
    values: Mapping[str, str]
    tag: str
    name: str
    usual_tag: str
    reason: str


def plan(state: ReleaseState, config: ReleaseConfig, chosen_tag: str = "") -> Plan:
    """Plan the next release.

    Args:
        state: what has been merged, and what was released before.
        config: the settings.
        chosen_tag: the tag that a person gave the draft: it stays, and its version counts; "" without one.
    """
    known = {pull.number: pull for pull in state.pulls}
    merged = tuple(sorted(known.values(), key=lambda pull: (pull.merged_at, pull.number)))
    back = taken_back(merged, state.repository) if config.cancel_reverts else {}
    verdicts = {pull.number: verdict(pull, config) for pull in merged}
    listed = tuple(p for p in merged if p.number not in back and not verdicts[p.number].left_out)
    last = last_version(state.last.tag, state.last.name, config) if state.last else None
    is_initial = last is None or last.major == 0
    size = step(listed, verdicts, config, is_initial=is_initial)
    usual = variables(last, size, config)
    usual_tag = filled(config.tag_template or f"{_prefix(state, config)}$RESOLVED_VERSION", usual)
    chosen = parse(chosen_tag, config.scheme, config.tag_prefix) if chosen_tag else None
    values = variables(last, size, config, chosen) if chosen else usual
    tag = chosen_tag or usual_tag
    name = filled(config.name_template, values) or tag
    reason = _reason(state, listed, size, chosen_tag)
    return Plan(listed, verdicts, back, values, tag, name, usual_tag, reason)


def last_version(tag: str, name: str, config: ReleaseConfig) -> Version | None:
    """The version of a release: that of its tag, else that of its title."""
    return parse(tag, config.scheme, config.tag_prefix) or parse(name, config.scheme, config.tag_prefix)


def variables(
    last: Version | None, size: Step, config: ReleaseConfig, chosen: Version | None = None
) -> dict[str, str]:
    """Fill the variables of the version.

    Args:
        last: the version before this one; None for the first.
        size: how big the step is.
        config: how versions are written.
        chosen: the version that a person chose.
    """
    identifier = config.prerelease_identifier
    base = chosen or last or _first(config)
    numbered = base.next_prerelease(size.increment, identifier) if identifier else None
    if chosen is not None:
        resolved = chosen
    elif last is None:
        resolved = base.counted(_word(identifier, base), 1) if identifier else base
    else:
        resolved = numbered or base.raised(size.increment)
    named = {
        "NEXT_MAJOR_VERSION": base.raised("major"),
        "NEXT_MINOR_VERSION": base.raised("minor"),
        "NEXT_PATCH_VERSION": base.raised("patch"),
        "NEXT_PRERELEASE_VERSION": base.next_prerelease("patch", identifier) if identifier else None,
        "RESOLVED_VERSION": resolved,
        "INPUT_VERSION": resolved,
    }
    values: dict[str, str] = {}
    for name, version in named.items():
        parts = _parts(version)
        values[name] = filled(config.version_template, parts) if version else ""
        values.update({f"{name}_{part}": text for part, text in parts.items() if part != "COMPLETE"})
    return values


def is_set(tag: str) -> bool:
    """Whether a draft has a tag: GitHub makes one up for those without."""
    return bool(tag) and not _UNTAGGED.fullmatch(tag)


def _parts(version: Version | None) -> dict[str, str]:
    if version is None:
        return dict.fromkeys(("MAJOR", "MINOR", "PATCH", "PRERELEASE", "COMPLETE"), "")
    return {
        "MAJOR": version.major_text,
        "MINOR": str(version.minor),
        "PATCH": str(version.patch),
        "PRERELEASE": version.suffix,
        "COMPLETE": str(version),
    }


def _first(config: ReleaseConfig) -> Version:
    return Version(FIRST.major, FIRST.minor, scheme=config.scheme)


def _word(identifier: str, base: Version) -> str:
    """The identifier as the scheme spells it."""
    return base.next_prerelease("patch", identifier).word


def _prefix(state: ReleaseState, config: ReleaseConfig) -> str:
    """What stands before the version in a tag: as the settings say, else as in the last tag, else ``v``."""
    if config.tag_prefix or state.last is None:
        return config.tag_prefix or "v"
    found = re.match(r"\D*", state.last.tag)
    return found[0] if found and found.end() < len(state.last.tag) else "v"


def _reason(state: ReleaseState, listed: tuple[MergedPull, ...], size: Step, chosen_tag: str) -> str:
    since = f" since {state.last.tag}" if state.last else ""
    changes = f"{len(listed)} change{'' if len(listed) == 1 else 's'}{since}"
    if chosen_tag:
        return f"{changes}; a person chose the tag {chosen_tag}"
    if state.last is None:
        return f"{changes}; the first release"
    because = f"because of #{size.number}" if size.number else "as no change asks for another"
    return f"{changes}; a {size.increment} version {because}"
