from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.actors import Actor
from bot.core.heads import UPDATED, looked_at
from bot.core.merging import (
    ASKED,
    DEQUEUED,
    GITHUB,
    REFUSED,
    MergeConfig,
    QueuePlace,
    Wish,
    asking,
    commit_texts,
    is_blocked,
    is_known,
    queue_of,
    refusal_of,
    refused,
    seen_now,
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
    assert seen_of(PULL, wish, APPROVED) == "open; into main; asked by maya; approved by wes"
    moved = replace(PULL, base_sha="c" * 40, merge_state="blocked")
    assert seen_of(moved, wish, APPROVED).startswith("blocked; into main cccccccccccc; ")


def test_what_it_refused_stays_refused_while_it_does_not_know() -> None:
    wish, blocked = Wish("maya", AT), replace(PULL, merge_state="blocked")
    word = Word(REFUSED, GITHUB, HEAD, f"{seen_of(blocked, wish, Reviews())}\nNo")
    for state, said in {"blocked": "No", "unknown": "No", "": "No", "clean": "", "behind": ""}.items():
        pull = replace(PULL, merge_state=state)
        assert refused(pull, Words((word,)), seen_of(pull, wish, Reviews())) == said
    unknown = replace(PULL, merge_state="unknown")
    assert is_blocked(unknown, Words((word,)))
    assert not is_blocked(unknown, Words())
    assert not is_blocked(replace(PULL, merge_state="clean"), Words((word,)))
    assert is_blocked(blocked, Words())
    assert refused(unknown, Words((word,)), seen_of(unknown, wish, APPROVED)) == ""
    assert refused(unknown, Words(), seen_of(unknown, wish, APPROVED)) == ""


def test_what_had_been_seen_is_kept_with_githubs_last_word() -> None:
    assert seen_now(replace(PULL, merge_state="blocked"), "open; asked") == "blocked; asked"
    assert seen_now(replace(PULL, merge_state="clean"), "blocked; asked") == "open; asked"
    assert seen_now(replace(PULL, merge_state="unknown"), "blocked; asked") == "blocked; asked"
    assert [is_known(replace(PULL, merge_state=state)) for state in ("clean", "unknown", "")] == [
        True,
        False,
        False,
    ]


class TestLabel:
    CONFIG = MergeConfig(label="automerge")

    def vouchers(self, *, reviews: Reviews = APPROVED, **found: Any) -> tuple[str, ...] | None:
        wish = wish_of(replace(PULL, labels=("automerge",), **found), Words(), reviews, self.CONFIG)
        return wish.vouchers if wish else None

    def test_the_author_of_a_branch_here_or_who_approved_has_to_have_write_rights(self) -> None:
        assert self.vouchers(association="MEMBER") == ("nia", "wes")
        assert self.vouchers(association="COLLABORATOR", reviews=Reviews()) == ("nia",)

    def test_of_a_fork_and_of_strangers_an_approval_counts_alone(self) -> None:
        assert self.vouchers(association="MEMBER", is_fork=True) == ("wes",)
        assert self.vouchers(association="NONE") == ("wes",)
        assert self.vouchers(association="NONE", reviews=Reviews()) is None

    def test_a_bot_of_the_repository_needs_nobody(self) -> None:
        bot = Actor(11, "renovate[bot]", is_bot=True)
        assert self.vouchers(author=bot, reviews=Reviews()) == ()
        assert self.vouchers(author=bot, reviews=Reviews(), is_fork=True) is None


def test_texts_are_filled_in_once_and_titles_are_one_line() -> None:
    config = MergeConfig(commit_title="$TITLE\n(#$NUMBER)", commit_message="$BODY\n\n$REVIEWED_BY, $AUTHOR")
    pull = PullRequest(15, title="fix: $BODY", body="$AUTHOR", author=Actor(10, "nia"))
    assert commit_texts(pull, Reviews(), Words(), config) == ("fix: $BODY (#15)", "$AUTHOR\n\n, nia")
    assert commit_texts(pull, APPROVED, Words(), MergeConfig()) == ("", "")


def test_who_approved_this_head_is_named() -> None:
    config, words = MergeConfig(commit_message="$REVIEWED_BY"), Words((Word("approve", "ada", HEAD, at=AT),))
    assert commit_texts(PULL, APPROVED, words, config)[1] == "wes, ada"
    later = replace(PULL, head_sha="d" * 40)
    assert commit_texts(later, APPROVED, words, config)[1] == ""
    updated = Words((*words.words, Word(UPDATED, GITHUB, later.head_sha, HEAD)))
    assert commit_texts(later, APPROVED, updated, config)[1] == "wes, ada"


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


@pytest.mark.parametrize(
    "config",
    [{"needs_labels": ["Ship"], "blocking_labels": ["ship"]}, {"label": "do-not-merge"}],
)
def test_a_label_cannot_be_wanted_and_be_in_the_way(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="without a label in `blocking_labels`"):
        MergeConfig(**config)
