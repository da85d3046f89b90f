"""Apps, their installations and the tokens of these."""

from bot.sandbox.auth import new_installation_token
from bot.sandbox.call import Call, Needs
from bot.sandbox.clock import stamp
from bot.sandbox.installing import covered, suspend, uninstall, unsuspend
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.people import app_json, installation_json
from bot.sandbox.shapes.repos import permissions_json, repo_json
from bot.sandbox.store import covers
from bot.sandbox.things import App, Installation, Json, Repository
from bot.sandbox.web import Answer, ApiError, created, no_content, not_found

ROUTES = Routes(Needs(who="app"))
LEVELS = ("none", "read", "write", "admin")


def app_of(call: Call) -> App:
    assert call.caller.app is not None, "the route asks for an App"
    return call.caller.app


def own_installation(call: Call) -> Installation:
    found = call.store.installations.get(call.number("id"))
    if found is None or found.app is not app_of(call):
        raise not_found()
    return found


@ROUTES("GET", "/app")
def own_app(call: Call) -> Answer:
    app = app_of(call)
    count = sum(one.app is app for one in call.store.installations.values())
    return Answer(body=app_json(call.urls, app) | {"installations_count": count})


@ROUTES("GET", "/apps/{slug}", Needs())
def app_by_slug(call: Call) -> Answer:
    for app in call.store.apps.values():
        if app.slug == call.params["slug"]:
            return Answer(body=app_json(call.urls, app))
    raise not_found()


@ROUTES("GET", "/app/installations")
def installations(call: Call) -> Answer:
    own = [one for one in call.store.installations.values() if one.app is app_of(call)]
    return call.page(own, lambda one: installation_json(call.urls, one))


@ROUTES("GET", "/app/installations/{id}")
def installation(call: Call) -> Answer:
    return Answer(body=installation_json(call.urls, own_installation(call)))


@ROUTES("DELETE", "/app/installations/{id}")
def delete_installation(call: Call) -> Answer:
    uninstall(call.sandbox, own_installation(call), app_of(call).owner)
    return no_content()


@ROUTES("PUT", "/app/installations/{id}/suspended")
def suspend_installation(call: Call) -> Answer:
    suspend(call.sandbox, own_installation(call), app_of(call).owner)
    return no_content()


@ROUTES("DELETE", "/app/installations/{id}/suspended")
def unsuspend_installation(call: Call) -> Answer:
    unsuspend(call.sandbox, own_installation(call), app_of(call).owner)
    return no_content()


@ROUTES("GET", "/repos/{owner}/{repo}/installation")
def repository_installation(call: Call) -> Answer:
    for one in call.store.installations_on(call.repo):
        if one.app is app_of(call):
            return Answer(body=installation_json(call.urls, one))
    raise not_found()


@ROUTES("GET", "/users/{login}/installation")
@ROUTES("GET", "/orgs/{login}/installation")
def account_installation(call: Call) -> Answer:
    account = call.store.user(call.params["login"])
    for one in call.store.installations.values():
        if one.app is app_of(call) and one.account is account:
            return Answer(body=installation_json(call.urls, one))
    raise not_found()


@ROUTES("POST", "/app/installations/{id}/access_tokens")
def access_token(call: Call) -> Answer:
    """A token, narrowed to the repositories and permissions that are asked for."""
    granted = own_installation(call)
    if granted.suspended_at is not None:
        raise ApiError(403, "This installation has been suspended")
    chosen = _chosen_repositories(call, granted)
    permissions = _chosen_permissions(call, granted)
    numbers = None if chosen is None else frozenset(repo.id for repo in chosen)
    token = new_installation_token(call.store, granted, permissions, numbers)
    selection = "selected" if granted.repositories is not None or chosen is not None else "all"
    body: Json = {
        "token": token.value,
        "expires_at": stamp(token.expires_at),
        "permissions": permissions,
        "repository_selection": selection,
    }
    if chosen is not None:
        body["repositories"] = [repo_json(call.urls, repo) for repo in chosen]
    return created(body)


def _chosen_repositories(call: Call, granted: Installation) -> list[Repository] | None:
    names, numbers = call.json.get("repositories"), call.json.get("repository_ids")
    if names is None and numbers is None:
        return None
    if not isinstance(names, list | None) or not isinstance(numbers, list | None):
        raise ApiError(422, "Invalid request.")
    owner = granted.account.login
    found = [call.store.repository(f"{owner}/{name}") for name in names or []]
    found += [call.store.repository_by_id(number) for number in numbers or []]
    chosen = [repo for repo in found if repo is not None and covers(granted, repo)]
    if len(chosen) < len(found):
        raise ApiError(
            422,
            "There is at least one repository that does not exist or is not accessible to the parent "
            "installation.",
        )
    return chosen


def _chosen_permissions(call: Call, granted: Installation) -> dict[str, str]:
    wanted = call.json.get("permissions")
    if not wanted:  # PyGithub sends an empty object, which GitHub takes for none
        return dict(granted.permissions)
    if not isinstance(wanted, dict):
        raise ApiError(422, "Invalid request.")
    for name, level in wanted.items():
        had = granted.permissions.get(name, "read" if name == "metadata" else "none")
        if level not in LEVELS or LEVELS.index(level) > LEVELS.index(had):
            raise ApiError(422, "The permissions requested are not granted to this installation.")
    return {**{name: str(level) for name, level in wanted.items()}, "metadata": "read"}


@ROUTES("DELETE", "/installation/token", Needs(who="installation"))
def revoke_token(call: Call) -> Answer:
    assert call.caller.token is not None, "the route asks for an installation token"
    del call.store.tokens[call.caller.token.value]
    return no_content()


@ROUTES("GET", "/installation/repositories", Needs(who="installation"))
def installation_repositories(call: Call) -> Answer:
    token = call.caller.token
    assert token is not None, "the route asks for an installation token"
    repos = covered(call.sandbox, token.installation)
    if token.repositories is not None:
        repos = [repo for repo in repos if repo.id in token.repositories]
    answer = call.page(repos, lambda repo: repo_json(call.urls, repo) | _may_read())
    answer.body = {
        "total_count": len(repos),
        "repository_selection": "all" if token.installation.repositories is None else "selected",
        "repositories": answer.body,
    }
    return answer


def _may_read() -> Json:
    return {"permissions": permissions_json("read")}
