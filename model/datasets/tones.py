"""Comments with their tone.

Three collections, each with a bias of its own: comments of locked threads (tbdf), of code review (toxicr),
and of ordinary threads (strudel). The last is only ever measured on.
"""

import html
from collections.abc import Iterator
from pathlib import Path

from model.data import Row, column, records
from model.datasets.drafts import Draft, language_code
from model.datasets.splits import chance
from model.errors import DataError

_TEST, _VALIDATION = 0.15, 0.1  # shares of toxicr, and of what is left of it and of tbdf
_WORDS = {"0": "civil", "1": "uncivil", "n": "civil", "y": "uncivil"}


def tones(directory: Path) -> Iterator[Draft]:
    """The drafts of `tone`. Raises DataError on a file or a row that cannot be read."""
    yield from _strudel(directory / "strudel_comments.csv.gz")
    yield from _toxicr(directory / "toxicr.csv.gz")
    yield from _tbdf(directory / "tbdf_comments.csv.gz")


def _strudel(path: Path) -> Iterator[Draft]:
    for where, row in records(path):
        repo = f"{column(row, 'owner', where)}/{column(row, 'repo', where)}"
        text = html.unescape(column(row, "text", where))  # it is kept there as HTML
        yield _draft("strudel", repo, text, _tone(row, "toxicity", where), "test")


def _toxicr(path: Path) -> Iterator[Draft]:
    """Split by the text itself, so that the many repetitions of a text stay together."""
    for where, row in records(path):
        text = column(row, "message", where)
        lot = chance(" ".join(text.lower().split()))
        split = "test" if lot < _TEST else "validation" if lot < _TEST + _VALIDATION else "train"
        yield _draft("toxicr", "toxicr", text, _tone(row, "is_toxic", where), split)


def _tbdf(path: Path) -> Iterator[Draft]:
    """Split by thread, for its comments answer each other; each kind of incivility counts as one."""
    for where, row in records(path):
        civil = column(row, "tbdf", where) in {"", "None"}
        split = "validation" if chance(column(row, "issue_id", where)) < _VALIDATION else "train"
        text = column(row, "comment_body", where)
        yield _draft("tbdf", "tbdf", text, "civil" if civil else "uncivil", split)


def _tone(row: Row, name: str, where: str) -> str:
    value = column(row, name, where)
    if value not in _WORDS:
        raise DataError(f"{where}: {value!r} is not one of {', '.join(_WORDS)}")
    return _WORDS[value]


def _draft(dataset: str, repo: str, text: str, label: str, split: str) -> Draft:
    return Draft(
        task="tone",
        split=split,
        label=label,
        title="",
        body=text,
        repo=repo,
        source=dataset,
        dataset=dataset,
        language=language_code(text),
    )
