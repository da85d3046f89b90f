"""Files, commits, branches and what lies between two of them."""

import base64
import binascii

from bot.sandbox.call import Call, Needs
from bot.sandbox.git import Commit, below, blob_sha, tree_sha
from bot.sandbox.pushing import commit_files, resolve
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.repos import (
    commit_json,
    entry_json,
    file_change_json,
    file_json,
    git_commit_json,
)
from bot.sandbox.things import Json
from bot.sandbox.users import User
from bot.sandbox.web import Answer, ApiError, created, invalid, not_found

READ = Needs(("contents:read",))
WRITE = Needs(("contents:write",), "write", "someone")
ROUTES = Routes(READ)
REPO = "/repos/{owner}/{repo}"
LISTED_BYTES = 1024 * 1024  # of a file; the content of larger ones is left out of the JSON


@ROUTES("GET", REPO + "/contents")
@ROUTES("GET", REPO + "/contents/{path:path}")
def contents(call: Call) -> Answer:
    path = call.params.get("path", "").strip("/")
    ref = call.request.query.get("ref") or call.repo.default_branch
    tree = resolve(call.repo, ref).tree
    if path in tree:
        if "raw" in call.request.headers.get("accept", ""):
            kind = {"content-type": "application/vnd.github.raw; charset=utf-8"}
            return Answer(200, tree[path], kind)
        shown = file_json(call.urls, call.repo, ref, path, tree[path])
        too_large = {"encoding": "none", "content": ""} if len(tree[path]) > LISTED_BYTES else {}
        return Answer(body=shown | too_large)
    inside = f"{path}/" if path else ""
    names = {name.removeprefix(inside).partition("/")[0] for name in tree if name.startswith(inside)}
    if not names and path:
        raise not_found()
    places = [inside + name for name in sorted(names)]
    return Answer(body=[entry_json(call.urls, call.repo, ref, one, tree) for one in places])


@ROUTES("GET", REPO + "/git/blobs/{sha}")
def blob(call: Call) -> Answer:
    sha, network = call.params["sha"], call.repo.network
    trees = (network.commits[tip].tree for tip in call.repo.branches.values())
    data = next((data for tree in trees for data in tree.values() if blob_sha(data) == sha), None)
    if data is None:
        raise not_found()
    content = base64.encodebytes(data).decode()
    url = f"{call.urls.repo(call.repo)}/git/blobs/{sha}"
    shown = {"sha": sha, "node_id": f"B_sandbox{sha}", "size": len(data), "url": url}
    return Answer(body=shown | {"content": content, "encoding": "base64"})


@ROUTES("GET", REPO + "/git/trees/{sha}")
def tree(call: Call) -> Answer:
    found = resolve(call.repo, call.params["sha"])
    api = f"{call.urls.repo(call.repo)}/git"
    entries: list[Json] = []
    for name in sorted({path.partition("/")[0] for path in found.tree}):
        data = found.tree.get(name)
        kind, mode = ("tree", "040000") if data is None else ("blob", "100644")
        sha = tree_sha(below(found.tree, name)) if data is None else blob_sha(data)
        size = {} if data is None else {"size": len(data)}
        url = f"{api}/{kind}s/{sha}"
        entries.append({"path": name, "mode": mode, "type": kind, "sha": sha, "url": url, **size})
    url = f"{api}/trees/{found.tree_sha}"
    return Answer(body={"sha": found.tree_sha, "url": url, "tree": entries, "truncated": False})


@ROUTES("GET", REPO + "/readme")
def readme(call: Call) -> Answer:
    call.params["path"] = "README.md"
    return contents(call)


@ROUTES("PUT", REPO + "/contents/{path:path}", WRITE)
def put_contents(call: Call) -> Answer:
    path, message = call.params["path"], call.required_text("Commit", "message")
    known, data = _current(call, path), _decoded(call.text("content"))
    made = commit_files(call, call.repo, _branch(call), {path: data}, message)
    ref = _branch(call)
    content = entry_json(call.urls, call.repo, ref, path, {path: data})
    body = {"content": content, "commit": git_commit_json(call.urls, call.repo, made)}
    return created(body) if known is None else Answer(200, body, changed=known != data)


@ROUTES("DELETE", REPO + "/contents/{path:path}", WRITE)
def delete_contents(call: Call) -> Answer:
    path, message = call.params["path"], call.required_text("Commit", "message")
    if _current(call, path) is None:
        raise not_found()
    made = commit_files(call, call.repo, _branch(call), {path: None}, message)
    return Answer(body={"content": None, "commit": git_commit_json(call.urls, call.repo, made)})


def _branch(call: Call) -> str:
    return call.text("branch") or call.repo.default_branch


def _current(call: Call, path: str) -> bytes | None:
    """The file as it is; whoever replaces it must say which version they saw."""
    tip = call.repo.branches.get(_branch(call))
    if tip is None:
        raise ApiError(404, f"Branch {_branch(call)} not found")
    known = call.repo.network.commits[tip].tree.get(path)
    if known is not None and call.text("sha") != blob_sha(known):
        if call.text("sha") is None:
            raise ApiError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
        raise ApiError(409, f"{path} does not match {call.text('sha')}")
    return known


def _decoded(content: str | None) -> bytes:
    try:
        return base64.b64decode((content or "").replace("\n", ""), validate=True)
    except binascii.Error:
        raise ApiError(422, "content is not valid Base64") from None


@ROUTES("POST", REPO + "/_sandbox/commits", WRITE)
def push_files(call: Call) -> Answer:
    """The sandbox's stand-in for `git push`: many files in one commit, null deletes one."""
    files = call.json.get("files")
    if not isinstance(files, dict):
        raise invalid("Commit", "files", "missing_field")
    decoded = {path: None if data is None else _decoded(str(data)) for path, data in files.items()}
    message = call.text("message") or "Update"
    made = commit_files(call, call.repo, _branch(call), decoded, message)
    return created({"sha": made.sha})


def shown_commit(call: Call, commit: Commit) -> Json:
    def account(login: str | None) -> User | None:
        return None if login is None else call.store.user(login)

    people = account(commit.author.login), account(commit.committer.login)
    return commit_json(call.urls, call.repo, commit, *people)


@ROUTES("GET", REPO + "/commits")
def commits(call: Call) -> Answer:
    query, repo = call.request.query, call.repo
    since, until = call.asked_moment("since"), call.asked_moment("until")
    found = [
        commit
        for commit in repo.network.history(resolve(repo, query.get("sha")).sha)
        if ("path" not in query or repo.network.touches(commit, query["path"]))
        and (since is None or commit.date >= since)
        and (until is None or commit.date <= until)
        and query.get("author", commit.author.login) == commit.author.login
    ]
    return call.page(found, lambda one: shown_commit(call, one))


@ROUTES("GET", REPO + "/commits/{ref}")
def commit(call: Call) -> Answer:
    found = resolve(call.repo, call.params["ref"])
    before = found.parents[0] if found.parents else found.sha
    changed = call.repo.network.compare(before, found.sha).changes
    shown = shown_commit(call, found)
    added, removed = sum(one.additions for one in changed), sum(one.deletions for one in changed)
    shown["stats"] = {"additions": added, "deletions": removed, "total": added + removed}
    shown["files"] = [file_change_json(call.urls, call.repo, found.sha, one) for one in changed]
    return Answer(body=shown)


@ROUTES("GET", REPO + "/compare/{basehead}")
def compare(call: Call) -> Answer:
    base_ref, dots, head_ref = call.params["basehead"].partition("...")
    if not dots:
        raise not_found()
    repo = call.repo
    base, head = resolve(repo, base_ref), resolve(repo, head_ref)
    ahead, behind = repo.network.compare(base.sha, head.sha), repo.network.compare(head.sha, base.sha)
    status = {(True, True): "diverged", (True, False): "ahead", (False, True): "behind"}
    url, html = f"{call.urls.repo(repo)}/compare/", f"{call.urls.repo_html(repo)}/compare/"
    return Answer(
        body={
            "url": url + call.params["basehead"],
            "html_url": html + call.params["basehead"],
            "permalink_url": f"{html}{base.sha}...{head.sha}",
            "diff_url": f"{html}{call.params['basehead']}.diff",
            "patch_url": f"{html}{call.params['basehead']}.patch",
            "base_commit": shown_commit(call, base),
            "merge_base_commit": shown_commit(call, ahead.base or base),
            "status": status.get((bool(ahead.commits), bool(behind.commits)), "identical"),
            "ahead_by": len(ahead.commits),
            "behind_by": len(behind.commits),
            "total_commits": len(ahead.commits),
            "commits": [shown_commit(call, one) for one in ahead.commits],
            "files": [file_change_json(call.urls, repo, head.sha, one) for one in ahead.changes],
        }
    )


@ROUTES("GET", REPO + "/branches")
def branches(call: Call) -> Answer:
    url = call.urls.repo(call.repo)
    return call.page(
        sorted(call.repo.branches.items()),
        lambda one: {
            "name": one[0],
            "commit": {"sha": one[1], "url": f"{url}/commits/{one[1]}"},
            "protected": False,
        },
    )
