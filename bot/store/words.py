"""What people said about pull requests by command, in and out of the database."""

from datetime import UTC, datetime

import sqlalchemy as sa

from bot.core.pull_context import Word
from bot.store.database import Database
from bot.store.tables import words


class WordStore:
    """What people said about pull requests by command.

    Args:
        database: where it is kept.
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._database = database

    def of(self, repository_id: int, number: int) -> tuple[Word, ...]:
        """Return what was said about a pull request, the oldest first."""
        query = (
            sa.select(words.c.word, words.c.by, words.c.sha, words.c.detail, words.c.at)
            .where(words.c.repository_id == repository_id, words.c.number == number)
            .order_by(words.c.at, words.c.by)
        )
        with self._engine.connect() as connection:
            return tuple(Word(*row) for row in connection.execute(query))

    def keep(self, repository_id: int, number: int, installation: int, word: Word) -> None:
        """Keep what somebody said just now; what they said before under this word is replaced."""
        values = {
            "repository_id": repository_id,
            "number": number,
            "word": word.word,
            "by": word.by,
            "installation": installation,
            "sha": word.sha,
            "detail": word.detail,
            "at": word.at or datetime.now(UTC),
        }
        self._database.upsert(words, values, ["repository_id", "number", "word", "by"])

    def forget(self, repository_id: int, number: int, word: str, by: str = "") -> tuple[Word, ...]:
        """Forget a word.

        Args:
            repository_id, number: of which pull request.
            word: which.
            by: the login of who said it; "" for whoever did.

        Returns:
            what was forgotten.
        """
        with self._engine.begin() as connection:
            here = (
                words.c.repository_id == repository_id,
                words.c.number == number,
                words.c.word == word,
                *([words.c.by == by] if by else []),
            )
            columns = (words.c.word, words.c.by, words.c.sha, words.c.detail, words.c.at)
            gone = connection.execute(sa.delete(words).where(*here).returning(*columns)).all()
        return tuple(sorted((Word(*row) for row in gone), key=lambda word: word.by))
