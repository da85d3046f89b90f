from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.actions import Action
from bot.core.actors import Actor
from bot.core.events import MergeGroupFormed, PullEvent, PullRequestUpdated
from bot.core.facts import Facts, Now
from bot.core.flow import FlowItems, Item, Stage, Status
from bot.core.merging import ASKED, DEQUEUED, GITHUB, QUEUED, REFUSED, MergeConfig, QueuePlace
from bot.core.phrases import Phrase
from bot.core.pull_actions import ForgetWord, MergePull, RecordWord, UpdateBranch
from bot.core.pull_context import Skip, Skips, Word, Words
from bot.core.pulls import PullRequest, Review, Reviews
from bot.rules.merge import merge
from tests.rules.examples import MAINTAINER, NEWCOMER, pull

HEAD = "a" * 40
AT = datetime(2025, 6, 9, 9, 2, tzinfo=UTC)
ASK = Word(ASKED, "maya", HEAD, "main", AT)
NOWHERE = QueuePlace()
LOOK = PullRequestUpdated(MAINTAINER, pull())
TITLE = Item("title", "Title", Stage.OPENED, Status.DONE, Phrase("fine"))
TESTS = Item("tests", "Tests", Stage.TESTS, Status.MISSING, Phrase("add one"))
REVIEW = Item("review", "Review", Stage.REVIEW, Status.WAITING, Phrase("waiting"), who="maintainers")
OPEN = PullRequest(
    15, title="fix: save", body="It was `$NUMBER`.", author=NEWCOMER, base="main", head_sha=HEAD
)
SEEN = "open; into main; asked by maya; approved by nobody"


def decide(
    *words: Word,
    items: tuple[Item, ...] = (TITLE,),
    skips: tuple[Skip, ...] = (),
    reviews: tuple[Review, ...] = (),
    place: QueuePlace = NOWHERE,
    event: PullEvent = LOOK,
    config: dict[str, Any] | None = None,
    **found: Any,
) -> list[Action]:
    facts = Facts(
        [
            *(replace(OPEN, **found), FlowItems(items), Skips(skips), Words(words), Reviews(reviews)),
            *(place, Now(AT + timedelta(minutes=2))),
        ]
    )
    return list(merge.decide(event, MergeConfig(**(config or {})), facts))  # type: ignore[arg-type]


def test_what_was_asked_for_is_merged_when_everything_is_there() -> None:
    reason = "everything is there, and maya asked for it"
    at = "2025-06-09T09:02:00+00:00"
    assert decide(ASK) == [MergePull(sha=HEAD, vouchers=("maya",), seen=SEEN, at=at, reason=reason)]


@pytest.mark.parametrize(
    "more",
    [
        {"items": (TITLE, TESTS)},
        {"items": (TITLE, REVIEW)},
        {"is_draft": True},
        {"is_open": False},
        {"merge_state": "dirty"},
        {"labels": ("do-not-merge",)},
        {"place": QueuePlace("queued"), "event": PullRequestUpdated(MAINTAINER, pull())},
        {"event": MergeGroupFormed(MAINTAINER, pull(), sha="c" * 40)},
        {"head_sha": "b" * 40},
        {"base": "stable"},
        {"config": {"needs_labels": ["lgtm"]}},
    ],
    ids=lambda more: next(iter(more)),
)
def test_it_waits_for_all_of_it(more: dict[str, Any]) -> None:
    assert [each for each in decide(ASK, **more) if isinstance(each, MergePull | UpdateBranch)] == []


def test_nobody_asked() -> None:
    assert decide() == []


def test_what_is_waived_or_optional_does_not_hold_it_up() -> None:
    assert decide(ASK, items=(TESTS,), skips=(Skip("tests", "a typo", "maya"),))
    assert decide(ASK, items=(replace(TESTS, needed=False),))


def test_a_branch_that_is_behind_is_updated_where_the_config_lets_it() -> None:
    (update,) = decide(ASK, merge_state="behind")
    assert update == UpdateBranch(
        sha=HEAD,
        base="main",
        seen=SEEN.replace("open", "behind"),
        reason="behind main; everything is there, and maya asked for it",
    )
    assert decide(ASK, merge_state="behind", config={"update_branch": False}) == []


def test_what_github_refused_is_asked_again_only_when_something_changed() -> None:
    refused = Word(REFUSED, GITHUB, HEAD, f"{SEEN}\nNo, thanks")
    assert decide(ASK, refused) == []
    assert decide(ASK, refused, merge_state="blocked")
    assert decide(ASK, replace(refused, sha="b" * 40))
    assert decide(replace(ASK, by="ada"), refused)


def test_the_commits_words_are_put_together_once() -> None:
    texts = {
        "commit_title": "$TITLE (#$NUMBER)",
        "commit_message": "$BODY\n\nBy $AUTHOR, reviewed by $REVIEWED_BY\n",
        "method": "squash",
        "delete_branch": True,
    }
    approval = Review(Actor(5, "wes"), "approved", "MEMBER", HEAD, AT)
    (action,) = decide(ASK, config=texts, reviews=(approval,), title="fix: $BODY")
    assert isinstance(action, MergePull)
    assert action.title == "fix: $BODY (#15)"
    assert action.message == "It was `$NUMBER`.\n\nBy nia, reviewed by wes"
    assert (action.method, action.delete_branch) == ("squash", True)


def test_the_method_that_the_last_of_them_named_counts_and_the_rights_of_any() -> None:
    first = Word(ASKED, "ada", HEAD, "main merge", AT - timedelta(hours=1))
    (action,) = decide(first, replace(ASK, detail="main rebase"), config={"method": "squash"})
    assert isinstance(action, MergePull)
    assert (action.method, action.vouchers) == ("rebase", ("maya", "ada"))


def test_the_label() -> None:
    config = {"label": "automerge"}
    (action,) = decide(config=config, labels=("automerge",), association="MEMBER")
    assert isinstance(action, MergePull)
    assert (action.label, action.vouchers) == ("automerge", ("nia",))
    approval = Review(Actor(5, "wes"), "approved", "MEMBER", HEAD, AT)
    (action,) = decide(config=config, labels=("automerge",), is_fork=True, reviews=(approval,))
    assert isinstance(action, MergePull)
    assert (action.label, action.vouchers) == ("automerge", ("wes",))


def test_who_asked_for_what_was_closed_since_asks_again() -> None:
    forget = [ForgetWord(word=ASKED, reason="it was closed, so whoever wants it merged asks again")]
    assert decide(ASK, is_open=False) == forget
    for what in ("closed", "reopened"):
        assert decide(ASK, event=PullRequestUpdated(MAINTAINER, pull(), None, what)) == forget
    assert decide(ASK, is_open=False, is_merged=True) == []
    assert decide(is_open=False) == []


def test_a_refusal_goes_with_the_label_that_it_was_for() -> None:
    refused = Word(REFUSED, GITHUB, HEAD, "open; into main; asked by label; approved by nobody\nNo")
    config = {"label": "automerge"}
    assert decide(refused, config=config, labels=("automerge",), association="MEMBER") == []
    assert decide(refused, config=config) == [
        ForgetWord(word=REFUSED, reason="nobody asks for it as it is any more")
    ]


class TestQueue:
    NOTED = Word(QUEUED, "maya", HEAD, "", AT)

    def test_that_a_person_put_it_there_is_noted(self) -> None:
        event = PullRequestUpdated(MAINTAINER, pull(), None, "enqueued")
        reason = "maint put it into the merge queue"
        assert decide(place=QueuePlace("queued"), event=event) == [
            RecordWord(word=QUEUED, by="maint", sha=HEAD, reason=reason)
        ]
        assert decide(self.NOTED, place=QueuePlace("queued"), event=event) == []

    def test_that_it_was_taken_out_is_noted(self) -> None:
        reason = "it is no longer in the merge queue, and not merged"
        assert decide(ASK, self.NOTED, place=QueuePlace("out")) == [
            ForgetWord(word=QUEUED, reason=reason),
            RecordWord(word=DEQUEUED, by=GITHUB, sha=HEAD, reason=reason),
        ]

    def test_what_was_put_there_just_now_may_not_show_yet(self) -> None:
        now = replace(self.NOTED, at=AT + timedelta(minutes=2))
        assert decide(ASK, now, place=QueuePlace("out")) == []
        event = PullRequestUpdated(MAINTAINER, pull(), None, "dequeued")
        assert decide(ASK, now, place=QueuePlace("out"), event=event)

    def test_it_is_not_put_there_again_until_somebody_asks(self) -> None:
        assert decide(ASK, Word(DEQUEUED, GITHUB, HEAD)) == []
