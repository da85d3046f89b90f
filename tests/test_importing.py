import json
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import importing
from bot.backups import Backup
from bot.core.errors import ConfigError
from bot.core.history import PastThread
from bot.importing import Imported, import_backup
from bot.store.database import Database
from bot.store.editions import Published
from bot.store.history import Histories
from bot.store.tables import metadata
from tests.backup_lines import NAME, backup, comment, day, event, issue, line, pull, review
from tests.core.payloads import HUBOT, MONA, ROBOT
from tests.databases import shared_sqlite, sqlite_database
from tests.shared import shared

__all__ = ["shared_sqlite", "sqlite_database"]

ISSUES = [
    line(issue(n), comment(2, id=n), event("labeled", 3, id=n, label={"name": "bug"})) for n in (1, 3, 5)
]
PULLS = [line(pull(n), review(2, id=n), comments=[comment(3, HUBOT, id=n)]) for n in (2, 4)]


def into(database: Database, folder: Path, name: str = NAME) -> Imported:
    return import_backup(database, name, Backup(folder))


def seen(database: Database, name: str = NAME) -> list[PastThread]:
    """What everybody sees of a history."""
    found = Histories(database).find(name)
    return [] if found is None else list(Histories(database).threads(found.id))


def refused(database: Database, folder: Path, name: str = NAME) -> str:
    """What is said of a backup that is not imported, not even in part."""
    before = seen(database)
    with pytest.raises(ConfigError) as error:
        into(database, folder, name)
    assert seen(database) == before
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_backup_is_imported(sqlite_database: Database, tmp_path: Path) -> None:
    imported = into(sqlite_database, backup(tmp_path, issues=ISSUES, pulls=PULLS), "ACME/widgets")
    assert imported == Imported(NAME, Published(issues=3, pulls=2, events=10, outdated=0))
    assert imported.in_words() == "acme/widgets: 3 issues and 2 pull requests with 10 events"
    found = Histories(sqlite_database).find(NAME)
    assert found is not None
    assert (found.full_name, found.repository_id) == (NAME, 10)
    threads = seen(sqlite_database)
    assert [(t.number, t.is_pull, [d.kind for d in t.timeline]) for t in threads[:2]] == [
        (1, False, ["commented", "labeled"]),
        (2, True, ["reviewed", "review_commented"]),
    ]
    assert Histories(sqlite_database).people(found.id).keys() == {1, 2}


def test_many_parcels_are_one_history(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_THREADS", 2)
    monkeypatch.setattr(importing, "_EVENTS", 3)
    numbers = list(range(1, 30))
    into(sqlite_database, backup(tmp_path, issues=[line(issue(n), *[comment(2)] * (n % 4)) for n in numbers]))
    assert [(thread.number, len(thread.timeline)) for thread in seen(sqlite_database)] == [
        (n, n % 4) for n in numbers
    ]


def test_importing_twice_changes_nothing(sqlite_database: Database, tmp_path: Path) -> None:
    folder = backup(tmp_path, issues=ISSUES, pulls=PULLS)
    first, threads = into(sqlite_database, folder), seen(sqlite_database)
    assert into(sqlite_database, folder) == first
    assert seen(sqlite_database) == threads


def test_an_older_backup_takes_nothing_back(sqlite_database: Database, tmp_path: Path) -> None:
    newer = line(issue(1, title="new", updated_at=day(9)), comment(2, id=1))
    older = line(issue(1, title="old", updated_at=day(8)), comment(2, id=1), comment(3, id=2))
    into(sqlite_database, backup(tmp_path, issues=[older, line(issue(2))]))
    assert [len(thread.timeline) for thread in seen(sqlite_database)] == [2, 0]
    into(sqlite_database, backup(tmp_path, issues=[newer]))
    assert [(t.title, len(t.timeline)) for t in seen(sqlite_database)] == [("new", 1), ("It crashes", 0)]
    said = into(sqlite_database, backup(tmp_path, issues=[older]))
    assert said.in_words().endswith("; of 1 thread a later state was known, which stays")
    assert seen(sqlite_database)[0].title == "new"


def test_a_comment_that_was_deleted_since_is_gone(sqlite_database: Database, tmp_path: Path) -> None:
    into(sqlite_database, backup(tmp_path, issues=[line(issue(), comment(2, id=1), comment(3, id=2))]))
    left = line(issue(updated_at=day(4)), comment(3, id=2), event("comment_deleted", 4, id=3))
    into(sqlite_database, backup(tmp_path, issues=[left]))
    assert [event.at.day for event in seen(sqlite_database)[0].timeline] == [3]


def test_a_pull_request_in_both_files_counts_once(sqlite_database: Database, tmp_path: Path) -> None:
    listed = line(issue(2, pull_request={"url": ""}, updated_at=day(9)))
    said = into(sqlite_database, backup(tmp_path, issues=[*ISSUES, listed], pulls=PULLS))
    assert (said.published.issues, said.published.pulls) == (3, 2)
    assert len(seen(sqlite_database)[1].timeline) == 2


@pytest.mark.parametrize("others", [PULLS, []])
def test_a_pull_request_that_stands_only_among_the_issues(
    sqlite_database: Database, tmp_path: Path, others: Any
) -> None:
    merged = {"state": "closed", "closed_at": day(4), "pull_request": {"merged_at": day(4)}}
    listed = line(issue(9, **merged), comment(2), event("merged", 4))
    said = into(sqlite_database, backup(tmp_path, issues=[*ISSUES, listed], pulls=others))
    assert (said.published.issues, said.published.pulls) == (3, len(others) + 1)
    found = seen(sqlite_database)[-1]
    assert (found.number, found.is_pull, found.is_merged, len(found.timeline)) == (9, True, True, 2)


def test_a_backup_without_updated_at_replaces_an_older_one(sqlite_database: Database, tmp_path: Path) -> None:
    shut = issue(state="closed", closed_at=day(5), updated_at=None)
    into(sqlite_database, backup(tmp_path / "a", issues=[line(shut, event("closed", 5))]))
    again = line(issue(updated_at=None), event("closed", 5), event("reopened", 8), comment(9))
    said = into(sqlite_database, backup(tmp_path / "b", issues=[again]))
    assert said.published.outdated == 0
    assert (seen(sqlite_database)[0].is_open, len(seen(sqlite_database)[0].timeline)) == (True, 3)


def test_commits_whose_clock_was_wrong_are_told(sqlite_database: Database, tmp_path: Path) -> None:
    wrong = {"event": "committed", "sha": "a" * 40, "committer": {"date": "1970-01-01T00:00:00Z"}}
    said = into(sqlite_database, backup(tmp_path, pulls=[line(pull(), wrong, comment(2))]))
    assert said.in_words() == (
        "acme/widgets: 0 issues and 1 pull request with 1 event; 1 commit without a possible date left out"
    )
    assert said.as_json()["undated"] == 1


def test_the_last_name_of_an_account_is_kept(sqlite_database: Database, tmp_path: Path) -> None:
    renamed = [
        line(issue(1, user={**MONA, "login": "lisa"}, updated_at=day(5))),
        line(issue(2, user=MONA, updated_at=day(4))),
        line(issue(3, user=ROBOT)),
    ]
    into(sqlite_database, backup(tmp_path, issues=renamed))
    found = Histories(sqlite_database).find(NAME)
    assert found is not None
    people = Histories(sqlite_database).people(found.id).values()
    assert {(person.login, person.is_bot) for person in people} == {("lisa", False), ("helper[bot]", True)}


# What is wrong


@pytest.mark.parametrize(
    "name", ["", "acme", "acme/", "/widgets", "a/b/c", "acme/wid gets", "../..", "acme/widgets\n"]
)
def test_a_name_that_is_none(sqlite_database: Database, tmp_path: Path, name: str) -> None:
    said = refused(sqlite_database, backup(tmp_path, issues=ISSUES), name)
    assert "is no repository: expected owner/repo, such as acme/widgets" in said


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("{", "not JSON"),
        (line(issue(number=None)), "it has no number"),
        (line(issue(number="1")), 'it has the number "1", which is no whole number from 1 to'),
        (line(issue(created_at="yesterday")), 'it has the created_at "yesterday", which is no time such as'),
        (
            line(issue(created_at="0001-01-01T00:00:00Z")),
            'it has the created_at "0001-01-01T00:00:00Z", which',
        ),
        (
            line(issue(updated_at="9999-12-31T23:59:59Z")),
            'it has the updated_at "9999-12-31T23:59:59Z", which',
        ),
        (line(issue(), comment(2), {"event": "commented"}), "event 2 (commented) has no created_at"),
        ({**line(issue()), "events": {"a": 1}}, 'its "events" is no list'),
        ({**line(issue()), "comments": "none"}, 'its "comments" is no list'),
        (
            line(issue(url="https://api.github.com/repos/acme/gears/issues/7")),
            "it is of acme/gears, not of acme/widgets",
        ),
    ],
)
def test_one_wrong_line_is_enough(sqlite_database: Database, tmp_path: Path, wrong: Any, says: str) -> None:
    into(sqlite_database, backup(tmp_path, issues=[line(issue(title="before"))]))
    said = refused(sqlite_database, backup(tmp_path, issues=[*ISSUES, wrong], pulls=PULLS))
    assert said.startswith(f"{tmp_path}/issues.jsonl, line 4: {says}")
    assert hidden(sqlite_database) == 0


def hidden(database: Database) -> int:
    """How many threads are stored that nobody sees."""
    threads = metadata.tables["threads"]
    count = sa.select(sa.func.count()).select_from(threads).where(threads.c.edition != 0)
    with database.engine.connect() as connection:
        return connection.execute(count).scalar_one()


def test_a_pull_request_of_another_repository(sqlite_database: Database, tmp_path: Path) -> None:
    other = pull(base={"repo": {"id": 11, "full_name": "acme/gears"}})
    said = refused(sqlite_database, backup(tmp_path, issues=ISSUES, pulls=[line(other)]))
    assert said.startswith(f"{tmp_path}/pulls.jsonl, line 1: it is of acme/gears, not of {NAME}")


def test_a_time_may_be_a_little_ahead_of_the_clock_here(sqlite_database: Database, tmp_path: Path) -> None:
    soon, later = (f"{datetime.now(UTC) + timedelta(hours=hours):%FT%TZ}" for hours in (23, 25))
    into(sqlite_database, backup(tmp_path, issues=[line(issue(updated_at=soon))]))
    said = refused(sqlite_database, backup(tmp_path, issues=[line(issue(updated_at=later))]))
    assert f'it has the updated_at "{later}", which is not within 1990-01-01 to ' in said


@pytest.mark.parametrize("formerly", [(), ("acme/gears",)])
def test_different_repositories_of_one_name(
    sqlite_database: Database, tmp_path: Path, formerly: tuple[str, ...]
) -> None:
    other = pull(9, base={"repo": {"id": 11, "full_name": "acme/gears" if formerly else NAME}}, url=None)
    folder = backup(tmp_path, issues=ISSUES, pulls=[*PULLS, line(other)])
    with pytest.raises(ConfigError) as error:
        import_backup(sqlite_database, NAME, Backup(folder), formerly=formerly)
    assert str(error.value) == (
        f"{folder}/pulls.jsonl, line 3: it is of the repository with the number 11, the lines before are of "
        "number 10: they are different ones, whatever their names are"
    )
    assert seen(sqlite_database) == []


def test_lines_from_before_a_renaming(sqlite_database: Database, tmp_path: Path) -> None:
    old = issue(7, url="https://api.github.com/repos/Acme/Gears/issues/7")
    folder = backup(tmp_path, issues=[line(old), *ISSUES], pulls=PULLS)
    assert "where that was its name before, add --formerly Acme/Gears" in refused(sqlite_database, folder)
    imported = import_backup(sqlite_database, NAME, Backup(folder), formerly=["acme/gears"])
    assert (imported.repository, imported.published.issues) == (NAME, 4)


def test_a_former_name_that_is_none(sqlite_database: Database, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'gears' is no repository"):
        import_backup(sqlite_database, NAME, Backup(backup(tmp_path, issues=ISSUES)), formerly=["gears"])


def test_a_backup_without_threads(sqlite_database: Database, tmp_path: Path) -> None:
    assert refused(sqlite_database, backup(tmp_path)) == "the backup holds no issue and no pull request"


# When it dies

KILLED = """
import os, signal, sys
import sqlalchemy as sa
from pathlib import Path
from bot import importing
from bot.backups import Backup
from bot.store.database import Database

left = int(sys.argv[3])
database = Database(sys.argv[1])
importing._THREADS = 2

def die(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

sa.event.listen(database.engine, "after_cursor_execute", die)
importing.import_backup(database, "acme/widgets", Backup(Path(sys.argv[2])))
"""


def killed(url: str, folder: Path, after: int) -> subprocess.CompletedProcess[str]:
    """Import in a process that dies after so many statements, unless it ends before."""
    command = [sys.executable, "-c", KILLED, url, str(folder), str(after)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_one_that_is_killed_leaves_all_or_nothing(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    database.migrate()
    old = backup(tmp_path / "old", issues=[line(issue(n, title="old")) for n in range(1, 6)])
    into(database, old)
    before = seen(database)
    new = backup(tmp_path / "new", issues=[line(issue(n, title="new"), comment(2)) for n in range(1, 10)])
    states = []
    for statements in range(2, 1_000, 7):
        died = killed(database_url, new, statements).returncode == -signal.SIGKILL
        states.append("old" if seen(database) == before else "new")
        assert states[-1] == "old" or [thread.title for thread in seen(database)] == ["new"] * 9
        if not died:
            break
    assert states == sorted(states, reverse=True)
    assert (states[0], states[-1]) == ("old", "new")
    assert len(states) > 4
    assert hidden(database) == 0
    database.close()


# A whole project


def test_a_real_project(sqlite_database: Database) -> None:
    folder = shared("data/history/secp256k1")
    name = "bitcoin-core/secp256k1"
    said = into(sqlite_database, folder, name)
    assert (said.published.issues, said.published.pulls) == (517, 1_308)
    threads = seen(sqlite_database, name)
    assert [thread.number for thread in threads] == sorted(thread.number for thread in threads)
    kinds = Counter(event.kind for thread in threads for event in thread.timeline)
    assert said.published.events == sum(kinds.values()) == 28_347
    assert {kind: kinds[kind] for kind in ("commented", "reviewed", "review_commented", "committed")} == {
        "commented": 9_372,
        "reviewed": 2_592,
        "review_commented": 6_018,
        "committed": 3_288,
    }
    assert (kinds["merged"], sum(thread.is_merged for thread in threads)) == (944, 944)
    assert [thread.number for thread in threads if thread.is_merged and thread.closed_at is None] == []
    assert not {1519, 1698} & {thread.number for thread in threads}
    drafts = [t for t in threads if t.ready_at and t.ready_at - t.created_at > timedelta(minutes=1)]
    assert drafts
    assert json.dumps(said.as_json())
