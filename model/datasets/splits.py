"""Which split a labelled thread goes to: by its repository, by its time, or by chance that never changes."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime

_FOLDS = 10
_SPLIT_OF_FOLD = {0: "unseen", 1: "unseen", 2: "validation"}
_LARGEST = 500  # rows of a repository; a larger one would be a good part of what is held out, or all of it


def deal(rows: Iterable[tuple[str, str]], folds: int) -> dict[str, int]:
    """A fold for each group, such that folds are alike in size and in kinds; `rows` are (group, kind).

    The group with the largest share of its kinds is dealt out first, each to the fold that so far holds the
    least of what the group consists of. With a single kind this is the greedy rule of Graham, "Bounds on
    multiprocessing timing anomalies", 1969: the largest first, each to the smallest fold.
    """
    contents: defaultdict[str, Counter[str]] = defaultdict(Counter)
    total: Counter[str] = Counter()
    for group, kind in rows:
        contents[group][kind] += 1
        total[kind] += 1
    filled: list[Counter[str]] = [Counter() for _ in range(folds)]
    fold_of: dict[str, int] = {}
    for group in sorted(contents, key=lambda name: (-_share(contents[name], total), name)):
        content = contents[group]
        # Counts stay whole numbers, so that folds which hold as much of a kind cost exactly as much.
        costs = [sum(fold[kind] * content[kind] / total[kind] ** 2 for kind in content) for fold in filled]
        fold_of[group] = costs.index(min(costs))
        filled[fold_of[group]].update(content)
    return fold_of


def whole_repositories(rows: Sequence[tuple[str, str]], known: Collection[str]) -> list[str]:
    """A split for each of `rows`, (repository, kind), such that no repository, in any case, is in two.

    Two tenths become "unseen" and one "validation", with about a tenth of each kind in each. Always trained
    on are the `known` repositories, rows whose repository is not known (its name has no slash), and
    repositories so large that what is held out would be about them.
    """
    names = [repo.lower() for repo, _ in rows]
    sizes = Counter(names)
    trained = {repo.lower() for repo in known}
    fold_of = deal(
        (
            (name, kind)
            for name, (_, kind) in zip(names, rows, strict=True)
            if "/" in name and name not in trained and sizes[name] <= _LARGEST
        ),
        _FOLDS,
    )
    return [_SPLIT_OF_FOLD.get(fold_of.get(name, -1), "train") for name in names]


def temporal(times: Sequence[str], train: float, validation: float) -> list[str]:
    """A split for each of `times` (ISO 8601): the oldest share "train", the next "validation", then "test".

    A row without a time counts as the oldest. Raises ValueError for a time that cannot be read.
    """
    moments = [moment(time) for time in times]
    order = sorted(range(len(times)), key=moments.__getitem__)
    first, second = round(train * len(times)), round((train + validation) * len(times))
    splits = [""] * len(times)
    for rank, position in enumerate(order):
        splits[position] = "train" if rank < first else "validation" if rank < second else "test"
    return splits


def moment(time: str) -> datetime:
    """`time` in ISO 8601 as a moment in UTC, which is also taken where no zone is named; "" is the oldest.

    Raises ValueError for a time that cannot be read.
    """
    if not time:
        return datetime.min.replace(tzinfo=UTC)
    parsed = datetime.fromisoformat(time)
    try:
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{time!r} is out of range") from error


def utc(time: str) -> str:
    """`time` in UTC, so that times sort as texts; "" stays as it is. Raises ValueError as `moment` does."""
    return moment(time).isoformat() if time else ""


def chance(key: str) -> float:
    """A number from 0 up to 1 that looks drawn by chance, and is always the same for the same key."""
    return zlib.crc32(key.encode("utf-8", "surrogatepass")) / 2**32


def _share(content: Mapping[str, int], total: Mapping[str, int]) -> float:
    return sum(count / total[kind] for kind, count in content.items())
