"""The ledger: each plan is saved before anything is done, and each action's fate is kept with its reason.

An action's status: ``planned`` -> ``started`` -> ``done``, ``unchanged`` (it was so already), ``skipped``
(a limit or a person stood against it) or ``failed``; ``observed`` where the mode says to touch nothing;
``undone`` once reverted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bot.core.actions import ANSWERS, Action, action_from
from bot.core.facts import LedgerEntry
from bot.store.database import Database
from bot.store.tables import actions, deliveries, plans

OPEN = ("planned", "started")
TITLE_LIMIT = 300
ITSELF = "Usher itself"  # the actor where nobody did anything; no login, as those have no blanks


@dataclass(frozen=True, slots=True)
class Planned:
    """An action that a rule asked for, and whether it is to be done or only observed."""

    rule: str
    action: Action
    acts: bool


@dataclass(frozen=True, slots=True)
class PlanHeader:
    """What a plan is about."""

    delivery: int | None
    guid: str
    installation: int
    repository_id: int
    repository: str
    number: int
    event: str
    title: str
    actor: str


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a saved plan."""

    id: int
    plan: int
    position: int
    rule: str
    kind: str
    args: dict[str, Any]
    summary: str
    reason: str
    confidence: float | None
    status: str
    before: dict[str, Any] | None
    detail: str | None
    changed_at: datetime

    def action(self) -> Action:
        return action_from(self.kind, self.args, reason=self.reason, confidence=self.confidence)


@dataclass(frozen=True, slots=True)
class Ending:
    """How one action ended."""

    action: int
    status: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """That a plan answered a command with a new comment, and whether an earlier one went for it."""

    plan: int
    number: int
    at: datetime
    replaced: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A saved plan with its actions in order."""

    id: int
    delivery: int | None
    guid: str
    installation: int
    repository_id: int
    repository: str
    number: int
    event: str
    title: str
    actor: str
    created_at: datetime
    steps: tuple[Step, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.repository}#{self.number}" if self.number else self.repository


class Ledger:
    """Plans and actions in and out of the database."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine

    def save(self, header: PlanHeader, planned: Sequence[Planned]) -> Plan:
        """Write a plan with all its actions in one transaction, before any of them is done."""
        now = datetime.now(UTC)
        values = {name: getattr(header, name) for name in PlanHeader.__slots__}
        values["title"] = header.title[:TITLE_LIMIT]
        rows = [_row(position, item, now) for position, item in enumerate(planned)]
        with self._engine.begin() as connection:
            inserted = sa.insert(plans).values(**values, created_at=now).returning(plans.c.id)
            plan = connection.execute(inserted).scalar_one()
            ids: Sequence[int] = ()
            if rows:
                given = sa.insert(actions).returning(actions.c.id, sort_by_parameter_order=True)
                ids = connection.execute(given, [{**row, "plan": plan} for row in rows]).scalars().all()
        steps = [
            Step(id=id_, plan=plan, before=None, detail=None, **row)
            for id_, row in zip(ids, rows, strict=True)
        ]
        return Plan(id=plan, created_at=now, steps=tuple(steps), **values)

    def get(self, plan: int) -> Plan | None:
        """Return a plan with its actions."""
        found = self._plans(plans.c.id == plan)
        return found[0] if found else None

    def of_delivery(self, delivery: int) -> Plan | None:
        """Return the plan that a delivery led to, if it was saved."""
        found = self._plans(plans.c.delivery == delivery)
        return found[0] if found else None

    def on_thread(self, repository_id: int, number: int, *, limit: int = 50) -> list[Plan]:
        """Return the plans on a thread, the newest first."""
        return self._plans(plans.c.repository_id == repository_id, plans.c.number == number, limit=limit)

    def of_thread(self, repository: str, number: int, *, limit: int = 50) -> list[Plan]:
        """The same for people, who know a repository by its name: of all that were ever called so."""
        return self._plans(
            sa.func.lower(plans.c.repository) == repository.lower(), plans.c.number == number, limit=limit
        )

    def recent(
        self, *, limit: int = 100, before: int | None = None, repository: str | None = None
    ) -> list[Plan]:
        """Return plans, the newest first; ``before`` a plan's number pages on."""
        conditions = []
        if before is not None:
            conditions.append(plans.c.id < before)
        if repository is not None:
            conditions.append(sa.func.lower(plans.c.repository) == repository.lower())
        return self._plans(*conditions, limit=limit)

    def latest(self, repository_id: int, number: int, rule: str, kind: str, *, sha: str = "") -> Step | None:
        """Return the last action of this kind that a rule asked for on a thread.

        Args:
            repository_id, number: the thread.
            rule, kind: of the action.
            sha: the commit that it is about, where only such a one counts.
        """
        about = [actions.c.args["sha"].as_string() == sha] if sha else []
        query = (
            sa.select(actions)
            .join(plans, plans.c.id == actions.c.plan)
            .where(plans.c.repository_id == repository_id, plans.c.number == number)
            .where(actions.c.rule == rule, actions.c.kind == kind, *about)
            .order_by(actions.c.id.desc())
            .limit(1)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else Step(**row)

    def answers(self, repository_id: int, since: datetime) -> list[Answered]:
        """Return the answers to commands that were written as new comments in a repository since then."""
        query = (
            sa.select(plans.c.id, plans.c.number, plans.c.created_at, actions.c.before)
            .join(plans, plans.c.id == actions.c.plan)
            .where(plans.c.repository_id == repository_id, plans.c.created_at >= since)
            .where(actions.c.summary.in_([f"comment: {purpose}" for purpose in ANSWERS]))
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            Answered(plan, number, at, bool(before["instead"]))
            for plan, number, at, before in rows
            if before and "instead" in before
        ]

    def step(self, action: int) -> Step | None:
        """Return one action by its number."""
        with self._engine.connect() as connection:
            query = sa.select(actions).where(actions.c.id == action)
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else Step(**row)

    def entries(self, repository_id: int, number: int) -> tuple[LedgerEntry, ...]:
        """Return what happened on a thread as rules and people read it, the newest first."""
        return tuple(
            LedgerEntry(
                id=step.id,
                plan=plan.id,
                rule=step.rule,
                kind=step.kind,
                summary=step.summary,
                reason=step.reason,
                status=step.status,
                at=step.changed_at,
            )
            for plan in self.on_thread(repository_id, number)
            for step in plan.steps
        )

    def start(self, action: int, before: dict[str, Any] | None) -> None:
        """Note that an action is about to be done, and what stood before, so that it can be undone."""
        self._set(action, status="started", before=before)

    def finish(self, action: int, status: str, detail: str | None = None) -> None:
        """Note an action's fate."""
        self._set(action, status=status, detail=detail)

    def conclude(self, endings: Sequence[Ending], delivery: int | None = None) -> None:
        """Note how actions ended and, with them, that their delivery is done: in one transaction."""
        now = datetime.now(UTC)
        with self._engine.begin() as connection:
            for ending in endings:
                values = {"status": ending.status, "detail": ending.detail, "changed_at": now}
                connection.execute(sa.update(actions).where(actions.c.id == ending.action).values(**values))
            if delivery is not None:
                done = {"state": "done", "note": None, "not_before": None, "changed_at": now}
                connection.execute(sa.update(deliveries).where(deliveries.c.id == delivery).values(**done))

    def counts(self) -> dict[str, int]:
        """Return how many actions have each status."""
        query = sa.select(actions.c.status, sa.func.count()).group_by(actions.c.status)
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def _plans(self, *conditions: sa.ColumnElement[bool], limit: int = 1) -> list[Plan]:
        query = sa.select(plans).where(*conditions).order_by(plans.c.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            headers = connection.execute(query).mappings().all()
            if not headers:
                return []
            ids = [row["id"] for row in headers]
            found = connection.execute(
                sa.select(actions).where(actions.c.plan.in_(ids)).order_by(actions.c.plan, actions.c.position)
            ).mappings()
            steps: dict[int, list[Step]] = {}
            for row in found:
                steps.setdefault(row["plan"], []).append(Step(**row))
        return [Plan(**row, steps=tuple(steps.get(row["id"], ()))) for row in headers]

    def _set(self, action: int, **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(actions)
                .where(actions.c.id == action)
                .values(**values, changed_at=datetime.now(UTC))
            )


def _rows(args: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The signs and titles of the rows of a checklist; nothing of an action that writes none."""
    context = args.get("context")
    listed = context.get("rows") if isinstance(context, dict) else None
    return tuple((row["mark"], row["title"]) for row in listed or () if {"mark", "title"} <= row.keys())


def _row(position: int, item: Planned, now: datetime) -> dict[str, Any]:
    return {
        "position": position,
        "rule": item.rule,
        "kind": item.action.kind,
        "args": item.action.args(),
        "summary": item.action.summary(),
        "reason": item.action.reason,
        "confidence": item.action.confidence,
        "status": "planned" if item.acts else "observed",
        "changed_at": now,
    }
