"""Pictures of a measurement: reliability, mix-ups, coverage against precision, slices.

White ground and dark ink, so that they read the same on light and on dark pages; colours that colour-blind
people can tell apart are those of Okabe and Ito, "Color Universal Design", 2008.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.labels import LABELS
from model.measuring.slices import large_slices

_BLUE, _ORANGE, _GREEN, _VIOLET = "#0072b2", "#d55e00", "#009e73", "#aa4499"
_INK, _FAINT = "#24292f", "#d0d7de"
_STYLE: Mapping[str, Any] = {
    "figure.facecolor": "white",
    "figure.dpi": 110,
    "font.size": 9,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "legend.frameon": False,
}

Metrics = Mapping[str, Any]


def draw(metrics: Metrics, directory: Path) -> dict[str, str]:
    """Write PNG files into `directory` and return, by file name, what each shows in one line.

    Only what was measured is drawn. `metrics` are those that `evaluate` returns.
    """
    unseen = metrics.get("unseen")
    if not unseen:
        return {}
    pictures: Mapping[str, tuple[str, Callable[[Metrics], Figure]]] = {
        "coverage.png": ("How many issues get a label, and how many of these labels are right", _coverage),
        "reliability.png": ("What the probabilities are worth", _reliability),
        "confusion.png": ("What is taken for what", _confusion),
        "slices.png": ("Where it does better and worse", _slices),
    }
    directory.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(dict(_STYLE)):
        for name, (_, paint) in pictures.items():
            # Without the name of the software, the same numbers give the same file.
            paint(unseen).savefig(directory / name, metadata={"Software": None})
    return {name: caption for name, (caption, _) in pictures.items()}


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty picture, in inches; it needs no screen."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def _coverage(unseen: Metrics) -> Figure:
    figure, axes = _figure(6.4, 4.0)
    lines = [
        ("as written", "all", "all, as written", _BLUE, "-"),
        ("both hidden", "all", "all, tags and template hidden", _BLUE, "--"),
        ("as written", "Chinese", "Chinese, as written", _ORANGE, "-"),
        ("both hidden", "Chinese", "Chinese, both hidden", _ORANGE, "--"),
    ]
    for variant, part, label, colour, style in lines:
        curve = unseen["coverage_curve"].get(variant, {}).get(part)
        if curve:
            n = unseen["variants"][variant][part]["all"]["n"]
            axes.plot(*np.transpose(curve), style, color=colour, lw=1.6, label=f"{label} (n = {n:,})")
    # A higher target labels fewer issues, so its mark is on the left.
    sides = ("left", "right")
    for (target, row), side in zip(unseen["coverage"]["as written"]["all"].items(), sides, strict=False):
        if row["precision"] is not None:
            low, high = row["precision_interval"]
            error = [[row["precision"] - low], [high - row["precision"]]]
            axes.errorbar(row["coverage"], row["precision"], error, fmt="o", color=_INK, ms=4, capsize=3)
            place = (row["coverage"], row["precision"])
            axes.annotate(f"target {target}", place, (0, -18), ha=side, textcoords="offset points")
    axes.set(
        xlabel="share of issues that get a label",
        ylabel="share of labels that is right",
        xlim=(0, 1.01),
        ylim=(None, 1.02),
    )
    axes.grid(color=_FAINT, lw=0.6)
    figure.legend(loc="outside upper center", ncols=2)
    return figure


def _reliability(unseen: Metrics) -> Figure:
    figure, axes = _figure(4.2, 3.8)
    bins = unseen["reliability"]
    confidence = [row["confidence"] for row in bins]
    axes.plot([0, 1], [0, 1], color=_INK, lw=0.8, ls=":", label="what they should be worth")
    sizes = [8 + 160 * row["size"] / max(each["size"] for each in bins) for row in bins]
    axes.plot(confidence, [row["accuracy"] for row in bins], color=_BLUE, lw=1.2)
    axes.scatter(
        confidence, [row["accuracy"] for row in bins], sizes, color=_BLUE, label="what they are worth"
    )
    n, error = sum(row["size"] for row in bins), unseen["variants"]["as written"]["all"]["calibration_error"]
    axes.set(
        xlabel="probability it gives", ylabel="share that is right", xlim=(0.2, 1.02), ylim=(0, 1.02),
        title=f"n = {n:,}, calibration error {error:.3f}; area: number of issues",
    )  # fmt: skip
    axes.title.set_fontsize(9)
    axes.grid(color=_FAINT, lw=0.6)
    axes.legend(loc="upper left")
    return figure


def _confusion(unseen: Metrics) -> Figure:
    figure, axes = _figure(5.2, 3.6)
    counts = np.array(unseen["confusion"])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (row, column), value in np.ndenumerate(counts):
        colour = "white" if shares[row, column] > 0.55 else _INK
        text = f"{value:,}\n{shares[row, column]:.0%}"
        axes.text(column, row, text, ha="center", va="center", color=colour)
    rows = [f"{label}\n(n = {total:,})" for label, total in zip(LABELS, counts.sum(axis=1), strict=True)]
    axes.set_xticks(range(len(LABELS)), LABELS)
    axes.set_yticks(range(len(LABELS)), rows)
    axes.set(xlabel="what it says", ylabel="what maintainers say")
    axes.spines[:].set_visible(False)
    return figure


def _slices(unseen: Metrics) -> Figure:
    rows = list(large_slices(unseen["slices"]))
    figure, axes = _figure(6.8, 0.9 + 0.24 * len(rows))
    colours = dict(zip(unseen["slices"], (_BLUE, _ORANGE, _GREEN, _VIOLET, _INK), strict=False))
    beside = axes.get_yaxis_transform()  # x as a share of the width
    axes.text(1.015, -1, "issues", va="center", transform=beside)
    for place, (kind, _, row) in enumerate(rows):
        bar = row["interval"] or row["interval_rows"]
        axes.plot(bar, [place, place], color=colours[kind], lw=5, alpha=0.35, solid_capstyle="butt")
        axes.plot(row["macro_f1"], place, "o", color=colours[kind], ms=5)
        axes.text(1.015, place, f"{row['n']:,}", va="center", transform=beside)
    axes.set_yticks(range(len(rows)), [f"{kind}: {name}" for kind, name, _ in rows])
    axes.set(xlabel="macro F1 of bug, feature, question, with 95% interval", ylim=(len(rows), -1.5))
    axes.grid(axis="x", color=_FAINT, lw=0.6)
    return figure
