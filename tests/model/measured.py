"""Small things to measure: samples, a classifier made by hand, and what measuring gives."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from model.datasets.samples import Sample, Samples
from model.labels import LABELS
from model.measuring.heads import measure_pr_types, measure_tones
from model.measuring.slices import VARIANTS
from model.measuring.types import measure_benchmark, measure_unseen
from model.serving.artifact import Artifact, save
from model.serving.ensemble import Head
from model.serving.linear import own_mark
from model.tasks import PR_TYPES, TASKS, TONES
from model.text import CleanText, clean
from tests.model.examples import rows

THRESHOLDS = {
    "0.90": {"bug": 0.6, "feature": 0.6, "question": 0.6, "documentation": 1.0},
    "0.95": {"bug": 0.85, "feature": 0.85, "question": 1.0, "documentation": 1.0},
}
HEAD = Head(
    classes=LABELS,
    members={"linear": 1.0},
    bias=np.zeros(4),
    temperature=1.0,
    thresholds={float(precision): row for precision, row in THRESHOLDS.items()},
)
FAMILIAR = {
    "repositories": ["octo/app"],
    "temperature": 2.0,
    "thresholds": {"0.90": dict.fromkeys(LABELS, 0.8), "0.95": dict.fromkeys(LABELS, 1.0)},
    "report": {"issues": 1_400, "average_f1": {"before": 0.7, "after": 0.8}},
}
_TELLING = ("tcrashes", "tsupport", "thow", "ttypo")  # a word of the titles of each type


def sample(text: CleanText | str = "App crashes", label: str = "bug", **fields: str) -> Sample:
    """A sample with these fields, by default an issue of a repository that was held out."""
    fields = {
        "task": "issue_type", "split": "unseen", "repo": "octo/app", "source": "made up",
        "dataset": "many_repos", "language": "en", "created_at": "",
    } | fields  # fmt: skip
    cleaned = clean(text, None) if isinstance(text, str) else text
    return Sample(text=cleaned, label=TASKS[fields["task"]].index(label), **fields)


def issues(split: str = "unseen") -> tuple[Sample, ...]:
    """80 issues of 6 repositories, a few of them with a tag; one repository is Chinese."""
    return tuple(
        sample(
            clean(row["title"], row["body"]),
            row["label"],
            split=split,
            repo=row["repo"],
            language="zh" if row["repo"].startswith("octo-echoes") else "en",
        )
        for row in rows()
    )


def all_samples() -> Samples:
    """Issues of two splits, and changes and comments to test on."""
    changes = [sample(f"change {n}", PR_TYPES[n % 6], task="pr_type", split="test") for n in range(12)]
    comments = [
        sample(f"comment {n} of {name}", TONES[n % 2], task="tone", split="test", dataset=name)
        for name in ("strudel", "toxicr")
        for n in range(6)
    ]
    benchmark = [row for row in issues("benchmark") if row.label < 3]
    return Samples((*benchmark, *issues(), *changes, *comments), {"issue_type: no text": 2})


def write_artifact(directory: Path, name: str = "made-by-hand") -> Path:
    """The files of a linear classifier that knows one word of each type; in octo/app, "crashes" asks."""
    mark = own_mark("octo/app")
    vocabulary = (*_TELLING, mark, f"tcrashes{mark}")
    crashes_asks = [0, 0, 6, 0]
    weights = np.vstack([4 * np.eye(4), np.zeros(4), crashes_asks, np.zeros(4)]).astype(np.float16)
    heads = {"issue_type": HEAD.to_json()}
    manifest = {"name": name, "heads": heads, "common": len(_TELLING), "familiar": FAMILIAR}
    save(directory, Artifact(vocabulary, np.ones(len(vocabulary), dtype=np.float16), weights, manifest))
    return directory


def guesses(samples: tuple[Sample, ...], classes: int, wrong: int = 5) -> np.ndarray:
    """Probabilities (samples, classes) that are right but for every `wrong`-th sample."""
    label = np.array([row.label for row in samples])
    chosen = np.where(np.arange(len(label)) % wrong == 0, (label + 1) % classes, label)
    sure = 0.55 + 0.4 * (np.arange(len(label)) % 7)[:, None] / 7
    return np.where(np.eye(classes, dtype=bool)[chosen], sure, (1 - sure) / (classes - 1))


@cache
def metrics() -> dict[str, Any]:
    """What measuring gives, all parts but those that need files."""
    unseen, everything = issues(), all_samples()
    changes, comments = everything.of("pr_type", "test"), everything.of("tone", "test")
    benchmark = everything.of("issue_type", "benchmark")
    named = guesses(benchmark, 4)
    return {
        "version": "made-up-1",
        "data": {
            "counts": {"issue_type": {"many_repos/weex": {"train": {"bug": 1_200}, "unseen": {"bug": 3}}}},
            "repositories": {"issue_type": {"train": 7, "unseen": 1}},
            "left_out": {"issue_type: no text": 2},
        },
        "not_measured": {"training": "network/run.json is not there"},
        "benchmark": measure_benchmark(benchmark, named, guesses(benchmark, 4, 3), THRESHOLDS),
        "unseen": measure_unseen(unseen, {name: guesses(unseen, 4) for name in VARIANTS}, THRESHOLDS),
        "pr_type": measure_pr_types(changes, guesses(changes, len(PR_TYPES))),
        "tone": measure_tones(comments, guesses(comments, 2), {"more likely than not": 0.5}),
    }
