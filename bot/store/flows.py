"""Pull requests whose flow is followed: when to look again, their check runs, and what was waived.

GitHub tells of most changes. A look that Usher asks itself for covers the rest: checks that belong to a
commit and not to a pull request, many changes within seconds, and events that were lost. Such a look is a
delivery like any other, so that it is as durable and stands in the same line.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.core.events import Repository
from bot.core.flow import BEFORE_MERGE, Stage
from bot.core.parse import LOOK
from bot.core.pull_context import Skip
from bot.store.database import Database
from bot.store.drafts import Drafts
from bot.store.gates import Gates
from bot.store.heads import Heads
from bot.store.inbox import UNFINISHED, digest
from bot.store.marks import Marks
from bot.store.own_issues import OwnIssues
from bot.store.tables import check_runs, deliveries, flows, skips
from bot.store.words import WordStore

SLOT = timedelta(seconds=2)
BATCH = 200  # pull requests that one sweep looks at


@dataclass(frozen=True, slots=True)
class FlowRecord:
    """What is kept of a pull request.

    Args:
        sha: the commit whose checks count: its head; once merged, the commit that the merge made.
        stage: of the flow, as it was last seen.
        pull_updated_at: the pull request's own time stamp, as it was last seen.
        looks: how often it was looked at without anything new.
        look_at: when to look at it next without being told; None for never.
    """

    repository_id: int
    number: int
    installation: int
    repository: str
    default_branch: str
    head_sha: str
    stage: str
    pull_updated_at: datetime | None
    looks: int
    look_at: datetime | None

    @property
    def place(self) -> Repository:
        return Repository(self.repository_id, self.repository, self.installation, self.default_branch)


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A check run that Usher made: its id at GitHub, a digest of what it says, and of which thread."""

    run: int
    digest: str
    written_at: datetime
    number: int


class Flows:
    """Pull requests, check runs, waived items and drafts of releases in and out of the database.

    Args:
        database: where they are.
        slot: looks asked for within this time become one.
    """

    def __init__(self, database: Database, slot: timedelta = SLOT) -> None:
        self._slot = slot.total_seconds()
        self.drafts = Drafts(database)
        self.gates = Gates(database)
        self.heads = Heads(database)
        self.marks = Marks(database)
        self.words = WordStore(database)
        self.own_issues = OwnIssues(database)
        self._engine = database.engine
        self._turn = database.turn
        self._database = database

    def get(self, repository_id: int, number: int) -> FlowRecord | None:
        """Return what is kept of a pull request."""
        query = sa.select(flows).where(flows.c.repository_id == repository_id, flows.c.number == number)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else FlowRecord(**row)

    def keep(self, record: FlowRecord) -> None:
        """Keep what was seen of a pull request."""
        values = {name: getattr(record, name) for name in FlowRecord.__slots__}
        self._database.upsert(flows, values, ["repository_id", "number"])

    def at_commit(self, repository_id: int, sha: str) -> list[int]:
        """Return the numbers of the pull requests whose checks are those of this commit."""
        query = sa.select(flows.c.number).where(
            flows.c.repository_id == repository_id, flows.c.head_sha == sha
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(flows.c.number)).scalars())

    def at_stage(self, repository_id: int, stage: str) -> list[int]:
        """Return the numbers of a repository's pull requests at a stage of the flow."""
        query = sa.select(flows.c.number).where(
            flows.c.repository_id == repository_id, flows.c.stage == stage
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(flows.c.number)).scalars())

    def done_since(self, repository_id: int, since: datetime) -> list[int]:
        """Return the newest pull requests of a repository that came to their end and changed since (UTC).

        No more than one sweep looks at.
        """
        query = sa.select(flows.c.number).where(
            flows.c.repository_id == repository_id,
            flows.c.stage == Stage.DONE.value,
            flows.c.pull_updated_at >= since,
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(flows.c.number.desc()).limit(BATCH)).scalars())

    def open_at(self, repository_id: int, sha: str) -> list[int]:
        """Return the numbers of the pull requests that are open and have this head, the oldest first."""
        query = sa.select(flows.c.number).where(
            flows.c.repository_id == repository_id,
            flows.c.head_sha == sha,
            flows.c.stage.in_([stage.value for stage in BEFORE_MERGE]),
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(flows.c.number)).scalars())

    def forget(self, repository_id: int, number: int) -> None:
        """Forget a pull request that is gone."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.delete(flows).where(flows.c.repository_id == repository_id, flows.c.number == number)
            )

    def due(self, now: datetime) -> list[FlowRecord]:
        """Return the pull requests that should be looked at, the most urgent first."""
        query = sa.select(flows).where(flows.c.look_at <= now).order_by(flows.c.look_at).limit(BATCH)
        with self._engine.connect() as connection:
            return [FlowRecord(**row) for row in connection.execute(query).mappings()]

    def look_again(self, where: Repository, number: int, due: datetime, event: str = LOOK) -> None:
        """Put a look at a pull request into the inbox; one that is there for that time will do.

        Args:
            where, number: the thread.
            due: when to look (UTC).
            event: ``RELEASE_LOOK`` for one at the checklist of a release.
        """
        slot = int(due.timestamp() // self._slot + 1)
        guid = f"look:{where.id}#{number}:{slot}"
        body = json.dumps(
            {
                "action": "look",
                "guid": guid,
                **where.as_payload(),
                "pull_request" if event == LOOK else "issue": {"number": number},
            }
        ).encode()
        row = {
            "guid": guid,
            "event": event,
            "body": body,
            "digest": digest(body),
            "received_at": datetime.now(UTC),
            "state": "deferred",
            "not_before": datetime.fromtimestamp(slot * self._slot, UTC),
            "installation": where.installation,
            "repository": where.full_name,
        }
        insert = (
            self._database.insert(deliveries).values(**row).on_conflict_do_nothing(index_elements=["guid"])
        )
        with self._turn, self._engine.begin() as connection:
            connection.execute(insert)

    def looked_since(self, repository_id: int, number: int, since: datetime) -> bool:
        """Return whether a look at a pull request was taken up or ended since then (UTC), in any process."""
        line = f"{repository_id}#{number}"
        query = sa.select(deliveries.c.id).where(
            deliveries.c.thread == line, deliveries.c.event == LOOK, deliveries.c.changed_at >= since
        )
        with self._engine.connect() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def has_unread(self, repository_id: int, number: int, after: int) -> bool:
        """Return whether something of a pull request, which came after a delivery, waits to be worked on."""
        query = sa.select(deliveries.c.id).where(
            deliveries.c.thread == f"{repository_id}#{number}",
            deliveries.c.id > after,
            deliveries.c.state.in_(UNFINISHED),
        )
        with self._engine.connect() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def run(self, repository_id: int, sha: str, name: str) -> KeptRun | None:
        """Return the check run of this name that a commit has."""
        query = sa.select(
            check_runs.c.run, check_runs.c.digest, check_runs.c.written_at, check_runs.c.number
        ).where(
            check_runs.c.repository_id == repository_id, check_runs.c.sha == sha, check_runs.c.name == name
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else KeptRun(*row)

    def keep_run(
        self, repository_id: int, sha: str, name: str, *, number: int, installation: int, run: int, said: str
    ) -> None:
        """Keep a check run's id, and the digest of what it says."""
        values = {
            "repository_id": repository_id,
            "sha": sha,
            "name": name,
            "number": number,
            "installation": installation,
            "run": run,
            "digest": said,
            "written_at": datetime.now(UTC),
        }
        self._database.upsert(check_runs, values, ["repository_id", "sha", "name"])

    def skips(self, repository_id: int, number: int) -> tuple[Skip, ...]:
        """Return what was waived on a pull request."""
        query = sa.select(skips.c.item, skips.c.reason, skips.c.by, skips.c.sha, skips.c.covers).where(
            skips.c.repository_id == repository_id, skips.c.number == number
        )
        with self._engine.connect() as connection:
            found = connection.execute(query.order_by(skips.c.item)).all()
        return tuple(Skip(*row[:-1], covers=tuple(row.covers or ())) for row in found)

    def keep_skip(self, repository_id: int, number: int, installation: int, skip: Skip) -> None:
        """Keep a maintainer's word that an item need not be done."""
        values = {
            "repository_id": repository_id,
            "number": number,
            "item": skip.item,
            "installation": installation,
            "reason": skip.reason,
            "by": skip.by,
            "sha": skip.sha,
            "covers": list(skip.covers),
            "at": datetime.now(UTC),
        }
        self._database.upsert(skips, values, ["repository_id", "number", "item"])

    def forget_skip(self, repository_id: int, number: int, item: str) -> bool:
        """Forget that an item was waived. Returns False where it was not."""
        with self._engine.begin() as connection:
            result = connection.execute(
                sa.delete(skips).where(
                    skips.c.repository_id == repository_id, skips.c.number == number, skips.c.item == item
                )
            )
        return result.rowcount > 0
