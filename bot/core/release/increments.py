"""How big the next version is, and because of which change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.conventional import parse
from bot.core.release.categories import Verdict
from bot.core.release.settings import Increment, ReleaseConfig
from bot.core.release.state import MergedPull

_WEIGHT: Mapping[Increment, int] = {"patch": 1, "minor": 2, "major": 3}


@dataclass(frozen=True, slots=True)
class Step:
    """The size of the next version.

    Args:
        increment: which part of the version grows.
        number: the pull request that asks for it, the first of several; 0 where none does.
    """

    increment: Increment
    number: int = 0


def step(
    pulls: Sequence[MergedPull],
    verdicts: Mapping[int, Verdict],
    config: ReleaseConfig,
    *,
    is_initial: bool = False,
) -> Step:
    """Decide on the biggest increment that a change asks for.

    Args:
        pulls: the changes of the release, in the order in which they were merged.
        verdicts: what the categories make of them, by number.
        config: the settings.
        is_initial: True while the version is below 1.0.0, where SemVer allows anything to change.
    """
    if config.version_from == "commits":
        said = [Step(increment, pull.number) for pull in pulls if (increment := _said(pull))]
        found = _biggest(said) or Step(config.version_resolver.default)
        is_held = is_initial and config.initial_development and found.increment == "major"
        return Step("minor", found.number) if is_held else found
    resolved = _biggest(Step(each, p.number) for p in pulls for each in verdicts[p.number].resolvers)
    headings = _biggest(
        Step(heading.semver_increment, p.number) for p in pulls for heading in verdicts[p.number].headings
    )
    chosen = [resolved or Step(_fallback(config)), *([headings] if headings else [])]
    return _biggest(chosen) or chosen[0]


def _said(pull: MergedPull) -> Increment | None:
    """What the title and the commits of a change ask for; None where they say nothing in that form."""
    said = [parse(message) for message in (pull.title, *pull.messages)]
    found = [message for message in said if message]
    if any(message.is_breaking for message in found):
        return "major"
    if any(message.type in {"feat", "feature"} for message in found):
        return "minor"
    return "patch" if any(message.type in {"fix", "perf"} for message in found) else None


def _fallback(config: ReleaseConfig) -> Increment:
    rest = [c for c in config.categories if c.type == "version-resolver" and not c.conditions]
    return rest[0].semver_increment if rest else config.version_resolver.default


def _biggest(steps: Iterable[Step]) -> Step | None:
    return max(steps, key=lambda each: _WEIGHT[each.increment], default=None)
