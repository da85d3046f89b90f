"""Commits in the database: a walk is seen at its end, and purged with its history."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from bot.core.errors import UsherError
from bot.core.history import CommitsBefore, PastCommit, Person
from bot.core.history_commits import ReadCommit
from bot.core.mailmap import Alias
from bot.store.commits import Branch, Commits, Walk
from bot.store.database import Database
from bot.store.editions import Editions
from bot.store.history import Histories
from bot.store.history_tables import aliases, commits
from bot.store.progress import Places
from bot.store.purging import purge_repository
from tests.store.examples import DAY, NOON

NAME = "acme/widgets"
NIA = Person(2**40, "nia")


def history(database: Database) -> int:
    Editions(database).keep(NAME, ())
    place = Places(database).find(NAME)
    assert place is not None
    return place.id


def commit(sha: str, at: datetime = NOON) -> PastCommit:
    return PastCommit(sha, at, at - DAY, NIA.id, "0123456789abcdef", "Nia, \u4f60\u597d", is_merge=True)


def branch(number: int, tip: str, known: Branch | None = None) -> Branch:
    return replace(known or Branch(), walk=Walk(number, tip, None, 9, "next", over_rest=False))


def found(*shas: str) -> list[ReadCommit]:
    return [ReadCommit(commit(sha), NIA) for sha in shas]


def shas(kept: Iterable[PastCommit] | None) -> list[str] | None:
    return None if kept is None else sorted(each.sha for each in kept)


def test_a_walk_is_seen_at_its_end(database: Database) -> None:
    store, id_ = Commits(database), history(database)
    assert (store.branch(id_), store.read(id_)) == (Branch(), None)
    under_way = branch(1, "a")
    store.keep(id_, under_way, found("a", "b"), [Alias("k", "", "l", "Nia")])
    assert (store.branch(id_), store.read(id_)) == (under_way, None)
    store.keep(id_, under_way, found("b", "c"))
    done = Branch(1, "a")
    store.finish(id_, done, None, sweep=True)
    assert store.branch(id_) == done
    assert sorted(store.read(id_) or (), key=lambda one: one.sha) == [commit(sha) for sha in "abc"]
    assert store.aliases(id_) == [Alias("k", "", "l", "Nia")]
    assert Histories(database).people(id_) == {NIA.id: NIA}
    assert (store.count(id_, None), store.count(id_, NOON), store.count(id_, NOON + DAY)) == (3, 3, 0)


def test_until_the_next_walk_ends_that_before_is_seen(database: Database) -> None:
    store, id_ = Commits(database), history(database)
    store.keep(id_, branch(1, "b"), found("a", "b"), [])
    first = Branch(1, "b")
    store.finish(id_, first, None, sweep=True)
    store.keep(id_, branch(2, "c", first), found("c", "a"), [])
    assert shas(store.read(id_)) == ["a", "b"]
    store.finish(id_, Branch(2, "c"), None, sweep=True)
    assert shas(store.read(id_)) == ["a", "c"], "what the walk did not meet is gone"


def test_of_a_walk_that_was_given_up_nothing_stays(database: Database) -> None:
    store, id_ = Commits(database), history(database)
    store.keep(id_, branch(1, "a"), found("a", "b"), [])
    first = Branch(1, "a")
    store.finish(id_, first, None, sweep=True)
    store.keep(id_, branch(2, "c", first), found("c", "b"), [])
    store.give_up(id_)
    assert (store.branch(id_), shas(store.read(id_))) == (first, ["a", "b"])
    store.keep(id_, branch(2, "d", first), found("d", "a"), [Alias("k", "n", "", "N")])
    store.finish(id_, Branch(2, "d"), None, sweep=True)
    assert shas(store.read(id_)) == ["a", "d"], "neither what it brought, nor what it alone has met again"


def test_what_is_older_than_was_asked_for_stays(database: Database) -> None:
    store, id_ = Commits(database), history(database)
    store.keep(id_, branch(1, "a"), [ReadCommit(commit("old", NOON - DAY), None), *found("a")], [])
    store.finish(id_, Branch(1, "a"), None, sweep=True)
    store.keep(id_, branch(2, "b", Branch(1, "a")), found("b"), [])
    store.finish(id_, Branch(2, "b", NOON.isoformat()), NOON, sweep=True)
    assert shas(store.read(id_)) == ["b", "old"]


def test_what_is_older_than_a_moment_is_counted(database: Database) -> None:
    store, id_ = Commits(database), history(database)
    old = replace(commit("old", NOON - DAY), is_merge=False)
    ghost = replace(commit("ghost", NOON - DAY), author=None, key="none")
    pages = [ReadCommit(one, None) for one in (old, replace(old, sha="older"), ghost)]
    store.keep(id_, branch(1, "a"), [*pages, *found("a")], [Alias(old.key, "", "mine", "")])
    assert store.before(id_, NOON) == CommitsBefore(), "nobody sees them yet"
    store.finish(id_, Branch(1, "a"), None, sweep=True)
    assert shas(store.read(id_, NOON)) == ["a"]
    assert store.before(id_, NOON) == CommitsBefore(2, 1, {"mine": NIA.id})
    assert store.before(id_, NOON - DAY) == CommitsBefore()


def test_what_people_are_called_on_threads_goes_first(database: Database) -> None:
    store, id_ = Commits(database), history(database)
    store.keep(id_, branch(1, "a"), found("a"), [])
    other = ReadCommit(commit("b"), replace(NIA, login="other"))
    store.keep(id_, branch(1, "a"), [other])
    assert Histories(database).people(id_) == {NIA.id: NIA}


def test_a_purge_takes_them_along_and_ends_the_reading(database: Database) -> None:
    store, id_ = Commits(database), history(database)
    store.keep(id_, branch(1, "a"), found("a"), [Alias("k", "", "l", "")])
    assert purge_repository(database, NAME)
    with database.engine.connect() as connection:
        for table in (commits, aliases):
            assert connection.execute(sa.select(table)).all() == []
    for write in (
        lambda: store.keep(id_, branch(1, "a"), found("b")),
        lambda: store.finish(id_, Branch(1, "a"), None, sweep=True),
        lambda: store.give_up(id_),
    ):
        with pytest.raises(UsherError, match="purged"):
            write()


def test_what_reaches_back_further_covers_what_is_asked_for() -> None:
    later = NOON.isoformat()
    earlier = (NOON - DAY).isoformat()
    assert Branch(since=None).covers(later)
    assert Branch(since=None).covers(None)
    assert Branch(since=earlier).covers(later)
    assert not Branch(since=later).covers(earlier)
    assert not Branch(since=later).covers(None)
