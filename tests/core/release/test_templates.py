import pytest

from bot.core.release.templates import filled, uses


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("v$MAJOR.$MINOR", "v1.2"),
        ("$MAJOR$MINOR", "12"),
        ("$MAJORITY $Major $ $$MAJOR", "$MAJORITY $Major $ $1"),
        ("$QUOTE", "$MAJOR"),
        ("", ""),
    ],
)
def test_variables_are_filled_in_once(template: str, text: str) -> None:
    assert filled(template, {"MAJOR": "1", "MINOR": "2", "QUOTE": "$MAJOR"}) == text


def test_a_variable_is_known_by_its_whole_name() -> None:
    assert uses("by $AUTHORS", "AUTHORS")
    assert not uses("by $AUTHORS", "AUTHOR")
