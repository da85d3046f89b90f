"""A labelled thread as a reader hands it over, before its text is cleaned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from model.datasets.splits import temporal
from model.serving.language import guess_language

_CODES = {
    "English": "en",
    "Chinese": "zh",
    "Japanese": "ja",
    "Korean": "ko",
    "Spanish": "es",
    "Portuguese": "pt",
    "French": "fr",
    "German": "de",
    "Italian": "it",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """One labelled thread or comment, as written."""

    task: str  # a key of TASKS
    split: str  # a key of SPLITS
    label: str  # one of the classes of the task
    title: str
    body: str
    repo: str  # "owner/name", or the collection where the repository is not known
    source: str  # the collection within the data set
    dataset: str  # the file it comes from
    language: str  # "en", "zh", "en+zh" and so on
    created_at: str = ""  # ISO 8601; "" where it is not known


def in_time(drafts: Sequence[Draft], train: float, validation: float) -> list[Draft]:
    """The drafts of one repository, split by time: the oldest share is trained on, the newest is the test."""
    splits = temporal([draft.created_at for draft in drafts], train, validation)
    return [replace(draft, split=split) for draft, split in zip(drafts, splits, strict=True)]


def language_code(text: str) -> str:
    """A guess of the language of `text`: "en", "zh" and so on, or "other"."""
    return _CODES.get(guess_language(text), "other")
