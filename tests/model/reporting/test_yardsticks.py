"""The numbers that count, and where they are found."""

import pytest

from model.reporting.yardsticks import HEADLINES, Headline
from tests.model.measured import metrics


def test_a_headline_finds_its_number() -> None:
    line = Headline("a name", ("pr_type", "core"), "macro_f1", "interval")
    found = line.of({"pr_type": {"core": {"macro_f1": 0.5, "interval": (0.4, 0.6)}}})
    assert found == {"macro_f1": 0.5, "interval": (0.4, 0.6)}


@pytest.mark.parametrize(
    "metrics", [{}, {"pr_type": {}}, {"pr_type": {"core": None}}, {"pr_type": {"core": {}}}]
)
def test_what_was_not_measured_is_not_found(metrics: dict[str, object]) -> None:
    assert Headline("a name", ("pr_type", "core"), "macro_f1", "interval").of(metrics) is None


def test_every_headline_names_what_is_measured() -> None:
    missing = [line.path for line in HEADLINES if line.of(metrics()) is None]
    assert {path[0] for path in missing} == {"duplicates"}


def test_a_floor_comes_with_an_aim_that_is_harder_to_reach() -> None:
    for line in HEADLINES:
        if line.floor is not None and line.aim is not None:
            assert (line.aim < line.floor) == ("lower is better" in line.others)
        assert line.floor is None or line.aim is not None


def test_what_others_reach_is_as_published_or_as_measured() -> None:
    line = Headline("a name", ("a", "both"), "f1", "", others="RoBERTa 0.5", beside=(("words", "lexical"),))
    assert line.reached_by_others({"a": {"both": {"f1": 0.8}, "lexical": {"f1": 0.25}}}) == (
        "RoBERTa 0.5, words 0.250"
    )
    assert line.reached_by_others({"a": {"both": {"f1": 0.8}}}) == "RoBERTa 0.5"
    assert Headline("a name", ("a", "both"), "f1", "").reached_by_others({}) == ""
