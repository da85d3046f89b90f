from typing import Any

import pytest

from bot.core.history import Person
from bot.health.people import (
    WELL_KNOWN_BOTS,
    People,
    known_bots,
    known_bots_by_name,
    listed_maintainers,
    shows_rights,
)
from bot.health.settings import HealthConfig
from tests.health.examples import BO, BOT, GREETER, MAINT, NIA, PERSONS, event, gathered, issue, pull

PEOPLE = People({NIA: "nia"}, frozenset({BOT}), frozenset({MAINT, BOT}))


def bots(*persons: Person, marks: dict[int, bool] | None = None, **config: Any) -> frozenset[int]:
    return known_bots(persons, HealthConfig(**config), marks or {})[0]


@pytest.mark.parametrize(
    "person",
    [
        Person(7, "renovate", is_bot=True),
        Person(7, "renovate[bot]"),
        Person(7, "k8s-ci-robot"),
        Person(7, "HuggingFaceDocBuilderDev"),
    ],
    ids=lambda person: person.login,
)
def test_a_bot_is_known_by_its_type_its_ending_or_by_name(person: Person) -> None:
    assert bots(person) == {7}


@pytest.mark.parametrize("login", ["abbott", "robotics-fan", "bot", "talbot", "botfriend", "robot-dreams"])
def test_nobody_is_a_bot_because_of_letters(login: str) -> None:
    assert bots(Person(7, login)) == frozenset()


def test_settings_and_clicks_have_the_last_word() -> None:
    greeter, ci = Person(7, "Greeter"), Person(8, "ci[bot]")
    assert bots(greeter, bots=["greeter"]) == {7}
    assert bots(ci, people=["CI[bot]"]) == frozenset()
    assert bots(greeter, marks={7: True}) == {7}
    assert bots(greeter, marks={7: False}, bots=["greeter"]) == frozenset()
    assert bots(marks={9: True}) == {9}
    assert known_bots([greeter], HealthConfig(people=["greeter"]), {8: False})[1] == {7, 8}


def test_the_curated_list_is_in_lower_case() -> None:
    assert {login.lower() for login in WELL_KNOWN_BOTS} == WELL_KNOWN_BOTS


def test_an_answer_is_written_by_a_person_who_is_not_the_author() -> None:
    thread = pull(1, "2026-03-02", author=NIA)
    assert PEOPLE.is_answer(event("2026-03-02", "commented", BO), thread)
    assert PEOPLE.is_answer(event("2026-03-02", "reviewed", BO), thread)
    assert PEOPLE.is_answer(event("2026-03-02", "review_commented", BO), thread)
    assert not PEOPLE.is_answer(event("2026-03-02", "commented", NIA), thread)
    assert not PEOPLE.is_answer(event("2026-03-02", "commented", BOT), thread)
    assert not PEOPLE.is_answer(event("2026-03-02", "commented", BO, by_app=True), thread)
    assert not PEOPLE.is_answer(event("2026-03-02", "closed", BO), thread)
    assert not PEOPLE.is_answer(event("2026-03-02", "labeled", BO), thread)


def test_a_ghost_answers_as_a_person_does_but_not_itself() -> None:
    ghost = event("2026-03-02", "commented", None)
    assert PEOPLE.is_answer(ghost, issue(1, "2026-03-02", author=NIA))
    assert not PEOPLE.is_answer(ghost, issue(1, "2026-03-02", author=None))
    assert PEOPLE.is_answer(event("2026-03-02", "commented", BO), issue(1, "2026-03-02", author=None))


def test_a_bot_is_no_maintainer() -> None:
    assert PEOPLE.is_maintainer(MAINT)
    assert not PEOPLE.is_maintainer(BOT)
    assert not PEOPLE.is_maintainer(None)


@pytest.mark.parametrize("association", ["OWNER", "MEMBER", "COLLABORATOR"])
def test_an_association_shows_a_maintainer(association: str) -> None:
    thread = issue(1, "2026-03-02")
    assert shows_rights(event("2026-03-02", "commented", BO, association=association), thread)
    assert gathered([issue(1, "2026-03-02", association=association)]).people(PERSONS, {}).is_maintainer(NIA)


def test_what_only_maintainers_may_do_shows_one() -> None:
    thread = issue(1, "2026-03-02", author=NIA)
    assert shows_rights(event("2026-03-02", "labeled", BO), thread)
    assert shows_rights(event("2026-03-02", "closed", BO), thread)
    assert shows_rights(event("2026-03-02", "merged", NIA), thread)
    assert not shows_rights(event("2026-03-02", "closed", NIA), thread)
    assert not shows_rights(event("2026-03-02", "labeled", NIA), thread)  # an issue form does so
    assert not shows_rights(event("2026-03-02", "closed", None), thread)
    assert not shows_rights(event("2026-03-02", "commented", BO, association="CONTRIBUTOR"), thread)


def test_where_the_maintainers_are_given_nobody_else_is_one_but_those_in_the_settings() -> None:
    seen = gathered([issue(1, "2026-03-02", event("2026-03-02", "closed", BO))], maintainers=["Greeter"])
    people = seen.people(PERSONS, {}, [MAINT])
    assert set(people.maintainers) == {MAINT, GREETER}
    assert set(seen.people(PERSONS, {}).maintainers) == {BO, GREETER}
    assert listed_maintainers(PERSONS, HealthConfig(maintainers=["NIA"])) == {NIA}


def test_an_account_has_a_name_or_else_its_number() -> None:
    assert (PEOPLE.login(NIA), PEOPLE.login(77)) == ("nia", "77")


def test_authors_without_an_account_are_bots_by_name_as_accounts_are() -> None:
    names = ["Nia", "renovate[bot]", "codecov-io", "Nightly", "Abbott"]
    config = HealthConfig(bots=["nightly"], people=["codecov-io"])
    assert known_bots_by_name(names, config) == {"renovate[bot]", "Nightly"}
