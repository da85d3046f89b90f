"""The App manifest flow, walked through against the sandbox as a browser would."""

import json
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from bot.core.errors import BotError
from bot.github.client import PERMISSIONS
from bot.sandbox import Sandbox, SandboxServer
from bot.settings import Settings, credentials
from bot.store.database import Database
from bot.web.app import create_app
from bot.web.conversion import convert
from bot.web.manifest import EVENT_REASONS, PERMISSION_REASONS, Wanted
from bot.web.services import Services
from tests.web.deliver import deliver, headers_for
from tests.web.site import credentials as made_up
from tests.web.site import in_thread, services_on

FORM = {"name": "usher-for-acme", "organization": "", "public_url": "https://usher.example.org/"}


@dataclass
class World:
    """A server that is not set up yet, a local GitHub, and a browser."""

    services: Services
    usher: str
    github: str
    browser: httpx.Client

    @property
    def settings(self) -> Settings:
        assert isinstance(self.services.settings, Settings)
        return self.services.settings

    def begin(self, **changed: str) -> "Form":
        """Fill in the setup page; return the form that leads to GitHub."""
        page = self.browser.get(f"{self.usher}/setup")
        fields = {**FORM, "public_url": self.usher, **changed, "csrf": Form(page.text).fields["csrf"]}
        return Form(self.browser.post(f"{self.usher}/setup", data=fields).text)

    def create(self, form: "Form") -> httpx.Response:
        """Confirm on GitHub; return its answer, which leads back."""
        confirm = Form(self.browser.post(form.action, data=form.fields).text)
        return self.browser.post(f"{self.github}{confirm.action}", data=confirm.fields)


class Form(HTMLParser):
    """The last form of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.action = given.get("action") or ""
            self.fields = {}
        elif tag == "input" and given.get("name") and given.get("type") != "checkbox":
            self.fields[given["name"] or ""] = given.get("value") or ""


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with SandboxServer(Sandbox()) as github:
        services = services_on(sqlite_database, {"github_api_url": github.api_url}, credentials=None)

        def reconfigure() -> None:
            assert isinstance(services.settings, Settings)
            services.credentials = credentials(services.settings)

        services.reconfigure = reconfigure
        with in_thread(create_app(services)) as usher, httpx.Client() as browser:
            yield World(services, usher, github.url, browser)


def test_from_nothing_to_an_app_in_the_browser(world: World) -> None:
    form = world.begin()
    assert form.action.startswith(f"{world.github}/settings/apps/new?state=")
    back = world.create(form)
    assert back.status_code == 302
    done = world.browser.get(back.headers["location"])
    assert done.status_code == 200
    assert "The App is ready" in done.text
    assert f'href="{world.github}/apps/usher-for-acme/installations/new"' in done.text
    assert "mode: act" in done.text

    assert world.services.database.path is not None
    file = world.services.database.path.with_name("usher-app.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = json.loads(file.read_text())
    for secret in ("pem", "webhook_secret", "client_secret"):
        assert kept[secret] not in done.text

    identity = credentials(world.settings)
    assert identity is not None
    assert identity == world.services.credentials
    assert identity.private_key.get_secret_value().startswith("-----BEGIN")
    # The running server takes deliveries of the new App at once.
    answer = deliver(world.usher, b"{}", headers_for(b"{}", identity.secrets()[0]))
    assert answer.status == 202
    assert "already set up as App" in world.browser.get(f"{world.usher}/setup").text


def test_an_app_of_an_organisation(world: World) -> None:
    form = world.begin(organization="acme")
    assert form.action.startswith(f"{world.github}/organizations/acme/settings/apps/new?state=")


def test_the_way_back_works_once_and_only_where_it_began(world: World) -> None:
    back = world.create(world.begin()).headers["location"]
    stranger = httpx.get(back)
    assert stranger.status_code == 403
    assert world.services.credentials is None
    query = parse_qs(urlsplit(back).query)
    for state in ("", "made-up", query["state"][0] + "x"):
        wrong = httpx.URL(back).copy_merge_params({"state": state})
        assert world.browser.get(wrong).status_code == 403
    cookies = dict(world.browser.cookies)
    assert world.browser.get(back).status_code == 200
    world.browser.cookies.update(cookies)
    assert world.browser.get(back).status_code == 403


def test_a_code_that_github_does_not_take(world: World) -> None:
    for code, said in (("0123456789", "does not take the code"), ("../../app", "not one of GitHub")):
        form = world.begin()
        state = parse_qs(urlsplit(form.action).query)["state"][0]
        answer = world.browser.get(f"{world.usher}/setup/callback", params={"code": code, "state": state})
        assert answer.status_code == 400
        assert said in answer.text
        assert "start again at /setup" in answer.text
    assert world.services.credentials is None


def test_a_redirect_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def elsewhere(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": "http://169.254.169.254/"})

    def post(url: str, **options: object) -> httpx.Response:
        follow = bool(options["follow_redirects"])
        with httpx.Client(transport=httpx.MockTransport(elsewhere), follow_redirects=follow) as client:
            return client.post(url)

    monkeypatch.setattr(httpx, "post", post)
    with pytest.raises(BotError, match="302"):
        convert("https://api.github.com", "code")
    assert asked == ["https://api.github.com/app-manifests/code/conversions"]


def test_github_out_of_reach_can_be_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    back = world.create(world.begin()).headers["location"]

    def unplugged(*_args: object, **_options: object) -> httpx.Response:
        raise httpx.ConnectError("no route")

    with monkeypatch.context() as away:
        away.setattr(httpx, "post", unplugged)
        answer = world.browser.get(back)
        assert answer.status_code == 502
        assert "GitHub cannot be reached" in answer.text
        assert "reload this page" in answer.text
    assert world.browser.get(back).status_code == 200


def test_an_app_that_is_set_up_is_replaced_only_when_confirmed(world: World) -> None:
    world.browser.get(world.create(world.begin()).headers["location"])
    first = world.services.credentials
    page = world.browser.get(f"{world.usher}/setup").text
    fields = {**FORM, "name": "usher-two", "public_url": world.usher, "csrf": Form(page).fields["csrf"]}
    refused = world.browser.post(f"{world.usher}/setup", data=fields)
    assert refused.status_code == 409
    assert "confirm that you replace it" in refused.text
    assert world.services.credentials == first
    confirmed = world.browser.post(f"{world.usher}/setup", data={**fields, "replace": "yes"})
    back = world.create(Form(confirmed.text)).headers["location"]
    assert world.browser.get(back).status_code == 200
    second = world.services.credentials
    assert second is not None
    assert second.slug == "usher-two"


def test_one_that_was_set_up_meanwhile_stays(world: World) -> None:
    back = world.create(world.begin()).headers["location"]
    world.services.credentials = made_up()
    assert world.browser.get(back).status_code == 409


@pytest.fixture
def client(sqlite_database: Database) -> Iterator[TestClient]:
    services = services_on(sqlite_database, credentials=None)
    with TestClient(create_app(services), base_url="http://127.0.0.1:8000") as client:
        yield client


def test_everything_asked_for_is_explained(client: TestClient) -> None:
    assert set(PERMISSION_REASONS) == set(PERMISSIONS)
    page = client.get("/setup").text
    for name, level in PERMISSIONS.items():
        assert f"{name.replace('_', ' ')}: {level}" in page
    for reason in (*PERMISSION_REASONS.values(), *EVENT_REASONS.values()):
        assert reason in unescape(page)
    assert 'value="http://127.0.0.1:8000"' in page


def test_the_manifest_asks_for_what_the_rules_need_and_no_more() -> None:
    manifest = Wanted("usher-for-acme", "", "https://usher.example.org/").manifest()
    assert manifest["default_permissions"] == PERMISSIONS
    assert manifest["hook_attributes"]["url"] == "https://usher.example.org/webhooks/github"
    assert manifest["redirect_url"] == "https://usher.example.org/setup/callback"
    assert manifest["public"] is False


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "1 to 34 characters"),
        ("name", "n" * 35, "1 to 34 characters"),
        ("organization", "no/slash", "short name"),
        ("public_url", "usher.example.org", "such as https://"),
        ("public_url", "javascript:alert(1)", "such as https://"),
        ("public_url", "https://user:pass@host/", "such as https://"),
        ("public_url", "https://host:port/", "such as https://"),
        ("public_url", "https://[broken/", "such as https://"),
    ],
)
def test_a_form_that_cannot_be_used_says_which_field(
    client: TestClient, field: str, value: str, said: str
) -> None:
    csrf = Form(client.get("/setup").text).fields["csrf"]
    answer = client.post("/setup", data={**FORM, field: value, "csrf": csrf})
    assert answer.status_code == 400
    assert said in answer.text


def test_an_address_that_github_cannot_reach_is_pointed_out(client: TestClient) -> None:
    csrf = Form(client.get("/setup").text).fields["csrf"]
    local = client.post("/setup", data={**FORM, "public_url": "http://localhost:8000", "csrf": csrf})
    assert "github.com cannot reach this address" in local.text
    public = client.post("/setup", data={**FORM, "csrf": csrf})
    assert "cannot reach this address" not in public.text


def test_credentials_of_the_environment_are_left_alone(sqlite_database: Database) -> None:
    services = services_on(sqlite_database, {"app_id": "7"})
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        page = client.get("/setup").text
        assert "environment variables" in page
        assert "<form" not in page
