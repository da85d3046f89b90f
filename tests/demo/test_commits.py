"""The commits of the made-up project: consistent with its pull requests, and kept as a walk keeps them."""

from collections import Counter
from datetime import UTC, datetime

from bot.demo.commits import TRANSLATOR, keep_commits
from bot.demo.history import NAME, made_up
from bot.store.commits import Commits
from bot.store.database import Database
from bot.store.editions import Editions
from bot.store.progress import Places
from tests.databases import shared_sqlite, sqlite_database

__all__ = ["shared_sqlite", "sqlite_database"]

UNTIL = datetime(2026, 6, 15, tzinfo=UTC)


def test_each_merged_pull_request_has_its_commits() -> None:
    made = made_up(UNTIL)
    merged = sum(thread.is_merged for thread in made.threads)
    commits = made.commits
    assert len({commit.sha for commit in commits}) == len(commits)
    plain = Counter(commit.name for commit in commits if not commit.is_merge)
    assert plain.total() - plain[TRANSLATOR] == merged
    assert sum(commit.is_merge for commit in commits) == merged // 5
    assert {commit.author for commit in commits if commit.name == TRANSLATOR} == {None}


def test_they_are_kept_where_reports_find_them(sqlite_database: Database) -> None:
    Editions(sqlite_database).keep(NAME, ())
    place = Places(sqlite_database).find(NAME)
    assert place is not None
    commits = made_up(UNTIL).commits
    keep_commits(commits, sqlite_database, place.id)
    assert set(Commits(sqlite_database).read(place.id) or ()) == set(commits)
