"""What rules ask for, by their settings."""

from datetime import UTC, datetime

import pytest

from bot.core.actions import Abstain, Action
from bot.core.events import PullEvent, PullRequestUpdated
from bot.core.facts import Fact, Facts, LabelHistory, Now, RepositoryLabels
from bot.core.flow import FlowItems
from bot.core.pull_context import (
    CodeOwnersFile,
    PullTypePrediction,
    ReviewLoad,
    ReviewRequests,
    TeamMembers,
)
from bot.core.pulls import ChangedFiles, Checks, ChecksExpected, Commits, PullRequest, Reviews
from bot.core.rule import Rule, Section, rule
from bot.rules import RULES
from tests.rules.examples import NEWCOMER, pull

SPARING = [each for each in RULES if each.spares]
FACTS: list[Fact] = [
    *(PullRequest(15, title="Save", head_sha="a" * 40), ChangedFiles(), Commits(), Reviews(), Checks()),
    *(RepositoryLabels(()), LabelHistory(), Now(datetime(2025, 6, 9, tzinfo=UTC)), FlowItems()),
    *(ChecksExpected(), CodeOwnersFile(), ReviewLoad(), ReviewRequests(), TeamMembers()),
    PullTypePrediction("", 0.0, abstained=True),
]


class Shy(Section):
    """A section."""

    asks: bool = False


def made(**more: object) -> Rule:
    def decide(_event: PullEvent, _config: Shy, _facts: Facts) -> list[Action]:
        """Say nothing."""
        return [Abstain(about="this", reason="there is nothing to say")]

    return rule(on=PullEvent, needs=(PullRequest, Commits), config=Shy, section="shy", **more)(decide)  # type: ignore[arg-type]


def test_a_rule_asks_for_all_its_needs_unless_the_settings_make_some_needless() -> None:
    assert made().needed(Shy()) == (PullRequest, Commits)
    shy = made(spares=lambda config: () if config.asks else (Commits,))
    assert shy.needed(Shy()) == (PullRequest,)
    assert shy.needed(Shy(asks=True)) == (PullRequest, Commits)


@pytest.mark.parametrize("each", SPARING, ids=lambda each: each.name)
def test_a_rule_decides_without_what_its_settings_spare(each: Rule) -> None:
    config = each.config()
    needed = each.needed(config)
    assert len(needed) < len(each.needs)
    event = PullRequestUpdated(NEWCOMER, pull(), what="look")
    known = {type(fact): fact for fact in FACTS}
    each.decide(event, config, Facts(known[need] if need in known else need() for need in needed))


def test_a_rule_may_set_a_label_only_where_the_repository_has_it() -> None:
    existing, some = RepositoryLabels(("Docs",)), made(labels=lambda _config: ("docs", "ui"))
    assert some.may_set_one_of(existing, Shy())
    assert not some.may_set_one_of(RepositoryLabels(("bug",)), Shy())


@pytest.mark.parametrize("labels", [None, lambda _config: None])
def test_a_rule_that_does_not_say_which_labels_it_sets_may_set_any(labels: object) -> None:
    assert made(labels=labels).may_set_one_of(RepositoryLabels(()), Shy())
