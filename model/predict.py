"""Serving: the type of an issue from its title and body, with a calibrated probability and a reason.

Two members are asked, a linear classifier and a network, and their opinions are pooled; the network also
knows the type of a change, the tone of a comment, and how alike two texts are. Needs NumPy, onnxruntime,
tokenizers and the files of `model/pretrained`.

Any text is accepted, and only so much of it is read: the linear classifier sees what `model.text` leaves of
it, some 2,000 characters; the network sees the tokens that `model.serving.tokens.Limits` allows, of a long
body its beginning and its end.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from model.errors import ModelError
from model.labels import LABELS
from model.serving.artifact import Artifact, load
from model.serving.ensemble import LINEAR, NETWORK, Array, Head
from model.serving.judge import HeadPrediction, TypePrediction, judge
from model.serving.linear import Vector, softmax
from model.serving.linear_member import LinearMember
from model.serving.onnx_network import EMBEDDING, Floats, OnnxNetwork
from model.serving.tokens import Limits
from model.serving.wording import as_json, in_words
from model.tasks import TASKS
from model.text import CleanText, clean

__all__ = [
    "PRETRAINED",
    "Classifier",
    "HeadPrediction",
    "Item",
    "ModelError",
    "TypePrediction",
    "as_json",
    "in_words",
]

PRETRAINED = Path(__file__).parent / "pretrained"
ISSUE_TYPE, PR_TYPE, TONE = TASKS
_PART = 16  # texts that a thread works on before it takes more

T = TypeVar("T")
S = TypeVar("S")


class Item(NamedTuple):
    """An issue to classify."""

    title: str
    body: str | None = None
    repo: str | None = None  # "owner/name"


class Classifier:
    """A trained classifier. Make one with `Classifier.load()` and share it: from then on it is read-only."""

    def __init__(self, artifact: Artifact, *, threads: int = 1) -> None:
        """Raises ModelError, or KeyError, TypeError or ValueError, where the parts do not fit each other."""
        manifest = artifact.manifest
        self.version: str = manifest["version"]
        self._threads = threads
        self._linear = LinearMember(
            artifact.vocabulary, artifact.idf, artifact.weights, manifest.get("common")
        )
        self._network = (
            OnnxNetwork(artifact.network, Limits(**manifest["limits"])) if artifact.network else None
        )
        self._heads = {task: Head.from_json(written) for task, written in manifest["heads"].items()}
        _check(self._heads, self._linear, self._network)
        familiar = manifest.get("familiar")
        self._familiar_head = self._heads[ISSUE_TYPE]
        if familiar:
            shared = manifest["heads"][ISSUE_TYPE]
            found = {name: familiar[name] for name in ("temperature", "thresholds")}
            self._familiar_head = Head.from_json({**shared, **found})
        self._familiar = (
            frozenset(name.lower() for name in familiar["repositories"]) if familiar else frozenset()
        )

    @classmethod
    def load(cls, path: Path | None = None, *, threads: int = 1) -> "Classifier":
        """Load from a directory, the shipped one by default. Raises ModelError where it cannot.

        A single text is read on the thread that asks; of many texts, up to `threads` at a time.
        """
        artifact = load(path or PRETRAINED)
        try:
            return cls(artifact, threads=threads)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise ModelError(f"{path or PRETRAINED}: the manifest lacks or misstates {error}") from error

    @property
    def has_network(self) -> bool:
        """Whether it can embed texts, and decide on more than types of issues."""
        return self._network is not None

    @property
    def heads(self) -> tuple[str, ...]:
        """What it can decide, keys of TASKS."""
        return tuple(self._heads)

    def thresholds(
        self, precision: float = 0.9, head: str = ISSUE_TYPE, *, repo: str | None = None
    ) -> Mapping[str, float]:
        """The probability each class must reach for `precision` (0 to 1), as found on data held out.

        Of the precisions measured, the next higher one is taken; 1.0 means that the class never reached it.
        Familiar repositories ("owner/name") have thresholds of their own for the types of issues.
        """
        return self._decider(head, repo).needed(precision)

    def classify(
        self,
        title: str,
        body: str | None,
        *,
        repo: str | None = None,
        precision: float = 0.9,
        threshold: float | None = None,
    ) -> TypePrediction:
        """Classify one issue.

        `repo` ("owner/name") keeps the project's name from being taken for a cue; where the classifier was
        trained on many issues of it, what it learnt of that project's own habits is used as well.

        It abstains below the threshold of the most probable type for `precision` (0 to 1), or below
        `threshold` (0 to 1) where one is given, and on text that is too short or in a language it was not
        trained on.
        """
        fixed = None if threshold is None else dict.fromkeys(LABELS, threshold)
        return self._types([Item(title, body, repo)], precision, fixed)[0]

    def classify_many(self, items: Sequence[Item], *, precision: float = 0.9) -> list[TypePrediction]:
        """Classify issues, in order; each gets the answer that `classify` gives it alone."""
        parts = self._in_parts(lambda part: self._types(part, precision), items)
        return [said for part in parts for said in part]

    def probabilities(self, texts: Sequence[CleanText], repos: Sequence[str | None]) -> Array:
        """Calibrated probabilities of the types of issues: shape (texts, types)."""

        def work(part: Sequence[tuple[CleanText, str | None]]) -> Array:
            return self._pool([text for text, _ in part], [repo for _, repo in part])[0]

        found = self._in_parts(work, list(zip(texts, repos, strict=True)))
        return np.concatenate([np.zeros((0, len(LABELS))), *found])

    def pr_type(
        self, title: str, body: str | None, *, repo: str | None = None, precision: float = 0.9
    ) -> HeadPrediction:
        """The type of a change; what type its title claims ("fix: ...") is not read.

        Raises ModelError where this classifier has no such head.
        """
        return self.pr_types([Item(title, body, repo)], precision=precision)[0]

    def pr_types(self, items: Sequence[Item], *, precision: float = 0.9) -> list[HeadPrediction]:
        """The types of changes, in order. Raises ModelError where this classifier has no such head."""
        texts = [replace(clean(*item), tags=()) for item in items]
        return self._decide(PR_TYPE, texts, precision)

    def tone(self, text: str, *, precision: float = 0.9) -> HeadPrediction:
        """The tone of a comment. Raises ModelError where this classifier has no such head."""
        return self.tones([text], precision=precision)[0]

    def tones(self, texts: Sequence[str], *, precision: float = 0.9) -> list[HeadPrediction]:
        """The tones of comments, in order. Raises ModelError where this classifier has no such head."""
        return self._decide(TONE, [clean("", text) for text in texts], precision)

    def head_probabilities(self, head: str, texts: Sequence[CleanText]) -> Array:
        """Calibrated probabilities of a head that the network has alone: shape (texts, classes).

        Raises ModelError where this classifier has no such head.
        """
        decide = self._head(head)
        logits = self._read(head, texts)
        return decide.probabilities({NETWORK: logits.astype(np.float64)})

    def embed(self, texts: Sequence[CleanText]) -> Floats:
        """A vector of unit length for each text, the closer the more alike: shape (texts, width).

        Raises ModelError where this classifier has no network.
        """
        return self._read(EMBEDDING, texts)

    def _types(
        self, items: Sequence[Item], precision: float, fixed: Mapping[str, float] | None = None
    ) -> list[TypePrediction]:
        """Predictions that must reach `fixed`, or else what `precision` takes in each one's repository."""
        texts = [clean(item.title, item.body, item.repo) for item in items]
        probabilities, vectors = self._pool(texts, [item.repo for item in items])
        found = []
        for item, text, row, vector in zip(items, texts, probabilities, vectors, strict=True):
            evidence = self._linear.explain(vector, int(row.argmax()))
            needed = fixed or self.thresholds(precision, repo=item.repo)
            found.append(TypePrediction.of(judge(LABELS, row, needed, text), evidence))
        return found

    def _pool(self, texts: Sequence[CleanText], repos: Sequence[str | None]) -> tuple[Array, list[Vector]]:
        """Probabilities of the types by all members, (texts, types), and what the linear one read."""
        vectors = self._linear.vectors(texts, repos)
        logits = {LINEAR: self._linear.logits(vectors)}
        if self._network:
            logits[NETWORK] = self._network.read(texts, ISSUE_TYPE).astype(np.float64)
        pooled = self._heads[ISSUE_TYPE].pooled(logits) + self._linear.own(vectors)
        temperatures = np.array([self._decider(ISSUE_TYPE, repo).temperature for repo in repos])
        return softmax(pooled / temperatures.reshape(-1, 1)), vectors

    def _decide(self, task: str, texts: Sequence[CleanText], precision: float) -> list[HeadPrediction]:
        rows, head = self.head_probabilities(task, texts), self._head(task)
        needed = head.needed(precision)
        return [judge(head.classes, row, needed, text) for row, text in zip(rows, texts, strict=True)]

    def _decider(self, task: str, repo: str | None) -> Head:
        """The head for a task; familiar repositories have one of their own for the types of issues."""
        head = self._head(task)
        familiar = task == ISSUE_TYPE and repo is not None and repo.lower() in self._familiar
        return self._familiar_head if familiar else head

    def _head(self, task: str) -> Head:
        if task not in self._heads:
            raise ModelError(f"the classifier {self.version} has no head for {task}")
        return self._heads[task]

    def _read(self, output: str, texts: Sequence[CleanText]) -> Floats:
        """One output of the network for each text: shape (texts, numbers)."""
        network = self._network
        if network is None:
            raise ModelError(f"the classifier {self.version} has no network, which {output} needs")
        parts = self._in_parts(lambda part: network.read(part, output), texts)
        return np.concatenate([network.read([], output), *parts])

    def _in_parts(self, work: Callable[[Sequence[T]], S], things: Sequence[T]) -> list[S]:
        """What `work` makes of `things`, part by part in their order, on so many threads as were allowed."""
        parts = [things[start : start + _PART] for start in range(0, len(things), _PART)]
        if self._threads == 1 or len(parts) < 2:
            return [work(part) for part in parts]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(work, parts))


def _check(heads: Mapping[str, Head], linear: LinearMember, network: OnnxNetwork | None) -> None:
    """Raises ModelError where a head lacks a member, or a member has another number of classes."""
    if ISSUE_TYPE not in heads:
        raise ModelError(
            f"the classifier has no head for {ISSUE_TYPE}: its members were not put together yet"
        )
    for task, head in heads.items():
        widths = {LINEAR: linear.types} if task == ISSUE_TYPE else {}
        widths |= {NETWORK: network.outputs.get(task, 0)} if network else {}
        if head.classes != TASKS.get(task):
            raise ModelError(f"the head for {task} decides between {', '.join(head.classes)}")
        for member in head.members:
            if widths.get(member) != len(head.classes):
                raise ModelError(
                    f"the head for {task} needs {len(head.classes)} logits of the {member} member"
                )
    if network and EMBEDDING not in network.outputs:
        raise ModelError(f"the network has no output {EMBEDDING}")
