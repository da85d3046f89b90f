"""Usher's own labels: how many stood, and where it could not decide."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.health.calendar import Window, days_before
from bot.health.figures import LISTED, Metric, Part, share
from bot.health.period import Period

PRECISION = (
    "Of the labels that Usher put on and whose {days} days ended in the window, the share that no person"
    " removed or changed within them."
)
COVERAGE = "Of the threads that Usher looked at in the window to label them, the share that it labelled."


@dataclass(frozen=True, slots=True)
class Labelling:
    """What Usher decided about the label of a thread, and what people made of it.

    Args:
        number: the thread's.
        at: when (UTC).
        label: the label that it put on; "" where it abstained.
        undone_at: when a person took it off; None where it stands.
        instead: the label that the person put on in its place; "" where there is none.
    """

    number: int
    at: datetime
    label: str = ""
    undone_at: datetime | None = None
    instead: str = ""


def labels(period: Period, labellings: Sequence[Labelling]) -> Iterator[Metric]:
    """The figures of Usher's labels.

    Args:
        labellings: its decisions, in any order; later ones than the window are not looked at.
    """
    yield _precision(period, [each for each in labellings if each.label])
    looked = [each for each in labellings if each.at in period.window]
    labelled = {each.number for each in looked if each.label}
    abstained = {each.number for each in looked} - labelled
    yield share(
        "label_coverage",
        len(labelled),
        len(labelled | abstained),
        COVERAGE,
        details={"abstained": len(abstained)},
        items=sorted(abstained),
    )


def _precision(period: Period, applied: Sequence[Labelling]) -> Metric:
    """The share that stood. A label counts once its days are over, so that the latest do not look right."""
    days, zone, window = period.config.label_days, period.gathered.zone, period.window
    due = Window(days_before(window.start, days, zone), days_before(window.until, days, zone))
    judged = [each for each in applied if each.at in due]
    young = sum(due.until <= each.at < window.until for each in applied)
    undone = [each for each in judged if _is_undone(each, period)]
    changed = sum(bool(each.instead) for each in undone)
    return Metric(
        "label_precision",
        "share",
        len(judged),
        PRECISION.format(days=days),
        value=(len(judged) - len(undone)) / len(judged) if judged else None,
        pending=young,
        details={
            "applied": len(judged),
            "kept": len(judged) - len(undone),
            "removed": len(undone) - changed,
            "changed": changed,
        },
        breakdown=_by_label(judged, undone),
        items=tuple(each.number for each in undone)[-LISTED:],
        of_items=len(undone),
    )


def _by_label(judged: Sequence[Labelling], undone: Sequence[Labelling]) -> tuple[Part, ...]:
    """The share that stood of each label, the most used first."""
    applied = Counter(each.label for each in judged)
    gone = Counter(each.label for each in undone)
    changed = Counter(each.label for each in undone if each.instead)
    return tuple(
        Part(
            label,
            (number - gone[label]) / number,
            {
                "applied": number,
                "kept": number - gone[label],
                "removed": gone[label] - changed[label],
                "changed": changed[label],
            },
        )
        for label, number in applied.most_common(LISTED)
    )


def _is_undone(labelling: Labelling, period: Period) -> bool:
    undone_at = labelling.undone_at
    if undone_at is None:
        return False
    return days_before(undone_at, period.config.label_days, period.gathered.zone) < labelling.at
