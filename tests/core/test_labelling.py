import pytest

from bot.core.actions import AddLabels, RemoveLabels
from bot.core.facts import LabelHistory, RepositoryLabels
from bot.core.labelling import Labelling

OURS, THEIRS = frozenset({"Docs"}), frozenset({"Flaky"})


def labelling(*present: str, may_create: bool = False) -> Labelling:
    existing = RepositoryLabels(("Docs", "Flaky", "Size/S"))
    return Labelling(present, existing, LabelHistory(by_usher=OURS, removed_by_humans=THEIRS), may_create)


@pytest.mark.parametrize(
    ("name", "may_create", "expected"),
    [("size/s", False, "Size/S"), ("new", False, None), ("new", True, "new"), ("DOCS", True, "Docs")],
)
def test_labels_are_spelled_as_the_repository_does(name: str, may_create: bool, expected: str | None) -> None:
    assert labelling(may_create=may_create).spelled(name) == expected


@pytest.mark.parametrize(
    ("name", "may_create", "expected"),
    [
        ("docs", False, True),
        ("size/s", False, False),  # it is there
        ("flaky", False, False),  # a person took it off
        ("flaky", True, False),
        ("new", False, False),  # the repository does not have it
        ("new", True, True),
    ],
)
def test_what_may_be_put_on(name: str, may_create: bool, expected: bool) -> None:
    assert labelling("SIZE/S", may_create=may_create).is_wanted(name) is expected


def test_what_may_be_taken_off() -> None:
    assert labelling("docs", "Flaky").is_ours("DOCS")
    assert not labelling("Docs", "Flaky").is_ours("Flaky")
    assert not labelling("Flaky").is_ours("Docs")


def test_a_thread_has_room_for_a_hundred() -> None:
    assert labelling("a", "b").room == 98
    assert labelling(*map(str, range(120))).room == 0


def test_actions_name_labels_as_github_does() -> None:
    assert labelling().add("docs", "why") == AddLabels(labels=("Docs",), reason="why")
    assert labelling(may_create=True).add("new", "why") == AddLabels(labels=("new",), reason="why")
    assert labelling("dOcs").remove("docs", "why") == RemoveLabels(labels=("dOcs",), reason="why")
