"""The pages of the reports: what they show, what they take, and what a click keeps."""

import csv
import io
import re
from pathlib import Path

import jsonschema_rs
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.demo.cast import GREETER
from bot.demo.history import keep, made_up
from bot.store.database import Database
from bot.store.editions import Editions
from bot.store.history_tables import commits, histories, people, releases, threads, timeline_events
from bot.store.instant import Instant
from bot.store.registry import Registry
from bot.web.app import create_app
from bot.web.services import Services
from tests.databases import shared_sqlite, sqlite_database
from tests.reports.examples import UNTIL
from tests.web.furnish import furnish
from tests.web.site import services_on
from tests.web.test_dashboard import text_of

__all__ = ["shared_sqlite", "sqlite_database"]

PAGE = "/r/acme/widgets/report"
ASKED = {"until": "2026-06-15"}
NUMBER = {"type": ["number", "null"]}
#: What `usher report --format json` and the page promise (docs/reports.md).
SHAPE = {
    "type": "object",
    "required": ["repository", "from", "until", "timezone", "metrics", "series", "needs_you"],
    "properties": {
        "metrics": {
            "type": "array",
            "minItems": 30,
            "items": {
                "type": "object",
                "required": ["id", "unit", "n", "pending", "previous", "definition"],
                "anyOf": [{"required": ["value"]}, {"required": ["median", "p90"]}],
                "properties": {"value": NUMBER, "median": NUMBER, "p90": NUMBER, "previous": NUMBER},
            },
        },
        "series": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "bucket", "points"],
                "properties": {
                    "bucket": {"enum": ["week", "month"]},
                    "points": {
                        "type": "array",
                        "items": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]},
                    },
                },
            },
        },
        "needs_you": {"type": "array", "items": {"type": "object", "required": ["kind", "items"]}},
    },
}


@pytest.fixture
def services(sqlite_database: Database) -> Services:
    keep(made_up(UNTIL), sqlite_database)
    return services_on(sqlite_database)


def test_the_page_says_what_needs_somebody_and_how_it_went(client: TestClient) -> None:
    answer = client.get(PAGE, params=ASKED)
    text = text_of(answer.text)
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    for expected in (
        "acme/widgets 17 March to 14 June 2026 (UTC)",
        "first-time contributor",
        "First response to an issue From the opening",
        "median of",
        "Thank you maya",
        f"{GREETER} answered on",
        "What the figures mean",
    ):
        assert expected in text
    assert 'href="https://github.com/acme/widgets/issues/' in answer.text
    assert "style=" not in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("year", ["0001-01-01", "9999-12-31"])
def test_odd_times_that_are_stored_break_no_page(services: Services, year: str, zone: str) -> None:
    registry = Registry(services.database)
    registry.add_repositories(7, ["acme/widgets"])
    registry.keep_config("acme/widgets", 7, good=f"health: {{time_zone: {zone}}}", problems=None)
    with services.database.engine.begin() as connection:
        for table in (threads, timeline_events, people, releases, commits, histories):
            for column in (each.name for each in table.columns if isinstance(each.type, Instant)):
                few = f"WHERE {column} IS NOT NULL AND rowid % 50 = 1" if table is threads else ""
                connection.execute(sa.text(f"UPDATE {table} SET {column} = '{year} 23:59:59.000000' {few}"))
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        for page in (PAGE, f"{PAGE}.md", f"{PAGE}.json", f"{PAGE}.csv", "/r/acme/widgets", "/reports"):
            assert client.get(page).status_code == 200, page


def test_the_form_keeps_what_was_asked_for_and_the_files_are_of_the_same(client: TestClient) -> None:
    page = client.get(PAGE, params={**ASKED, "window": "13d", "bots": "without"}).text
    assert '<option value="13d" selected>13 days</option>' in page
    assert 'value="2026-06-15"' in page
    assert '<option value="without" selected>' in page
    assert f'href="{PAGE}.csv?until=2026-06-15&amp;window=13d&amp;bots=without"' in page
    assert '<option value="90d" selected>' in client.get(PAGE).text


def test_a_report_may_be_of_some_people_s_threads(client: TestClient) -> None:
    asked = {**ASKED, "audience": "newcomers"}
    page = client.get(PAGE, params=asked).text
    assert '<option value="newcomers" selected>newcomers</option>' in page
    data = client.get(f"{PAGE}.json", params=asked).json()
    chosen = data["audience"]
    assert (chosen["name"], 0 < chosen["people"] <= chosen["threads"] < chosen["of"]) == ("newcomers", True)
    says = (
        f"Only threads of newcomers: {chosen['threads']} of {chosen['of']} threads opened in this time, "
        f"by {chosen['people']} people."
    )
    assert says in text_of(page)
    assert says in client.get(f"{PAGE}.md", params=asked).text
    rows = client.get(f"{PAGE}.csv", params=asked).text
    assert f"report,audience,count,,,threads,{chosen['threads']}" in rows
    assert text_of(page).count("of the whole project") > 10
    assert "Only threads of" not in client.get(PAGE, params=ASKED).text
    assert "One thing to try" not in page


def test_a_history_that_ended_leads_to_its_end(client: TestClient) -> None:
    page = client.get(PAGE, params={"until": "2026-07-15"}).text
    assert "What is known of this repository ends on 14 June 2026." in page
    assert f'href="{PAGE}?until=2026-06-15"' in page
    assert "ends on 14 June 2026, and so does this report." in client.get(PAGE).text


@pytest.mark.parametrize("path", ["/reports", PAGE, f"{PAGE}.md", f"{PAGE}.json"])
def test_who_asks_for_the_head_alone_gets_it(client: TestClient, path: str) -> None:
    assert client.head(path).status_code == 200


def test_as_markdown(client: TestClient) -> None:
    answer = client.get(f"{PAGE}.md", params=ASKED)
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.text.startswith("## acme/widgets, 17 March to 14 June 2026 (UTC)\n")
    assert f"[Page with charts](http://127.0.0.1{PAGE}?until=2026-06-15)" in answer.text


def test_as_json(client: TestClient) -> None:
    answer = client.get(f"{PAGE}.json", params=ASKED)
    assert answer.headers["content-type"].startswith("application/json")
    jsonschema_rs.validator_for(SHAPE).validate(answer.json())
    assert (answer.json()["repository"], answer.json()["until"]) == ("acme/widgets", "2026-06-15T00:00:00Z")


def test_the_manual_names_every_field(client: TestClient) -> None:
    manual = Path(__file__).parents[2].joinpath("docs", "reports.md").read_text("utf-8")
    known = client.get(f"{PAGE}.json", params=ASKED).json()
    parts = [known, *(part for field in known.values() if isinstance(field, list) for part in field)]
    parts += [part for metric in known["metrics"] for part in metric["breakdown"]]
    parts += [item for need in known["needs_you"] for item in need["items"]]
    fields = {name for part in parts for name in part}
    assert len(fields) > 25
    assert {name for name in fields if f"`{name}`" not in manual} == set()


def test_as_csv(client: TestClient) -> None:
    answer = client.get(f"{PAGE}.csv", params=ASKED)
    assert answer.headers["content-disposition"] == 'attachment; filename="acme-widgets-report.csv"'
    assert len(list(csv.reader(io.StringIO(answer.text)))) > 500


@pytest.mark.parametrize(
    ("path", "query", "status", "says"),
    [
        ("/r/acme/none/report", "", 404, "Nothing is known of the history of acme/none: usher backfill"),
        ("/r/acme/none/report.md", "", 404, "usher import acme/none DIR"),
        (f"{PAGE}.pdf", "", 404, "There is no such page."),
        (PAGE, "until=yesterday", 400, "is no day: expected one such as 2026-06-15"),
        (PAGE, "until=2999-01-01", 400, "lies ahead"),
        (PAGE, "window=forever", 400, "is no window"),
        (PAGE, "bots=maybe", 400, "says nothing of bots: expected with or without."),
        (f"{PAGE}.csv", "bots=maybe", 400, "says nothing of bots"),
        (
            PAGE,
            "audience=friends",
            400,
            "is no audience: expected everyone, newcomers, outsiders, maintainers",
        ),
        (PAGE, "window=" + "9" * 99, 400, "cannot be used"),
        ("/r/a%20b/c/report", "", 400, "is no repository"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_line(
    client: TestClient, path: str, query: str, status: int, says: str
) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == status
    assert says in text_of(answer.text)


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}.json", "/r/acme/widgets"])
def test_too_many_at_once_are_asked_to_come_again(
    services: Services, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr("bot.making.WITHIN", 0)
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        answer = client.get(path)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "Other reports are being made: try again in a moment." in text_of(answer.text)


def test_the_dashboard_leads_to_reports(client: TestClient, services: Services) -> None:
    services.registry.add_repositories(7, ["acme/Widgets", "acme/engine"])
    page = client.get("/reports").text
    assert 'href="/reports" aria-current="page"' in page
    assert f'href="{PAGE}"' in page
    assert 'href="/r/acme"' in page
    assert "acme 1 repository" in text_of(page)
    assert text_of(page).count("acme/engine") == 2
    assert "usher backfill acme/engine" in text_of(page)
    assert "acme/Widgets" not in page


def test_what_waits_is_told_as_soon_as_it_was_counted(client: TestClient) -> None:
    text = text_of(client.get("/reports").text)
    assert "acme/widgets not counted yet · known until 14 June 2026" in text
    assert "What waits is counted when a report is opened" in text
    client.get(PAGE)
    text = text_of(client.get("/reports").text)
    assert re.search(r"acme/widgets [1-9][0-9]* waiting · known until 14 June 2026", text)
    assert "What waits is counted" not in text


def test_the_first_page_knows_of_a_history_where_nothing_happened_yet(
    client: TestClient, services: Services
) -> None:
    page = client.get("/").text
    assert "1 history is known: acme/widgets" in text_of(page)
    assert f'href="{PAGE}"' in page
    with Editions(services.database).begin("acme/engine") as edition:
        edition.add(made_up(UNTIL).snapshots[:1])
        edition.publish("acme/engine")
    assert "2 histories are known: their reports" in text_of(client.get("/").text)
    furnish(services)
    assert "known" not in text_of(client.get("/").text)


def test_without_any_history_it_says_how_to_get_one(sqlite_database: Database) -> None:
    with TestClient(create_app(services_on(sqlite_database)), base_url="http://127.0.0.1") as client:
        assert "No history is known yet" in client.get("/reports").text


def test_without_the_key_nothing_is_shown(services: Services) -> None:
    locked = services_on(services.database, {"dashboard_open": False, "dashboard_key": "a key"})
    with TestClient(create_app(locked), base_url="http://127.0.0.1") as client:
        for path in (PAGE, f"{PAGE}.md", f"{PAGE}.json", f"{PAGE}.csv"):
            answer = client.get(path)
            assert (answer.status_code, "widget" in answer.text.replace("acme/widgets", "")) == (403, False)
        assert client.get("/reports").status_code == 403
