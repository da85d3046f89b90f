"""The schema and the reference page say what the config reader takes."""

from pathlib import Path

import jsonschema_rs

from bot.config_docs import json_schema, reference
from bot.rules import RULES

PAGE = Path(__file__).parents[1] / "docs" / "config.md"


def test_the_schema_takes_what_works_and_refuses_what_does_not() -> None:
    validator = jsonschema_rs.validator_for(json_schema())
    assert validator.is_valid(
        {"version": 1, "mode": "act", "triage": {"threshold": 0.9, "labels": {"bug": "b"}}}
    )
    assert not validator.is_valid({"mode": "on"})
    assert not validator.is_valid({"triage": {"treshold": 0.9}})


def test_every_setting_of_the_schema_is_described() -> None:
    schema = json_schema()
    for part in (schema, *schema["$defs"].values()):
        for name, setting in part["properties"].items():
            target = schema["$defs"].get(setting.get("$ref", "").rsplit("/", 1)[-1], {})
            assert "description" in setting or "description" in target, name


def test_the_page_has_every_section_and_what_its_rules_do() -> None:
    page = reference()
    for rule in RULES:
        assert f"\n## `{rule.section}`\n" in page
        assert f"\n- {rule.doc}\n" in page
    assert "| `budget.comments_per_thread` | whole number from 0 to 100 | `10` |" in page


def test_the_committed_page_is_the_current_one() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "write it anew: python -m bot.config_docs > docs/config.md"
    )
