"""What people said by command: one word for each person, kept until it is taken back."""

from datetime import UTC, datetime

from bot.core.pull_context import Word
from bot.store.database import Database
from bot.store.words import WordStore

MORNING, NOON = datetime(2025, 6, 9, 8, tzinfo=UTC), datetime(2025, 6, 9, 12, tzinfo=UTC)


def test_a_word_replaces_what_the_same_person_said_before(database: Database) -> None:
    store = WordStore(database)
    store.keep(1, 7, 5, Word("merge", "maya", "a1", "squash", NOON))
    store.keep(1, 7, 5, Word("approve", "wes", "a1", at=MORNING))
    store.keep(1, 7, 5, Word("merge", "maya", "b2", "", NOON))
    assert store.of(1, 7) == (
        Word("approve", "wes", "a1", "", MORNING),
        Word("merge", "maya", "b2", "", NOON),
    )
    assert store.of(1, 8) == store.of(2, 7) == ()


def test_one_word_or_everybodys_is_forgotten(database: Database) -> None:
    store = WordStore(database)
    for who in ("maya", "wes", "tri"):
        store.keep(1, 7, 5, Word("approve", who, "a1", at=NOON))
    store.keep(1, 7, 5, Word("merge", "maya", "a1", at=NOON))
    assert [word.by for word in store.forget(1, 7, "approve", "wes")] == ["wes"]
    assert [word.by for word in store.forget(1, 7, "approve")] == ["maya", "tri"]
    assert store.forget(1, 7, "approve") == ()
    assert [word.word for word in store.of(1, 7)] == ["merge"]
