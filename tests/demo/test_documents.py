"""The documents of the made-up project."""

from datetime import UTC, datetime, timedelta

from bot.demo.documents import made_up_documents

UNTIL = datetime(2026, 6, 15, tzinfo=UTC)


def test_all_are_older_than_the_look_at_them_and_one_is_missing() -> None:
    found = made_up_documents(UNTIL - timedelta(days=730), UNTIL)
    assert found.looked_at == UNTIL
    assert all(each.changed_at is not None and each.changed_at < UNTIL for each in found.documents)
    kinds = [each.kind for each in found.documents]
    assert len(set(kinds)) == len(kinds) == 5
    assert "security" not in kinds
