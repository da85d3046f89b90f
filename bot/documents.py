"""Which documents a project has: looked up at GitHub once a day, and kept beside its history."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from bot.core.documents import Inventory
from bot.core.errors import BotError
from bot.store.database import Database
from bot.store.documents import Documents

log = structlog.get_logger(__name__)


def look_again(
    database: Database,
    history: int,
    look: Callable[[Inventory | None], Inventory],
    rest: timedelta = timedelta(0),
) -> None:
    """Look which documents there are, and keep that. Where GitHub does not say, what was known stays.

    Args:
        database: where it is kept.
        history: the number of the project's history.
        look: asks GitHub; is handed what is known already.
        rest: for how long what was found is good enough.
    """
    kept = Documents(database)
    known = kept.of(history)
    if known is not None and datetime.now(UTC) - known.looked_at < rest:
        return
    try:
        found = look(known)
    except BotError as error:  # a history is whole without them
        log.warning("history.documents_not_read", reason=str(error))
    else:
        kept.keep(history, found)
