"""The report as a mail: any mail program can read it, and nothing that people wrote does anything in it."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from html import unescape
from typing import Any

import pytest

from bot.core.errors import ConfigError
from bot.core.history import Person
from bot.reporting import Told
from bot.reports.mail import mail
from tests.health.examples import NIA, PERSONS, at, issue
from tests.reports.examples import NASTY, story, told
from tests.reports.test_page import Outline

AT = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
PAGE = "https://usher.example/r/acme/widgets/report"
HOSTILE = (
    NASTY,
    "x\r\nBcc: everybody@example.org\r\n\r\n<script>alert(1)</script>",
    "\u202egnp.exe \u2066 שלום \u0627\u0644 \u200b日本語" * 4,
    "log in at https://evil.example or www.evil.example",
    "\ud800 a lone surrogate, \x00 and \x1b[31m",
    "long " * 13_000,
)


def raw(found: Told, **more: Any) -> bytes:
    return mail(found, **{"web": "https://github.com", "at": AT, **more})


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def parts(content: bytes) -> tuple[str, str]:
    """The plain text and the page."""
    text, html = (part.get_content().replace("\r\n", "\n") for part in read(content).iter_parts())
    return text, html


def test_it_is_a_message_of_two_alternatives_the_plain_one_first() -> None:
    message = read(raw(story(window=7)))
    assert message["Subject"] == "acme/widgets: 18 need you, 8 to 14 June 2026"
    assert message["Date"] == "Mon, 15 Jun 2026 09:30:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert (message["From"], message["To"]) == (None, None)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_it_travels_through_programs_of_any_age() -> None:
    content = raw(story(), sender="Usher <usher@example.org>", to="maya@example.org, Sam <sam@example.org>")
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 78
    message = read(content)
    assert message["From"] == "Usher <usher@example.org>"
    assert [one.addr_spec for one in message["To"].addresses] == ["maya@example.org", "sam@example.org"]
    assert message_from_bytes(content, policy=SMTP).as_bytes() == content


def test_nothing_in_it_is_fetched_or_run() -> None:
    _text, html = parts(raw(story(), page=PAGE))
    outline = Outline(html)
    assert outline.open == []
    tags = {tag for tag, _ in outline.seen}
    assert not tags & {"script", "link", "img", "svg", "form", "button", "iframe", "object", "details"}
    assert "url(" not in html
    links = {attrs["href"] or "" for tag, attrs in outline.seen if tag == "a"}
    threads = links - {PAGE}
    assert len(threads) == len(links) - 1 >= 5
    assert all(re.fullmatch(r"https://github\.com/acme/widgets/issues/\d+", link) for link in threads)


def test_bars_are_as_long_as_their_numbers() -> None:
    threads = [issue(n, "2026-03-03") for n in range(1, 9)]
    threads += [issue(n, "2026-03-10") for n in range(9, 11)]
    _text, html = parts(raw(told(*threads)))
    assert re.findall(r'class="b0" width="(\d+)%', html) == ["19", "75"]  # of 75: 2 of 8, and 8 of 8


def test_both_say_the_same() -> None:
    for said in parts(raw(story(), page=PAGE)):
        for line in (
            PAGE,
            "17 March to 14 June 2026",
            "Translate the menu into Yoruba",
            "https://github.com/acme/widgets/issues/",
            "the 90 before",
            "new issues were questions",
            "widget-greeter",
            "usher report acme/widgets --format html",
        ):
            assert line in said


def test_no_blank_stands_before_a_comma_or_a_full_stop() -> None:
    for said in parts(raw(story())):
        assert not re.search(r"\s[,.](\s|<)", re.sub(r"</(span|bdi)>", "", said))


def test_where_nothing_waits_that_is_said() -> None:
    content = raw(told())
    assert read(content)["Subject"] == "acme/widgets: nothing needs you, 1 to 31 March 2026"
    assert all("Nothing needs you. Thank you." in said for said in parts(content))


def test_a_report_of_a_history_that_ended_says_so_where_it_is_listed() -> None:
    ended = replace(told(), known_until=at("2026-03-10 12:00"))
    for found in (ended, replace(ended, ends_with_history=True)):
        subject = read(raw(found))["Subject"]
        assert subject == "acme/widgets: nothing needs you, history ends 10 March 2026"


def test_only_figures_whose_name_does_not_say_all_are_explained() -> None:
    for said in parts(raw(story())):
        assert "by a maintainer who is not the author" in " ".join(said.split())
        assert "The issues opened in the window" not in said


def test_titles_are_plain_text_but_for_links() -> None:
    for said in parts(raw(told(issue(1, "2026-03-02", title="Fix #12, `a | b` at @acme & www.x.example")))):
        assert "Fix #12, `a | b` at @acme & www\u200b.x.example" in unescape(said)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_write_is_text(text: str) -> None:
    persons = [*PERSONS[1:], Person(NIA, text)]
    content = raw(told(issue(1, "2026-03-02", title=text), persons=persons))
    assert len(content) < 60_000
    message = read(content)
    assert message.keys() == ["Subject", "Date", "Auto-Submitted", "MIME-Version", "Content-Type"]
    plain, html = parts(content)
    outline = Outline(html)
    assert outline.open == []
    assert {attrs["href"] for tag, attrs in outline.seen if tag == "a"} == {
        "https://github.com/acme/widgets/issues/1"
    }
    assert "script" not in {tag for tag, _ in outline.seen}
    assert not [name for _, attrs in outline.seen for name in attrs if name.startswith("on")]
    for said in (plain, html):
        assert "://evil" not in said
        assert "www.evil" not in said
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", said)


@pytest.mark.parametrize(
    "given",
    [
        "maya",
        "",
        "maya@",
        "maya@example.org\r\nBcc: all@example.org",
        "maya@example.org, nobody",
        "māya@example.org",
        "<script>",
        "=?utf-8?q?x=0aBcc:y@z?= <a@b.example>",
    ],
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(ConfigError, match="is no address for --to: expected one such as"):
        raw(told(), to=given or " ")


def test_it_is_from_one_address() -> None:
    with pytest.raises(ConfigError, match="is no address for --from"):
        raw(told(), sender="maya@example.org, sam@example.org")
