from dataclasses import replace
from typing import Any

import pytest

from bot.core.actions import Action, SetCheck, UpsertComment
from bot.core.actors import Actor
from bot.core.events import MergeGroupFormed, PullRequestUpdated
from bot.core.facts import Facts
from bot.core.flow import CHECK_NAME, Flow, FlowItems, Item, Stage, Status
from bot.core.merging import QueuePlace
from bot.core.phrases import Phrase
from bot.core.pull_context import Skip, Skips
from bot.core.pulls import PullRequest
from bot.core.rule import Said
from bot.render import render_comment
from bot.rules.contribution_flow import FlowConfig, contribution_flow
from tests.rules.examples import MAINTAINER, NEWCOMER, pull

OPEN = PullRequest(15, author=NEWCOMER, head_sha="a" * 40)
TITLE = Item("title", "Title", Stage.OPENED, Status.DONE, Phrase("`{title}`", {"title": "fix: save"}))
REVIEW = Item("review", "Review", Stage.REVIEW, Status.WAITING, Phrase("waiting"), who="maintainers")
TESTS = Item("tests", "Tests", Stage.TESTS, Status.MISSING, Phrase("add one"))


NOWHERE = QueuePlace()


def decide(
    *items: Item,
    pull_: PullRequest = OPEN,
    skips: tuple[Skip, ...] = (),
    place: QueuePlace = NOWHERE,
    **config: Any,
) -> Said:
    facts = Facts([pull_, FlowItems(items), Skips(skips), place])
    return contribution_flow.decide(PullRequestUpdated(MAINTAINER, pull()), FlowConfig(**config), facts)


def comment(said: Said) -> UpsertComment:
    return next(one for one in said if isinstance(one, UpsertComment))


def check(said: Said) -> SetCheck:
    return next(one for one in said if isinstance(one, SetCheck))


def headline(*items: Item, **pull_: Any) -> str:
    fields = {"number": 15, "head_sha": "a" * 40, **pull_}
    return str(comment(decide(*items, pull_=PullRequest(**fields))).context["headline"])


def test_it_says_where_the_pull_request_is_in_a_comment_and_a_check() -> None:
    said = decide(TITLE, REVIEW, TESTS)
    assert [type(one) for one in said] == [Flow, UpsertComment, SetCheck]
    context = {
        "headline": "Thanks, this is at: review",
        "done": 1,
        "total": 3,
        "rows": (
            {"mark": "✅", "title": "Title", "text": TITLE.text.as_json(), "optional": False},
            {"mark": "⏳", "title": "Review", "text": REVIEW.text.as_json(), "optional": False},
            {"mark": "❌", "title": "Tests", "text": TESTS.text.as_json(), "optional": False},
        ),
        "is_draft": False,
        "next": (
            {"title": "tests", "who": "you", "by": "author"},
            {"title": "review", "who": "maintainers", "by": "maintainers"},
        ),
    }
    reason = "at review: 1 of 3 done; next: Tests, Review"
    assert said[1:] == [
        UpsertComment(purpose="checklist", template="checklist", context=context, reason=reason),
        SetCheck(
            name=CHECK_NAME,
            sha="a" * 40,
            conclusion="failure",
            title=reason,
            template="contribution-flow",
            context=context,
            reason=reason,
        ),
    ]


@pytest.mark.parametrize(
    ("items", "conclusion"), [((TITLE,), "success"), ((TITLE, REVIEW), ""), ((REVIEW, TESTS), "failure")]
)
def test_the_check_can_be_required(items: tuple[Item, ...], conclusion: str) -> None:
    assert check(decide(*items)).conclusion == conclusion


def test_where_no_rule_has_anything_to_say_neither_has_this_one() -> None:
    assert decide() == []


def test_a_closed_one_is_brought_up_to_date_and_gets_no_new_comment() -> None:
    merged = PullRequest(15, author=NEWCOMER, head_sha="a" * 40, is_open=False, is_merged=True)
    closed = PullRequest(15, author=NEWCOMER, head_sha="a" * 40, is_open=False)
    for found, headline_, conclusion in (
        (merged, "Merged, thank you", "success"),
        (closed, "Closed without merging", "neutral"),
    ):
        said = decide(pull_=found)
        assert comment(said).context["headline"] == headline_
        assert check(said).conclusion == conclusion
        assert comment(said).edits_only
        assert check(said).edits_only
    assert not comment(decide(TITLE)).edits_only
    assert not check(decide(TITLE)).edits_only


def test_what_was_waived_is_shown_with_its_reason() -> None:
    rows = comment(decide(TESTS, skips=(Skip("tests", "a typo", "maya"),))).context["rows"]
    assert [row["mark"] for row in rows] == ["⏭️"]
    assert rows[0]["text"]["values"] == {"by": "maya", "reason": "a typo"}


def test_what_is_not_needed_is_marked_as_optional() -> None:
    wish = Item("issue", "Linked issue", Stage.OPENED, Status.MISSING, Phrase("link one"), needed=False)
    said = decide(wish)
    row = comment(said).context["rows"][0]
    assert (row["optional"], row["mark"]) == (True, "⚪")
    assert check(said).conclusion == "success"


def test_each_of_the_two_can_be_switched_off() -> None:
    assert [type(one) for one in decide(TITLE, comment=False)] == [Flow, SetCheck]
    assert [type(one) for one in decide(TITLE, check=False)] == [Flow, UpsertComment]


def test_a_bot_needs_no_checklist_unless_it_is_asked_for() -> None:
    robot = PullRequest(15, author=Actor(9, "renovate[bot]", is_bot=True), head_sha="a" * 40)
    assert [type(one) for one in decide(TITLE, pull_=robot)] == [Flow, SetCheck]
    assert [type(one) for one in decide(TITLE, pull_=robot, bots=True)] == [Flow, UpsertComment, SetCheck]


@pytest.mark.parametrize(
    ("items", "more", "said", "next_"),
    [
        ((TITLE, REVIEW, TESTS), {}, "Thanks, this is at: review", ["tests (you)", "review (maintainers)"]),
        (
            (REVIEW,),
            {"is_draft": True},
            "Thanks, a draft so far. This is at: review",
            [],
        ),
        ((TITLE, TESTS), {}, "Thanks, this is at: tests", ["tests (you)"]),
        ((TITLE,), {}, "Thanks, everything is there. This is at: merge", []),
        ((TESTS,), {"is_open": False, "is_merged": True}, "Merged, thank you", []),
        ((REVIEW, TESTS), {"is_open": False}, "Closed without merging", []),
    ],
)
def test_the_headline_and_what_is_next_agree(
    items: tuple[Item, ...], more: dict[str, Any], said: str, next_: list[str]
) -> None:
    found = comment(decide(*items, pull_=replace(OPEN, **more))).context
    assert found["headline"] == said
    assert [f"{step['title']} ({step['who']})" for step in found["next"]] == next_


def test_of_a_draft_nothing_is_asked_but_to_finish_it() -> None:
    said = decide(TESTS, REVIEW, pull_=replace(OPEN, is_draft=True))
    assert check(said).conclusion == ""  # neither red nor green: nobody merges it yet
    assert check(decide(TITLE, pull_=replace(OPEN, is_draft=True))).conclusion == ""
    text = render_comment("checklist", comment(said).context, reason="x")
    assert "Next: finish it, then press **Ready for review** or say `/ready`." in text
    assert "(you)" not in text


def test_what_broke_after_the_merge_has_a_next_step() -> None:
    red = Item(
        "verification", "After the merge", Stage.VERIFICATION, Status.MISSING, Phrase("x"), "maintainers"
    )
    merged = replace(OPEN, is_open=False, is_merged=True)
    context = comment(decide(TITLE, red, pull_=merged)).context
    assert [step["title"] for step in context["next"]] == ["after the merge"]


def test_a_checklist_does_not_say_twice_how_it_stands() -> None:
    said = comment(decide(TITLE, REVIEW))
    text = render_comment("checklist", said.context, reason=said.reason, section="flow")
    assert "Why:" not in text
    assert "Settings: `flow`" in text


def test_headlines() -> None:
    late = Item("verification", "Verification", Stage.VERIFICATION, Status.WAITING, Phrase("wait"))
    out = Item("release", "Release", Stage.RELEASE, Status.DONE, Phrase("in 1.0"))
    merged = {"is_open": False, "is_merged": True}
    assert headline(REVIEW, is_draft=True) == "Thanks, a draft so far. This is at: review"
    assert headline(TITLE) == "Thanks, everything is there. This is at: merge"
    assert headline(TITLE, is_open=False) == "Closed without merging"
    assert headline(TITLE, late, **merged) == "Merged, thank you. This is at: post-merge verification"
    assert headline(TITLE, **merged) == "Merged, thank you"
    waits = Item("release", "Release", Stage.RELEASE, Status.WAITING, Phrase("in the draft of 1.0"))
    assert headline(TITLE, waits, **merged) == "Merged, thank you"
    assert headline(TITLE, out, **merged) == "Merged and released, thank you"


def test_with_conflicts_not_everything_is_there_though_the_check_is_green() -> None:
    merge = Item("merge", "Merge", Stage.MERGE, Status.MISSING, Phrase("conflicts"))
    assert headline(TITLE, merge) == "Thanks, this is at: merge"
    assert check(decide(TITLE, merge)).conclusion == "success"
    waiting = replace(merge, status=Status.WAITING, who="maintainers")
    assert headline(TITLE, waiting) == "Thanks, everything is there. This is at: merge"


@pytest.mark.parametrize(
    ("items", "conclusion"), [((TITLE,), "success"), ((TITLE, REVIEW), "failure"), ((TESTS,), "failure")]
)
def test_what_a_merge_queue_made_gets_a_check_that_nothing_waits_for(
    items: tuple[Item, ...], conclusion: str
) -> None:
    event = MergeGroupFormed(MAINTAINER, pull(), sha="c" * 40)
    facts = Facts([OPEN, FlowItems(items), Skips(), QueuePlace()])
    found, group = contribution_flow.decide(event, FlowConfig(), facts)
    assert isinstance(found, Flow)
    assert isinstance(group, SetCheck)
    assert (group.sha, group.conclusion, group.name) == ("c" * 40, conclusion, CHECK_NAME)
    assert [type(one) for one in contribution_flow.decide(event, FlowConfig(check=False), facts)] == [Flow]


@pytest.mark.parametrize(("item", "conclusion"), [(TITLE, "success"), (REVIEW, "failure")])
def test_what_the_queue_made_and_nobody_told_of_gets_one_too(item: Item, conclusion: str) -> None:
    place = QueuePlace("queued", unchecked="c" * 40)
    own, group = (one for one in decide(item, place=place) if isinstance(one, SetCheck))
    assert (own.sha, group.sha, group.conclusion) == (OPEN.head_sha, "c" * 40, conclusion)
    assert [type(one) for one in decide(item, place=place, comment=False, check=False)] == [Flow]


def test_what_it_made_of_one_that_was_closed_is_refused() -> None:
    event, closed = MergeGroupFormed(MAINTAINER, pull(), sha="c" * 40), replace(OPEN, is_open=False)
    facts = Facts([closed, FlowItems((TITLE,)), Skips(), QueuePlace()])
    _found, group = contribution_flow.decide(event, FlowConfig(), facts)
    assert isinstance(group, SetCheck)
    assert (group.conclusion, group.edits_only) == ("failure", False)


def test_actions_have_reasons_of_one_line() -> None:
    assert all("\n" not in one.reason for one in decide(TITLE, REVIEW) if isinstance(one, Action))
