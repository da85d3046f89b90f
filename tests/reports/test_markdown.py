"""The report as Markdown: what it says, that it does nothing, and that it fits."""

import re
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from bot.core.history import Person
from bot.health.labels import Labelling
from bot.reporting import Told
from bot.reports.markdown import fitting, markdown
from tests.health.examples import MAINT, NIA, PERSONS, at, event, issue, pull
from tests.reports.examples import NASTY, story, told

GITHUB = "https://github.com"
STORY = Path(__file__).with_name("story.md")


def text_of(found: Told, **more: Any) -> str:
    return markdown(found, **{"web": GITHUB, **more}).replace("\u2060", "")


def sections(text: str) -> dict[str, str]:
    """The text of each section, by its heading."""
    parts = re.split(r"^### (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_story_reads_as_it_did() -> None:
    assert markdown(story(window=7), web=GITHUB) == STORY.read_text("utf-8"), (
        "write it anew and read it: python -m tests.reports.examples > tests/reports/story.md"
    )


def test_it_begins_with_what_it_is_about() -> None:
    head = text_of(told(), page="https://usher.example/r/acme/widgets/report").splitlines()[:3]
    assert head == [
        "## acme/widgets, 1 to 31 March 2026 (UTC)",
        "",
        "[Page with charts](https://usher.example/r/acme/widgets/report)",
    ]
    assert "Page with charts" not in text_of(told())


def test_a_history_without_anything_is_shown_kindly() -> None:
    found = sections(text_of(told()))
    assert found["Needs you now"].strip() == "Nothing needs you. Thank you."
    assert "No release of this repository is known here" in found["What the figures mean"]
    assert "Usher did nothing here" in found["What the figures mean"]
    assert "Trends" not in found
    assert "Releases" not in found


def test_what_needs_somebody_comes_first_the_longest_wait_first() -> None:
    waits = [issue(n, f"2026-03-{n:02}", author=10 + n) for n in range(1, 6)]
    first = sections(text_of(told(*waits)))["Needs you now"]
    link = "https://redirect.github.com/acme/widgets/issues"
    assert first.strip().splitlines()[0] == (
        "- **5 first-time contributors** have had no answer from a maintainer: "
        f"[#1]({link}/1) (31 days), [#2]({link}/2) (30 days), [#3]({link}/3) (29 days) and 2 more"
    )
    assert f"- [#5]({link}/5) `Number 5`, 27 days" in first


def test_each_need_says_what_it_is() -> None:
    found = told(
        pull(1, "2026-03-01", event("2026-03-02", "reviewed", MAINT, "approved")),
        pull(2, "2026-03-01", event("2026-03-02", "reviewed", MAINT), event("2026-03-03", "commented", NIA)),
        issue(3, "2026-03-04", event("2026-03-06", "commented", 2, disliked=6)),
        beside={"maintainers": [MAINT]},
    )
    needs = sections(text_of(found))["Needs you now"]
    for line in (
        "**1 pull request** is approved, and unmerged for more than 5 days: [",
        "(30 days; checks not known)",
        "**1 pull request from outside** waits for a maintainer since its author acted",
        "**1 issue** has answers, but none from a maintainer",
        "**1 thread** shows signs of heat: a moderator should look: [",
        "(26 days; 6 \N{THUMBS DOWN SIGN} on one comment)",
        "`Number 3`, 26 days; 6 \N{THUMBS DOWN SIGN} on one comment",
    ):
        assert line in needs


def test_few_cases_stand_there_themselves_and_what_waits_is_counted() -> None:
    found = told(
        issue(1, "2026-03-02", event("2026-03-02 05:00", "commented")),
        issue(2, "2026-03-02", event("2026-03-04", "commented")),
        issue(3, "2026-03-02"),
    )
    lines = text_of(found).splitlines()
    line = next(line for line in lines if line.startswith("| First response to an issue"))
    assert line == "| First response to an issue (2 cases; 1 without one) | 5 h, 2 days | \u2013 | \u2013 |"


def test_the_record_of_usher_is_told() -> None:
    labellings = [Labelling(n, at("2026-03-05"), "bug") for n in range(10)]
    labellings.append(Labelling(11, at("2026-03-05"), "bug", at("2026-03-06"), "question"))
    found = sections(text_of(told(beside={"labellings": labellings})))["Usher's own record"]
    assert "Labels that stood (of 11)<br>*10 kept, 1 changed, 0 removed*<br>`bug` 91%: 10 kept," in found


# It does nothing


def test_it_notifies_nobody_and_closes_nothing() -> None:
    persons = [*PERSONS[1:], Person(NIA, NASTY)]
    threads = [
        pull(1, "2026-03-01", event("2026-03-02", "merged", MAINT), event("2026-03-02", "closed", MAINT)),
        pull(2, "2026-03-03", title=NASTY),
    ]
    text = markdown(told(*threads, persons=persons), web=GITHUB)
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert "<script" not in html
    assert "<img" not in html
    assert not re.search(r"(?<!\w)@\w", html)
    assert not re.search(r"(?<![\w/])#\d", re.sub(r"<a [^>]*>", "", html))
    assert set(re.findall(r'href="([^"]+)"', html)) == {
        f"https://redirect.github.com/acme/widgets/issues/{number}" for number in (2,)
    }


def test_on_other_servers_a_number_is_no_link_as_it_would_leave_a_mark() -> None:
    text = markdown(told(issue(7, "2026-03-02")), web="https://git.example")
    assert "#\u20607 (30 days)" in text
    assert "https://" not in text


@pytest.mark.parametrize("unseen", ["\u200e", "\u200b", "\ufe0f"])
def test_where_nothing_can_be_seen_no_code_span_is_left_open(unseen: str) -> None:
    done = [event("2026-03-05", kind, MAINT) for kind in ("merged", "closed")]
    threads = [pull(n, "2026-03-02", *done, author=n) for n in (1, 2)]
    threads.append(issue(3, "2026-03-02", author=4, title=unseen))
    persons = [Person(1, unseen), Person(2, unseen), Person(MAINT, "maint"), Person(4, "max")]
    html = MarkdownIt("gfm-like", {"linkify": False}).render(
        markdown(told(*threads, persons=persons), web=GITHUB)
    )
    assert "<code>\u2013</code> (1 merged), <code>\u2013</code> (1 merged)." in html
    assert "<code>(no title)</code>" in html
    assert "`" not in html


# It is Markdown


def test_tables_have_as_many_cells_in_every_row() -> None:
    text = markdown(story(), web=GITHUB)
    widths = [
        {line.count("|") for line in block.splitlines()}
        for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    ]
    assert len(widths) >= 8
    assert [each for each in widths if len(each) != 1] == []
    assert MarkdownIt("gfm-like", {"linkify": False}).render(text).count("<table>") == len(widths)


def test_there_are_no_gaps_and_no_blanks_left_over() -> None:
    text = markdown(story(), web=GITHUB)
    assert "\n\n\n" not in text
    assert not re.search(r" $|\|  ", text, re.MULTILINE)
    assert text.endswith("\n")
    assert "<svg" not in text


@pytest.mark.parametrize("is_brief", [False, True])
def test_each_heading_is_one_to_a_renderer(is_brief: bool) -> None:
    found = story()
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(
        markdown(found, web=GITHUB, now=found if is_brief else None)
    )
    shown = [tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "heading_open"]
    assert {"Issues", "Pull requests", "Reviews", "People"} <= set(shown)
    assert shown[1] == "Needs you now"


# It fits


def test_it_is_far_from_the_limit() -> None:
    assert len(markdown(story(window=365), web=GITHUB)) < 30_000


@pytest.mark.parametrize("limit", [2_000, 4_000, 6_000, 9_000, 12_000])
def test_whole_sections_are_left_out_and_named(limit: int) -> None:
    page = "https://usher.example/report"
    whole = markdown(story(), web=GITHUB, page=page)
    cut = markdown(story(), web=GITHUB, page=page, limit=limit)
    assert len(cut) <= limit
    kept, note = sections(cut), cut.strip().splitlines()[-1]
    left_out = [name for name in sections(whole) if name not in kept]
    assert f"too long: {', '.join(left_out)}." in note
    assert "on [the page](https://usher.example/report)" in note
    for name, text in kept.items():
        assert text.split("*Left out")[0].strip() == sections(whole)[name].strip()


def test_what_fits_stays_as_it_is() -> None:
    assert fitting("# a\n\n### b\n", 100, None) == "# a\n\n### b\n"
    cut = fitting("# a\n\n### b\n" + "x" * 5_000, 3_000, None)
    assert cut.startswith("# a\n\n*Left out here")
    assert "usher report --format html" in cut


def test_advice_names_the_latest_threads_that_it_rests_on() -> None:
    found = told(*[issue(n, f"2026-03-{n:02}", labels=["question"]) for n in range(1, 11)])
    link = "https://redirect.github.com/acme/widgets/issues"
    named = ", ".join(f"[#{n}]({link}/{n})" for n in (10, 9, 8))
    assert (
        sections(text_of(found))["One thing to try"]
        .strip()
        .endswith(f"would answer them. The latest: {named}.")
    )
    elsewhere = sections(text_of(found, web="https://git.example"))["One thing to try"]
    assert elsewhere.strip().endswith("The latest: #10, #9, #8.")
