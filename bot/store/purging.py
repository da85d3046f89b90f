"""Forgetting: everything that is known of an installation, or of one repository."""

from collections.abc import Iterable

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.history_tables import histories
from bot.store.marks import checks_of, release_of
from bot.store.tables import (
    actions,
    check_runs,
    comments,
    contributors,
    corrections,
    deliveries,
    drafts,
    flows,
    gates,
    heads,
    installations,
    marks,
    own_issues,
    pauses,
    plans,
    repositories,
    skips,
    words,
)

_BY_NUMBER = (plans, comments, pauses, flows, check_runs, skips, drafts, gates, own_issues, words, heads)
_BY_NAME = (plans, deliveries, corrections, flows, gates)
_TABLES = (
    *dict.fromkeys((*_BY_NUMBER, *_BY_NAME)),
    contributors,
    repositories,
)  # each row of an installation


def purge_installation(database: Database, installation: int) -> bool:
    """Delete everything that is known of an installation, the histories of its repositories included.

    Returns:
        False where nothing was known of it.
    """
    named = sa.select(sa.func.lower(repositories.c.full_name))
    named = named.where(repositories.c.installation == installation)
    mine = sa.or_(histories.c.installation == installation, histories.c.key.in_(named))
    acted = sa.select(plans.c.id).where(plans.c.installation == installation)
    followed = sa.select(heads.c.repository_id).where(heads.c.installation == installation)
    statements = [
        _marks_of(_found(database, followed)),
        sa.delete(histories).where(mine),
        sa.delete(actions).where(actions.c.plan.in_(acted)),
        *(sa.delete(table).where(table.c.installation == installation) for table in _TABLES),
        sa.delete(installations).where(installations.c.id == installation),
    ]
    return _deleted(database, statements)


def purge_repository(database: Database, full_name: str) -> bool:
    """Delete everything that is known of a repository, its history included; its installation stays.

    Returns:
        False where nothing was known of it.
    """
    key = full_name.lower()
    numbers = _numbers(database, key)
    acted = sa.select(plans.c.id).where(
        sa.or_(plans.c.repository_id.in_(numbers), sa.func.lower(plans.c.repository) == key)
    )
    thread = sa.func.lower(contributors.c.thread)
    statements = [
        sa.delete(histories).where(histories.c.key == key),
        _marks_of(numbers),
        sa.delete(actions).where(actions.c.plan.in_(acted)),
        *(sa.delete(table).where(table.c.repository_id.in_(numbers)) for table in _BY_NUMBER),
        *(sa.delete(table).where(sa.func.lower(table.c.repository) == key) for table in _BY_NAME),
        sa.delete(contributors).where(thread.startswith(f"{key}#", autoescape=True)),
        sa.delete(repositories).where(sa.func.lower(repositories.c.full_name) == key),
    ]
    return _deleted(database, statements)


def _numbers(database: Database, key: str) -> list[int]:
    """The numbers at GitHub under which a repository is known here: rows may name it by these alone."""
    known = [
        sa.select(table.c.repository_id).where(sa.func.lower(table.c.repository) == key)
        for table in (plans, flows, gates)
    ]
    known.append(sa.select(histories.c.repository_id).where(histories.c.key == key))
    return _found(database, sa.union(*known))


def _found(database: Database, query: sa.Executable) -> list[int]:
    with database.engine.connect() as connection:
        return [number for number in connection.execute(query).scalars() if number is not None]


def _marks_of(numbers: Iterable[int]) -> sa.Delete:
    names = {name(number) for number in numbers for name in (checks_of, release_of)}
    return sa.delete(marks).where(marks.c.name.in_(names))


def _deleted(database: Database, statements: list[sa.Delete]) -> bool:
    with database.turn, database.engine.begin() as connection:
        return sum(connection.execute(statement).rowcount for statement in statements) > 0
