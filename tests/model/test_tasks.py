"""The tasks: what is promised to all that count on the order of classes."""

from model.labels import LABELS
from model.tasks import PR_TYPES, SPLITS, TASKS


def test_the_classes_of_each_task_are_different() -> None:
    assert all(len(set(classes)) == len(classes) >= 2 for classes in TASKS.values())


def test_issue_types_are_those_of_the_labels() -> None:
    assert TASKS["issue_type"] == LABELS


def test_the_six_types_of_change_that_projects_share_come_first() -> None:
    assert PR_TYPES[:6] == ("feat", "fix", "docs", "test", "refactor", "chore")


def test_what_is_measured_on_wins_over_what_is_learnt_from() -> None:
    assert tuple(SPLITS) == ("benchmark", "test", "unseen", "validation", "adaptation", "train")
