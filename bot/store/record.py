"""Usher's own record in a repository: what became of its actions, and what people made of its labels."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.health.labels import Labelling
from bot.store.database import Database
from bot.store.tables import actions, corrections, plans

_RULE = "triage"  # decides about labels by itself; others are asked to, or count
_PUT_ON = ("done", "undone")


class Record:
    """What the ledger says of a repository.

    Args:
        database: where the ledger is.
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine

    def counts(self, repository: str, since: datetime, until: datetime) -> dict[str, int]:
        """Return how many actions of a span have each status; what was left alone is none."""
        query = sa.select(actions.c.status, sa.func.count()).join(plans, plans.c.id == actions.c.plan)
        query = query.where(
            sa.func.lower(plans.c.repository) == repository.lower(),
            plans.c.created_at >= since,
            plans.c.created_at < until,
            actions.c.kind != "abstain",
        )
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query.group_by(actions.c.status))}

    def labellings(self, repository: str, since: datetime, unsure: str | None = None) -> list[Labelling]:
        """Return what was decided about labels since a moment, the oldest first.

        Args:
            repository: its full name.
            since: the moment.
            unsure: the label that asks for a person: it says that Usher could not tell.
        """
        query = sa.select(plans.c.number, plans.c.created_at, actions)
        query = query.join(plans, plans.c.id == actions.c.plan).where(
            sa.func.lower(plans.c.repository) == repository.lower(),
            plans.c.created_at >= since,
            actions.c.rule == _RULE,
            sa.or_(
                actions.c.kind == "abstain",
                sa.and_(actions.c.kind == "add_labels", actions.c.status.in_(_PUT_ON)),
            ),
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(actions.c.id)).all()
        said = self._corrections(repository, since)
        return [each for row in rows for each in _decided(row, said, (unsure or "").casefold())]

    def _corrections(self, repository: str, since: datetime) -> dict[int, list[Any]]:
        """What people changed about the labels of each thread, the oldest first."""
        query = sa.select(corrections).where(
            sa.func.lower(corrections.c.repository) == repository.lower(), corrections.c.at >= since
        )
        found = defaultdict(list)
        with self._engine.connect() as connection:
            for row in connection.execute(query.order_by(corrections.c.at, corrections.c.id)):
                found[row.number].append(row)
        return found


def _decided(row: Any, said: Mapping[int, list[Any]], unsure: str) -> list[Labelling]:
    if row.kind == "abstain":
        return [Labelling(row.number, row.created_at)]
    later = [each for each in said.get(row.number, ()) if each.at >= row.created_at]
    instead = next((each.label for each in later if each.added), "")
    found = []
    for label in row.args["labels"]:
        if label.casefold() == unsure:
            found.append(Labelling(row.number, row.created_at))
            continue
        taken_off = next((each.at for each in later if not each.added and each.label == label), None)
        undone_at = taken_off or (row.changed_at if row.status == "undone" else None)
        found.append(Labelling(row.number, row.created_at, label, undone_at, instead if undone_at else ""))
    return found
