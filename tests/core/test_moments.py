from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.moments import EARLIEST, is_possible, number_flaw, time_flaw

LATEST = datetime(2026, 6, 15, 12, tzinfo=UTC)
NO_TIME = "which is no time such as 2026-06-15T12:00:00Z"
OUTSIDE = "which is not within 1990-01-01 to 2026-06-15 12:00 UTC"


@pytest.mark.parametrize("silent", [{}, {"at": None}, {"at": ""}, None, [], "at"])
def test_what_is_missing_is_called_so(silent: Any) -> None:
    assert time_flaw(silent, "at", LATEST) == "has no at"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("2016-12-31T23:59:60Z", f'has the at "2016-12-31T23:59:60Z", {NO_TIME}'),
        ("2026-02-30T00:00:00Z", f'has the at "2026-02-30T00:00:00Z", {NO_TIME}'),
        (1_750_000_000, f"has the at 1750000000, {NO_TIME}"),
        ({"date": 1}, f'has the at {{"date": 1}}, {NO_TIME}'),
        ("0001-01-01T00:00:00Z", f'has the at "0001-01-01T00:00:00Z", {OUTSIDE}'),
        ("9999-12-31T23:59:59Z", f'has the at "9999-12-31T23:59:59Z", {OUTSIDE}'),
    ],
)
def test_what_is_there_is_shown_with_what_is_wrong(value: Any, says: str) -> None:
    assert time_flaw({"at": value}, "at", LATEST) == says


def test_a_long_value_is_cut() -> None:
    assert time_flaw({"at": "x" * 10**6}, "at", LATEST) == f'has the at "{"x" * 59}…, {NO_TIME}'


def test_the_limits_themselves_are_possible() -> None:
    assert is_possible(EARLIEST, LATEST)
    assert is_possible(LATEST, LATEST)
    assert not is_possible(LATEST.replace(second=1), LATEST)
    assert not is_possible(EARLIEST.replace(year=1989), LATEST)


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (-1, "-1"), (2**63, "9223372036854775808"), ("1", '"1"'), (True, "true")]
)
def test_a_wrong_number_is_shown(value: Any, shown: str) -> None:
    says = f"has the number {shown}, which is no whole number from 1 to 9223372036854775807"
    assert number_flaw({"number": value}, "number") == says
    assert number_flaw({"number": None}, "number") == number_flaw({}, "number") == "has no number"
