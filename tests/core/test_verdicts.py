from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.actors import Actor
from bot.core.codeowners import Ownership, parse
from bot.core.pull_context import Word
from bot.core.pulls import ChangedFile, PullRequest, Review, Reviews, ReviewState
from bot.core.verdicts import Unowned, Verdicts, has_looked, lines_of, unowned, verdicts

START = datetime(2025, 6, 9, 9, tzinfo=UTC)
TEAM = ("OWNER", "MEMBER", "COLLABORATOR")


def said(login: str, state: ReviewState, **changes: Any) -> Review:
    """A member's review of the first commit, at nine."""
    return Review(
        **{
            "author": Actor(1, login),
            "state": state,
            "association": "MEMBER",
            "sha": "one",
            "at": START,
            **changes,
        }
    )


def word(by: str = "ada", sha: str = "one", hours: int = 0, name: str = "approve") -> Word:
    """An approval by command of the first commit, so many hours after nine."""
    return Word(name, by, sha, at=START + timedelta(hours=hours))


def count(*reviews: Review, stale: bool = False, words: tuple[Word, ...] = (), **pull: Any) -> Verdicts:
    request = PullRequest(**{"number": 15, "author": Actor(10, "nia"), "head_sha": "one", **pull})
    return verdicts(request, Reviews(reviews), TEAM, dismiss_stale=stale, words=words)


@pytest.mark.parametrize("association", TEAM)
def test_the_team_counts(association: str) -> None:
    assert count(said("ada", "approved", association=association)) == Verdicts(approved=("ada",))


@pytest.mark.parametrize(
    "review",
    [
        said("ada", "approved", association="CONTRIBUTOR"),
        said("ada", "approved", association="NONE"),
        said("Nia", "approved"),
        said("helper[bot]", "approved", author=Actor(3, "helper[bot]", is_bot=True)),
        said("ada", "commented"),
        said("ada", "dismissed"),
        said("ada", "pending"),
        said("ada", "changes_requested", association="NONE"),
    ],
)
def test_what_does_not_count(review: Review) -> None:
    assert count(review) == Verdicts()


def test_the_latest_verdict_counts_and_comments_change_none() -> None:
    first, then = said("ada", "changes_requested"), said("ada", "approved")
    assert count(first, then) == Verdicts(approved=("ada",))
    assert count(then, first) == Verdicts(objecting=("ada",))
    assert count(then, said("ada", "commented")) == Verdicts(approved=("ada",))
    assert count(then, said("ada", "dismissed")) == Verdicts()


def test_an_approval_of_an_earlier_commit_counts_unless_the_config_says_otherwise() -> None:
    old, new = said("ada", "approved", sha="zero"), said("bob", "approved")
    assert count(old, new) == Verdicts(approved=("ada", "bob"))
    assert count(old, new, stale=True) == Verdicts(approved=("bob",), outdated=("ada",))


@pytest.mark.parametrize(
    ("changes", "later"),
    [
        ({"head_sha": "two"}, []),
        ({"requested_reviewers": ("ada",)}, []),
        ({}, [said("nia", "commented", at=START + timedelta(minutes=1))]),
    ],
    ids=["pushed", "asked again", "wrote back"],
)
def test_what_answers_a_request_for_changes(changes: dict[str, Any], later: list[Review]) -> None:
    objection = said("ada", "changes_requested")
    assert count(objection) == Verdicts(objecting=("ada",))
    assert count(objection, *later, **changes) == Verdicts(answered=("ada",))


def test_what_the_author_wrote_before_is_no_answer() -> None:
    earlier = said("nia", "commented", at=START - timedelta(minutes=1))
    assert count(earlier, said("ada", "changes_requested")).objecting == ("ada",)
    assert count(said("nia", "commented"), said("ada", "changes_requested", at=None)).objecting == ("ada",)


def test_who_has_looked() -> None:
    request = PullRequest(number=15, author=Actor(10, "nia"))
    bot = said("helper[bot]", "commented", author=Actor(3, "helper[bot]", is_bot=True))
    assert not has_looked(request, Reviews((said("nia", "commented"), bot)))
    assert has_looked(request, Reviews((said("passer-by", "commented", association="NONE"),)))


# Code owners

OWNERS = parse("* @ada\n/web/ @acme/web @bob\n/web/free\n/mail/ x@example.org\n/legal/ @acme/legal\n")


def missing(path: str, *agreed: str, **teams: frozenset[str]) -> tuple[Unowned, ...]:
    known = {f"acme/{name}": members for name, members in teams.items()}
    return unowned(lines_of([ChangedFile(path)], OWNERS), agreed, known)


def test_lines_are_those_of_all_places_of_a_file() -> None:
    moved = ChangedFile("web/a.ts", "renamed", previous="lib/a.ts")
    assert lines_of([moved], OWNERS) == {
        "web/a.ts": Ownership(2, "/web/", ("@acme/web", "@bob")),
        "lib/a.ts": Ownership(1, "*", ("@ada",)),
    }
    copied = ChangedFile("web/free/a.ts", "copied", previous="lib/a.ts")
    assert lines_of([copied], OWNERS) == {}


def test_one_owner_of_each_file_is_enough() -> None:
    assert missing("a.c") == (Unowned("a.c", ("@ada",), is_known=True),)
    assert missing("a.c", "Ada") == ()
    assert missing("web/a.ts", "bob") == ()
    assert missing("web/a.ts", "ada") == (Unowned("web/a.ts", ("@acme/web", "@bob"), is_known=True),)


def test_each_set_of_owners_is_named_once() -> None:
    files = [ChangedFile(path) for path in ("a.c", "b.c", "web/a.ts")]
    assert [each.path for each in unowned(lines_of(files, OWNERS), (), {})] == ["a.c", "web/a.ts"]


def test_a_team_agrees_when_it_is_known_who_is_in_it() -> None:
    assert missing("legal/a", "cy") == (Unowned("legal/a", ("@acme/legal",), is_known=False),)
    assert missing("legal/a", "cy", legal=frozenset({"Cy"})) == ()
    assert missing("legal/a", "ada", legal=frozenset({"cy"}))[0].is_known


def test_an_address_belongs_to_nobody_that_is_known() -> None:
    assert missing("mail/a", "ada") == (Unowned("mail/a", ("x@example.org",), is_known=False),)


# Approvals by command


def test_a_word_counts_like_an_approval_of_that_commit() -> None:
    assert count(words=(word(),)) == Verdicts(approved=("ada",))
    assert count(words=(word(sha="zero"),)) == Verdicts(outdated=("ada",))
    assert count(said("bob", "approved"), words=(word(),)) == Verdicts(approved=("bob", "ada"))
    assert count(words=(word("Nia"),)) == Verdicts()


def test_of_a_word_and_a_review_the_later_counts() -> None:
    objection = said("Ada", "changes_requested", at=START + timedelta(hours=1))
    assert count(objection, words=(word(hours=2),)) == Verdicts(approved=("Ada",))
    assert count(objection, words=(word(hours=0),)) == Verdicts(objecting=("Ada",))
    assert count(objection, words=(word(hours=1),)) == Verdicts(objecting=("Ada",))
    dismissed = said("ada", "dismissed", at=START + timedelta(hours=1))
    assert count(dismissed, words=(word(),)) == Verdicts()


def test_an_objection_counts_against_a_word_even_where_it_would_not_count_alone() -> None:
    outside = said("ada", "changes_requested", association="NONE", at=START + timedelta(hours=1))
    assert count(outside, words=(word(),)) == Verdicts()


def test_a_comment_changes_no_word() -> None:
    comment = said("ada", "commented", at=START + timedelta(hours=1))
    assert count(comment, words=(word(),)) == Verdicts(approved=("ada",))


def test_an_approval_that_holds_is_not_lost_by_a_word_for_an_earlier_commit() -> None:
    approval = said("ada", "approved", sha="zero")
    earlier = word(sha="half", hours=1)
    assert count(approval, words=(earlier,)) == Verdicts(approved=("ada",))
    assert count(approval, stale=True, words=(earlier,)) == Verdicts(outdated=("ada",))
    assert count(approval, stale=True, words=(word(hours=1),)) == Verdicts(approved=("ada",))


@pytest.mark.parametrize(
    ("detail", "associations", "counts"),
    [
        ("MEMBER 7", ("OWNER", "MEMBER"), True),
        ("COLLABORATOR 7", ("OWNER", "MEMBER"), False),
        ("", ("OWNER", "MEMBER"), False),
        ("CONTRIBUTOR 7", ("OWNER", "MEMBER", "CONTRIBUTOR"), True),
        ("NONE 7", TEAM, True),
        ("", TEAM, True),
    ],
)
def test_a_word_counts_as_the_association_of_who_gave_it_does(
    detail: str, associations: tuple[str, ...], counts: bool
) -> None:
    request, given = PullRequest(15, author=Actor(10, "nia"), head_sha="one"), replace(word(), detail=detail)
    found = verdicts(request, Reviews(), associations, dismiss_stale=False, words=(given,))
    assert found == Verdicts(approved=("ada",) if counts else ())


def test_who_takes_another_name_is_still_one_person() -> None:
    before, after = (replace(word(by), detail="MEMBER 7") for by in ("ada", "ada-l"))
    review = said("ada-l", "approved", author=Actor(7, "ada-l"))
    assert count(review, words=(before,)) == Verdicts(approved=("ada-l",))
    assert count(words=(before, after)) == Verdicts(approved=("ada",))
    objection = said("ada-l", "changes_requested", author=Actor(7, "ada-l"), at=START + timedelta(hours=1))
    assert count(objection, words=(before,)) == Verdicts(objecting=("ada-l",))


def test_a_head_that_is_as_good_as_the_present_one_was_looked_at() -> None:
    request = PullRequest(15, author=Actor(10, "nia"), head_sha="two")
    reviews = Reviews((said("bob", "approved"), said("cy", "changes_requested")))
    found = verdicts(request, reviews, TEAM, dismiss_stale=True, words=(word(),), heads={"one"})
    assert found == Verdicts(approved=("bob", "ada"), objecting=("cy",))


def test_a_review_by_word_is_a_look() -> None:
    request = PullRequest(15, author=Actor(10, "nia"))
    assert has_looked(request, Reviews(), (word(name="lgtm"),))
    assert not has_looked(request, Reviews(), (word(name="merge"),))
