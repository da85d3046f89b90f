"""The figures of commits once more, as ``slow.py`` does it: loops over raw rows, nothing shared.

A row has ``at``, ``account`` (its number, or None), ``name``, ``email`` and how many ``parents``.
"""

import itertools
from datetime import datetime
from typing import Any

Row = dict[str, Any]


def committers(
    commits: list[Row], mailmap: dict[str, str], start: datetime, until: datetime, bots: set[Any]
) -> tuple[int, int, int | None]:
    """How many commits there were, by how many people, and the smallest group that made half of them.

    A person is an account, and else an address, which belongs to the account that any commit names beside it.
    """
    own = {address: address for address in (row["email"].lower() for row in commits)} | mailmap
    made: dict[Any, int] = {}
    for row in commits:
        if not start <= row["at"] < until or row["parents"] > 1:
            continue
        address = own[row["email"].lower()]
        same = [r for r in commits if own[r["email"].lower()] == address and r["at"] < until]
        accounts = [r["account"] for r in same if r["account"]]
        who = row["account"] or (accounts[0] if accounts else address)
        if who not in bots and not row["name"].endswith("[bot]"):
            made[who] = made.get(who, 0) + 1
    for size in range(1, len(made) + 1):
        if any(2 * sum(group) >= sum(made.values()) for group in itertools.combinations(made.values(), size)):
            return sum(made.values()), len(made), size
    return 0, 0, None


def unreleased(commits: list[Row], releases: list[tuple[datetime, bool]], until: datetime) -> int:
    """The commits since the last release that is final."""
    waiting = 0
    for row in commits:
        later = [final for at, final in releases if final and row["at"] < at < until]
        waiting += row["at"] < until and row["parents"] < 2 and not later
    return waiting
