"""The dashboard's key, the session it opens, and what guards the forms."""

import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.store.database import Database
from bot.web.access import COOKIE, KEY_FILE
from bot.web.app import create_app
from bot.web.seal import Seal
from tests.web.site import services_on

KEY = "the-key-of-the-dashboard"
PAGES = ("/", "/deliveries", "/setup", "/r/acme/widgets/1", "/no/such/page")
FORMS = ("/setup", "/actions/1/undo", "/plans/1/undo", "/deliveries/1/retry")


@pytest.fixture
def client(sqlite_database: Database) -> Iterator[TestClient]:
    settings = {"dashboard_open": False, "dashboard_key": KEY}
    with TestClient(create_app(services_on(sqlite_database, settings)), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("path", PAGES)
def test_without_the_key_every_page_is_shut(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 403
    assert "This page has a key" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", FORMS)
def test_without_the_key_no_form_is_even_read(client: TestClient, path: str) -> None:
    assert client.post(path, data={"csrf": "x"}).status_code == 403


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/metrics", "/schema/usher.json", "/static/usher.css"]
)
def test_probes_and_files_need_no_key(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_the_key_opens_and_leaves_the_address(client: TestClient) -> None:
    answer = client.get("/deliveries", params={"state": "done", "key": KEY})
    assert (answer.status_code, answer.headers["location"]) == (303, "/deliveries?state=done")
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=604800"))
    assert KEY not in cookie
    assert client.get("/").status_code == 200


def test_a_wrong_key_is_told_kindly(client: TestClient) -> None:
    for wrong in ("", "x", KEY + "x", KEY[:-1], "é\udcff".encode("utf-8", "replace").decode()):
        answer = client.get("/", params={"key": wrong})
        assert answer.status_code == 403
        assert "That is not the key" in answer.text


def test_a_key_leads_to_no_other_host(client: TestClient) -> None:
    answer = client.get(f"//evil.example/path?key={KEY}")
    assert answer.headers["location"].startswith("/evil.example/") or answer.headers["location"] == "/path"


def test_behind_https_the_cookie_is_for_https_alone(sqlite_database: Database) -> None:
    app = create_app(services_on(sqlite_database, {"dashboard_open": False, "dashboard_key": KEY}))
    with TestClient(app, base_url="https://usher.example", follow_redirects=False) as client:
        assert "; Secure" in client.get("/", params={"key": KEY}).headers["set-cookie"]


def test_a_session_ends_and_cannot_be_made_up(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get("/", params={"key": KEY})
    sealed = client.cookies[COOKIE]
    assert client.get("/").status_code == 200
    client.cookies.clear()
    for forged in (
        sealed[:-1],
        sealed.replace(".", "..", 1),
        "9" + sealed,
        "",
        ".",
        Seal("x").close("session", "s", 60),
    ):
        assert client.get("/", headers={"cookie": f"{COOKIE}={forged}"}).status_code == 403
    monkeypatch.setattr(time, "time", lambda: 99_999_999_999)
    assert client.get("/", headers={"cookie": f"{COOKIE}={sealed}"}).status_code == 403


def test_a_form_without_its_token_does_nothing(client: TestClient) -> None:
    client.get("/", params={"key": KEY})
    for path in FORMS:
        for data in ({}, {"csrf": ""}, {"csrf": "0" * 64}):
            assert client.post(path, data=data).status_code == 403


def test_pages_forbid_what_they_do_not_need(client: TestClient) -> None:
    headers = client.get("/").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' https://github.com" in policy
    assert "script" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "max-age" in client.get("/static/usher.css").headers["cache-control"]


def test_a_key_is_made_once_for_its_owner_alone(sqlite_database: Database) -> None:
    services = services_on(sqlite_database, {"dashboard_open": False})
    entrance = create_app(services).entrance
    assert sqlite_database.path is not None
    file = sqlite_database.path.with_name(KEY_FILE)
    assert str(file) in entrance
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key = file.read_text().strip()
    assert len(key) > 40
    assert key not in entrance
    with TestClient(create_app(services), follow_redirects=False) as client:
        assert client.get("/", params={"key": key}).status_code == 303
    assert file.read_text().strip() == key


def test_an_open_dashboard_is_open_on_this_machine_alone(sqlite_database: Database, tmp_path: Path) -> None:
    app = create_app(services_on(sqlite_database))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        assert client.get("/").status_code == 200
    with TestClient(app, base_url="http://rebound.example") as client:
        assert client.get("/").status_code == 403
    everywhere = services_on(sqlite_database, {"host": "0.0.0.0"})
    with TestClient(create_app(everywhere), base_url="http://127.0.0.1:8000") as client:
        assert client.get("/").status_code == 403
