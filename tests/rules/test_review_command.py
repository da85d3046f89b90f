from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.actions import Abstain, Action, AddLabels, RemoveLabels, UpsertComment
from bot.core.actors import Actor
from bot.core.facts import CommandComment, Facts, Level, Permission
from bot.core.pull_actions import ForgetWord, RecordWord
from bot.core.pull_context import PushedSince, Word, Words
from bot.core.pulls import PullRequest
from bot.core.sections import CommandsConfig
from bot.rules.review_command import review_command
from tests.rules.examples import BOT, MAINTAINER, NEWCOMER, command, pull

AT = datetime(2025, 6, 9, 12, tzinfo=UTC)
LGTM = "maint asked for it with /lgtm"
APPROVE = "maint asked for it with /approve"


def decide(
    line: str,
    *words: Word,
    level: Level = Level.WRITE,
    actor: Actor = MAINTAINER,
    on_pull: bool = True,
    is_open: bool = True,
    pushed_since: bool = False,
) -> list[Action]:
    event = replace(command(line, actor), at=AT, association="MEMBER")
    if on_pull:
        event = replace(event, thread=pull())
    found = PullRequest(15, author=NEWCOMER, head_sha="two", is_open=is_open)
    facts = Facts(
        [
            Permission(actor.login, level),
            CommandComment(still_says=True),
            found,
            Words(words),
            PushedSince(pushed_since),
        ]
    )
    said = review_command.decide(event, CommandsConfig(lgtm_label="looks good"), facts)
    return [one for one in said if isinstance(one, Action)]


def word(name: str, by: str) -> RecordWord:
    at, reason = "2025-06-09T12:00:00+00:00", f"maint asked for it with /{name}"
    return RecordWord(word=name, by=by, sha="two", detail="MEMBER 20", at=at, reason=reason)


def test_a_word_is_for_the_commit_that_was_looked_at() -> None:
    label = AddLabels(labels=("looks good",), reason=LGTM)
    assert decide("/lgtm", level=Level.TRIAGE) == [word("lgtm", "maint"), label]
    assert decide("/approve") == [word("approve", "maint")]


@pytest.mark.parametrize(("line", "level"), [("/lgtm", Level.READ), ("/approve", Level.TRIAGE)])
def test_it_takes_rights(line: str, level: Level) -> None:
    (denied,) = decide(line, level=level)
    assert isinstance(denied, UpsertComment)
    assert denied.template == "denied"


@pytest.mark.parametrize("line", ["/lgtm", "/approve"])
def test_nobody_reviews_their_own(line: str) -> None:
    (reply,) = decide(line, actor=replace(NEWCOMER, login="Nia"), level=Level.ADMIN)
    assert isinstance(reply, UpsertComment)
    assert reply.template == "review-own"


@pytest.mark.parametrize("line", ["/lgtm", "/approve", "/lgtm cancel"])
def test_bots_issues_and_what_is_closed_have_no_review(line: str) -> None:
    for said in (decide(line, actor=BOT), decide(line, on_pull=False), decide(line, is_open=False)):
        assert [type(action) for action in said] == [Abstain]


@pytest.mark.parametrize("line", ["/lgtm", "/approve"])
def test_what_was_pushed_after_the_word_was_not_seen(line: str) -> None:
    (reply,) = decide(line, pushed_since=True)
    assert isinstance(reply, UpsertComment)
    assert reply.template == "review-again"


def test_a_word_is_taken_back_and_the_label_goes_with_the_last_one() -> None:
    gone = RemoveLabels(labels=("looks good",), asked_by_human=True, reason=LGTM)
    own, others = Word("lgtm", "maint", "two"), Word("lgtm", "wes", "two")
    forgotten = ForgetWord(word="lgtm", by="maint", reason=LGTM)
    assert decide("/lgtm cancel", own) == [forgotten, gone]
    assert decide("/lgtm Cancel", own, others) == [forgotten]
    assert decide("/approve cancel", own) == [ForgetWord(word="approve", by="maint", reason=APPROVE)]


def test_other_commands_are_not_for_this_rule() -> None:
    assert decide("/label bug") == []
