"""What a person does in a browser: register an App, install it, sign in, follow links."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.sandbox.auth import app_jwt
from tests.sandbox.world import REPO, Client, World

MANIFEST: dict[str, Any] = {
    "name": "My Usher",
    "url": "http://127.0.0.1:9/",
    "hook_attributes": {"url": "http://127.0.0.1:9/webhooks/github"},
    "redirect_url": "http://127.0.0.1:9/setup/done",
    "setup_url": "http://127.0.0.1:9/installed",
    "default_permissions": {"issues": "write"},
    "default_events": ["issues", "issue_comment"],
}


@pytest.fixture
def browser(world: World) -> Client:
    client = world.client(None)
    client.headers["accept"] = "text/html,application/xhtml+xml"
    client.event_hooks = {}
    return client


def query_of(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code in (302, 303), answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def create(browser: Client, owner: str = "operator", **changed: Any) -> httpx.Response:
    form = {"manifest": json.dumps(MANIFEST | changed), "owner": owner, "state": "s1", "name": "My Usher"}
    return browser.post("/_pages/apps", data=form)


def test_the_manifest_flow_from_page_to_credentials(world: World, browser: Client) -> None:
    page = browser.post("/settings/apps/new?state=s1", data={"manifest": json.dumps(MANIFEST)})
    assert "Create GitHub App" in page.text
    assert "issues: write" in page.text
    answer = create(browser)
    assert answer.headers["location"].startswith("http://127.0.0.1:9/setup/done?")
    told = query_of(answer)
    assert told["state"] == "s1"
    api = world.client(None)
    app = api.write("POST", f"/app-manifests/{told['code']}/conversions")
    assert (app["slug"], app["name"], app["owner"]["login"]) == ("my-usher", "My Usher", "operator")
    assert app["permissions"] == {"metadata": "read", "issues": "write"}
    assert app["events"] == ["issues", "issue_comment"]
    assert app["pem"].startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert app["client_id"]
    assert app["client_secret"]
    assert app["webhook_secret"]
    known = world.sandbox.store.apps[app["id"]]
    assert world.client(app_jwt(known)).read("/app")["slug"] == "my-usher"
    again = api.post(f"/app-manifests/{told['code']}/conversions")
    assert again.status_code == 404, "a code works once"


def test_a_code_expires_after_an_hour(world: World, browser: Client) -> None:
    code = query_of(create(browser))["code"]
    world.sandbox.clock.advance(3601)
    assert world.client(None).post(f"/app-manifests/{code}/conversions").status_code == 404


def test_an_organisation_can_own_an_app(world: World, browser: Client) -> None:
    page = browser.post("/organizations/octo/settings/apps/new", data={"manifest": json.dumps(MANIFEST)})
    assert 'name="owner" value="octo"' in page.text
    code = query_of(create(browser, owner="octo"))["code"]
    app = world.client(None).write("POST", f"/app-manifests/{code}/conversions")
    assert app["owner"]["login"] == "octo"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"url": None}, "url"),
        ({"redirect_url": "javascript:alert(1)"}, "redirect_url"),
        ({"hook_attributes": {}}, "Hook url"),
        ({"default_events": ["pull_request"]}, "not supported by permissions: pull_request"),
    ],
)
def test_a_manifest_is_checked(browser: Client, changed: dict[str, Any], problem: str) -> None:
    form = {"manifest": json.dumps(MANIFEST | changed)}
    answer = browser.post("/settings/apps/new", data=form)
    assert answer.status_code == 422
    assert problem in answer.text
    assert create(browser, **changed).status_code == 422


def test_a_name_is_taken_once(browser: Client) -> None:
    assert create(browser).status_code == 302
    assert "already taken" in create(browser).text
    assert browser.post("/settings/apps/new", data={"manifest": "{"}).status_code == 422
    assert browser.post("/settings/apps/new", data={"manifest": "[]"}).status_code == 422
    assert "textarea" in browser.get("/settings/apps/new").text


def test_installing_on_chosen_repositories(world: World, browser: Client) -> None:
    world.sandbox.uninstall(world.installation)
    world.settle().received.clear()
    world.app.setup_url = "http://127.0.0.1:9/installed"
    url = "/apps/usher/installations/new"
    assert "octo/vault" in browser.get(url).text
    form = {"account": "octo", "repository": ["octo/engine"]}
    told = query_of(browser.post(url + "?state=s2", data=form))
    assert (told["setup_action"], told["state"]) == ("install", "s2")
    created = world.settle().only("installation.created")
    assert [one["full_name"] for one in created["repositories"]] == ["octo/engine"]
    assert str(created["installation"]["id"]) == told["installation_id"]
    told = query_of(browser.post(url, data={"account": "octo", "all": "octo"}))
    assert told["setup_action"] == "update"
    added = world.settle().only("installation_repositories.added")
    assert [one["full_name"] for one in added["repositories_added"]] == ["octo/vault"]
    assert browser.post(url, data={"account": "octo"}).status_code == 422
    assert browser.get("/apps/nobody/installations/new").status_code == 404


def test_signing_in_and_what_one_then_sees(world: World, browser: Client) -> None:
    app = world.app
    ask = {"client_id": app.client_id, "redirect_uri": "http://127.0.0.1:9/callback", "state": "s3"}
    assert "Continue as maya" in browser.get("/login/oauth/authorize", params=ask).text
    told = query_of(browser.post("/login/oauth/authorize", params=ask, data={"login": "maya"}))
    assert told["state"] == "s3"
    trade = {"client_id": app.client_id, "client_secret": app.client_secret, "code": told["code"]}
    as_json = {"accept": "application/json"}
    wrong = trade | {"client_secret": "x"}
    assert browser.post("/login/oauth/access_token", data=wrong, headers=as_json).json() == {
        "error": "incorrect_client_credentials"
    }
    token = browser.post("/login/oauth/access_token", json=trade, headers=as_json).json()["access_token"]
    again = browser.post("/login/oauth/access_token", data=trade)
    assert again.text == "error=bad_verification_code"
    maya = world.client(token)
    assert maya.read("/user")["login"] == "maya"
    [installation] = maya.read("/user/installations")["installations"]
    assert installation["id"] == world.installation.id
    url = f"/user/installations/{installation['id']}/repositories"
    assert [one["full_name"] for one in maya.read(url)["repositories"]] == ["octo/engine", "octo/vault"]
    assert [one["full_name"] for one in world.person("wes").read(url)["repositories"]] == ["octo/engine"]
    assert world.person("lee").read("/user/installations")["total_count"] == 0
    assert world.person("lee").get(url).status_code == 404
    assert [one["name"] for one in maya.read("/user/repos")] == ["engine", "vault"]


def test_signing_in_leads_only_to_the_apps_own_addresses(world: World, browser: Client) -> None:
    world.app.callback_urls = ["http://127.0.0.1:9/callback"]
    ask = {"client_id": world.app.client_id, "redirect_uri": "http://elsewhere.example/"}
    assert browser.get("/login/oauth/authorize", params=ask).status_code == 422
    assert browser.get("/login/oauth/authorize", params={"client_id": "x"}).status_code == 404
    ask.pop("redirect_uri")
    assert browser.post("/login/oauth/authorize", params=ask, data={"login": "nobody"}).status_code == 422


def test_a_thread_can_be_looked_at(world: World, browser: Client, bot: Client) -> None:
    lee, maya = world.sandbox.as_user("lee"), world.sandbox.as_user("maya")
    lee.open_issue("octo/engine", "<b>It</b> crashes", "Hello **world** <script>alert(1)</script>")
    maya.add_label("octo/engine", 1, "bug")
    body = "<!-- hidden --><details><summary>Why</summary>\n\nBecause\n\n</details>\n\n![x](http://evil.example/x)"
    bot.write("POST", f"{REPO}/issues/1/comments", body=body)
    page = browser.get("/octo/engine/issues/1").text
    assert "&lt;b&gt;It&lt;/b&gt; crashes" in page
    assert "<strong>world</strong>" in page
    assert "<script" not in page
    assert "hidden" not in page
    assert "<details><summary>Why</summary>" in page
    assert "<img" not in page
    assert "maya labeled bug" in page
    assert "usher[bot]" in page
    assert "octo/engine/issues/1" in browser.get("/octo/engine/issues").text


def test_a_pull_request_can_be_looked_at(world: World, browser: Client, bot: Client) -> None:
    pull = world.sandbox.as_user("lee").open_pull("octo/engine", "feat: x", "Body")
    sha = pull["head"]["sha"]
    output = {"title": "2 left", "summary": "Tests *and* docs"}
    bot.write("POST", REPO + "/check-runs", name="usher / flow", head_sha=sha, output=output)
    world.sandbox.as_user("maya").review("octo/engine", 1, "COMMENT", "Hm")
    page = browser.get("/octo/engine/pull/1").text
    assert "usher / flow" in page
    assert "<em>and</em>" in page
    assert "<strong>maya</strong> commented" in page
    assert "feat: x" in browser.get("/octo/engine/pulls").text
    world.sandbox.as_user("maya").merge("octo/engine", 1)
    assert "Merged" in browser.get("/octo/engine/pull/1").text


def test_files_and_repositories_can_be_looked_at(browser: Client, maya: Client) -> None:
    assert "octo/engine" in browser.get("/").text
    assert "src/app.py" in browser.get("/octo/engine").text
    assert "three" in browser.get("/octo/engine/blob/main/src/app.py").text
    for path in ("/octo/nowhere", "/octo/engine/issues/9", "/octo/engine/blob/main/nothing"):
        assert browser.get(path).status_code == 404
    assert maya.get("/octo/engine").status_code == 404, "a program gets the API's answer"


def test_the_editor_commits_what_its_link_fills_in(world: World, browser: Client) -> None:
    url = "/octo/engine/new/main"
    text = "mode: act # <b>\n"
    page = browser.get(url, params={"filename": ".github/usher.yml", "value": text}).text
    assert "mode: act # &lt;b&gt;" in page
    assert "<option>maya</option>" in page
    assert "<option>lee</option>" not in page
    form = {"filename": ".github/usher.yml", "value": "mode: act\r\n", "login": "maya"}
    assert browser.post(url, data=form).status_code == 303
    assert browser.post(url, data=form | {"value": "mode: observe\n"}).status_code == 303
    raw = world.person("maya").get(
        REPO + "/contents/.github/usher.yml", headers={"accept": "application/vnd.github.raw"}
    )
    assert raw.text == "mode: observe\n"
    assert world.settle().names() == ["push", "push"]
    assert browser.post(url, data=form | {"login": "lee"}).status_code == 422
    assert browser.get("/octo/engine/new/nowhere").status_code == 404
