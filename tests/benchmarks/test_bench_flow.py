"""The numbers about the flow are measured on something that happens."""

from bot.config import defaults
from bot.core.flow import Stage
from bot.core.pulls import Commits, PullRequest, Reviews
from tests.benchmarks.bench_flow import Stored, _rules, evaluate


def test_the_rules_are_asked_and_say_where_the_pull_request_is() -> None:
    names = [rule.name for rule in _rules()]
    assert {"title", "testing", "documentation", "contribution_flow"} <= set(names)
    stored = Stored(PullRequest(1, title="WIP: x", head_sha="a" * 40), Commits(), Reviews())
    found = evaluate(stored, _rules(), defaults())
    assert found is not None
    assert found.stage == Stage.OPENED
