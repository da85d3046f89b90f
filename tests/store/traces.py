"""A mark left wherever something of an installation is kept, and looked for afterwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.core.actions import UpsertComment
from bot.core.documents import Document, Inventory
from bot.core.events import Repository
from bot.core.history import PastCommit, PastRelease, PastThread, Person, Snapshot, TimelineEvent
from bot.core.history_commits import ReadCommit
from bot.core.mailmap import Alias
from bot.core.pull_context import Skip, Word
from bot.core.pulls import PullRequest
from bot.core.release.gate_state import Checklist
from bot.store.commits import Branch, Commits, Walk
from bot.store.database import Database
from bot.store.documents import Documents
from bot.store.editions import Editions
from bot.store.flows import Flows
from bot.store.gates import GateRecord
from bot.store.handover import Handover
from bot.store.head_checks import Checked
from bot.store.history import Histories
from bot.store.inbox import Inbox, Incoming
from bot.store.ledger import Ledger, Planned
from bot.store.pace import Pace
from bot.store.registry import Registry
from bot.store.tables import metadata
from tests.store.examples import DAY, NOON, RECORD, number, plan, put

NOT_OF_AN_INSTALLATION = {"workers", "marks"}  # processes, and how far they came


def leave_traces(database: Database, installation: int, mark: str) -> None:
    """Leave a mark wherever something of an installation is kept."""
    inbox, registry, repository = Inbox(database), Registry(database), f"{mark}/{mark}"
    inbox.store([Incoming(f"{mark}-guid", mark, f'{{"x": "{mark}"}}'.encode(), NOON)])
    delivery = number(inbox, f"{mark}-guid")
    thread = f"{repository}#7"
    at = {"installation": installation, "repository": repository, "thread": thread}
    put(Handover(database), delivery, "done", note=mark, **at)
    said = UpsertComment(purpose=mark, template=mark, context={"text": mark}, reason=mark)
    about: dict[str, Any] = {"installation": installation, "repository": repository}
    saved = plan(
        Ledger(database),
        Planned("triage", said, acts=True),
        delivery=delivery,
        title=mark,
        actor=mark,
        repository_id=installation,
        **about,
    )
    Ledger(database).start(saved.steps[0].id, {"body": mark})
    Ledger(database).finish(saved.steps[0].id, "done", mark)
    registry.installed(installation, mark)
    registry.keep_config(repository, installation, good=mark, problems=mark)
    registry.keep_comment(installation, 7, mark, 100, installation)
    registry.set_paused(installation, 7, installation, paused=True)
    registry.keep_milestone(mark, installation, "issue", thread, installation)
    registry.keep_correction(action=saved.steps[0].id, number=7, label=mark, added=True, by=mark, **about)
    flows, where = Flows(database), Repository(installation, repository, installation, mark)
    mine = {"repository_id": installation, "installation": installation, "repository": repository}
    flows.keep(replace(RECORD, **mine))
    flows.keep_run(installation, mark, mark, number=7, installation=installation, run=1, said=mark)
    flows.keep_skip(installation, 7, installation, Skip(mark, mark, mark))
    flows.look_again(where, 7, NOON)
    flows.drafts.take(installation, installation, fingerprint(mark))
    Pace(database, timedelta(seconds=1)).block(installation, datetime.now(UTC) + DAY)
    flows.heads.told(installation, installation, PullRequest(7, base=mark, head_sha=mark, updated_at=NOON))
    flows.words.keep(installation, 7, installation, Word(mark, mark))
    flows.gates.keep(GateRecord(where, Checklist(7, mark)))
    flows.own_issues.take(installation, mark, installation, 1)
    leave_a_past(database, repository, mark)
    with database.engine.begin() as connection:  # a pause has no text of its own: its numbers are the mark
        pauses = metadata.tables["pauses"]
        connection.execute(
            sa.update(pauses).where(pauses.c.installation == installation).values(number=fingerprint(mark))
        )


def leave_a_past(database: Database, repository: str, mark: str) -> None:
    """Leave a mark in each table of a repository's history."""
    event = TimelineEvent(NOON, "labeled", None, detail=mark)
    past = PastThread(7, False, mark, None, NOON, timeline=(event,))
    with Editions(database).begin(repository) as edition:
        edition.add([Snapshot(past, (Person(1, mark),), NOON)])
        edition.publish(repository)
    history = Histories(database).find(repository)
    assert history is not None
    Histories(database).keep_releases(history.id, [PastRelease(mark, NOON)])
    Histories(database).mark(history.id, 1, is_bot=True, by=mark)
    Documents(database).keep(history.id, Inventory(NOON, (Document("readme", mark, mark),)))
    Checked(database).keep(history.id, {7: mark}, NOON)  # type: ignore[dict-item]
    committed = ReadCommit(PastCommit("a" * 40, NOON, NOON, 1, "key", mark), None)
    walk = Walk(1, mark, None, 1, None, over_rest=False)
    Commits(database).keep(history.id, Branch(walk=walk), [committed], [Alias("key", "", "", mark)])


def tables_with(database: Database, mark: str) -> set[str]:
    """The tables in which a mark stands, in any column of any row."""
    found = set()
    with database.engine.connect() as connection:
        for name, table in metadata.tables.items():
            for row in connection.execute(sa.select(table)):
                if mark in repr(tuple(row)) or fingerprint(mark) in tuple(row):
                    found.add(name)
    return found


def fingerprint(mark: str) -> int:
    return int.from_bytes(mark.encode()[:6], "big")
