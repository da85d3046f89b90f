import sqlalchemy as sa

from bot.core.documents import Document, Inventory
from bot.store.database import Database
from bot.store.documents import Documents
from bot.store.history_tables import documents
from bot.store.purging import purge_repository
from tests.store.examples import DAY, NOON
from tests.store.test_history import NAME, publish

README = Document("readme", "README.md", "a" * 40, "", NOON - DAY)
CONDUCT = Document("code_of_conduct", ".github/CODE_OF_CONDUCT.md", "b" * 40, "acme/.github", None, True)


def test_where_nobody_looked_nothing_is_known(database: Database) -> None:
    assert Documents(database).of(publish(database)) is None


def test_what_was_found_is_kept_in_place_of_what_was_known(database: Database) -> None:
    history, kept = publish(database), Documents(database)
    kept.keep(history, Inventory(NOON, (README, CONDUCT)))
    assert kept.of(history) == Inventory(NOON, (README, CONDUCT))
    kept.keep(history, Inventory(NOON + DAY, (README,)))
    assert kept.of(history) == Inventory(NOON + DAY, (README,))
    assert kept.of(publish(database, name="acme/other")) is None


def test_that_there_is_none_is_known_once_somebody_looked(database: Database) -> None:
    history, kept = publish(database), Documents(database)
    kept.keep(history, Inventory(NOON, ()))
    assert kept.of(history) == Inventory(NOON, ())


def test_they_go_with_the_history(database: Database) -> None:
    Documents(database).keep(publish(database), Inventory(NOON, (README,)))
    purge_repository(database, NAME)
    with database.engine.connect() as connection:
        assert connection.execute(sa.select(documents)).all() == []
