from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from bot.core.actors import MAINTAINER_ASSOCIATIONS, Actor
from bot.core.branch_rules import BranchRules
from bot.core.events import PullRequestUpdated
from bot.core.facts import Facts
from bot.core.flow import FlowItems, Item, Stage, Status
from bot.core.heads import UPDATED
from bot.core.merging import (
    ASKED,
    DEQUEUED,
    GITHUB,
    REFUSED,
    MergeConfig,
    QueuePlace,
    seen_of,
    wish_of,
)
from bot.core.phrases import Phrase
from bot.core.pull_context import Word, Words
from bot.core.pulls import PullRequest, Review, Reviews
from bot.rules.merge_readiness import merge_readiness
from tests.rules.examples import MAINTAINER, NEWCOMER, pull

HEAD, EARLIER = "a" * 40, "b" * 40
AT = datetime(2025, 6, 9, 9, 2, tzinfo=UTC)
NOWHERE = QueuePlace()
TITLE = Item("title", "Title", Stage.OPENED, Status.DONE, Phrase("fine"))
ASK = Word(ASKED, "maya", HEAD, "main", AT)
OPEN: dict[str, Any] = {
    "number": 15,
    "author": NEWCOMER,
    "base": "main",
    "head_sha": HEAD,
    "merge_state": "clean",
    "is_fork": True,
}


def approval(sha: str = HEAD, association: str = "MEMBER", login: str = "wes") -> Review:
    return Review(Actor(5, login), "approved", association, sha, AT)


def decide(
    *words: Word,
    reviews: tuple[Review, ...] = (),
    items: tuple[Item, ...] = (TITLE,),
    place: QueuePlace = NOWHERE,
    rules: BranchRules = BranchRules(),  # noqa: B008 - immutable
    config: dict[str, Any] | None = None,
    **found: Any,
) -> list[Item]:
    known = (FlowItems(items), Words(words), Reviews(reviews), place, rules)
    facts = Facts([PullRequest(**{**OPEN, **found}), *known])
    event = PullRequestUpdated(MAINTAINER, pull())
    return list(merge_readiness.decide(event, MergeConfig(**(config or {})), facts))  # type: ignore[arg-type]


def said(*words: Word, **more: Any) -> tuple[str, str, str]:
    (item,) = decide(*words, **more)
    assert (item.key, item.stage) == ("merge", Stage.MERGE)
    return item.status.value, item.who, item.text.plain()


def test_without_a_word_it_is_for_maintainers() -> None:
    assert said() == ("waiting", "maintainers", "a maintainer merges it, or says `/merge`")
    assert said(is_automerge=True)[1:] == ("checks", "GitHub merges it once its own requirements are met")


def test_where_usher_only_observes_nobody_is_told_to_ask_it() -> None:
    assert said(config={"mode": "observe"})[2] == "a maintainer merges it"


def test_that_somebody_asked_stands_before_what_is_in_the_way() -> None:
    text = "conflicts with `main`: bring the branch up to date and resolve them"
    assert said(merge_state="dirty")[2] == text
    assert said(ASK, merge_state="dirty")[2] == f"asked for by maya; {text}"
    assert said(ASK, config={"needs_labels": ("qa",)})[2] == "asked for by maya; needs the label qa"


def test_what_was_asked_for_comes_by_itself() -> None:
    assert said(ASK) == ("waiting", "checks", "asked for by maya; merged once everything is there")
    assert said(ASK, merge_state="behind")[1:] == (
        "checks",
        "asked for by maya; behind `main`, so it is updated first",
    )
    assert said(ASK, merge_state="behind", config={"update_branch": False}) == (
        "missing",
        "author",
        "asked for by maya; behind `main`: update the branch",
    )


@pytest.mark.parametrize(
    "word",
    [Word(ASKED, "maya", EARLIER, "main", AT), Word(ASKED, "maya", HEAD, "stable", AT)],
    ids=["head", "base"],
)
def test_a_word_for_another_state_is_none(word: Word) -> None:
    assert said(word)[2] == "asked for by maya for an earlier state: say `/merge` again"


def test_a_word_holds_for_what_usher_itself_updated() -> None:
    word = Word(ASKED, "maya", EARLIER, "main", AT)
    assert said(word, Word(UPDATED, GITHUB, HEAD, f"{'c' * 40} {EARLIER}"))[1] == "checks"
    assert said(word, Word(UPDATED, GITHUB, "d" * 40, EARLIER))[1] == "maintainers"


def test_what_github_refused_is_shown_until_something_changes() -> None:
    wish = wish_of(PullRequest(**OPEN), Words((ASK,)), Reviews(), MergeConfig())
    assert wish is not None
    seen = seen_of(PullRequest(**OPEN), wish, Reviews())
    no = Word(REFUSED, GITHUB, HEAD, f"{seen}\nNo, thanks")
    assert said(ASK, no) == ("waiting", "maintainers", "asked for by maya; not merged: No, thanks")
    assert said(ASK, no, reviews=(approval(),))[1] == "checks"
    assert said(ASK, no, merge_state="blocked")[1] == "checks"


def test_what_the_rules_of_the_branch_want_is_named() -> None:
    review = "GitHub wants an approving review on its page; `/approve` does not count there"
    one, two = BranchRules(approvals=1), BranchRules(approvals=2)
    assert said(rules=one) == ("missing", "maintainers", review)
    assert said(ASK, rules=one) == ("missing", "maintainers", f"asked for by maya; {review}")
    assert "wants 2 approving reviews" in said(rules=two)[2]
    assert said(rules=one, reviews=(approval(),))[2] == "a maintainer merges it, or says `/merge`"
    checks = BranchRules(checks=("ci",))
    awaited = "asked for by maya; waits for the required check `ci`"
    assert said(ASK, rules=checks) == ("waiting", "checks", awaited)


def test_it_says_whose_wish_usher_carried_out() -> None:
    merged = {"is_open": False, "is_merged": True, "merged_by": "usher[bot]"}
    assert said(ASK, **merged)[2] == "merged by usher[bot], asked for by maya"
    assert said(**merged)[2] == "merged by usher[bot]"


@pytest.mark.parametrize(
    ("found", "config", "expected"),
    [
        ({"merge_state": "dirty"}, {}, ("missing", "author", "conflicts with `main`")),
        ({"mergeable": False}, {}, ("missing", "author", "conflicts with `main`")),
        ({"is_draft": True}, {}, ("waiting", "author", "not while it is a draft")),
        (
            {"labels": ("Do-Not-Merge",)},
            {},
            ("missing", "maintainers", "held back by the label do-not-merge"),
        ),
        ({}, {"needs_labels": ["lgtm"]}, ("waiting", "maintainers", "needs the label lgtm")),
    ],
)
def test_what_stands_in_the_way(
    found: dict[str, Any], config: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    status, who, text = said(ASK, config=config, **found)
    assert (status, who) == expected[:2]
    assert text.startswith(f"asked for by maya; {expected[2]}")


def test_conflicts_of_a_bots_pull_request_are_for_maintainers() -> None:
    assert said(merge_state="dirty", author=Actor(9, "renovate[bot]", is_bot=True))[1] == "maintainers"


def test_the_merge_queue() -> None:
    assert said(ASK, place=QueuePlace("queued")) == ("waiting", "checks", "in the merge queue")
    for out in (
        said(ASK, place=QueuePlace("out")),
        said(ASK, Word(DEQUEUED, GITHUB, HEAD)),
    ):
        assert out[1] == "maintainers"
        assert out[2].startswith("taken out of the merge queue")
    assert said(ASK, Word(DEQUEUED, GITHUB, EARLIER))[1] == "checks"


class TestLabel:
    LABEL: ClassVar[dict[str, Any]] = {"config": {"label": "automerge"}, "labels": ("Automerge",)}

    def test_it_asks_for_what_writers_pushed(self) -> None:
        for association in MAINTAINER_ASSOCIATIONS:
            text = said(**self.LABEL, is_fork=False, association=association)[2]
            assert text == "asked for by the label automerge; merged once everything is there"
        bot = Actor(9, "renovate[bot]", is_bot=True)
        assert said(**self.LABEL, is_fork=False, author=bot)[1] == "checks"

    @pytest.mark.parametrize("found", [{}, {"is_fork": False}, {"association": "MEMBER"}])
    def test_what_others_pushed_takes_an_approval_of_the_head(self, found: dict[str, Any]) -> None:
        assert "needs the approval of a maintainer first" in said(**self.LABEL, **found)[2]
        assert said(**self.LABEL, **found, reviews=(approval(),))[1] == "checks"

    @pytest.mark.parametrize(
        "review", [approval(EARLIER), approval(association="CONTRIBUTOR"), approval(login="nia")]
    )
    def test_not_every_approval_is_one(self, review: Review) -> None:
        assert said(**self.LABEL, reviews=(review,))[1] == "maintainers"

    def test_an_approval_holds_for_what_usher_itself_updated(self) -> None:
        updated = Word(UPDATED, GITHUB, HEAD, EARLIER)
        assert said(updated, **self.LABEL, reviews=(approval(EARLIER),))[1] == "checks"

    def test_no_label_is_none(self) -> None:
        assert said(labels=("automerge",), is_fork=False, association="OWNER")[1] == "maintainers"


def test_merged_it_says_by_whom_and_closed_nothing() -> None:
    assert said(is_open=False, is_merged=True, merged_by="maya") == ("done", "maintainers", "merged by maya")
    assert said(is_open=False, is_merged=True)[2] == "merged"
    assert decide(is_open=False) == []


def test_where_no_rule_asks_for_anything_it_makes_no_list() -> None:
    assert decide(items=()) == []
    assert said(ASK, items=())[1] == "checks"


def test_a_row_with_conflicts_does_not_hold_up_the_check() -> None:
    (item,) = decide(merge_state="dirty")
    assert item.needed
    assert item.stage == Stage.MERGE
