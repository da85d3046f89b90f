import pytest

from bot.core.actors import Actor
from bot.core.release.people import Roster, named_in, sentence
from bot.core.release.state import MergedPull, Person
from tests.core.release.history import KIM, KIM_BEFORE, MAINT, NIA, OLA, UPDATES, merged

SERVER = "https://github.com"


def contributors(*pulls: MergedPull, excluded: tuple[str, ...] = ()) -> str:
    return sentence(Roster(pulls, SERVER, excluded).contributors(pulls), "nobody")


@pytest.mark.parametrize(
    ("trailer", "person"),
    [
        ("Co-authored-by: Ola <11+ola@users.noreply.github.com>", Person(11, "ola", "Ola")),
        ("co-authored-by: Ola <ola@users.noreply.github.com>\r", Person(None, "ola", "Ola")),
        ("Co-authored-by: Ola N <ola@example.org>", Person(name="Ola N")),
        (
            "Co-authored-by: bot <49+dependabot[bot]@users.noreply.github.com>",
            Person(49, "dependabot[bot]", "bot", is_bot=True),
        ),
    ],
)
def test_a_commit_names_its_co_authors(trailer: str, person: Person) -> None:
    assert named_in(f"Fix it\n\nWith help.\n\n{trailer}\nSigned-off-by: Nia <n@example.org>") == (person,)


@pytest.mark.parametrize("line", ["Co-authored-by: <a@example.org>", "Co-authored-by: Ola", "By: O <a@b.c>"])
def test_what_names_nobody_is_passed_over(line: str) -> None:
    assert named_in(line) == ()


def test_people_stand_once_authors_first_bots_behind_people() -> None:
    pulls = (
        merged(1, author=UPDATES),
        merged(2, author=MAINT, coauthors=(OLA, Person(10, "nia"), Person(name="Ada"))),
        merged(3, author=NIA, coauthors=(Person(None, "OLA"), Person(name="ada"))),
    )
    bot = "[@dependabot[bot]](https://github.com/apps/dependabot)"
    assert contributors(*pulls) == f"@maint, @nia, {bot}, ada and @ola"


def test_an_account_is_one_person_under_its_latest_name() -> None:
    early, late = merged(1, author=KIM_BEFORE), merged(2, author=KIM)
    roster = Roster((early, late), SERVER)
    assert roster.author(early).mention == "@kim"
    assert contributors(early, late) == "@kim"
    by_old_name = merged(3, coauthors=(Person(None, "kim-old"),))
    assert contributors(early, late, by_old_name) == "@kim and @nia"


def test_names_do_nothing() -> None:
    assert contributors(merged(1, coauthors=(Person(name="@all <b> [x](y)"),))) == (
        "@nia and @\u200ball \\<b> \\[x\\](y)"
    )


@pytest.mark.parametrize("excluded", [("nia", "DEPENDABOT"), ("Nia", "dependabot[bot]")])
def test_some_are_not_to_be_named(excluded: tuple[str, ...]) -> None:
    pulls = (merged(1), merged(2, author=UPDATES))
    assert contributors(*pulls, excluded=excluded) == "nobody"
    assert Roster(pulls, SERVER, excluded).newcomers(pulls, {10}) == []


def test_a_newcomer_stands_with_the_first_of_their_changes() -> None:
    pulls = (merged(1, author=MAINT), merged(3, after=2), merged(2, after=5), merged(4, author=UPDATES))
    found = Roster(pulls, SERVER).newcomers(pulls, {10, 40})
    assert [(credit.mention, pull.number) for credit, pull in found] == [("@nia", 3)]


def test_accounts_have_their_page_where_github_is() -> None:
    roster = Roster((), "https://git.example.org")
    assert roster.author(merged(1)).url == "https://git.example.org/nia"
    assert roster.author(merged(1, author=Actor(5, "ci[bot]", is_bot=True))).plain == (
        "[ci[bot]](https://git.example.org/apps/ci)"
    )
    assert roster.authors(merged(1, coauthors=(Person(name="Ada"),)))[1].url == ""
