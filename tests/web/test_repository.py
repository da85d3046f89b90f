"""The page of one repository: what it shows of that one, and that it says nothing of others."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.demo.history import keep, made_up
from bot.store.database import Database
from bot.store.history_tables import histories, threads
from bot.store.progress import Progress
from bot.web import repository
from bot.web.app import create_app
from bot.web.services import Services
from tests.web.furnish import furnish, header, label, save
from tests.web.site import services_on
from tests.web.test_dashboard import text_of

PAGE = "/r/acme/widgets"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def services(sqlite_database: Database) -> Services:
    found = services_on(sqlite_database)
    furnish(found)
    return found


def with_history(services: Services, **values: Any) -> None:
    keep(made_up(datetime.now(UTC)), services.database)
    with services.database.engine.begin() as connection:
        if values:
            connection.execute(sa.update(histories).values(**values))


def test_it_shows_what_needs_somebody_and_leads_to_the_report(client: TestClient, services: Services) -> None:
    with_history(services)
    page = client.get(PAGE).text
    assert "first-time contributor" in text_of(page)
    assert 'href="https://github.com/acme/widgets/issues/' in page
    assert f'href="{PAGE}/report#needs"' in page
    assert "from a backup that was imported" in text_of(page)
    assert "Crash when saving a file" in page


def test_code_in_titles_is_code(client: TestClient, services: Services) -> None:
    with_history(services)
    with services.database.engine.begin() as connection:
        connection.execute(sa.update(threads).values(title="Drop `a<b` or ` so"))
    assert "Drop <code>a&lt;b</code> or ` so" in client.get(PAGE).text


def test_without_a_history_it_says_how_to_get_one(client: TestClient) -> None:
    page = client.get("/r/acme/engine").text
    assert "usher backfill acme/engine reads it from GitHub" in text_of(page)
    assert "History none." in text_of(page)
    assert "How its community fares" not in page


def test_it_says_nothing_of_other_repositories(client: TestClient) -> None:
    text = text_of(client.get("/r/Acme/Engine").text)
    assert "Please support AMD GPUs" in text
    assert "Crash when saving" not in text
    assert "widgets" not in text
    for expected in ("done in 30 days 0", "would have been done 1", "failed 1", "deliveries need you 0"):
        assert expected in text
    assert "deliveries need you 2" in text_of(client.get(PAGE).text)


def test_what_is_long_ago_is_in_the_ledger_and_not_counted(client: TestClient, services: Services) -> None:
    old = timedelta(days=repository.LATELY + 1)
    save(
        services, header(repository="acme/old", number=3, title="Long ago"), label("bug", "it broke"), age=old
    )
    page = client.get("/r/acme/old").text
    assert "Long ago" in page
    assert "done in 30 days" not in page
    assert "not installed here" in text_of(page)


def test_its_ledger_is_paged(client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "PER_PAGE", 2)
    first = client.get(PAGE).text
    assert "Older →" in first
    last = services.ledger.recent(limit=2, repository="acme/widgets")[-1].id
    assert f'href="{PAGE}?before={last}#ledger"' in first
    older = client.get(f"{PAGE}?before={last}").text
    assert f'href="{PAGE}#ledger"' in older
    assert "Older →" not in older
    assert "There is nothing older." in client.get(f"{PAGE}?before=0").text


def test_settings_and_what_is_wrong_with_them(client: TestClient, services: Services) -> None:
    assert "mode: observe : Usher plans and records" in text_of(client.get(PAGE).text)
    assert "these are the defaults" in text_of(client.get(PAGE).text)
    problems = "line 3: `triage.treshold` is not a setting\nline 9: <b>x</b>"
    services.registry.keep_config("acme/widgets", 7, good="mode: act\n", problems=problems)
    page = client.get(PAGE).text
    assert "Its settings have mistakes." in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "mode: act : what is planned is done" in text_of(page)
    assert "mistakes" not in client.get("/r/acme/engine").text


@pytest.mark.parametrize(
    ("progress", "says"),
    [
        (
            Progress(complete_at=NOON),
            "all of it, until 2 Mar 12:00. usher backfill acme/widgets reads what is new",
        ),
        (
            Progress(since=NOON, complete_at=NOON + timedelta(days=1)),
            "what changed since 2 Mar 12:00, until 3 Mar 12:00. usher backfill acme/widgets reads the rest",
        ),
        (
            Progress(reached=NOON, complete_at=NOON - timedelta(days=1)),
            "until 1 Mar 12:00; it is being read on, and has come to 2 Mar 12:00.",
        ),
        (
            Progress(reached=NOON),
            "not complete: it is being read, and what changed before 2 Mar 12:00 is here. usher backfill",
        ),
    ],
)
def test_it_says_until_when_the_history_is_known(
    client: TestClient, services: Services, progress: Progress, says: str
) -> None:
    with_history(services, **progress.as_values())
    year = "" if datetime.now(UTC).year == NOON.year else f" {NOON.year}"
    text = re.sub(r" (?=[.,;])", "", text_of(client.get(PAGE).text))
    assert says.replace(" Mar ", f" Mar{year} ") in text


@pytest.mark.parametrize("path", ["/r/acme/none", "/r/a%20b/c", "/r/acme/none?before=1"])
def test_of_what_is_not_known_it_says_so(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "To the ledger" in answer.text


def test_without_the_key_nothing_is_shown(services: Services) -> None:
    locked = services_on(services.database, {"dashboard_open": False, "dashboard_key": "a key"})
    with TestClient(create_app(locked), base_url="http://127.0.0.1") as client:
        answer = client.get(PAGE)
        assert (answer.status_code, "Crash" in answer.text) == (403, False)


def test_it_works_on_both_databases(database: Database) -> None:
    services = services_on(database)
    furnish(services)
    with_history(services)
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        answer = client.get("/r/ACME/widgets")
        assert (answer.status_code, "deliveries need you 2" in text_of(answer.text)) == (200, True)
