"""One row per number, printed as a table and, for machines, as JSON lines."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A measured number, what it is aimed at, and how it was measured."""

    name: str
    measured: str
    aim: str
    how: str


def percentile(values: Iterable[float], share: float) -> float:
    """The nearest-rank percentile, 0 < share <= 1."""
    ordered = sorted(values)
    return ordered[max(0, round(share * len(ordered)) - 1)]


def show(rows: Iterable[Row], *, as_json: bool) -> None:
    rows = list(rows)
    if as_json:
        for row in rows:
            print(json.dumps(asdict(row)))
        return
    columns = ("name", "measured", "aim", "how")
    widths = {c: max(len(c), *(len(getattr(row, c)) for row in rows)) for c in columns}
    print("  ".join(c.ljust(widths[c]) for c in columns))
    for row in rows:
        print("  ".join(getattr(row, c).ljust(widths[c]) for c in columns))
