"""The learner: one regression for all repositories, and what familiar repositories add to it.

The first is a multinomial logistic regression on TF-IDF blocks, each column scaled beforehand by how unevenly
the types use it: Wang and Manning, "Baselines and Bigrams: Simple, Good Sentiment and Topic Classification",
ACL 2012 (the log-count ratio; its root, which did better in cross-validation). The scale is folded into the
coefficients.
"""

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from model.calibrate import Array, Integers, prior_shift
from model.labels import LABELS
from model.serving.linear import softmax

_UNSEEN = -12.0  # the logit of a type that the training data does not hold


@dataclass(frozen=True, slots=True)
class Recipe:
    """What can be chosen; the defaults were chosen on held-out repositories and on folds of nlbse24_train."""

    inverse_regularization: float = 1.0  # C of the common regression
    prior_correction: float = 0.5  # 0: the mix of types in the training data is expected, 1: all types alike
    tag_dropout: float = 0.5  # share of the weight of a tagged title that is learnt without its tags
    scale_power: float = 0.5  # exponent of the log-count ratio
    smoothing: float = 0.5  # added to the counts of the log-count ratio
    own_penalty: float = 0.5  # of the squared coefficients of familiar repositories
    folds: int = 5  # of the issues, to say of each what a regression thinks that did not learn from it
    max_iterations: int = 100


@dataclass(frozen=True, slots=True)
class Coefficients:
    """`weights` (features, types) and `bias` (types,): logits = x @ weights + bias."""

    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def logits(self, matrix: sparse.csr_matrix) -> Array:
        """Shape (rows of `matrix`, types)."""
        return np.asarray(matrix @ self.weights + self.bias, dtype=np.float64)


def fit(
    matrix: sparse.csr_matrix, untagged: sparse.csr_matrix, labels: Integers, recipe: Recipe
) -> Coefficients:
    """Fit the common regression; `untagged` is `matrix` without the tags of titles, row by row."""
    tagged = np.flatnonzero(np.asarray(matrix.getnnz(axis=1) != untagged.getnnz(axis=1)))
    rows = sparse.vstack([matrix, untagged[tagged]]).tocsr()
    targets = np.concatenate([labels, labels[tagged]])
    weights = np.ones(len(targets))
    weights[tagged] -= recipe.tag_dropout
    weights[len(labels) :] = recipe.tag_dropout
    scale = log_count_scale(rows, targets, weights, recipe)
    regression = LogisticRegression(C=recipe.inverse_regularization, max_iter=recipe.max_iterations, tol=1e-3)
    with warnings.catch_warnings():
        # Stopping early is part of the recipe: what was chosen was chosen at this number of iterations.
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(rows @ sparse.diags(scale), targets, sample_weight=weights)
    coefficients, bias = regression.coef_, regression.intercept_
    if len(regression.classes_) == 2:
        # One logit for two types: half of it for the one, half against the other.
        coefficients, bias = np.vstack([-coefficients, coefficients]) / 2, np.array([-bias[0], bias[0]]) / 2
    found = Coefficients(
        np.zeros((matrix.shape[1], len(LABELS)), np.float32), np.full(len(LABELS), _UNSEEN, np.float32)
    )
    found.weights[:, regression.classes_] = (coefficients * scale).T
    found.bias[regression.classes_] = bias + prior_shift(labels, recipe.prior_correction)[regression.classes_]
    return found


def log_count_scale(rows: sparse.csr_matrix, labels: Integers, weights: Array, recipe: Recipe) -> Array:
    """For each feature, how far its log-count ratio is from zero, for the type where it is farthest."""
    total = np.asarray(rows.T @ weights).ravel()
    scale = np.zeros(rows.shape[1])
    for number in range(len(LABELS)):
        inside = np.asarray(rows.T @ (weights * (labels == number))).ravel()
        own, rest = inside + recipe.smoothing, total - inside + recipe.smoothing
        scale = np.maximum(scale, np.abs(np.log((own / own.sum()) / (rest / rest.sum()))))
    return np.asarray(scale**recipe.scale_power)


def fit_own(
    matrix: sparse.csr_matrix, logits: Array, labels: Integers, recipe: Recipe
) -> npt.NDArray[np.float32]:
    """What the own features of familiar repositories add to the common logits: (own features, types).

    `matrix` (issues, own features) and `logits` (issues, types) are of issues of familiar repositories. The
    logits must come from regressions fitted without these issues, or nothing is left to learn (stacking:
    Wolpert, "Stacked Generalization", Neural Networks 5(2), 1992). Minimises the cross-entropy of
    softmax(logits + matrix @ weights) plus half the penalty times the sum of squares.
    """
    rows, shape = np.arange(len(labels)), (matrix.shape[1], len(LABELS))
    truth = np.eye(len(LABELS))[labels]
    transposed = matrix.T.tocsr()

    def loss(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(shape)
        probabilities = softmax(logits + matrix @ weights)
        fit_loss = -np.log(np.maximum(probabilities[rows, labels], 1e-300)).sum()
        gradient = transposed @ (probabilities - truth) + recipe.own_penalty * weights
        return fit_loss + recipe.own_penalty / 2 * (weights**2).sum(), gradient.ravel()

    options = {"maxiter": recipe.max_iterations}
    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x.reshape(shape), dtype=np.float32)
