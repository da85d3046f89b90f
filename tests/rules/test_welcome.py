from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.actions import Action, UpsertComment
from bot.core.actors import GHOST
from bot.core.events import (
    Event,
    IssueOpened,
    PullRequestMerged,
    PullRequestOpened,
)
from bot.core.facts import AuthorHistory, Facts
from bot.core.pulls import PullRequest
from bot.render import render_comment
from bot.rules.welcome import WelcomeConfig, welcome
from tests.rules.examples import BOT, MAINTAINER, NEWCOMER, issue, pull

NEW = AuthorHistory(issues=0, pulls=0, merged=0)
FIRST_ISSUE = IssueOpened(NEWCOMER, issue())
FIRST_PULL = PullRequestOpened(NEWCOMER, pull())
FIRST_MERGE = PullRequestMerged(MAINTAINER, pull())


def decide(event: Event, history: AuthorHistory = NEW, **config: Any) -> list[Any]:
    return list(welcome.decide(event, WelcomeConfig(**config), Facts([history])))


def greeting(purpose: str, reason: str, **context: str) -> list[Action]:
    return [UpsertComment(purpose=purpose, template=purpose, context=context, reason=reason)]


def test_a_first_issue_is_greeted() -> None:
    assert decide(FIRST_ISSUE) == greeting(
        "welcome", "the first issue of nia here", author="nia", message="", first="issue"
    )


def test_a_first_pull_request_is_greeted() -> None:
    assert decide(FIRST_PULL) == greeting(
        "welcome", "the first pull request of nia here", author="nia", message="", first="pull request"
    )


def test_a_first_draft_is_not_promised_a_review() -> None:
    draft = PullRequestOpened(NEWCOMER, pull(), PullRequest(7, is_draft=True))
    assert decide(draft) == greeting(
        "welcome", "the first draft of nia here", author="nia", message="", first="draft"
    )
    text = render_comment("welcome", {"author": "nia", "message": "", "first": "draft"}, reason="x")
    assert "thank you for your first pull request here!" in text
    assert "press **Ready for review** or say `/ready`" in text
    assert "Next, a maintainer" not in text


def test_a_first_merge_thanks_the_author_whoever_merged() -> None:
    assert decide(FIRST_MERGE) == greeting(
        "first-merge", "the first merged pull request of nia here", author="nia", message=""
    )


@pytest.mark.parametrize(
    ("event", "history"),
    [
        (FIRST_ISSUE, AuthorHistory(issues=1, pulls=0, merged=0)),
        (FIRST_PULL, AuthorHistory(issues=0, pulls=1, merged=0)),
        (FIRST_MERGE, AuthorHistory(issues=0, pulls=1, merged=1)),
    ],
)
def test_each_is_greeted_once(event: Event, history: AuthorHistory) -> None:
    assert decide(event, history) == []


def test_a_first_pull_request_is_a_new_step_for_who_wrote_issues_before() -> None:
    history = AuthorHistory(issues=9, pulls=0, merged=0)
    assert decide(FIRST_PULL, history) == decide(FIRST_PULL)


@pytest.mark.parametrize(
    "nobody_new",
    [
        {"author": BOT},
        {"author": GHOST},
        {"association": "OWNER"},
        {"association": "MEMBER"},
        {"association": "COLLABORATOR"},
    ],
)
def test_bots_ghosts_and_the_team_are_not_greeted(nobody_new: dict[str, Any]) -> None:
    assert decide(IssueOpened(NEWCOMER, issue(**nobody_new))) == []
    assert decide(PullRequestOpened(NEWCOMER, pull(**nobody_new))) == []
    assert decide(PullRequestMerged(MAINTAINER, pull(**nobody_new))) == []


@pytest.mark.parametrize(
    ("setting", "event"), [("issue", FIRST_ISSUE), ("pull_request", FIRST_PULL), ("merge", FIRST_MERGE)]
)
def test_each_greeting_can_be_switched_off(setting: str, event: Event) -> None:
    off: dict[str, Any] = {setting: False}
    others: dict[str, Any] = dict.fromkeys({"issue", "pull_request", "merge"} - {setting}, False)
    assert decide(event, **off) == []
    assert decide(event, **others) == decide(event)


@pytest.mark.parametrize(
    ("setting", "event"),
    [("message_issue", FIRST_ISSUE), ("message_pull_request", FIRST_PULL), ("message_merge", FIRST_MERGE)],
)
def test_the_maintainers_may_add_their_own_words(setting: str, event: Event) -> None:
    own_words: dict[str, Any] = {setting: "Read **CONTRIBUTING.md**."}
    (action,) = decide(event, **own_words)
    assert isinstance(action, UpsertComment)
    assert action.context["message"] == "Read **CONTRIBUTING.md**."


def test_the_maintainers_words_have_an_end() -> None:
    with pytest.raises(ValidationError):
        WelcomeConfig(message_issue="x" * 2_001)
