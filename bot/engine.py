"""The durable engine: the only file that knows DBOS.

A relay takes deliveries from the inbox and enqueues one workflow for each, in the same transaction that
marks them as queued. Workflows of one thread run one after the other, in the order of arrival. What a
process was working on when it died is taken up again: on SQLite by the next start, on PostgreSQL by the
watchdog of any other worker.

The workflow has no recorded steps: the saved plan and the state of each action in the ledger are its
record, so running it again does only what is still open.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSClient, DBOSConfig, WorkflowStatus
from dbos._enqueue_options import EnqueueOptions

from bot.core.errors import BotError
from bot.process import Processor
from bot.store.database import Database
from bot.store.handover import Handover
from bot.store.inbox import Delivery
from bot.store.liveness import Liveness
from bot.store.marks import Marks

QUEUE = "deliveries"
WORKFLOW = "process_delivery"
# Pinned: a release must find the workflows of the one before.
APPLICATION_VERSION = "usher-1"
POLL_SECONDS = 0.1
RELAY_BATCH = 50  # a transaction of some 0.2 s: acknowledging waits no longer than that
RELAY_REST = 0.01  # seconds between two batches, in which others may write
CHORE_SECONDS = 1.0
RESCUE_EVERY = timedelta(seconds=30)
STALE = timedelta(seconds=60)
WATCH_SECONDS = 2.0
# A delivery that was at work at so many deaths of its process is likely their cause. A machine that is short
# of memory, or restarted in a loop, takes good ones along: this is far more than such a night should have.
MOST_DEATHS = 60
WORKFLOWS_KEPT = timedelta(days=7)
log = structlog.get_logger(__name__)

_processor: Processor | None = None


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MOST_DEATHS)
def _process_delivery(delivery: int) -> None:
    assert _processor is not None
    _processor.run(delivery)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do now and then, by one of all processes."""

    name: str
    every: timedelta
    do: Callable[[], object]


class Engine:
    """Runs deliveries through the processor, durably. One per process.

    Args:
        database: holds the inbox and the engine's own tables.
        processor: what is done with a delivery.
        concurrency: deliveries worked on at once in this process.
        chores: what else is to be done now and then.
    """

    def __init__(
        self, database: Database, processor: Processor, *, concurrency: int, chores: Sequence[Chore] = ()
    ) -> None:
        self._database = database
        self._processor = processor
        self._concurrency = concurrency
        self._handover = Handover(database)
        self._marks = Marks(database)
        self._chores = (
            *chores,
            Chore("hand over again what was lost", RESCUE_EVERY, self._rescue),
            Chore("forget old workflows", timedelta(days=1), self._forget),
        )
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._client: DBOSClient | None = None
        self._liveness = Liveness(database)

    @property
    def ready(self) -> bool:
        """True while deliveries are being worked on."""
        return self._client is not None and all(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        """Start working: recover what was left, then relay and sweep until stopped."""
        global _processor  # noqa: PLW0603 - workflows are plain functions that DBOS finds by name
        _processor = self._processor
        logging.getLogger("dbos").setLevel(logging.WARNING)
        self._liveness.announce()
        DBOS(config=self._config())
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            partition_concurrency=1,
            # More than can run: what waits in this process starts without waiting for the next poll.
            worker_concurrency=self._concurrency * 4,
            polling_interval_sec=POLL_SECONDS,
            on_conflict="always_update",
        )
        self._client = DBOSClient(system_database_engine=self._database.engine, application_name="usher")
        self._run(self._relay, "relay")
        self._run(self._do_chores, "chores")
        if self._liveness.watched:
            self._run(self._watch, "watchdog")

    def stop(self, timeout: float = 20.0) -> None:
        """Stop taking work, wait for what is under way (``timeout`` seconds at most), and let go."""
        self._stop.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(timeout=5)
        self._threads.clear()
        if self._client is not None:
            self._client.destroy()
            self._client = None
        DBOS.destroy(workflow_completion_timeout_sec=int(timeout))
        self._liveness.leave()

    def wake(self) -> None:
        """Look at the inbox now."""
        self._wake.set()

    def _config(self) -> DBOSConfig:
        url = self._database.url.render_as_string(hide_password=False)
        return {
            "name": "usher",
            "system_database_url": url,
            "system_database_engine": self._database.engine,
            "application_version": APPLICATION_VERSION,
            "executor_id": self._liveness.name,
            "max_executor_threads": self._concurrency + 4,  # DBOS needs a few for itself
            "use_listen_notify": False,
            "enable_otlp": False,
            "log_level": "WARNING",
            "console_log_level": "WARNING",
        }

    def _run(self, loop: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=loop, name=f"usher-{name}", daemon=True)
        thread.start()
        self._threads.append(thread)

    def _relay(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(POLL_SECONDS)
            self._wake.clear()
            try:
                while self._hand_over() == RELAY_BATCH and not self._stop.wait(RELAY_REST):
                    pass
            except Exception:
                log.exception("relay.failed")
                self._stop.wait(1)

    def _hand_over(self) -> int:
        """Hand over what is due. Returns how many deliveries were looked at."""
        assert self._client is not None
        with self._handover.transaction() as transaction:
            batch = transaction.take(RELAY_BATCH)
            if not batch:
                return 0
            routed = []
            for delivery in batch:
                seen = delivery.handovers == 0 and transaction.seen_before(delivery)
                decision = self._processor.route(delivery, seen_before=seen)
                routed.append(decision)
                if decision.state == "queued":
                    line = decision.values["thread"] or f"delivery {delivery.id}"
                    self._enqueue(transaction.connection, delivery, line)
            transaction.record(routed)
        return len(batch)

    def _enqueue(self, connection: sa.Connection, delivery: Delivery, line: str) -> None:
        assert self._client is not None
        # The first try has the delivery's own id; a later one must not find the first one's result.
        again = f"/{delivery.handovers}" if delivery.handovers else ""
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": f"gh:{delivery.guid}{again}",
            "app_version": APPLICATION_VERSION,
            "queue_partition_key": line,
            "priority": delivery.id % 2**31,
        }
        self._client.enqueue_in_transaction(connection, options, delivery.id)

    def _do_chores(self) -> None:
        while not self._stop.wait(CHORE_SECONDS):
            for chore in self._chores:
                try:
                    if self._marks.take_turn(chore.name, chore.every):
                        chore.do()
                except BotError as error:
                    log.warning("chore.put_off", chore=chore.name, reason=str(error))
                except Exception:
                    log.exception("chore.failed", chore=chore.name)

    def _rescue(self) -> None:
        """Hand over again what the engine lost, and bury what kills its process."""
        stale = self._handover.stale(STALE)
        if not stale:
            return
        ids = {f"gh:{d.guid}" + (f"/{d.handovers - 1}" if d.handovers > 1 else ""): d for d in stale}
        found = DBOS.list_workflows(workflow_ids=list(ids), load_input=False, load_output=False)
        for stranded in self._stranded(found):
            self._recover(stranded)
        states = {workflow.workflow_id: workflow.status for workflow in found}
        busy = []
        for workflow, delivery in ids.items():
            state = states.get(workflow)
            if state in ("PENDING", "ENQUEUED", "DELAYED"):
                busy.append(delivery.id)
            elif state == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
                note = f"the process died {MOST_DEATHS} times while this was at work"
                self._processor.inbox.finish(delivery.id, "dead", note)
            else:
                log.warning("delivery.rescued", delivery=delivery.id, workflow=state or "lost")
                self._processor.inbox.defer(delivery.id, datetime.now(UTC), "handed over again", counts=False)
        if busy:
            self._handover.touch(busy)

    def _stranded(self, found: Sequence[WorkflowStatus]) -> set[str]:
        """Return the executors of workflows under way that no worker answers for any more."""
        at_work = {w.executor_id for w in found if w.status == "PENDING" and w.executor_id}
        return at_work - self._liveness.others() - {self._liveness.name}

    def _forget(self) -> None:
        """Delete the engine's records of workflows that ended long ago; the ledger is kept apart."""
        before = (datetime.now(UTC) - WORKFLOWS_KEPT).isoformat()
        while True:
            old = DBOS.list_workflows(completed_before=before, limit=500, load_input=False, load_output=False)
            if not old or self._stop.is_set():
                return
            DBOS.delete_workflows([workflow.workflow_id for workflow in old])

    def _watch(self) -> None:
        """Recover the work of workers that were dead at two looks in a row."""
        suspects: set[str] = set()
        while not self._stop.wait(WATCH_SECONDS):
            try:
                self._liveness.renew()
                dead = self._liveness.dead()
                for executor in dead & suspects:
                    self._recover(executor)
                suspects = dead - suspects
            except Exception:
                log.exception("watchdog.failed")

    def _recover(self, executor: str) -> None:
        log.warning("watchdog.recovers", executor=executor)
        # Safe to do by several workers at once: a workflow returns to the queue only from this executor.
        DBOS._recover_pending_workflows([executor])  # noqa: SLF001 - no public way; the version is pinned
        self._liveness.bury(executor)
