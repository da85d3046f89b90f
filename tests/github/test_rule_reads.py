"""What Usher asks GitHub about the rules of a branch."""

from typing import Any

from bot.github.client import RepositoryClient
from bot.github.rule_reads import RuleReader, Wanted
from tests.github.scripted import Answer, Scripted

PATH = "/repos/octo/engine/rules/branches/main?page=1&per_page=100"


def reviews(count: int) -> dict[str, Any]:
    return {"type": "pull_request", "parameters": {"required_approving_review_count": count}}


def checks(*names: str) -> dict[str, Any]:
    listed = [{"context": name, "integration_id": 7} for name in names]
    return {"type": "required_status_checks", "parameters": {"required_status_checks": listed}}


def test_of_several_rulesets_the_strictest_counts(client: RepositoryClient, script: Scripted) -> None:
    rules = [reviews(1), {"type": "deletion"}, reviews(2), checks("ci", "lint"), checks("ci")]
    script.tell("GET", PATH, Answer(200, rules))
    assert RuleReader().wanted(client, "main") == Wanted(2, ("ci", "lint"))


def test_a_branch_without_rules_wants_nothing(client: RepositoryClient, script: Scripted) -> None:
    script.tell("GET", PATH, Answer(200, []))
    assert RuleReader().wanted(client, "main") == Wanted()


def test_where_github_does_not_tell_nothing_is_known(client: RepositoryClient, script: Scripted) -> None:
    script.tell("GET", PATH, Answer(404, {"message": "Not Found"}))
    assert RuleReader().wanted(client, "main") == Wanted()
