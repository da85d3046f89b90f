"""The pages of the roll-ups: what they show, in which order, and what they take."""

import csv
import io
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.store.database import Database
from bot.web.app import create_app
from bot.web.services import Services
from tests.databases import shared_sqlite, sqlite_database
from tests.test_rollups import ENGINE, WIDGETS, keep
from tests.web.site import services_on
from tests.web.test_dashboard import text_of

__all__ = ["shared_sqlite", "sqlite_database"]

PAGE = "/r/acme/report"
ASKED = {"until": "2026-04-01", "window": "31d"}


@pytest.fixture
def services(sqlite_database: Database) -> Services:
    keep(sqlite_database, "acme/widgets", WIDGETS)
    keep(sqlite_database, "acme/engine", ENGINE)
    keep(sqlite_database, "solo/only", ENGINE)
    found = services_on(sqlite_database)
    found.registry.add_repositories(7, ["acme/new"])
    return found


def test_the_page_says_what_needs_somebody_and_how_each_repository_fares(client: TestClient) -> None:
    answer = client.get(PAGE, params=ASKED)
    text = text_of(answer.text)
    assert answer.status_code == 200
    for expected in (
        "acme 2 repositories, 1 to 31 March 2026 (UTC)",
        "2 first-time contributors in 2 repositories have had no answer from a maintainer",
        "It is slow 22 days",
        "Issues opened 3 0",
        "People in several repositories",
        "usher backfill acme/new",
        "Whoever has the dashboard's key sees all of it, private repositories included.",
    ):
        assert expected in text
    assert 'href="/r/acme/widgets/report?until=2026-04-01&amp;window=31d"' in answer.text
    assert 'href="https://github.com/acme/widgets/issues/3"' in answer.text
    assert "style=" not in answer.text
    assert "<script" not in answer.text


def order(page: str) -> list[str]:
    table = page.partition('class="figures repositories"')[2]
    return sorted(("widgets", "engine"), key=lambda name: table.index(f"<bdi>{name}</bdi>"))


def test_links_sort_the_repositories_and_turn_the_order_round(client: TestClient) -> None:
    page = client.get(PAGE, params={**ASKED, "sort": "name"}).text
    assert order(page) == ["engine", "widgets"]
    turned = f"{PAGE}?until=2026-04-01&amp;window=31d&amp;sort=-name#repositories"
    assert f'href="{turned}" aria-current="true"' in page
    assert f'<th scope="col" aria-sort="ascending"><a href="{turned}"' in page
    assert order(client.get(PAGE, params={**ASKED, "sort": "-name"}).text) == ["widgets", "engine"]
    assert order(client.get(PAGE, params={**ASKED, "sort": "merged"}).text) == ["widgets", "engine"]
    assert order(client.get(PAGE, params={**ASKED, "sort": "-merged"}).text) == ["engine", "widgets"]
    assert client.get(PAGE, params={**ASKED, "sort": "<script>"}).status_code == 200


def test_one_repository_is_in_no_order(client: TestClient) -> None:
    page = client.get("/r/solo/report", params=ASKED).text
    assert "<bdi>only</bdi>" in page
    assert "sort=" not in page
    assert "aria-sort" not in page


def test_where_the_histories_ended_it_says_so_once_and_leads_to_reports_that_end_there(
    client: TestClient,
) -> None:
    page = client.get(PAGE)
    assert text_of(page.text).count("What is known of these repositories ends on 30 March 2026") == 1
    assert "28 December 2025 to 30 March 2026" not in text_of(page.text)
    assert "31 December 2025 to 30 March 2026" in text_of(page.text)
    assert 'href="/r/acme/widgets/report?until=2026-03-31&amp;window=90d"' in page.text
    left_out = client.get(PAGE, params={"until": "2026-10-01"}).text
    assert "2 left out , as less than half of this time is known of them" in text_of(left_out)
    assert "All of it together" not in left_out
    assert "Nothing needs anybody" not in left_out


def test_the_files_are_of_what_was_asked_for(client: TestClient) -> None:
    page = client.get(PAGE, params={**ASKED, "sort": "name"}).text
    for kind in ("md", "json", "csv"):
        assert f'href="{PAGE}.{kind}?until=2026-04-01&amp;window=31d"' in page
    answer = client.get(f"{PAGE}.md", params=ASKED)
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.text.startswith("## acme, 1 to 31 March 2026\n")
    assert "[page](http://127.0.0.1/r/acme?until=2026-04-01&window=31d)" in answer.text
    data = client.get(f"{PAGE}.json", params=ASKED).json()
    assert (data["organisation"], data["until"]) == ("acme", "2026-04-01T00:00:00Z")
    assert len(data["repositories"]) == 2
    answer = client.get(f"{PAGE}.csv", params=ASKED)
    assert answer.headers["content-disposition"] == 'attachment; filename="acme-report.csv"'
    assert len(list(csv.reader(io.StringIO(answer.text)))) > 150


def test_the_manual_names_every_field(client: TestClient) -> None:
    manual = Path(__file__).parents[2].joinpath("docs", "reports.md").read_text("utf-8")
    known = client.get(f"{PAGE}.json", params=ASKED).json()
    parts = [known, *known["needs_you"], *known["repositories"], *known["needs_you"][0]["items"]]
    fields = {name for part in parts for name in part}
    assert {name for name in fields if f"`{name}`" not in manual} == set()


@pytest.mark.parametrize(
    ("path", "query", "status", "says"),
    [
        ("/r/nobody/report", "", 404, "Nothing is known of the repositories of nobody: usher backfill"),
        ("/r/nobody/report.md", "", 404, "usher import nobody/REPO DIR"),
        (f"{PAGE}.pdf", "", 404, "There is no such page."),
        (PAGE, "until=yesterday", 400, "is no day: expected one such as 2026-06-15"),
        (PAGE, "window=forever", 400, "is no window"),
        (PAGE, "sort=" + "x" * 99, 400, "cannot be used"),
        ("/r/a%20b/report", "", 400, "is no owner of repositories"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_line(
    client: TestClient, path: str, query: str, status: int, says: str
) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == status
    assert says in text_of(answer.text)


def test_the_list_of_reports_and_the_owners_address_lead_there(client: TestClient) -> None:
    page = client.get("/reports").text
    assert 'href="/r/acme"' in page
    assert 'href="/r/solo"' in page
    answer = client.get("/r/ACME?window=7d", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?window=7d")
    assert client.get("/r/nobody", follow_redirects=False).status_code == 404


def test_an_owner_may_be_spelled_in_several_ways_and_with_dots(
    client: TestClient, services: Services
) -> None:
    for name in ("Foo/a", "foo/b", "my.org/a", "my.org/b"):
        keep(services.database, name, ENGINE)
    page = client.get("/reports").text
    assert [page.count(f'href="/r/{owner}"') for owner in ("Foo", "foo", "my.org")] == [1, 0, 1]
    assert "Foo 2 repositories" in text_of(client.get("/r/Foo").text)
    assert "my.org 2 repositories" in text_of(client.get("/r/my.org").text)


def test_a_repository_called_report_keeps_its_page_and_the_rollup_has_another(
    client: TestClient, services: Services
) -> None:
    services.registry.add_repositories(7, ["acme/report", "acme/report.md"])
    assert "<h1>" in client.get(PAGE).text
    for path in (PAGE, f"{PAGE}.md"):
        answer = client.get(path)
        assert "2 repositories" not in text_of(answer.text)
        assert f"usher backfill {path.removeprefix('/r/')}" in text_of(answer.text)
    answer = client.get("/r/acme", params=ASKED, follow_redirects=False)
    assert (answer.status_code, 'action="/r/acme"' in answer.text) == (200, True)
    assert "acme 2 repositories, 1 to 31 March 2026 (UTC)" in text_of(answer.text)
    assert 'href="/r/acme/report.json?until' in answer.text
    assert client.get(f"{PAGE}.json", params=ASKED).json()["organisation"] == "acme"
    assert client.get("/r/solo/report").status_code == 200


def test_too_many_at_once_are_asked_to_come_again(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.making.WITHIN", 0)
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        answer = client.get(PAGE, params=ASKED)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert "try again in a moment" in text_of(answer.text)


def test_without_the_key_nothing_is_shown(services: Services) -> None:
    locked = services_on(services.database, {"dashboard_open": False, "dashboard_key": "a key"})
    with TestClient(create_app(locked), base_url="http://127.0.0.1") as client:
        for path in (PAGE, f"{PAGE}.md", f"{PAGE}.json", f"{PAGE}.csv", "/r/acme"):
            answer = client.get(path)
            assert (answer.status_code, "widgets" in answer.text) == (403, False)
