"""A roll-up as a page, Markdown and CSV: complete, harmless, and short enough."""

import csv
import io
import re
from dataclasses import replace

from markdown_it import MarkdownIt

from bot.core.history import Person
from bot.render import COMMENT_LIMIT
from bot.reports.rollup_formats import ROWS, rollup_data, rollup_markdown, rollup_page, rollup_sheet
from bot.rollups import ToldRollup
from tests.health.examples import NIA, PERSONS, event, issue, pull
from tests.health.rollups import reported
from tests.reports.examples import NASTY
from tests.reports.rollups import three, told_rollup
from tests.reports.test_page import Outline

GITHUB = "https://github.com"
PAGE = "https://usher.example/r/acme/report"


def text_of(found: ToldRollup) -> str:
    return rollup_markdown(found, web=GITHUB, page=PAGE).replace("\u2060", "")


def hostile() -> ToldRollup:
    """Whatever people can name, they named to break out of it."""
    persons = [*PERSONS[1:], Person(NIA, NASTY)]
    threads = (issue(1, "2026-03-02"), pull(2, "2026-03-02", event("2026-03-03", "merged")))
    here = reported(*threads, beside={"persons": persons})
    titles = {(f"acme/{name}", 1): NASTY for name in ("_one_", "two")}
    return told_rollup({"_one_": here, "two": here}, titles, problems={"acme/two": NASTY})


# Markdown


def test_markdown_says_first_what_needs_somebody() -> None:
    text = text_of(three())
    link = "https://redirect.github.com/acme/widgets/issues"
    assert text.startswith(
        f"## acme, 1 to 31 March 2026\n\n3 repositories, UTC · [page]({PAGE})\n\n### Needs"
    )
    assert (
        "- **2 first-time contributors** have had no answer from a maintainer: "
        f"`widgets` [#2]({link}/2) (22 days), `widgets` [#3]({link}/3) (21 days)\n" in text
    )
    assert f"- `widgets` [#2]({link}/2) `It is slow`, 22 days\n" in text
    assert re.findall(r"^### (.+)$", text, flags=re.MULTILINE) == [
        "Needs somebody now",
        "Repositories",
        "Quiet repositories",
        "All of it together",
        "People",
        "Thank you",
        "What the figures mean",
    ]


def test_markdown_tables_have_all_their_cells() -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text_of(three()))
    tables = re.findall(r"<table>.*?</table>", html, flags=re.DOTALL)
    assert [len(re.findall("<th>", table)) for table in tables] == [10, 3, 3]
    assert [len(re.findall("<td>", table)) for table in tables] == [2 * 10, 10 * 3, 8 * 3]
    assert "|" not in re.sub(r"<[^>]+>", "", html)


def test_markdown_does_nothing_whatever_people_write() -> None:
    text = rollup_markdown(hostile(), web=GITHUB)
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    visible = re.sub(r"<(/?)(details|summary|br)>", "", text)
    assert "<script" not in html.lower()
    assert "<img" not in html
    assert not re.search(r"@[a-z]", visible)
    assert not re.search(r"#\d", visible)
    assert "<code>_one_</code>" in html
    links = set(re.findall(r'href="([^"]+)"', html))
    assert all(link.startswith("https://redirect.github.com/acme/") for link in links)


def test_many_repositories_fit() -> None:
    waiting = reported(*(issue(n, "2026-03-02", author=100 + n) for n in range(1, 16)))
    found = told_rollup({f"{'x' * 90}-{n:03}": waiting for n in range(1, 201)})
    text = rollup_markdown(found, web=GITHUB, page=PAGE)
    assert len(text) <= COMMENT_LIMIT
    assert f"And {200 - ROWS} more, for which fewer wait: on [the page]({PAGE})." in text
    assert "### What the figures mean" in text


def test_without_histories_it_says_how_to_get_them() -> None:
    found = replace(told_rollup({}), without=("acme/one",))
    for text in (text_of(found), rollup_page(found, GITHUB)):
        assert "Of none of its repositories the history is known yet." in text
        assert "usher backfill acme/one" in text
        assert "All of it together" not in text


# The page


def test_the_page_stands_alone() -> None:
    text = rollup_page(three(), GITHUB)
    outline = Outline(text)
    assert outline.open == []
    assert not {tag for tag, _ in outline.seen} & {"script", "link", "img", "form", "button", "iframe"}
    links = {attrs["href"] or "" for tag, attrs in outline.seen if tag == "a"}
    assert links == {f"https://github.com/acme/widgets/issues/{number}" for number in (2, 3)}
    ids = [attrs["id"] for _, attrs in outline.seen if "id" in attrs]
    assert len(ids) == len(set(ids)) > 4


def test_what_people_write_is_text_on_the_page() -> None:
    text = rollup_page(hostile(), "x")
    outline = Outline(text)
    assert not {tag for tag, _ in outline.seen} & {"script", "img", "b"}
    assert "&lt;script&gt;" in text
    assert not [
        name for _, attrs in outline.seen for name in attrs if name.startswith("on") or name == "style"
    ]


def test_few_threads_are_not_folded_away() -> None:
    old = [issue(n, f"2024-03-{n:02}", author=100 + n) for n in range(1, 4)]
    recent = [issue(n, f"2026-03-{n:02}", author=100 + n) for n in range(11, 19)]
    needs = rollup_page(told_rollup({"one": reported(*old, *recent)}), "x").split("</h2>")[1]
    assert (needs.count("<li>"), needs.count("<details")) == (11, 0)
    more = (*old, issue(4, "2024-03-04", author=104), *recent, issue(19, "2026-03-19", author=119))
    needs = rollup_page(told_rollup({"one": reported(*more)}), "x").split("</h2>")[1]
    assert re.findall("<summary>(.+)</summary>", needs) == ["4 more", "4 for over a year"]


def test_code_in_titles_is_code() -> None:
    titles = {("acme/one", 1): "Drop `a<b` or ` so"}
    page = rollup_page(told_rollup({"one": reported(issue(1, "2026-03-02"))}, titles), "x")
    assert "Drop <code>a&lt;b</code> or ` so" in page


# CSV


def test_the_sheet_has_the_numbers_of_the_json() -> None:
    found = replace(three(), without=("acme/none",), problems={"acme/widgets": "=1+1"})
    rows = list(csv.DictReader(io.StringIO(rollup_sheet(found), newline="")))
    data = rollup_data(found)
    assert {row["repository"] for row in rows} == {
        "",
        "acme/engine",
        "acme/none",
        "acme/quiet",
        "acme/widgets",
    }
    for each in data["repositories"]:
        for metric in each["metrics"]:
            shown = {
                row["measure"]: row["value"]
                for row in rows
                if (row["repository"], row["what"], row["id"]) == (each["repository"], "metric", metric["id"])
                and not row["name"]
            }
            for name in ("n", "value", "median", "pending", "previous"):
                if name in metric:
                    assert shown[name] == ("" if metric[name] is None else str(metric[name]))
    (problem,) = (row["value"] for row in rows if row["id"] == "problem")
    assert problem == "'=1+1"
    (since,) = (row["value"] for row in rows if (row["what"], row["name"]) == ("needs_you", "2"))
    assert since == "2026-03-10T00:00:00Z"
