"""Test coverage, as the status lines of coverage services tell it.

Known are those of Codecov (``87.5% (-0.40%) compared to 559fe9e``, ``100% remains the same compared to ...``)
and Coveralls (``Coverage decreased (-0.1%) to 87.5%``), and whatever reads like them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from bot.core.pulls import Check

_READ = 300  # characters of a status line; GitHub's own limit is 140
_SERVICE = re.compile(r"(?i)\b(?:codecov|coveralls|coverage)\b")
_PATCH = re.compile(r"(?i)\bpatch\b")  # the coverage of the change alone, which is compared to a target
_NUMBER = r"\d{1,3}(?:\.\d{1,6})?|\.\d{1,6}"
_CHANGE = re.compile(rf"\(\s*([+\-\u2212])\s*[<~]?\s*({_NUMBER})\s*%\s*\)")
_SAME = re.compile(r"(?i)\b(?:remains|remained) the same\b|\b(?:unchanged|no change)\b")
_TOTAL = re.compile(rf"({_NUMBER})\s*%")


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a coverage service found.

    Args:
        name: of the check or status.
        change: against the base, in percentage points; negative where coverage fell.
        total: the share of lines that tests run, in percent; None where it is not told.
    """

    name: str
    change: Decimal
    total: Decimal | None = None


def coverage_of(check: Check) -> Coverage | None:
    """Read a coverage service's status line; None where it is none, or tells of no change."""
    line = check.description[:_READ]
    if not _SERVICE.search(check.name) or _PATCH.search(check.name):
        return None
    change = _CHANGE.search(line)
    if change is None and not _SAME.search(line):
        return None
    total = _TOTAL.search(_CHANGE.sub("", line))
    signed = Decimal(change[2]) * (1 if change[1] == "+" else -1) if change else Decimal(0)
    return Coverage(check.name, signed, Decimal(total[1]) if total else None)


def worst(checks: Iterable[Check]) -> Coverage | None:
    """The coverage that fell most, where there are several: for each part of a project, for one."""
    found = [coverage for check in checks if (coverage := coverage_of(check))]
    return min(found, key=lambda coverage: coverage.change, default=None)
