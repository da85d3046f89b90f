"""Labels that are probably wrong, found by confident learning in its simplest form.

Northcutt, Jiang, Chuang, "Confident learning: estimating uncertainty in dataset labels", JAIR 70, 2021.
"""

import numpy as np
import numpy.typing as npt

NONE = -1


def suspects(labels: npt.NDArray[np.int64], probabilities: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """The class that each row seems to be of, `NONE` where its label is not in doubt; shape (rows,).

    A label is in doubt where its probability is below the mean that rows with this label get for it, while
    another class is at or above its own mean; of several such classes the most probable is named. `labels`
    has shape (rows,), `probabilities` (rows, classes): out of fold, by a model that did not learn from the
    row. Raises ValueError where the shapes do not fit.
    """
    rows, classes = probabilities.shape
    if labels.shape != (rows,):
        raise ValueError(f"{labels.shape} labels for {rows} rows")
    own = probabilities[np.arange(rows), labels]
    counts = np.bincount(labels, minlength=classes)
    sums = np.bincount(labels, weights=own, minlength=classes)
    # A class that no row has is never suggested: nothing is known of how sure the model is of it.
    usual = np.divide(sums, counts, out=np.full(classes, np.inf), where=counts > 0)
    others = np.where(probabilities >= usual, probabilities, -np.inf)
    others[np.arange(rows), labels] = -np.inf
    best = others.argmax(axis=1)
    doubted = (own < usual[labels]) & np.isfinite(others[np.arange(rows), best])
    return np.where(doubted, best, NONE)
