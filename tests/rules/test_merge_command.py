from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.actions import Abstain, Action, UpsertComment
from bot.core.facts import CommandComment, Facts, Level, Permission
from bot.core.merging import DEQUEUED, GITHUB, REFUSED, MergeConfig
from bot.core.pull_actions import ForgetWord, RecordWord
from bot.core.pull_context import PushedSince, Word, Words
from bot.core.pulls import PullRequest
from bot.rules.merge_command import merge_command
from tests.rules.examples import command, pull

SHA = "a" * 40
AT = datetime(2025, 6, 9, 9, 2, tzinfo=UTC)
PUSHED_NOTHING = PushedSince()
REASON = "maint asked for it with /merge"


def decide(
    line: str,
    *words: Word,
    level: Level = Level.WRITE,
    on_pull: bool = True,
    pushed: PushedSince = PUSHED_NOTHING,
    **found: Any,
) -> list[Action]:
    event = replace(command(line), at=AT)
    if on_pull:
        event = replace(event, thread=pull())
    facts = Facts(
        [
            *(Permission("maint", level), CommandComment(still_says=True)),
            *(PullRequest(15, head_sha=SHA, base="main", **found), Words(words), pushed),
        ]
    )
    return list(merge_command.decide(event, MergeConfig(), facts))  # type: ignore[arg-type]


def asked(detail: str) -> RecordWord:
    return RecordWord(
        word="merge", by="maint", sha=SHA, detail=detail, at="2025-06-09T09:02:00+00:00", reason=REASON
    )


@pytest.mark.parametrize(
    ("line", "detail"),
    [("/merge", "main"), ("/merge squash", "main squash"), ("/merge  `Rebase` ", "main rebase")],
)
def test_the_word_is_kept_for_the_head_and_the_base(line: str, detail: str) -> None:
    assert decide(line) == [asked(detail)]


def test_it_is_taken_back() -> None:
    assert decide("/merge cancel") == [
        ForgetWord(word="merge", reason="maint took it back with /merge cancel")
    ]


def test_another_method_than_there_are_is_not_taken() -> None:
    (reply,) = decide("/merge " + "fast " * 40)
    assert isinstance(reply, UpsertComment)
    assert reply.template == "merge-usage"
    assert len(reply.context["method"]) == 40


def test_who_may_not_have_seen_what_is_there_is_asked_to_look_again() -> None:
    (reply,) = decide("/merge", pushed=PushedSince(is_so=True))
    assert isinstance(reply, UpsertComment)
    assert reply.template == "review-again"


@pytest.mark.parametrize("word", [DEQUEUED, REFUSED])
def test_asked_again_what_github_said_so_far_is_forgotten(word: str) -> None:
    said = Word(word, GITHUB, SHA)
    assert decide("/merge", said) == [ForgetWord(word=word, reason=REASON), asked("main")]


def test_it_takes_write_rights() -> None:
    (denied,) = decide("/merge", level=Level.TRIAGE)
    assert isinstance(denied, UpsertComment)
    assert denied.template == "denied"


def test_issues_and_closed_pull_requests_are_not_merged() -> None:
    for nothing in (decide("/merge", on_pull=False), decide("/merge", is_open=False)):
        assert [type(each) for each in nothing] == [Abstain]


def test_other_commands_are_not_for_this_rule() -> None:
    assert decide("/hold") == []
