"""The page as one file: complete without a server, and harmless."""

import re
from html.parser import HTMLParser

from bot.core.history import Person
from bot.reports.page import page_context, standalone
from tests.health.examples import MAINT, NIA, PERSONS, event, issue, pull
from tests.reports.examples import NASTY, story, told

VOID = {"meta", "input", "br", "link", "img"}


class Outline(HTMLParser):
    """Whether every element is closed in order, and which there are."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone() -> None:
    outline = Outline(standalone(story(), "https://github.com"))
    assert outline.open == []
    tags = {tag for tag, _ in outline.seen}
    assert not tags & {"script", "link", "img", "form", "button", "iframe"}
    links = {attrs["href"] for tag, attrs in outline.seen if tag == "a"}
    assert links
    assert all(
        re.fullmatch(r"https://github.com/acme/widgets/(issues/\d+|community)", link or "")
        for link in links
        if not (link or "").startswith("#")
    )


def test_links_within_the_page_lead_somewhere() -> None:
    seen = Outline(standalone(story(), "x")).seen
    ids = {attrs["id"] for _, attrs in seen if "id" in attrs}
    targets = {(attrs["href"] or "")[1:] for tag, attrs in seen if tag == "a" and attrs["href"][:1] == "#"}
    assert "maintainers" in targets
    assert targets - ids == set()


def test_every_element_has_an_id_of_its_own() -> None:
    ids = [attrs["id"] for _, attrs in Outline(standalone(story(), "x")).seen if "id" in attrs]
    assert len(ids) == len(set(ids)) > 10


def test_definitions_lists_and_numbers_are_one_click_away() -> None:
    text = standalone(story(), "https://github.com")
    name = "<summary>Time to merge</summary>"
    assert text.split(name)[1].startswith('<p class="soft small">From the opening')
    assert "title=" not in text  # which neither a keyboard nor a phone shows
    assert "The numbers" in text
    assert re.search(r"Without one: \d+<", text)
    assert re.search(r"The latest: 20 of \d+<", text)
    assert text.count("<svg") == text.count("<desc") == 6


def test_what_people_write_is_text() -> None:
    persons = [*PERSONS[1:], Person(NIA, NASTY)]
    text = standalone(told(issue(1, "2026-03-02", title=NASTY), pull(2, "2026-03-02"), persons=persons), "x")
    outline = Outline(text)
    assert "script" not in {tag for tag, _ in outline.seen}
    assert "&lt;script&gt;" in text
    assert not [
        name for _, attrs in outline.seen for name in attrs if name.startswith("on") or name == "style"
    ]


def test_few_threads_are_not_folded_away() -> None:
    old = [issue(n, f"2024-03-{n:02}", author=100 + n) for n in range(1, 4)]
    recent = [issue(n, f"2026-03-{n:02}", author=100 + n) for n in range(11, 19)]
    text = standalone(told(*old, *recent), "x")
    assert '<h2 id="needs">Needs you now <span class="many">11 threads</span>' in text
    assert "for over a year" not in text
    assert "3 more" not in text
    text = standalone(told(*old, issue(4, "2024-03-04", author=104), *recent, issue(19, "2026-03-19")), "x")
    assert "4 for over a year" in text
    assert "4 more" in text


def test_threads_behind_a_figure_say_how_old_they_are_and_how_they_ended() -> None:
    closed = event("2026-03-04", "closed", MAINT)
    text = standalone(told(issue(1, "2026-03-02", closed), issue(2, "2026-03-30")), "x")
    behind = text.split("First response to an issue</summary>")[1].split("</tr>")[1]
    assert behind.index("#2") < behind.index("#1")  # what is open still stands first
    assert "opened 30 days ago" in behind
    assert "closed after 2 days" in behind


def test_code_in_titles_is_code_and_columns_without_a_value_are_left_out() -> None:
    text = standalone(told(issue(1, "2026-03-02", title="Drop `a<b` or ` so")), "x")
    assert "Drop <code>a&lt;b</code> or ` so" in text
    assert "usual (12 weeks)" not in text.split('id="people"')[1].split("</table>")[0]


def test_it_says_what_its_lists_hold_and_who_counts_as_a_maintainer() -> None:
    known = issue(9, "2026-01-02", event("2026-01-03", "closed", MAINT))
    text = standalone(told(known, issue(1, "2026-03-02")), "x")
    assert "<dt>Issues without an answer from anybody</dt>" in text
    assert "<summary>1 account counts as a maintainer, by what GitHub calls them" in text
    assert '<p id="maintainers"><bdi>maint</bdi>.' in text


def test_an_empty_history_has_a_page() -> None:
    text = standalone(told(), "https://github.com")
    assert "Nothing needs you. Thank you." in text
    assert "<svg" not in text


def test_a_thread_is_linked_on_the_server_where_it_is() -> None:
    assert (
        page_context(told(), "https://git.example")["thread"](7)
        == "https://git.example/acme/widgets/issues/7"
    )


def test_advice_names_the_threads_that_it_rests_on_the_latest_first() -> None:
    asked = [issue(n, f"2026-03-{n:02}", labels=["question"], title=f"How to {n}?") for n in range(1, 11)]
    tried = standalone(told(*asked), "https://github.com").split('id="try"')[1].split("<h2")[0]
    assert "10 of 10 new issues were questions." in tried
    assert "<summary>Which: 10</summary>" in tried
    assert tried.index('issues/10">#10</a> <bdi>How to 10?</bdi>') < tried.index("How to 9?")
    assert "opened 22 days ago" in tried
    more = [issue(n, "2026-03-12", labels=["question"]) for n in range(11, 31)]
    assert "<summary>The latest: 20</summary>" in standalone(told(*asked, *more), "https://github.com")
