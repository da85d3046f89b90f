"""The roll-up as JSON: what ``usher report OWNER --format json`` prints. See ``as_json`` for its values."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.health.as_json import item_json, metric_json, moment_json, tally
from bot.health.everywhere import Everywhere
from bot.health.figures import Metric
from bot.health.rollup import Line, Rollup

_OF_ITS_OWN = frozenset({"usual", "breakdown", "items"})


def rollup_json(rollup: Rollup, without: Sequence[str], problems: Mapping[str, str]) -> dict[str, Any]:
    """Return the roll-up as plain dictionaries and lists.

    Args:
        rollup: the roll-up.
        without: the repositories of whose history nothing is known.
        problems: what is wrong with a repository, by its full name.
    """
    return {
        "organisation": rollup.organisation,
        "from": moment_json(rollup.window.start),
        "until": moment_json(rollup.window.until),
        "timezone": rollup.time_zone,
        "waiting": rollup.waiting,
        "needs_you": [_need(need) for need in rollup.needs_you],
        "repositories": [_line(line) for line in rollup.lines],
        "totals": [metric_json(metric) for metric in rollup.totals],
        "people": [metric_json(metric) for metric in rollup.people],
        "without_history": list(without),
        "problems": dict(problems),
    }


def _need(need: Everywhere) -> dict[str, Any]:
    items = [{"repository": each.repository, **item_json(each.item)} for each in need.items]
    return {
        "kind": need.kind,
        **tally(need.groups),
        "repositories": need.repositories,
        "by": {group.opened_by: tally([group]) for group in need.groups if group.opened_by},
        "items": items,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "repository": line.repository,
        "waiting": line.waiting,
        "quiet": line.is_quiet,
        "left_out": line.is_left_out,
        "known_until": moment_json(line.known_until) if line.known_until else None,
        "metrics": [_figure(metric) for metric in line.metrics.values()],
    }


def _figure(metric: Metric) -> dict[str, Any]:
    """A figure, without the fields that only a repository's own report fills."""
    found = metric_json(metric)
    return {name: value for name, value in found.items() if name not in _OF_ITS_OWN}
