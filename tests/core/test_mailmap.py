"""Whose a commit is, by git's own examples of mailmaps."""

import dataclasses

from bot.core.history import PastCommit
from bot.core.mailmap import Alias, Mailmap, aliases_of, key_of, shown_name
from tests.health.examples import at

REPOSITORY = 7
# The examples of https://git-scm.com/docs/gitmailmap, and what is none.
FILE = """\
# This is a comment
Joe R. Developer <joe@example.com>
Jane Doe <jane@example.com> <jane@laptop.(none)>
Jane Doe <jane@example.com> <jane@desktop.(none)>
Joe R. Developer <joe@example.com> Joe <bugs@example.com>
Jane Doe <jane@example.com> Jane <bugs@example.com>
<santa.claus@northpole.xx> <me@company.xx>  # only the address
no address here
"""


def commit(name: str, email: str) -> PastCommit:
    moment = at("2026-03-01")
    return PastCommit("a" * 40, moment, moment, None, key_of(email, REPOSITORY), name)


def told(name: str, email: str, file: str = FILE) -> tuple[str, str]:
    found = Mailmap(aliases_of(file, REPOSITORY)).applied(commit(name, email))
    return found.name, found.key


def of(name: str, email: str) -> tuple[str, str]:
    return name, key_of(email, REPOSITORY)


def test_a_name_is_mended() -> None:
    assert told("Joey", "joe@example.com") == of("Joe R. Developer", "joe@example.com")


def test_several_addresses_are_one_person() -> None:
    jane = of("Jane Doe", "jane@example.com")
    assert told("Jane", "jane@laptop.(none)") == told("jd", "JANE@desktop.(none)") == jane


def test_one_address_of_two_people_is_told_apart_by_the_name() -> None:
    assert told("Joe", "bugs@example.com") == of("Joe R. Developer", "joe@example.com")
    assert told("JANE", "bugs@example.com") == of("Jane Doe", "jane@example.com")
    assert told("Bob", "bugs@example.com") == of("Bob", "bugs@example.com")


def test_an_address_alone_leaves_the_name() -> None:
    assert told("Me", "me@company.xx") == of("Me", "santa.claus@northpole.xx")


def test_who_is_not_in_the_file_stays() -> None:
    assert told("Nia", "nia@example.org") == of("Nia", "nia@example.org")
    assert told("Nia", "nia@example.org", "") == of("Nia", "nia@example.org")


def test_the_last_line_holds() -> None:
    file = "One <a@example.com>\nTwo <A@example.com>\n"
    assert told("x", "a@example.com", file) == of("Two", "a@example.com")


def test_addresses_are_in_none_of_it() -> None:
    lines = aliases_of(FILE, REPOSITORY)
    assert len(lines) == 6
    assert "example" not in repr(lines)
    assert lines[0] == Alias(key_of("joe@example.com", REPOSITORY), "", "", "Joe R. Developer")


def test_a_key_is_the_same_in_one_repository_and_another_in_each_other() -> None:
    assert key_of(" Nia@Example.org", 1) == key_of("nia@example.org", 1)
    assert key_of("nia@example.org", 1) != key_of("nia@example.org", 2)
    assert len(key_of("nia@example.org", 1)) == 16
    assert "example" not in repr(dataclasses.asdict(commit("Nia", "nia@example.org")))


def test_of_a_name_that_is_an_address_only_the_beginning_is_shown() -> None:
    assert shown_name("nia@example.org") == "nia"
    assert shown_name("  Nia \x00 of  the North ") == "Nia of the North"
