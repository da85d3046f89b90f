"""The threads that are listed behind figures and advice."""

from bot.core.phrases import Phrase
from bot.health.figures import Advice, Metric
from bot.health.listed import Listed, listed
from tests.health.examples import MAINT, at, event, issue, pull


def test_threads_that_advice_rests_on_are_told_too() -> None:
    tried = Advice("x", "visibility", 1, {}, Phrase("{n}", {"n": "1"}), items=(3,))
    assert listed([tried], [issue(3, "2026-03-04")]) == {3: Listed(at("2026-03-04"))}


def test_threads_behind_figures_are_told_as_they_stood() -> None:
    ends = [event("2026-03-05", kind, MAINT) for kind in ("merged", "closed")]
    threads = [issue(1, "2026-03-02"), pull(2, "2026-03-03", *ends), issue(3, "2026-03-04")]
    figures = [Metric("x", "count", 2, "", items=(1, 2)), Metric("y", "count", 2, "", items=(2, 404))]
    assert listed(figures, threads) == {
        1: Listed(at("2026-03-02")),
        2: Listed(at("2026-03-03"), at("2026-03-05"), is_merged=True),
    }
