"""Read-only views of repositories, issues and pull requests, for whoever follows a link."""

from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.clock import stamp
from bot.sandbox.pages.layout import HOME, page, problem
from bot.sandbox.pages.markdown import rendered
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.shapes.pulls import timeline_json
from bot.sandbox.things import Issue, Json, Label, Repository

View = Callable[[Request, Repository], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

ROW = Markup('<li><a href="/{repo}/{kind}/{number}">#{number} {title}</a> {state} {labels}</li>')
LABEL = Markup('<span class="label" style="border-color: #{}">{}</span> ')
POST = Markup(
    '<article id="{anchor}"><header><strong>{who}</strong> {verdict} {when}</header>'
    "<div>{body}</div></article>"
)
TRAIL = Markup(
    '{home} / <a href="/{repo}">{repo}</a> · <a href="/{repo}/issues">Issues</a>'
    ' · <a href="/{repo}/pulls">Pull requests</a>'
)
RECOMMENDED = ("README", "CODE_OF_CONDUCT", "CONTRIBUTING", "LICENSE", "SECURITY", "PULL_REQUEST_TEMPLATE")
EVENT = Markup('<p class="event">{who} {what} {when}</p>')


def routes(sandbox: Sandbox) -> list[Route]:
    views: dict[str, View] = {
        "/{owner}/{repo}": _repository,
        "/{owner}/{repo}/issues": _list,
        "/{owner}/{repo}/pulls": _list,
        "/{owner}/{repo}/issues/{number:int}": _thread(sandbox),
        "/{owner}/{repo}/pull/{number:int}": _thread(sandbox),
        "/{owner}/{repo}/community": _community,
        "/{owner}/{repo}/blob/{ref}/{path:path}": _file,
    }
    pages = [Route(path, _endpoint(sandbox, view), methods=["GET"]) for path, view in views.items()]
    return [Route("/", _home(sandbox), methods=["GET"]), *pages]


def _endpoint(sandbox: Sandbox, view: View) -> Endpoint:
    async def show(request: Request) -> Response:
        with sandbox.lock:
            repo = sandbox.store.repository("{owner}/{repo}".format(**request.path_params))
            return problem("There is no such repository.", 404) if repo is None else view(request, repo)

    return show


def _home(sandbox: Sandbox) -> Endpoint:
    async def home(_request: Request) -> Response:
        line = Markup('<li><a href="/{0}">{0}</a></li>')
        names = [repo.full_name for repo in sandbox.store.repositories.values()]
        return page("Repositories", _items(line.format(name) for name in names))

    return home


def _items(lines: Iterable[Markup]) -> Markup:
    return Markup("<ul>{}</ul>").format(Markup("").join(lines))


def _trail(repo: Repository) -> Markup:
    return TRAIL.format(home=HOME, repo=repo.full_name)


def _labels(labels: list[Label]) -> Markup:
    return Markup("").join(LABEL.format(one.color, one.name) for one in labels)


def _repository(_request: Request, repo: Repository) -> Response:
    tree = repo.network.commits[repo.branches[repo.default_branch]].tree
    line = Markup('<li><a href="/{}/blob/{}/{}">{}</a></li>')
    files = (line.format(repo.full_name, repo.default_branch, quote(path), path) for path in sorted(tree))
    readme = rendered(tree.get("README.md", b"").decode("utf-8", "replace"))
    return page(repo.full_name, _items(files) + readme, trail=_trail(repo))


def _file(request: Request, repo: Repository) -> Response:
    ref, path = request.path_params["ref"], request.path_params["path"]
    commit = repo.network.commits.get(repo.branches.get(ref, ref))
    if commit is None or path not in commit.tree:
        return problem("There is no such file.", 404)
    text = commit.tree[path].decode("utf-8", "replace")
    return page(path, Markup("<pre>{}</pre>").format(text), trail=_trail(repo))


def _community(_request: Request, repo: Repository) -> Response:
    """Which of the files are there that GitHub recommends to public repositories."""
    tree = repo.network.commits[repo.branches[repo.default_branch]].tree
    there = {path.rpartition("/")[2].partition(".")[0].upper() for path in tree}
    line = Markup("<li>{}: {}</li>")
    rows = (line.format(name, "there" if name in there else "not there") for name in RECOMMENDED)
    return page("Community standards", _items(rows), trail=_trail(repo))


def _list(request: Request, repo: Repository) -> Response:
    kind = "pull" if request.url.path.endswith("/pulls") else "issues"
    found = [one for one in repo.issues.values() if (one.pull is not None) == (kind == "pull")]
    rows = (
        ROW.format(
            repo=repo.full_name,
            kind=kind,
            number=issue.number,
            title=issue.title,
            state=issue.state,
            labels=_labels(issue.labels),
        )
        for issue in reversed(found)
    )
    return page("Pull requests" if kind == "pull" else "Issues", _items(rows), trail=_trail(repo))


def _thread(sandbox: Sandbox) -> View:
    def thread(request: Request, repo: Repository) -> Response:
        issue = repo.issues.get(request.path_params["number"])
        if issue is None:
            return problem("There is no such thread.", 404)
        first = POST.format(
            anchor=f"issue-{issue.id}",
            who=issue.user.login,
            verdict="",
            when=stamp(issue.created_at),
            body=rendered(issue.body),
        )
        entries = Markup("").join(_entry(one) for one in timeline_json(sandbox.urls, repo, issue))
        state = Markup("<p><strong>{}</strong> {}</p>").format(_state(issue), _labels(issue.labels))
        body = state + first + entries + _checks(repo, issue)
        return page(f"{issue.title} #{issue.number}", body, trail=_trail(repo))

    return thread


def _state(issue: Issue) -> str:
    if issue.pull is not None and issue.pull.merged_at is not None:
        return "Merged"
    if issue.pull is not None and issue.pull.draft:
        return f"Draft, {issue.state}"
    return issue.state.capitalize()


def _entry(entry: Json) -> Markup:
    kind = entry["event"]
    if kind == "committed":
        made, subject = entry["author"], entry["message"].partition("\n")[0]
        return EVENT.format(who=made["name"], what=f"committed {subject}", when=made["date"])
    who = (entry.get("actor") or entry["user"])["login"]
    if kind in ("commented", "reviewed"):
        anchor = entry["html_url"].partition("#")[2]
        verdict = entry["state"].replace("_", " ") if kind == "reviewed" else ""
        when = entry.get("created_at") or entry["submitted_at"]
        return POST.format(anchor=anchor, who=who, verdict=verdict, when=when, body=rendered(entry["body"]))
    about = entry.get("label", {}).get("name") or entry.get("assignee", {}).get("login") or ""
    what = f"{kind.replace('_', ' ')} {about}".strip()
    return EVENT.format(who=who, what=what, when=entry["created_at"])


def _checks(repo: Repository, issue: Issue) -> Markup:
    if issue.pull is None:
        return Markup("")
    runs = [run for run in repo.check_runs.values() if run.head_sha == issue.pull.head_sha]
    line = Markup("<article><header><strong>{}</strong> {} · {}</header><div>{}</div></article>")
    shown = (
        line.format(run.name, run.conclusion or run.status, run.title or "", rendered(run.summary))
        for run in runs
    )
    return Markup("<h2>Checks</h2>{}").format(Markup("").join(shown)) if runs else Markup("")
