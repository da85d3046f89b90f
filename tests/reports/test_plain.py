"""The report as plain text: it fits, and reads well without anything else."""

import re

import pytest
from rich.cells import cell_len

from bot.core.history import Person
from bot.reporting import Told
from bot.reports.plain import USUAL, cut, plain, verdict
from bot.reports.view import view
from bot.reports.words import NOTHING
from tests.health.examples import NIA, PERSONS, issue
from tests.reports.examples import story, told


def written(found: Told) -> str:
    def thread(number: int) -> str:
        return f"https://t.example/{number}"

    return plain(view(found), page=None, thread=thread, more="")


@pytest.mark.parametrize("window", [7, 90])
def test_no_line_is_too_wide(window: int) -> None:
    assert max(map(cell_len, written(story(window=window)).splitlines())) <= 78


def test_letters_may_be_two_columns_wide() -> None:
    wide = "日本語の長い題名です" * 20
    persons = [*PERSONS[1:], Person(NIA, wide)]
    text = written(told(issue(1, "2026-03-02", title=wide), persons=persons))
    assert max(map(cell_len, text.splitlines())) <= 78
    assert "    #1 (30 days) 日本語の" in text


def test_a_few_threads_stand_there_each_with_its_address() -> None:
    waits = [issue(n, f"2026-03-{n:02}", author=10 + n, title=f"Title {n}") for n in range(1, 8)]
    lines = written(told(*waits)).splitlines()
    begin = lines.index("* 7 first-time contributors have had no answer from a maintainer:")
    assert lines[begin + 1 : begin + 3] == ["    #1 (31 days) Title 1", "    https://t.example/1"]
    assert lines[begin + 9 : begin + 13] == [
        "    #5 (27 days) Title 5",
        "    https://t.example/5",
        "    and 2 more",
        "",
    ]


def test_each_figure_stands_beside_the_one_before_and_the_usual() -> None:
    text = written(story(window=7))
    figure = re.search(r"^Issues opened\n(?:    .*\n)+", text, re.MULTILINE)
    assert figure is not None
    assert figure[0].splitlines()[1:] == [
        "    the week          2",
        "    the week before   3",
        "    usual (12 weeks)  3 (1 to 7) a week",
    ]


def test_columns_of_trends_stand_below_each_other() -> None:
    lines = written(story()).splitlines()
    head = next(n for n, line in enumerate(lines) if line.startswith("Month "))
    starts = [match.start() for match in re.finditer(r"(?<=  )\S", lines[head])]
    for line in lines[head + 1 : head + 13]:
        assert all(line[start - 1] == " " != line[start] for start in starts)


def test_sections_without_anything_are_left_out() -> None:
    text = written(told())
    assert "NEEDS YOU NOW\n\nNothing needs you." in text
    assert "TRENDS" not in text
    assert "THANK YOU" not in text


def test_a_text_is_cut_where_it_says_so() -> None:
    assert cut("short", 10) == "short"
    assert cut("x" * 11, 10) == "xxxxxxxxx…"
    assert cell_len(cut("日" * 11, 10)) <= 10


def test_where_to_say_what_an_account_is() -> None:
    assert "on https://u.example/report#bots, or in .github/usher.yml" in verdict("https://u.example/report")
    assert "Say so in .github/usher.yml" in verdict(None)


def test_whose_threads_it_is_about_is_said() -> None:
    text = written(told(audience="maintainers"))
    assert "\n\nOnly threads of maintainers: 0 of 0 threads opened in this time, by 0 people." in text
    assert "None of these threads needs you." in text
    assert "Only threads of" not in written(told())


def test_each_kind_of_dash_beside_the_usual_is_explained() -> None:
    explained = {
        "pulls": "where too little is known",
        "reviews": "who reviews",
        "people": "figures of people",
        "releases": "releases, commits",
        "documents": "labels and documents",
    }
    for table in view(story(window=7)).tables:
        if any(row.usual == NOTHING for row in table.rows):
            assert explained[table.id] in USUAL
    # The share that is answered in time waits as times do.
    assert usual_of("answered_within_benchmark", 7) != NOTHING
    assert usual_of("answered_within_benchmark", 90) == NOTHING
    assert "the share answered in time, unless the window is about a week" in USUAL


def usual_of(id_: str, window: int) -> str:
    shown = view(story(window=window))
    rows = [*shown.headlines, *(row for table in shown.tables for row in table.rows)]
    return next(row.usual for row in rows if row.id == id_)
