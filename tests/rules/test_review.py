from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.actions import RequestReviewers
from bot.core.actors import Actor
from bot.core.events import PullRequestUpdated
from bot.core.facts import Facts, Now
from bot.core.flow import Item, Stage, Status
from bot.core.pull_context import CodeOwnersFile, ReviewLoad, ReviewRequests, TeamMembers, Word, Words
from bot.core.pulls import ChangedFile, ChangedFiles, PullRequest, Review, Reviews, ReviewState
from bot.rules.review import ReviewConfig, review
from tests.rules.examples import BOT, NEWCOMER, pull

NOW = datetime(2025, 6, 9, 12, tzinfo=UTC)
OWNERS = "* @ada\n/web/ @acme/web\n"


def said(login: str, state: ReviewState, **changes: Any) -> Review:
    return Review(
        **{
            "author": Actor(1, login),
            "state": state,
            "association": "MEMBER",
            "sha": "one",
            "at": NOW,
            **changes,
        }
    )


def decide(
    *reviews: Review,
    config: dict[str, Any] | None = None,
    requests: ReviewRequests = ReviewRequests(),  # noqa: B008 - immutable
    load: ReviewLoad = ReviewLoad(),  # noqa: B008 - immutable
    paths: tuple[str, ...] = ("src/a.py",),
    owners: str | None = OWNERS,
    teams: dict[str, frozenset[str]] | None = None,
    is_complete: bool = True,
    words: tuple[Word, ...] = (),
    is_too_large: bool = False,
    **changes: Any,
) -> list[Any]:
    request = PullRequest(**{"number": 15, "author": NEWCOMER, "head_sha": "one", **changes})
    facts = Facts(
        [
            request,
            ChangedFiles(tuple(map(ChangedFile, paths))),
            Reviews(reviews, is_complete=is_complete),
            Words(words),
            requests,
            load,
            CodeOwnersFile(owners, ".github/CODEOWNERS", is_too_large),
            TeamMembers(teams or {}),
            Now(NOW),
        ]
    )
    event = PullRequestUpdated(NEWCOMER, pull(), what="look")
    return list(review.decide(event, ReviewConfig(**(config or {})), facts))


def seen(*reviews: Review, **given: Any) -> tuple[Status, str, str]:
    (item,) = decide(*reviews, **given)
    assert isinstance(item, Item)
    assert (item.key, item.title, item.stage, item.needed) == ("review", "Review", Stage.REVIEW, True)
    return item.status, item.text.plain(), item.who


WAITS, MISSING, DONE = Status.WAITING, Status.MISSING, Status.DONE

# Whose turn it is


def test_nobody_was_asked_yet() -> None:
    assert seen() == (WAITS, "waiting for 1 approval by maintainers", "maintainers")
    assert seen(config={"approvals": 2})[1] == "waiting for 2 approvals by maintainers"


def test_it_says_who_was_asked_and_when() -> None:
    asked: dict[str, Any] = {"requested_reviewers": ("ada", "bob"), "requested_teams": ("web",)}
    assert seen(**asked)[1] == "waiting for 1 approval from ada, bob, web"
    requests = ReviewRequests({"ada": NOW - timedelta(hours=2), "bob": NOW, "gone": NOW - timedelta(days=9)})
    assert (
        seen(requests=requests, **asked)[1]
        == "waiting for 1 approval from ada, bob, web (asked on 2025-06-09)"
    )


def test_an_approval_does_not_count_while_there_are_reviews_that_were_not_read() -> None:
    status, text, who = seen(said("ada", "approved"), is_complete=False)
    assert (status, who) == (WAITS, "maintainers")
    assert text.startswith("there are more reviews than can be read")
    assert seen(said("ada", "changes_requested"), is_complete=False)[0] == Status.MISSING


def test_approved() -> None:
    assert seen(said("ada", "approved")) == (DONE, "approved by ada", "maintainers")
    four = [said(login, "approved") for login in ("ada", "bob", "cy", "dee")]
    assert seen(*four)[1] == "approved by ada, bob, cy and 1 more"
    assert seen(four[0], config={"approvals": 2})[1] == "waiting for 1 more approval by maintainers"


def test_approved_by_command() -> None:
    assert seen(words=(Word("approve", "ada", "one", at=NOW),)) == (DONE, "approved by ada", "maintainers")
    assert seen(words=(Word("lgtm", "ada", "one", at=NOW),))[0] == WAITS
    earlier = seen(words=(Word("approve", "ada", "zero", at=NOW),))
    assert earlier == (WAITS, "ada approved an earlier state: waiting for another look", "maintainers")


def test_a_code_owner_may_approve_by_command() -> None:
    words = (Word("approve", "bob", "one", at=NOW),)
    assert seen(words=words, config={"code_owners": True})[0] == WAITS
    words = (Word("approve", "Ada", "one", at=NOW),)
    assert seen(words=words, config={"code_owners": True})[0] == DONE


def test_changes_requested_are_the_authors_turn() -> None:
    expected = "ada asked for changes: push them, or answer and ask for another look"
    assert seen(said("ada", "changes_requested"), said("bob", "approved")) == (MISSING, expected, "author")
    assert seen(said("ada", "changes_requested"), author=BOT) == (MISSING, expected, "maintainers")


def test_changes_requested_hold_up_even_where_no_approval_is_asked_for() -> None:
    assert seen(said("ada", "changes_requested"), config={"approvals": 0})[0] == MISSING


def test_after_a_push_it_is_the_reviewers_turn_again() -> None:
    expected = "answered since ada asked for changes: waiting for another look"
    assert seen(said("ada", "changes_requested", sha="zero")) == (WAITS, expected, "maintainers")


def test_one_answered_and_one_not() -> None:
    text = seen(said("ada", "changes_requested", sha="zero"), said("bob", "changes_requested"))[1]
    assert text.startswith("bob asked for changes")


def test_a_dismissed_review_holds_nothing_up() -> None:
    assert seen(said("ada", "dismissed"), said("bob", "approved"))[0] == DONE


def test_approvals_of_an_earlier_state() -> None:
    old = said("ada", "approved", sha="zero")
    assert seen(old)[0] == DONE
    expected = "ada approved an earlier state: waiting for another look"
    assert seen(old, config={"dismiss_stale": True}) == (WAITS, expected, "maintainers")


def test_drafts_open_for_review_later() -> None:
    expected = "opens for review when it leaves draft"
    assert seen(is_draft=True) == (WAITS, expected, "author")
    assert seen(said("ada", "approved"), is_draft=True)[0] == DONE
    assert seen(said("ada", "changes_requested"), is_draft=True)[0] == MISSING


def test_no_approval_is_asked_for() -> None:
    assert seen(config={"approvals": 0})[:2] == (Status.NOT_APPLICABLE, "no approval is asked for here")


def test_outsiders_count_where_the_config_says_so() -> None:
    outsider = said("zed", "approved", association="CONTRIBUTOR")
    assert seen(outsider)[0] == WAITS
    assert seen(outsider, config={"associations": ["CONTRIBUTOR"]})[0] == DONE


@pytest.mark.parametrize("state", [{"is_open": False}, {"is_open": False, "is_merged": True}])
def test_closed_and_merged_pull_requests_are_left_alone(state: dict[str, Any]) -> None:
    assert decide(config={"reviewers": 2}, **state) == []


# Code owners

BY_OWNERS = {"code_owners": True}


def test_code_owners_are_asked_for_only_where_the_config_says_so() -> None:
    assert seen(said("bob", "approved"))[0] == DONE
    expected = "waiting for a code owner of `src/a.py`: @ada"
    assert seen(said("bob", "approved"), config=BY_OWNERS) == (WAITS, expected, "maintainers")
    assert seen(said("ada", "approved"), config=BY_OWNERS)[0] == DONE


def test_without_a_file_there_are_no_owners() -> None:
    assert seen(said("bob", "approved"), config=BY_OWNERS, owners=None)[0] == DONE


def test_the_author_agrees_to_what_they_own() -> None:
    assert seen(said("bob", "approved"), config=BY_OWNERS, author=Actor(5, "Ada"))[0] == DONE


def test_owners_alone_can_be_asked_for() -> None:
    config = {"approvals": 0, **BY_OWNERS}
    assert seen(config=config)[1] == "waiting for a code owner of `src/a.py`: @ada"
    assert seen(config=config, is_draft=True)[1] == "opens for review when it leaves draft"


def test_a_team_that_cannot_be_looked_into() -> None:
    given: dict[str, Any] = {"config": BY_OWNERS, "paths": ("web/a.ts", "b.py")}
    assert seen(said("bob", "approved"), **given)[1] == (
        "waiting for a code owner of `web/a.ts`: @acme/web, and for those of 1 more."
        " Usher cannot see who all of them are; a maintainer can waive it with `/skip review <reason>`"
    )
    given["teams"] = {"acme/web": frozenset({"bob"})}
    assert seen(said("bob", "approved"), said("ada", "approved"), **given)[0] == DONE


# Whom to ask

LOAD = ReviewLoad(
    waiting={"bob": 1},
    touched={"bob": 5, "cy": 2, "nia": 9},
    may_review=frozenset({"ada", "bob", "cy", "nia"}),
)


def asked(*reviews: Review, reviewers: int = 2, **given: Any) -> tuple[str, ...]:
    config = {"reviewers": reviewers, **given.pop("config", {})}
    found = decide(*reviews, config=config, **{"load": LOAD, **given})
    actions = [each for each in found if isinstance(each, RequestReviewers)]
    return actions[0].logins if actions else ()


def test_nobody_is_asked_by_default() -> None:
    assert len(decide(load=LOAD)) == 1


def test_code_owners_then_the_least_busy_who_know_the_files() -> None:
    assert asked() == ("ada", "cy")
    assert asked(reviewers=9) == ("ada", "cy", "bob")
    assert asked(owners=None) == ("cy", "bob")


def test_it_says_why() -> None:
    (action,) = [a for a in decide(config={"reviewers": 2}, load=LOAD) if isinstance(a, RequestReviewers)]
    assert action.reason == (
        "ada owns 1 changed file, has no review waiting;"
        " cy changed these files 2 times in the last year, has no review waiting"
    )


def test_members_of_teams_are_asked_where_they_are_known() -> None:
    given: dict[str, Any] = {"paths": ("web/a.ts",), "load": ReviewLoad()}
    assert asked(**given) == ()
    assert asked(teams={"ACME/web": frozenset({"Dee", "nia"})}, **given) == ("Dee",)


@pytest.mark.parametrize(
    "given",
    [
        {"is_draft": True},
        {"author": BOT},
        {"requested_reviewers": ("zed",)},
        {"requested_teams": ("web",)},
        {"is_open": False},
    ],
)
def test_when_nobody_is_asked(given: dict[str, Any]) -> None:
    assert asked(**given) == ()


def test_nobody_is_asked_once_somebody_has_looked() -> None:
    assert asked(said("passer-by", "commented", association="NONE")) == ()
    assert asked(said("nia", "commented")) == ("ada", "cy")


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"never": ["@Ada"]}, ("cy", "bob")),
        ({"absent": {"Ada": True}}, ("cy", "bob")),
        ({"absent": {"ada": "2025-06-09"}}, ("cy", "bob")),
        ({"absent": {"ada": "2025-06-08"}}, ("ada", "cy")),
        ({"absent": {"ada": "2025-06-08", "cy": True}, "never": ["bob"]}, ("ada",)),
    ],
)
def test_who_is_away_or_wants_no_reviews_is_not_asked(
    config: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert asked(config=config) == expected


def test_who_was_taken_off_is_not_asked_again() -> None:
    assert asked(requests=ReviewRequests(withdrawn=frozenset({"Ada"}))) == ("cy", "bob")


# Settings


@pytest.mark.parametrize(
    "config",
    [
        {"approvals": -1},
        {"associations": []},
        {"associations": ["NONE"]},
        {"reviewers": 16},
        {"absent": {"ada": 5}},
        {"absent": {"ada": False}},
        {"absent": {"ada": "soon"}},
    ],
)
def test_settings_that_make_no_sense(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ReviewConfig(**config)


def test_days_are_read_as_the_file_has_them() -> None:
    config = ReviewConfig(absent={"@Ada": "2025-07-01"})
    assert config.absent == {"ada": date(2025, 7, 1)}


def test_code_owners_that_github_does_not_read_are_spoken_of_where_they_are_asked_for() -> None:
    said_so = (
        "approved by ada. `.github/CODEOWNERS` has more than 3 MB:"
        " neither GitHub nor Usher reads the code owners in it"
    )
    given: dict[str, Any] = {"owners": None, "is_too_large": True}
    assert seen(said("ada", "approved"), config={"code_owners": True}, **given)[:2] == (DONE, said_so)
    assert seen(said("ada", "approved"), **given)[1] == "approved by ada"
