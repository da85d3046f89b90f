"""Numbers as people read them."""

from model.reporting.tables import asked, between, number, percent, scored, shared, table


def test_a_table_has_a_line_for_each_row() -> None:
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_numbers() -> None:
    assert (number(0.8), number(12_345.6, 0), percent(0.805)) == ("0.800", "12,346", "80.5%")
    assert between((0.7, 0.85)) == "0.700 to 0.850"
    assert scored(0.8, (0.7, 0.85)) == "0.800 (0.700 to 0.850)"
    assert shared(0.8, (0.7, 0.85)) == "80.0% (70.0% to 85.0%)"


def test_what_is_not_known_is_a_dash() -> None:
    assert [number(None), percent(None), between(None), scored(None, None), shared(None, None)] == ["-"] * 5
    assert scored(0.8, None) == "0.800"


def test_a_number_below_its_target_is_marked() -> None:
    assert asked("0.384", 0.384, 0.9) == "0.384, **less than asked for**"
    assert asked("0.900", 0.9, 0.9) == "0.900"
    assert asked("-", None, 0.9) == "-"
