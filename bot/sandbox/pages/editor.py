"""GitHub's editor for a new file, filled in by its link: how a person commits what a bot suggests."""

import base64
from collections.abc import Awaitable, Callable

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.git import blob_sha
from bot.sandbox.pages.layout import page, problem
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.store import at_least
from bot.sandbox.things import Repository
from bot.sandbox.web import ApiError

FORM = Markup(
    """<form method="post">
<p><label>File name <input name="filename" value="{filename}" size="40" required></label></p>
<p><label>Content<br><textarea name="value" rows="24">{value}</textarea></label></p>
<p><label>Commit as <select name="login">{people}</select></label>
<button>Commit changes</button></p></form>"""
)


def routes(sandbox: Sandbox) -> list[Route]:
    return [Route("/{owner}/{repo}/new/{branch}", _new(sandbox), methods=["GET", "POST"])]


def _new(sandbox: Sandbox) -> Callable[[Request], Awaitable[Response]]:
    async def new(request: Request) -> Response:
        repo = sandbox.store.repository("{owner}/{repo}".format(**request.path_params))
        branch = request.path_params["branch"]
        if repo is None or branch not in repo.branches:
            return problem("There is no such branch.", 404)
        if request.method == "GET":
            query = request.query_params
            form = FORM.format(
                filename=query.get("filename", ""),
                value=query.get("value", ""),
                people=_people(sandbox, repo),
            )
            return page(f"New file in {repo.full_name}", form)
        told = {name: str(value) for name, value in (await request.form()).items()}
        try:
            _commit(sandbox, repo, branch, told)
        except ApiError as error:
            return problem(error.message)
        return RedirectResponse(f"/{repo.full_name}/blob/{branch}/{told['filename']}", 303)

    return new


def _people(sandbox: Sandbox, repo: Repository) -> Markup:
    able = [
        one for one in sandbox.store.users.values() if one.type == "User" and at_least(repo, one, "write")
    ]
    return Markup("").join(Markup("<option>{}</option>").format(one.login) for one in able)


def _commit(sandbox: Sandbox, repo: Repository, branch: str, form: dict[str, str]) -> None:
    filename, text = form.get("filename", ""), form.get("value", "").replace("\r\n", "\n")
    known = repo.network.commits[repo.branches[branch]].tree.get(filename)
    body = {
        "message": f"Create {filename}",
        "content": base64.b64encode(text.encode()).decode(),
        "branch": branch,
        "sha": None if known is None else blob_sha(known),
    }
    person = sandbox.as_user(form.get("login", ""))
    person.request("PUT", f"/repos/{repo.full_name}/contents/{filename}", body)
