from typing import Any

import pytest
from pydantic import ValidationError

from bot.health.settings import HealthConfig


def test_the_defaults_are_those_of_the_definitions() -> None:
    config = HealthConfig()
    assert (config.time_zone, config.window, config.benchmark) == ("UTC", 90, 2)
    assert (config.inactive_after, config.absence_share, config.label_days) == (90, 0.5, 14)
    assert config.weekdays == {0, 1, 2, 3, 4}
    assert config.minutes == (0, 24 * 60)


def test_every_setting_is_described() -> None:
    assert [name for name, field in HealthConfig.model_fields.items() if not field.description] == []


def test_working_hours_are_read_to_the_minute() -> None:
    assert HealthConfig(business_hours="09:30-17:00").minutes == (570, 1020)
    assert HealthConfig(business_days=("sat", "mon")).weekdays == {0, 5}


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": ""},
        {"business_hours": "9-17"},
        {"business_hours": "17:00-09:00"},
        {"business_hours": "09:00-24:30"},
        {"business_days": []},
        {"business_days": ["monday"]},
        {"window": 0},
        {"benchmark": 0},
        {"absence_share": 1.1},
        {"windows": 90},
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_an_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        HealthConfig(**wrong)
