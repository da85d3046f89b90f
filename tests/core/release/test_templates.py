import pytest
from pydantic_core import PydanticCustomError

from bot.core.release.templates import OF_CHANGES, OF_NOTES, OF_VERSIONS, filled, only, stranger, uses


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


@pytest.mark.parametrize(
    "text",
    [
        "costs $5, or US$ 5, $A, $_ and $",
        "${{ github.ref }} and ${CHANGES}",
        "## Changes\n\n$CHANGES",
        "Run `export $HOME/bin`.",
        "```sh\necho $PATH > $TMPDIR\n```",
        "v$RESOLVED_VERSION_MAJOR.x",
    ],
)
def test_what_looks_like_no_variable_is_text(text: str) -> None:
    assert stranger(text, OF_NOTES) is None
    assert only(OF_NOTES)(text) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$CHANGE", ("CHANGE", "CHANGES")),
        ("All in $HOME", ("HOME", "")),
        ("$CHANGES by $CONTRIBUTERS", ("CONTRIBUTERS", "CONTRIBUTORS")),
        ("pull it as `app:$RESOLVED_VERSON`", ("RESOLVED_VERSON", "RESOLVED_VERSION")),
        ("$PREVIOUS_TAGS...", ("PREVIOUS_TAGS", "PREVIOUS_TAG")),
    ],
)
def test_a_variable_that_there_is_not_is_a_mistake(text: str, found: tuple[str, str]) -> None:
    assert stranger(text, OF_NOTES) == found
    with pytest.raises(PydanticCustomError, match="is no variable here"):
        only(OF_NOTES)(text)


def test_each_template_has_its_own_variables() -> None:
    assert stranger("$TITLE", OF_CHANGES) is None
    assert stranger("$TITLE", OF_VERSIONS) == ("TITLE", "")
