from typing import Any

from bot.health.figures import Metric, Part
from bot.health.labels import Labelling, labels
from tests.health.examples import at, period


def figure(id_: str, *labellings: Labelling, **how: Any) -> Metric:
    return {metric.id: metric for metric in labels(period(**how), labellings)}[id_]


def put(number: int, when: str, label: str = "bug", undone: str = "", instead: str = "") -> Labelling:
    return Labelling(number, at(when), label, at(undone) if undone else None, instead)


LABELLINGS = (
    put(1, "2026-03-01"),
    put(2, "2026-03-02", undone="2026-03-03"),
    put(3, "2026-03-03", undone="2026-03-04", instead="question"),
    put(4, "2026-03-04", "question"),
    put(5, "2026-03-05", undone="2026-03-19"),  # after its fourteen days: it was right at the time
    put(6, "2026-02-15", undone="2026-03-29"),  # its fourteen days ended on the first of March
    put(7, "2026-02-14"),  # before that
    put(8, "2026-03-18"),  # its fourteen days are not over
    put(9, "2026-03-20", undone="2026-03-21"),
    put(10, "2026-04-02"),
    put(11, "2026-03-10", ""),
)


def test_precision_is_over_the_labels_whose_days_are_over() -> None:
    found = figure("label_precision", *LABELLINGS)
    assert (found.n, found.pending) == (6, 2)
    assert found.value == 4 / 6
    assert found.details == {"applied": 6, "kept": 4, "removed": 1, "changed": 1}
    assert found.items == (2, 3)


def test_a_label_is_pending_until_its_days_are_over() -> None:
    pending = [
        figure("label_precision", put(1, day)).pending for day in ("2026-03-17", "2026-03-18", "2026-04-01")
    ]
    assert pending == [0, 1, 0]


def test_each_label_has_its_own_precision() -> None:
    assert figure("label_precision", *LABELLINGS).breakdown == (
        Part("bug", 0.6, {"applied": 5, "kept": 3, "removed": 1, "changed": 1}),
        Part("question", 1, {"applied": 1, "kept": 1, "removed": 0, "changed": 0}),
    )


def test_the_days_are_a_setting() -> None:
    assert figure("label_precision", *LABELLINGS, label_days=15).details["removed"] == 2


def test_coverage_is_over_the_threads_that_were_looked_at() -> None:
    labelled_after_all = put(12, "2026-03-10", ""), put(12, "2026-03-11")
    found = figure("label_coverage", *LABELLINGS, *labelled_after_all)
    assert (found.n, found.value, found.details["abstained"]) == (9, 8 / 9, 1)
    assert found.items == (11,)


def test_without_labels_there_is_nothing_to_say() -> None:
    assert figure("label_precision").value is None
    assert figure("label_coverage").value is None
