"""Who may call: Apps by JWT, installations by narrowed tokens, people by `ghp_<login>`, and nobody."""

import time
from typing import Any

import jwt
import pytest

from bot.sandbox.auth import app_jwt, new_key
from tests.sandbox.world import REPO, Client, World


def answer_to(world: World, **claims: Any) -> str:
    now = int(time.time())
    whole = {"iat": now - 60, "exp": now + 300, "iss": str(world.app.id)} | claims
    token = jwt.encode(whole, world.app.private_key, algorithm="RS256")
    answer = world.client(token).get("/app")
    return "welcome" if answer.status_code == 200 else f"{answer.status_code} {answer.json()['message']}"


def test_an_app_is_known_by_its_id_or_its_client_id(world: World) -> None:
    assert answer_to(world) == "welcome"
    assert answer_to(world, iss=world.app.client_id) == "welcome"
    assert answer_to(world, iss="42") == "404 Integration not found"


def test_a_jwt_lives_ten_minutes_at_most_and_must_have_begun(world: World) -> None:
    now = int(time.time())
    assert "too far in the future" in answer_to(world, exp=now + 3600)
    assert "'exp'" in answer_to(world, exp=now - 1)
    assert "'iat'" in answer_to(world, iat=now + 300)


def test_a_jwt_of_another_key_is_refused(world: World) -> None:
    claims = {"iat": int(time.time()) - 60, "exp": int(time.time()) + 300, "iss": str(world.app.id)}
    forged = jwt.encode(claims, new_key(), algorithm="RS256")
    assert world.client(forged).get("/app").json()["message"] == "A JSON web token could not be decoded"
    unsigned = jwt.encode(claims, "x" * 32, algorithm="HS256")
    assert world.client(unsigned).get("/app").status_code == 401


def test_a_bad_token_is_401_even_where_anyone_may_read(world: World) -> None:
    for token in ("ghs_nonsense", "ghp_nobody", "nonsense"):
        answer = world.client(token).get(REPO)
        assert (answer.status_code, answer.json()["message"]) == (401, "Bad credentials")


def test_nobody_may_read_what_is_public_and_write_nothing(world: World) -> None:
    anonymous = world.client(None)
    assert anonymous.get(REPO).status_code == 200
    assert anonymous.get("/repos/octo/vault").status_code == 404
    assert anonymous.post(REPO + "/issues", json={"title": "x"}).status_code == 401
    assert anonymous.get("/app").status_code == 401


def test_an_installation_token_expires_after_an_hour(world: World, bot: Client) -> None:
    assert bot.get(REPO).status_code == 200
    world.sandbox.clock.advance(3601)
    assert bot.get(REPO).status_code == 401


def test_a_token_can_be_given_back(bot: Client) -> None:
    assert bot.delete("/installation/token").status_code == 204
    assert bot.get(REPO).status_code == 401


def test_a_token_narrowed_to_a_repository_sees_no_other(world: World) -> None:
    bot = world.bot(repositories=["engine"])
    names = [repo["name"] for repo in bot.read("/installation/repositories")["repositories"]]
    assert names == ["engine"]
    assert bot.get("/repos/octo/vault").status_code == 404
    world.sandbox.add_repo("octo/site")
    assert bot.get("/repos/octo/site").status_code == 200, "what is public may be read by anyone"
    refused = bot.post("/repos/octo/site/issues", json={"title": "x"})
    assert (refused.status_code, refused.json()["message"]) == (
        403,
        "Resource not accessible by integration",
    )


def test_a_token_narrowed_to_permissions_can_do_no_more(world: World) -> None:
    bot = world.bot(permissions={"issues": "read"})
    number = bot_issue(world)
    assert bot.get(f"{REPO}/issues/{number}").status_code == 200
    refused = bot.post(f"{REPO}/issues/{number}/comments", json={"body": "x"})
    assert refused.status_code == 403
    assert refused.headers["x-accepted-github-permissions"] == "issues=write; pull_requests=write"
    assert bot.get(f"{REPO}/contents/README.md").status_code == 403


def test_pull_requests_write_opens_pull_requests_but_no_issues(world: World) -> None:
    bot = world.bot(permissions={"pull_requests": "write"})
    issue, pull = bot_issue(world), world.sandbox.as_user("maya").open_pull("octo/engine", "x")["number"]
    assert bot.post(f"{REPO}/issues/{pull}/comments", json={"body": "x"}).status_code == 201
    assert bot.post(f"{REPO}/issues/{issue}/comments", json={"body": "x"}).status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        {"repositories": ["nowhere"]},
        {"repository_ids": [1]},
        {"permissions": {"administration": "write"}},
        {"permissions": {"contents": "write"}},
    ],
)
def test_no_token_goes_beyond_its_installation(world: World, asked: dict[str, Any]) -> None:
    url = f"/app/installations/{world.installation.id}/access_tokens"
    assert world.as_app().post(url, json=asked).status_code == 422


def test_a_suspended_installation_gets_nothing(world: World, bot: Client) -> None:
    world.sandbox.suspend(world.installation)
    assert bot.get(REPO).json()["message"] == "This installation has been suspended"
    world.sandbox.unsuspend(world.installation)
    assert bot.get(REPO).status_code == 200


def test_after_uninstalling_tokens_and_installation_are_gone(world: World, bot: Client) -> None:
    world.sandbox.uninstall(world.installation)
    assert bot.get(REPO).status_code == 401
    assert world.as_app().get(f"/app/installations/{world.installation.id}").status_code == 404
    assert world.as_app().get(REPO + "/installation").status_code == 404


def test_one_app_does_not_see_the_installations_of_another(world: World, private_key: str) -> None:
    other = world.sandbox.add_app("other", private_key=private_key)
    client = world.client(app_jwt(other))
    assert client.read("/app/installations") == []
    assert client.get(f"/app/installations/{world.installation.id}").status_code == 404


def test_what_an_app_is_told_about_itself(world: World) -> None:
    app = world.as_app()
    own = app.read("/app")
    assert (own["slug"], own["installations_count"]) == ("usher", 1)
    [installation] = app.read("/app/installations")
    assert installation["account"]["login"] == "octo"
    assert installation["repository_selection"] == "all"
    assert app.read(REPO + "/installation") == installation == app.read("/orgs/octo/installation")


def test_people_may_do_what_their_role_allows(world: World) -> None:
    number = bot_issue(world)
    label = f"{REPO}/issues/{number}/labels"
    results = {
        login: world.person(login).post(label, json={"labels": ["bug"]}).status_code
        for login in ("lee", "tri", "wes", "maya")
    }
    assert results == {"lee": 403, "tri": 200, "wes": 200, "maya": 200}
    assert world.person("lee").post(f"{REPO}/issues/{number}/comments", json={"body": "x"}).is_success
    assert world.person("lee").get("/repos/octo/vault").status_code == 404


@pytest.mark.parametrize(
    ("login", "permission", "role"),
    [
        ("maya", "admin", "admin"),
        ("wes", "write", "write"),
        ("tri", "read", "triage"),
        ("lee", "read", "read"),
        ("usher[bot]", "read", "read"),
    ],
)
def test_permission_and_role_name(maya: Client, login: str, permission: str, role: str) -> None:
    told = maya.read(f"{REPO}/collaborators/{login}/permission")
    assert (told["permission"], told["role_name"]) == (permission, role)


def test_a_permission_can_be_taken_away(world: World, maya: Client) -> None:
    world.sandbox.set_role("octo/vault", "wes", "write")
    url = "/repos/octo/vault/collaborators/wes/permission"
    assert maya.read(url)["role_name"] == "write"
    world.sandbox.set_role("octo/vault", "wes", "none")
    assert maya.read(url)["permission"] == "none"
    assert world.person("wes").get("/repos/octo/vault").status_code == 404
    assert maya.get(f"{REPO}/collaborators/nobody/permission").status_code == 404


def test_association_may_differ_from_permission(world: World) -> None:
    world.sandbox.set_role("octo/engine", "sam", "write", association="NONE")
    opened = world.sandbox.as_user("sam").open_issue("octo/engine", "Hello")
    assert opened["author_association"] == "NONE"
    assert world.sandbox.as_user("zoe").open_issue("octo/engine", "Hello")["author_association"] == "MEMBER"


def bot_issue(world: World) -> int:
    return int(world.sandbox.as_user("lee").open_issue("octo/engine", "It crashes")["number"])
