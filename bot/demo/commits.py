"""The commits of the made-up project: one for each pull request that was squashed, some merges and pushes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.history import PastCommit, PastThread
from bot.core.history_commits import ReadCommit
from bot.core.mailmap import key_of
from bot.store.commits import Branch, Commits, Walk
from bot.store.database import Database

MERGED_AS_IS = 5  # every fifth pull request is merged as it was, the others are squashed
TRANSLATED = 23  # after every so many of them somebody without an account sends a translation
TRANSLATOR = "Ines Translates"
AT_ONCE = 500


def made_up_commits(threads: Iterable[PastThread], names: Mapping[int, str]) -> tuple[PastCommit, ...]:
    """Return the commits of a made-up history, in the order of the pull requests.

    Args:
        threads: the history.
        names: of the accounts, by their numbers.
    """
    merged = ((thread, thread.merged_at) for thread in threads if thread.merged_at)
    return tuple(
        commit for turn, (thread, at) in enumerate(merged, 1) for commit in _of(thread, at, turn, names)
    )


def keep_commits(found: Sequence[PastCommit], database: Database, history: int) -> None:
    """Put the commits into a database, as the first walk does."""
    store = Commits(database)
    walk = Walk(1, found[-1].sha if found else "", None, len(found), None, over_rest=False)
    for first in range(0, len(found), AT_ONCE):
        page = [ReadCommit(commit, None) for commit in found[first : first + AT_ONCE]]
        store.keep(history, Branch(walk=walk), page, () if first == 0 else None)
    store.finish(history, Branch(walk.number, walk.tip), None, sweep=True)


def _of(thread: PastThread, at: datetime, turn: int, names: Mapping[int, str]) -> Iterator[PastCommit]:
    """What became of a pull request that was merged."""
    number = thread.number
    if turn % MERGED_AS_IS == 0:
        yield _commit(3 * number, at - timedelta(days=1), thread.author, names)
        yield _commit(3 * number + 1, at, thread.merged_by, names, is_merge=True)
    else:
        yield _commit(3 * number, at, thread.author, names)
    if turn % TRANSLATED == 0:
        yield _commit(3 * number + 2, at + timedelta(hours=1), None, names)


def _commit(
    number: int, at: datetime, author: int | None, names: Mapping[int, str], *, is_merge: bool = False
) -> PastCommit:
    name = TRANSLATOR if author is None else names[author]
    return PastCommit(f"{number:040x}", at, at, author, key_of(name, 1), name, is_merge)
