import pytest

from bot.core.pull_context import ReviewLoad
from bot.core.reviewers import Candidate, candidates

TEAM = frozenset({"ada", "bob", "cy", "dee"})


def names(owned: dict[str, int], load: ReviewLoad, *barred: str) -> list[str]:
    return [candidate.login for candidate in candidates(owned, load, barred)]


def test_code_owners_come_first() -> None:
    load = ReviewLoad(waiting={"ada": 9}, touched={"bob": 50}, reviewed={"cy": 5}, may_review=TEAM)
    assert names({"ada": 1}, load) == ["ada", "bob", "cy"]


def test_then_the_least_busy_then_the_most_familiar_then_the_alphabet() -> None:
    load = ReviewLoad(
        waiting={"ada": 2, "bob": 1, "cy": 1, "dee": 1},
        touched={"ada": 90, "bob": 1, "cy": 4, "dee": 4},
        reviewed={"dee": 3},
        may_review=TEAM,
    )
    assert names({}, load) == ["dee", "cy", "bob", "ada"]
    assert names({}, ReviewLoad(touched={"dee": 1, "Cy": 1, "bob": 1}, may_review=TEAM)) == [
        "bob",
        "cy",
        "dee",
    ]


def test_the_order_of_what_is_known_does_not_matter() -> None:
    one = ReviewLoad(touched={"ada": 1, "bob": 1}, may_review=TEAM)
    other = ReviewLoad(touched={"bob": 1, "ada": 1}, may_review=TEAM)
    assert candidates({}, one, ()) == candidates({}, other, ())


def test_only_those_who_may_review_are_asked() -> None:
    load = ReviewLoad(touched={"ada": 1, "stranger": 9}, may_review=frozenset({"Ada"}))
    assert names({"gone": 3}, load) == ["Ada"]


def test_where_it_is_not_known_who_may_only_code_owners_are_asked() -> None:
    assert names({"ada": 1}, ReviewLoad(touched={"bob": 9}, reviewed={"cy": 9})) == ["ada"]


@pytest.mark.parametrize("login", ["bob", "helper[bot]"])
def test_who_is_barred_and_bots_are_left_out(login: str) -> None:
    load = ReviewLoad(touched={"ada": 1, login: 9}, may_review=TEAM | {login})
    assert names({login: 1}, load, "bob") == ["ada"]


def test_one_person_is_one_however_they_are_spelled() -> None:
    load = ReviewLoad(touched={"ADA": 2}, reviewed={"ada": 3}, may_review=frozenset({"Ada"}))
    assert candidates({"aDa": 1}, load, ()) == (Candidate("Ada", 1, 2, 3, 0),)


@pytest.mark.parametrize(
    ("candidate", "why"),
    [
        (Candidate("ada", owned=2), "ada owns 2 changed files, has no review waiting"),
        (
            Candidate("bob", touched=1, waiting=1),
            "bob changed these files 1 time in the last year, has 1 review waiting",
        ),
        (
            Candidate("cy", reviewed=4),
            "cy reviewed 4 of the last 100 that were merged, has no review waiting",
        ),
    ],
)
def test_it_says_why_this_person(candidate: Candidate, why: str) -> None:
    assert candidate.why == why
