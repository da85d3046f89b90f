"""Registering an App from a manifest, and installing it: the two flows that need a browser."""

import json
from collections.abc import Awaitable, Callable

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.manifest import address_with, check, new_code, register
from bot.sandbox.pages.layout import hidden, page, problem
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.things import App, Installation, Json

Endpoint = Callable[[Request], Awaitable[Response]]

PASTE = Markup(
    """<form method="post"><p><label>Manifest (JSON)<br>
<textarea name="manifest" rows="16" required></textarea></label></p><p><button>Continue</button></p></form>"""
)
CONFIRM = Markup(
    """<p>An App for <strong>{owner}</strong>, with its webhook at <code>{hook}</code>.</p>
<h2>Permissions</h2><ul>{permissions}</ul>
<h2>Events</h2><ul>{events}</ul>
<form method="post" action="/_pages/apps">{fields}
<p><label>GitHub App name <input name="name" value="{name}" required></label></p>
<p><button>Create GitHub App</button></p></form>"""
)
INSTALL = Markup(
    """<p>{app} will be able to read and write as its permissions say.</p>
<form method="post">{accounts}<p><button>Install</button></p></form>"""
)
ACCOUNT = Markup(
    """<fieldset><legend><label><input type="radio" name="account" value="{login}" required{checked}>
{login}</label></legend>
<p><label><input type="checkbox" name="all" value="{login}"> All repositories</label></p>{repositories}
</fieldset>"""
)
REPOSITORY = Markup('<p><label><input type="checkbox" name="repository" value="{0}"{1}> {0}</label></p>')


def routes(sandbox: Sandbox) -> list[Route]:
    new, create, install = _new(sandbox), _create(sandbox), _install(sandbox)
    return [
        Route("/settings/apps/new", new, methods=["GET", "POST"]),
        Route("/organizations/{org}/settings/apps/new", new, methods=["GET", "POST"]),
        Route("/_pages/apps", create, methods=["POST"]),
        Route("/apps/{slug}/installations/new", install, methods=["GET", "POST"]),
    ]


def _new(sandbox: Sandbox) -> Endpoint:
    async def new(request: Request) -> Response:
        """GitHub's confirmation page: the manifest comes in a form field, the state in the query."""
        if request.method == "GET":
            return page("Register new GitHub App", PASTE)
        text = str((await request.form()).get("manifest", ""))
        try:
            manifest = check(json.loads(text))
        except (ValueError, TypeError) as error:
            return problem(f"The manifest is not valid: {error}")
        owner = request.path_params.get("org") or sandbox.operator
        state = request.query_params.get("state", "")
        return _confirmation(manifest, owner, hidden(manifest=text, owner=owner, state=state))

    return new


def _confirmation(manifest: Json, owner: str, fields: Markup) -> Response:
    line = Markup("<li>{}: {}</li>")
    asked = (manifest.get("default_permissions") or {}).items()
    body = CONFIRM.format(
        owner=owner,
        hook=(manifest.get("hook_attributes") or {}).get("url", "none"),
        permissions=Markup("").join(line.format(*one) for one in asked),
        events=Markup("").join(
            Markup("<li>{}</li>").format(one) for one in manifest.get("default_events") or []
        ),
        fields=fields,
        name=manifest.get("name", ""),
    )
    return page("Create GitHub App", body)


def _create(sandbox: Sandbox) -> Endpoint:
    async def create(request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        try:
            manifest = check(json.loads(form["manifest"]))
            app = register(sandbox, manifest, form["owner"], form["name"])
        except (ValueError, TypeError, KeyError) as error:
            return problem(str(error))
        sandbox.ping(app)
        back = manifest.get("redirect_url") or f"{sandbox.urls.html}/apps/{app.slug}"
        query = {"code": new_code(sandbox, app)} | ({"state": form["state"]} if form.get("state") else {})
        return RedirectResponse(address_with(back, **query), 302)

    return create


def _install(sandbox: Sandbox) -> Endpoint:
    async def install(request: Request) -> Response:
        slug = request.path_params["slug"]
        app = next((one for one in sandbox.store.apps.values() if one.slug == slug), None)
        if app is None:
            return problem("There is no App of that name.", 404)
        if request.method == "GET":
            return page(f"Install {app.name}", INSTALL.format(app=app.name, accounts=_accounts(sandbox)))
        form = await request.form()
        account = str(form.get("account", ""))
        names = [str(name) for name in form.getlist("repository")]
        own = [name for name in names if name.lower().startswith(f"{account.lower()}/")]
        everything = account in form.getlist("all")
        if sandbox.store.user(account) is None or not (own or everything):
            return problem("Choose an account and at least one repository of it.")
        made, action = _apply(sandbox, app, account, None if everything else own)
        back = app.setup_url or f"{sandbox.urls.html}/"
        query = {"installation_id": str(made.id), "setup_action": action}
        if request.query_params.get("state"):
            query["state"] = request.query_params["state"]
        return RedirectResponse(address_with(back, **query), 302)

    return install


def _apply(
    sandbox: Sandbox, app: App, account: str, repositories: list[str] | None
) -> tuple[Installation, str]:
    """Install, or change which repositories an installation covers."""
    for known in sandbox.store.installations.values():
        if known.app is app and known.account is sandbox.store.user(account):
            sandbox.choose_repositories(known, repositories)
            return known, "update"
    return sandbox.install(app, account, repositories), "install"


def _accounts(sandbox: Sandbox) -> Markup:
    by_owner: dict[str, list[str]] = {}
    for repo in sandbox.store.repositories.values():
        if repo.parent is None:
            by_owner.setdefault(repo.owner.login, []).append(repo.full_name)
    first = next(iter(by_owner), None)
    mark = Markup(" checked")
    return Markup("").join(
        ACCOUNT.format(
            login=login,
            checked=mark if login == first else "",
            repositories=Markup("").join(
                REPOSITORY.format(name, mark if login == first else "") for name in names
            ),
        )
        for login, names in by_owner.items()
    )
