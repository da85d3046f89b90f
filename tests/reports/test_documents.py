"""Documents as a report shows them: on the page, in Markdown, as JSON and CSV."""

import csv
import io
from html import unescape

from bot.core.documents import KINDS, Document, Inventory
from bot.health.as_json import as_json
from bot.reporting import Told
from bot.reports.documents import NAMES, lacking
from bot.reports.markdown import markdown
from bot.reports.page import standalone
from bot.reports.rows import row_of
from bot.reports.sheet import sheet
from tests.health.examples import at
from tests.reports.examples import told

WEB = "https://github.com"
FOUND = (
    Document("readme", "README.md", "a", "", at("2026-03-31")),
    Document("contributing", "CONTRIBUTING.md", "b", "", at("2018-04-01")),
    Document("code_of_conduct", "CODE_OF_CONDUCT.md", "c", "acme/.github", at("2026-03-22"), False),
    Document("license", "LICENSE", "d"),
)


def known(*found: Document, looked: str = "2026-04-01") -> Told:
    return told(beside={"documents": Inventory(at(looked), found)})


def section(text: str) -> str:
    return text.partition("### Documentation and conduct")[2].partition("### ")[0]


def test_every_kind_has_a_name() -> None:
    assert tuple(NAMES) == KINDS


def test_each_is_told_with_its_age() -> None:
    row = row_of(known(*FOUND).report.metric("documents_present"), known(*FOUND).report)
    assert row.now == "4 of 7"
    assert dict(row.parts) == {
        "README": "changed within 2 days",
        "CONTRIBUTING": "unchanged for 8 years",
        "code of conduct": (
            "unchanged for 10 days, shared by the owner, a placeholder stands where the contact belongs"
        ),
        "security policy": "not there",
        "license": "there",
        "issue templates": "not there",
        "pull request template": "not there",
    }


def test_a_contact_that_is_named_is_said() -> None:
    conduct = Document("code_of_conduct", "CODE_OF_CONDUCT.md", "c", "", at("2026-03-02"), True)
    row = row_of(known(conduct).report.metric("documents_present"), known(conduct).report)
    assert ("code of conduct", "unchanged for 30 days, names an address") in row.parts


def test_an_old_look_is_said() -> None:
    row = row_of(known(looked="2026-02-01").report.metric("documents_present"), known().report)
    assert row.notes == ("as they were 59 days before the end",)
    assert row_of(known().report.metric("documents_present"), known().report).notes == ()


def test_what_is_missing_leads_to_where_it_is_added() -> None:
    found = known(*FOUND)
    assert lacking(found.report) == ("security policy", "issue templates", "pull request template")
    said = "Not there: security policy, issue templates, pull request template."
    text, page = section(markdown(found, web=WEB)), standalone(found, WEB)
    assert said in text
    assert "[community page](https://github.com/acme/widgets/community)" in text
    assert all(f"`{name}`" in text for name in NAMES.values())
    assert said in unescape(page)
    assert '<a href="https://github.com/acme/widgets/community">' in page


def test_where_all_are_there_nothing_is_asked_for() -> None:
    found = known(*(Document(kind, kind, "a") for kind in KINDS))
    assert "Not there" not in markdown(found, web=WEB)
    assert "Not there" not in standalone(found, WEB)


def test_where_nobody_looked_nothing_is_called_missing() -> None:
    for text in (markdown(told(), web=WEB), standalone(told(), WEB)):
        assert "is not known here, so nothing is said about them" in unescape(text)
        assert "Not there" not in text
        assert "Documents in place" not in text


def test_programs_and_spreadsheets_get_the_same() -> None:
    found = known(*FOUND)
    (metric,) = [
        each for each in as_json(found.report, "a/b")["metrics"] if each["id"] == "documents_present"
    ]
    assert (metric["value"], metric["n"]) == (4, 7)
    assert metric["breakdown"][2] == {
        "name": "code_of_conduct",
        "value": 1,
        "is_shared": 1,
        "age_days": 10,
        "has_contact": 0,
    }
    lines = list(csv.reader(io.StringIO(sheet(found))))
    assert ["metric", "documents_present", "days", "", "contributing", "age_days", "2922", "", ""] in lines
    assert ["metric", "documents_present", "count", "", "security", "value", "0", "", ""] in lines
