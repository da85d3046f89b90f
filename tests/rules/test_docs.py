import re
from pathlib import Path

import pytest

from bot.core.catalogue import COMMANDS
from bot.core.rule import Rule, Section
from bot.rules import RULES

DOCS = Path(__file__).parents[2] / "docs"
MANUAL = (DOCS / "rules.md").read_text("utf-8")
HEALTH = (DOCS / "health.md").read_text("utf-8")  # explains what the figures of reports go by
SECTIONS = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", MANUAL, re.DOTALL | re.MULTILINE))


def test_the_manual_has_a_section_for_each_rule_in_order() -> None:
    assert list(SECTIONS) == [rule.name for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_it_says_what_the_rule_does_its_settings_and_what_it_says(rule: Rule) -> None:
    text = SECTIONS[rule.name]
    assert all(part in text for part in ("**Does.**", "**Settings**", "**Says**"))
    assert f"`{rule.section}`" in text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_setting_is_explained(rule: Rule) -> None:
    own = set(rule.config.model_fields) - set(Section.model_fields)
    text = "".join(SECTIONS[other.name] for other in RULES if other.section == rule.section)
    elsewhere = set(re.findall(r"`(\w+)[`:]", HEALTH)) if rule.section == "health" else set()
    here = {name for name in own if re.search(rf"^  {name}:", text, re.MULTILINE)}
    assert own - here - elsewhere == set()


def test_every_command_is_explained() -> None:
    assert [each.name for each in COMMANDS if f"`/{each.name}" not in MANUAL] == []
