import pytest
from fastapi import HTTPException

from bot.reporting import Asked, Reports
from bot.store.database import Database
from bot.store.history import Histories
from bot.web.wanted import Wanted, known_history, told
from tests.databases import shared_sqlite, sqlite_database

__all__ = ["shared_sqlite", "sqlite_database"]


def test_an_address_asks_for_what_it_says() -> None:
    wanted = Wanted("2026-06-15", "30d", "without", "newcomers")
    assert wanted.of("acme/widgets") == Asked("acme/widgets", "2026-06-15", "30d", False, "newcomers")
    assert wanted.query == "?until=2026-06-15&window=30d&bots=without&audience=newcomers"
    assert Wanted().of("acme/widgets") == Asked("acme/widgets")
    assert Wanted(audience="a&b=c d").query == "?audience=a%26b%3Dc+d"
    assert Wanted().query == ""


def test_what_is_said_of_bots_makes_sense_or_is_refused() -> None:
    assert (Wanted(bots="with").of("a/b").with_bots, Wanted().of("a/b").with_bots) == (True, None)
    with pytest.raises(HTTPException) as refused:
        Wanted(bots="maybe").of("acme/widgets")
    said = "'maybe' says nothing of bots: expected with or without."
    assert (refused.value.status_code, refused.value.detail) == (400, said)


def test_what_is_not_known_is_said_in_a_line(sqlite_database: Database) -> None:
    for ask in (
        lambda: told(Reports(sqlite_database), Asked("acme/none")),
        lambda: known_history(Histories(sqlite_database), "acme/none"),
    ):
        with pytest.raises(HTTPException) as refused:
            ask()
        assert refused.value.status_code == 404
        assert refused.value.detail.startswith("Nothing is known of the history of acme/none: usher backfill")
    with pytest.raises(HTTPException) as refused:
        told(Reports(sqlite_database), Asked("acme"))
    assert (refused.value.status_code, refused.value.detail[:6]) == (400, "'acme'")
