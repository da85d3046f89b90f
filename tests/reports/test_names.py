"""Every figure has a name and a place."""

from bot.reports.names import HEADLINES, NAMES, SECTIONS, name_of
from tests.reports.examples import story


def test_every_figure_is_named_once_and_every_name_is_one_of_a_figure() -> None:
    known = {metric.id for metric in story().report.metrics}
    assert known == NAMES.keys()
    assert sum(len(section.names) for section in SECTIONS) == len(NAMES)
    assert len({name.text for name in NAMES.values()}) == len(NAMES)
    assert set(HEADLINES) <= known


def test_a_figure_that_nobody_named_has_its_id_in_words() -> None:
    assert name_of("time_to_tea").text == "Time to tea"
