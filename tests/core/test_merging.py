from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.events import Actor
from bot.core.merging import (
    ASKED,
    DEQUEUED,
    GITHUB,
    REFUSED,
    UPDATED,
    MergeConfig,
    QueuePlace,
    Wish,
    asking,
    commit_texts,
    looked_at,
    queue_of,
    refusal_of,
    seen_of,
    wish_of,
)
from bot.core.pull_context import Word, Words
from bot.core.pulls import PullRequest, Review, Reviews

HEAD, EARLIER = "a" * 40, "b" * 40
AT = datetime(2025, 6, 9, 9, 2, tzinfo=UTC)
PULL = PullRequest(15, base="main", head_sha=HEAD, author=Actor(10, "nia"))
APPROVED = Reviews((Review(Actor(5, "wes"), "approved", "MEMBER", HEAD, AT),))


def test_an_updated_head_has_been_looked_at_as_those_before_it() -> None:
    words = Words((Word(UPDATED, GITHUB, HEAD, f"{EARLIER} {'c' * 40}"),))
    assert looked_at(words, HEAD) == {HEAD, EARLIER, "c" * 40}
    assert looked_at(words, EARLIER) == {EARLIER}


def test_what_is_asked_is_kept_as_it_is_read() -> None:
    said = asking("maya", PULL, "rebase", AT, "maya asked")
    word = Word(said.word, said.by, said.sha, said.detail, datetime.fromisoformat(said.at))
    wish = wish_of(PULL, Words((word,)), Reviews(), MergeConfig(method="squash"))
    assert wish == Wish("maya", AT, "rebase", ("maya",))
    assert asking("maya", PULL, "", None, "maya asked").at == ""


def test_out_of_the_queue_nobody_wants_it_whoever_did_before() -> None:
    words = Words((Word(ASKED, "maya", HEAD, "main", AT), Word(DEQUEUED, GITHUB, HEAD)))
    assert wish_of(PULL, words, Reviews(), MergeConfig()) is None
    assert queue_of(PULL, words, QueuePlace()) == "out"
    assert queue_of(PULL, words, QueuePlace("queued")) == "queued"
    assert queue_of(PULL, Words(), QueuePlace("out")) == "out"
    assert queue_of(PULL, Words(), QueuePlace()) == ""


def test_what_github_said_of_another_head_is_past() -> None:
    assert refusal_of(PULL, Words((Word(REFUSED, GITHUB, HEAD, "open\nNo\nno"),))) == ("open", "No\nno")
    assert refusal_of(PULL, Words((Word(REFUSED, GITHUB, EARLIER, "open\nNo"),))) == ("", "")


def test_its_answer_depends_on_protection_and_approvals() -> None:
    wish = Wish("maya", AT)
    states = ("clean", "unstable", "unknown", "blocked", "behind")
    found = {seen_of(PullRequest(15, merge_state=state), wish, Reviews()).split(";")[0] for state in states}
    assert found == {"open", "blocked", "behind"}
    assert seen_of(PULL, wish, APPROVED) == "open; asked by maya; approved by wes"


def test_texts_are_filled_in_once_and_titles_are_one_line() -> None:
    config = MergeConfig(commit_title="$TITLE\n(#$NUMBER)", commit_message="$BODY\n\n$REVIEWED_BY, $AUTHOR")
    pull = PullRequest(15, title="fix: $BODY", body="$AUTHOR", author=Actor(10, "nia"))
    assert commit_texts(pull, Reviews(), config) == ("fix: $BODY (#15)", "$AUTHOR\n\n, nia")
    assert commit_texts(pull, APPROVED, MergeConfig()) == ("", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"commit_title": "$TITEL"},
        {"commit_message": "$CHANGES"},
        {"method": "fast"},
        {"needs_labels": [""]},
        {"label": "x" * 51},
    ],
)
def test_mistakes_in_the_settings_are_found(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MergeConfig(**wrong)
