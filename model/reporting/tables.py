"""Markdown for people: tables, and numbers as they are read."""

from collections.abc import Iterable, Sequence

NOTHING = "-"


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; the cells must hold no line break and no bar."""
    header = list(header)
    lines = [header, ["---"] * len(header), *(list(row) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float | None, digits: int = 3) -> str:
    """0.8 -> "0.800"; a dash for what is not known."""
    return NOTHING if value is None else f"{value:,.{digits}f}"


def asked(text: str, value: float | None, target: float) -> str:
    """`text`, which shows `value`, with a mark where that is below the target that was asked for."""
    return f"{text}, **less than asked for**" if value is not None and value < target else text


def percent(value: float | None) -> str:
    """0.8 -> "80.0%"; a dash for what is not known."""
    return NOTHING if value is None else f"{100 * value:.1f}%"


def between(interval: Sequence[float] | None) -> str:
    """The bounds of an interval of scores, or a dash."""
    return NOTHING if interval is None else f"{interval[0]:.3f} to {interval[1]:.3f}"


def scored(value: float | None, interval: Sequence[float] | None) -> str:
    """A score with its interval, if it has one, in brackets; a dash where there is no score."""
    if value is None or interval is None:
        return number(value)
    return f"{value:.3f} ({between(interval)})"


def shared(value: float | None, interval: Sequence[float] | None) -> str:
    """A share with its interval in brackets, all in percent, or a dash."""
    if value is None or interval is None:
        return percent(value)
    return f"{percent(value)} ({percent(interval[0])} to {percent(interval[1])})"
