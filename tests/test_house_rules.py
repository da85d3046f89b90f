"""The manners of the house, proven: what every rule, action, template and file must have.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jinja2.meta import find_undeclared_variables

from bot.apply import EXECUTORS, UNDO
from bot.core import actions, facts
from bot.core.rule import Rule, Section
from bot.gather.facts import PROVIDERS
from bot.render import _comment_environment
from bot.resources import resource_dir
from bot.rules import RULES
from tests.rules.answers import ANSWERS

ROOT = Path(__file__).parents[1]
CODE = ("bot", "model", "migrations", "tests")
FILE_LINES, FUNCTION_LINES = 300, 50
# A migration is one list of tables, which no split would make clearer.
LONG_FUNCTIONS = {"migrations/versions/0001_first_tables.py": {"upgrade"}}


def texts(pattern: str, *tops: str) -> dict[str, str]:
    """The files below the folders whose names match, by their path from the root."""
    found = sorted(path for top in tops for path in (ROOT / top).rglob(pattern) if path.is_file())
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in found}


PYTHON = texts("*.py", *CODE)
PROGRAM = {name: text for name, text in PYTHON.items() if name.startswith(("bot/", "model/"))}
PURE = {
    name: text
    for name, text in PROGRAM.items()
    if name.startswith(("bot/core/", "bot/rules/", "bot/health/"))
}
RULE_FILES = [name for name in PROGRAM if re.fullmatch(r"bot/rules/(?!__init__)\w+\.py", name)]
COMMENTS = {
    path.name.removesuffix(".md.j2"): path.read_text("utf-8")
    for path in (resource_dir("templates") / "comments").iterdir()
}


def below(kind: type) -> set[type]:
    return {kind, *(each for child in kind.__subclasses__() for each in below(child))}


# Rules


def test_each_rule_has_a_file_of_its_own_name() -> None:
    assert sorted(f"bot/rules/{rule.name}.py" for rule in RULES) == RULE_FILES
    assert [rule.decide.__module__ for rule in RULES] == [f"bot.rules.{rule.name}" for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_has_a_test(rule: Rule) -> None:
    test = PYTHON[f"tests/rules/test_{rule.name}.py"]
    assert f"from bot.rules.{rule.name} import " in test
    assert "def test_" in test


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_has_a_section_whose_settings_are_described(rule: Rule) -> None:
    assert issubclass(rule.config, Section)
    assert rule.config.__doc__
    assert [name for name, field in rule.config.model_fields.items() if not field.description] == []
    assert f"\n## `{rule.section}`\n" in (ROOT / "docs/config.md").read_text("utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_has_its_place_in_the_manual(rule: Rule) -> None:
    assert f"\n## `{rule.name}`\n" in (ROOT / "docs/rules.md").read_text("utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_a_rule_asks_for_can_be_obtained(rule: Rule) -> None:
    assert set(rule.needs) <= PROVIDERS.keys()
    assert rule.on


# Templates


def test_each_template_is_used_and_each_one_used_exists() -> None:
    assert {answer.template for answer in ANSWERS} == {name for name in COMMENTS if not name.startswith("_")}


@pytest.mark.parametrize("template", sorted({answer.template for answer in ANSWERS}))
def test_a_template_uses_exactly_what_it_is_given(template: str) -> None:
    used = find_undeclared_variables(_comment_environment().parse(COMMENTS[template]))
    assert [set(a.context) for a in ANSWERS if a.template == template and set(a.context) != used] == []


def lax_environments(source: str) -> list[str]:
    """Jinja environments that would print nothing for a variable that is missing."""
    made = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and _name(node) in {"Environment", "Jinja2Templates"}
    ]
    strict = {ast.dump(ast.parse("f(undefined=StrictUndefined)", mode="eval").body.keywords[0])}  # type: ignore[attr-defined]
    return [f"line {node.lineno}" for node in made if not strict & {ast.dump(each) for each in node.keywords}]


def test_a_missing_variable_is_loud_in_every_template() -> None:
    assert complaints(lax_environments, PROGRAM) == []
    assert lax_environments("Environment(loader=x)") == ["line 1"]
    assert lax_environments("Environment(undefined=Undefined)") == ["line 1"]
    assert lax_environments("Environment(undefined=StrictUndefined)") == []


# Actions and facts


def test_each_kind_of_action_has_an_executor_and_an_undo() -> None:
    kinds = {kind.kind: kind for kind in below(actions.Action) - {actions.Action}}
    assert dict(actions.KINDS) == kinds
    assert EXECUTORS.keys() == UNDO.keys() == kinds.keys()


def test_each_fact_has_a_provider() -> None:
    assert PROVIDERS.keys() == below(facts.Fact) - {facts.Fact}
