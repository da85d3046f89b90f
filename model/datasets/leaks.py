"""A last look before training: nothing that is measured on may be known from what is learnt."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from model.datasets.duplicates import Deduplicator
from model.datasets.samples import Sample, Samples
from model.datasets.splits import moment
from model.errors import DataError
from model.tasks import SPLITS

#: The benchmark and what is adapted to share their repositories, also with train.
_WHOLE = frozenset({"unseen", "validation", "train"})
_IN_TIME = ("train", "validation", "test")


def assert_no_leak(
    samples: Samples,
    whole_repositories: Collection[str] = ("issue_type",),
    in_time: Collection[str] = ("pr_type",),
) -> None:
    """Raise DataError, naming one pair, where what is measured on could be known from what is learnt.

    That is: a text in two splits of a task, or nearly so; for the tasks in `whole_repositories`, a repository
    in two splits; for those `in_time`, a sample that is newer than one of a later split of its repository.
    """
    for task in samples.tasks:
        rows = [row for row in samples.rows if row.task == task]
        if task in whole_repositories:
            _check_repositories(rows)
        if task in in_time:
            _check_times(rows)
        _check_texts(rows)


def _check_repositories(rows: Iterable[Sample]) -> None:
    first: dict[str, Sample] = {}
    for row in rows:
        if row.split in _WHOLE:
            other = first.setdefault(row.repo.lower(), row)
            if other.split != row.split:
                raise DataError(f"{row.task}: {row.repo} is both in {other.split} and in {row.split}")


def _check_times(rows: Iterable[Sample]) -> None:
    newest: defaultdict[str, dict[str, Sample]] = defaultdict(dict)
    rows = sorted(rows, key=lambda row: moment(row.created_at))
    for row in rows:
        newest[row.repo.lower()][row.split] = row
    for row in rows:
        if row.split not in _IN_TIME:
            continue
        for earlier in _IN_TIME[: _IN_TIME.index(row.split)]:
            other = newest[row.repo.lower()].get(earlier)
            if other and moment(other.created_at) > moment(row.created_at):
                raise DataError(f"{row.task}: {_name(other)} is newer than {_name(row)}")


def _check_texts(rows: Iterable[Sample]) -> None:
    order = tuple(SPLITS)
    known = Deduplicator()
    remembered: list[Sample] = []
    for row in sorted(rows, key=lambda row: order.index(row.split)):
        twin = known.match(row.text)
        if twin is None:
            remembered.append(row)
        elif remembered[twin].split != row.split:
            raise DataError(f"{row.task}: {_name(row)} is like {_name(remembered[twin])}")


def _name(sample: Sample) -> str:
    words = (sample.text.title or sample.text.body)[:60]
    return f'"{words}" ({sample.repo} {sample.created_at[:10]}'.rstrip() + f", {sample.split})"
