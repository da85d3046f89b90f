"""The manners of the house, proven: what every rule, template, action and fact must have."""

import ast
import re
from collections.abc import Sequence
from types import ModuleType

import pytest
from jinja2.meta import find_referenced_templates, find_undeclared_variables

from bot.apply import EXECUTORS, UNDO
from bot.core import actions, branch_rules, facts, merging, pull_context, pulls
from bot.core.actions import UpsertComment
from bot.core.pull_actions import UpsertIssue
from bot.core.release import gate_state, state
from bot.core.rule import Rule, Section
from bot.gather.facts import HANDED_ON, PROVIDERS
from bot.gather.pulls import PULL_PROVIDERS
from bot.render import _markdown_environment
from bot.resources import resource_dir
from bot.rules import RULES
from tests.house import PROGRAM, PYTHON, ROOT, called, complaints
from tests.rules.answers import ANSWERS, ISSUES

RULE_FILES = [name for name in PROGRAM if re.fullmatch(r"bot/rules/(?!__init__)\w+\.py", name)]
TEMPLATES = {
    folder: {
        path.name.removesuffix(".md.j2"): path.read_text("utf-8")
        for path in (resource_dir("templates") / folder).iterdir()
    }
    for folder in ("comments", "issues")
}
#: What the rules say in a template of each folder.
SAID: dict[str, Sequence[UpsertComment | UpsertIssue]] = {"comments": ANSWERS, "issues": ISSUES}

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def kinds(module: ModuleType, base: type) -> set[type]:
    """The classes of a module that are a kind of ``base``."""
    return {v for v in vars(module).values() if isinstance(v, type) and issubclass(v, base)} - {base}


# Rules


def test_each_rule_has_a_file_of_its_own_name() -> None:
    assert sorted(f"bot/rules/{rule.name}.py" for rule in RULES) == RULE_FILES
    assert [rule.decide.__module__ for rule in RULES] == [f"bot.rules.{rule.name}" for rule in RULES]


@each_rule
def test_each_rule_has_a_test(rule: Rule) -> None:
    test = PYTHON[f"tests/rules/test_{rule.name}.py"]
    assert f"from bot.rules.{rule.name} import " in test
    assert "def test_" in test


@each_rule
def test_each_rule_has_a_section_whose_settings_are_described(rule: Rule) -> None:
    assert issubclass(rule.config, Section)
    assert rule.config.__doc__
    assert [name for name, field in rule.config.model_fields.items() if not field.description] == []
    assert f"\n## `{rule.section}`\n" in (ROOT / "docs/config.md").read_text("utf-8")


@each_rule
def test_each_rule_has_its_place_in_the_manual(rule: Rule) -> None:
    assert f"\n## `{rule.name}`\n" in (ROOT / "docs/rules.md").read_text("utf-8")


@each_rule
def test_each_rule_listens_to_something_and_asks_for_what_can_be_obtained(rule: Rule) -> None:
    assert rule.on
    assert set(rule.needs) <= {*PROVIDERS, *PULL_PROVIDERS, *HANDED_ON}


# Templates


@pytest.mark.parametrize("folder", TEMPLATES)
def test_each_template_is_used_and_each_one_used_exists(folder: str) -> None:
    used = {said.template for said in SAID[folder]}
    assert used == {name for name in TEMPLATES[folder] if not name.startswith("_")}


def variables(folder: str, template: str) -> set[str]:
    """The variables of a template, and of those that it includes."""
    environment = _markdown_environment(folder)
    tree = environment.parse(TEMPLATES[folder][template])
    assert environment.loader is not None
    sources = [
        environment.loader.get_source(environment, name)[0]
        for name in find_referenced_templates(tree)
        if name
    ]
    return set(find_undeclared_variables(tree)).union(
        *(find_undeclared_variables(environment.parse(source)) for source in sources)
    )


@pytest.mark.parametrize(
    ("folder", "template"), sorted({(folder, each.template) for folder in SAID for each in SAID[folder]})
)
def test_a_template_uses_exactly_what_it_is_given(folder: str, template: str) -> None:
    used = variables(folder, template)
    given = [each.context for each in SAID[folder] if each.template == template]
    assert [context for context in given if context.keys() != used] == []


def lax_environments(source: str) -> list[str]:
    """Jinja environments that would print nothing for a variable that is missing."""
    return [
        f"line {node.lineno}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and called(node) in {"Environment", "Jinja2Templates"}
        and ("undefined", "StrictUndefined") not in {(k.arg, ast.unparse(k.value)) for k in node.keywords}
    ]


def test_a_missing_variable_is_loud_in_every_template() -> None:
    assert complaints(lax_environments, PROGRAM) == []
    assert lax_environments("jinja2.Environment(loader=x)") == ["line 1"]
    assert lax_environments("Environment(undefined=Undefined)") == ["line 1"]
    assert lax_environments("Environment(undefined=StrictUndefined)") == []


# Actions and facts


def test_each_kind_of_action_has_an_executor_and_an_undo() -> None:
    assert set(actions.KINDS.values()) == kinds(actions, actions.Action)
    assert all(name == kind.kind for name, kind in actions.KINDS.items())
    assert actions.KINDS.keys() == EXECUTORS.keys() == UNDO.keys()


def test_each_fact_has_a_provider() -> None:
    known = kinds(facts, facts.Fact) | kinds(pulls, facts.Fact) | kinds(pull_context, facts.Fact)
    known |= kinds(state, facts.Fact) | kinds(gate_state, facts.Fact) | kinds(merging, facts.Fact)
    known |= kinds(branch_rules, facts.Fact)
    assert {*PROVIDERS, *PULL_PROVIDERS} == known - {pull_context.RepositoryFile}
