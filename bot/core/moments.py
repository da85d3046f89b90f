"""What is wrong with a value of GitHub's JSON that ought to say a time or a number, in words for people."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.core.pull_json import moment_at

#: Nothing on GitHub is older: it is of 2008, the oldest bug trackers that moved to it are of the nineties.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
#: Nothing is later where nobody says what time it is now.
LATEST = datetime(2999, 12, 31, tzinfo=UTC)

_SHOWN = 60  # characters of what somebody wrote


def is_possible(at: datetime, latest: datetime) -> bool:
    """Whether something can have happened at a time: from EARLIEST until ``latest``."""
    return EARLIEST <= at <= latest


def time_flaw(value: object, key: str, latest: datetime) -> str:
    """Say why the value below ``key`` is no time at which something can have happened.

    Args:
        latest: the latest possible time.
    """
    found = value.get(key) if isinstance(value, Mapping) else None
    if found is None or found == "":
        return f"has no {key}"
    if moment_at(value, key) is None:
        return f"has the {key} {_shown(found)}, which is no time such as 2026-06-15T12:00:00Z"
    limits = f"{EARLIEST:%Y-%m-%d} to {latest:%Y-%m-%d %H:%M} UTC"
    return f"has the {key} {_shown(found)}, which is not within {limits}"


def number_flaw(value: Mapping[str, object], key: str) -> str:
    """Say why the value below ``key`` is no number of a thread or an account."""
    found = value.get(key)
    if found is None:
        return f"has no {key}"
    return f"has the {key} {_shown(found)}, which is no whole number from 1 to {2**63 - 1}"


def _shown(found: object) -> str:
    text = json.dumps(found, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
