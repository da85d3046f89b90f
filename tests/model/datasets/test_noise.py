"""Doubtful labels, on numbers small enough to check by hand."""

import numpy as np
import pytest

from model.datasets.noise import NONE, suspects


def test_a_label_is_doubted_where_another_class_is_likelier_than_usual() -> None:
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.3, 0.7], [0.1, 0.9]])
    labels = np.array([0, 0, 0, 1, 1, 1])  # the means are .6 and .8
    assert suspects(labels, probabilities).tolist() == [NONE, NONE, 1, NONE, NONE, NONE]


def test_of_several_classes_the_most_probable_is_named() -> None:
    probabilities = np.array([[0.05, 0.45, 0.5], [0.9, 0.05, 0.05], [0.6, 0.4, 0.0], [0.6, 0.0, 0.4]])
    assert suspects(np.array([0, 0, 1, 2]), probabilities)[0] == 2


def test_an_unsure_row_is_not_doubted() -> None:
    probabilities = np.array([[0.9, 0.1], [0.5, 0.5], [0.2, 0.8]])
    assert suspects(np.array([0, 0, 1]), probabilities).tolist() == [NONE] * 3


def test_a_label_that_is_as_likely_as_usual_is_not_doubted() -> None:
    probabilities = np.array([[0.4, 0.6], [0.2, 0.8], [0.5, 0.5]])  # the means are .3 and .5
    assert suspects(np.array([0, 0, 1]), probabilities).tolist() == [NONE, 1, NONE]


def test_a_class_that_no_row_has_is_never_suggested() -> None:
    probabilities = np.array([[0.1, 0.0, 0.9], [0.9, 0.1, 0.0], [0.3, 0.7, 0.0]])
    assert suspects(np.array([0, 0, 1]), probabilities).tolist() == [NONE] * 3


def test_no_rows() -> None:
    assert suspects(np.zeros(0, np.int64), np.zeros((0, 4))).shape == (0,)


def test_labels_of_other_rows() -> None:
    with pytest.raises(ValueError, match=r"\(2,\) labels for 3 rows"):
        suspects(np.array([0, 1]), np.ones((3, 2)))
