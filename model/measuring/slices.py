"""Parts of the test issues to look at by themselves, and what happens when a shortcut is taken away."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from model.datasets.samples import Sample
from model.measuring.metrics import Mask
from model.text import MAX_BODY, CleanText

# The most characters of a cleaned body -> the name of the slice, such that names sort like lengths.
_LENGTHS = {0: "0 characters", 199: "1 to 199 characters", 799: "200 to 799", MAX_BODY: "800 and more"}
_LEAST = 30  # issues from which a slice is shown
_FORM_CUES = frozenset({"checkboxes", "unanswered section"})


def _without_tags(text: CleanText) -> CleanText:
    return replace(text, tags=())


def _without_template(text: CleanText) -> CleanText:
    return replace(text, headings=(), cues=())


#: What is hidden -> the text that is left. Tags are those of titles, as "[Bug]:"; a template shows in its
#: headings and cues.
VARIANTS: Mapping[str, Callable[[CleanText], CleanText]] = {
    "as written": lambda text: text,
    "title tags hidden": _without_tags,
    "headings and cues hidden": _without_template,
    "both hidden": lambda text: _without_tags(_without_template(text)),
}


def slices(samples: Sequence[Sample]) -> dict[str, dict[str, Mask]]:
    """Kind of slice -> name of the slice -> which samples are in it, shape (samples,); none is empty."""
    kinds: Mapping[str, Callable[[Sample], str]] = {
        "body": lambda sample: _length(sample.text),
        "language": lambda sample: sample.language,
        "template": lambda sample: "template" if _from_template(sample.text) else "no template",
        "title tag": lambda sample: "tag" if sample.text.tags else "no tag",
        "source": lambda sample: f"{sample.dataset}/{sample.source}",
    }
    return {kind: _masks([name(sample) for sample in samples]) for kind, name in kinds.items()}


def large_slices(measured: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Kind, name and score of each slice that was measured and is large enough to say something."""
    for kind, rows in measured.items():
        for name, row in rows.items():
            if row and row["n"] >= _LEAST:
                yield kind, name, row


def large_repositories(samples: Sequence[Sample], least: int) -> dict[str, Mask]:
    """Repository -> which samples are of it, for those with `least` or more."""
    repos = [sample.repo for sample in samples]
    enough = {repo for repo, count in Counter(repos).items() if count >= least}
    return {repo: mask for repo, mask in _masks(repos).items() if repo in enough}


def _masks(names: Sequence[str]) -> dict[str, Mask]:
    array = np.asarray(names)
    return {str(name): array == name for name in np.unique(array)}


def _length(text: CleanText) -> str:
    size = len(text.body)
    return next(name for limit, name in _LENGTHS.items() if size <= limit)


def _from_template(text: CleanText) -> bool:
    return bool(text.headings or _FORM_CUES.intersection(text.cues))
