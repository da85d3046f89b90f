"""Settings under the names that other tools give them."""

import pytest
from pydantic import ValidationError

from bot.core.rule import Section
from bot.core.spellings import ANY_SPELLING


class Example(Section):
    model_config = ANY_SPELLING

    title_only: bool = False


@pytest.mark.parametrize("name", ["title_only", "titleOnly", "title-only"])
def test_a_setting_may_be_written_as_elsewhere(name: str) -> None:
    assert Example.model_validate({name: True}).title_only
    assert Example.model_validate({name: True}).model_fields_set == {"title_only"}


def test_the_manual_shows_one_name() -> None:
    assert list(Example.model_json_schema()["properties"]) == ["enabled", "mode", "title_only"]


@pytest.mark.parametrize("data", [{"titelOnly": True}, {"title_only": True, "titleOnly": True}])
def test_unknown_and_double_names_are_errors(data: dict[str, bool]) -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Example.model_validate(data)
