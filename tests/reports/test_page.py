"""The page as one file: complete without a server, and harmless."""

import re
from html.parser import HTMLParser

from bot.core.history import Person
from bot.reports.page import page_context, standalone
from tests.health.examples import NIA, PERSONS, issue, pull
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
        re.fullmatch(r"https://github.com/acme/widgets/(issues/\d+|community)", link or "") for link in links
    )


def test_every_element_has_an_id_of_its_own() -> None:
    ids = [attrs["id"] for _, attrs in Outline(standalone(story(), "x")).seen if "id" in attrs]
    assert len(ids) == len(set(ids)) > 10


def test_definitions_lists_and_numbers_are_one_click_away() -> None:
    text = standalone(story(), "https://github.com")
    assert '<dfn title="From the opening' in text
    assert "The numbers" in text
    assert "Without one (" in text
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


def test_an_empty_history_has_a_page() -> None:
    text = standalone(told(), "https://github.com")
    assert "Nothing needs you. Thank you." in text
    assert "<svg" not in text


def test_a_thread_is_linked_on_the_server_where_it_is() -> None:
    assert (
        page_context(told(), "https://git.example")["thread"](7)
        == "https://git.example/acme/widgets/issues/7"
    )
