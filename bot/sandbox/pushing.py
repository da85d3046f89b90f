"""New commits on a branch, and what follows: the push event, and open pull requests brought up to date."""

from collections.abc import Mapping

from bot.sandbox.call import Call
from bot.sandbox.clock import stamp
from bot.sandbox.git import ABSENT, Commit, changes
from bot.sandbox.shapes.pulls import pull_json
from bot.sandbox.store import author_of
from bot.sandbox.things import Json, Repository
from bot.sandbox.web import ApiError, not_found


def resolve(repo: Repository, ref: str | None) -> Commit:
    """The commit that a branch, a tag or a commit id names."""
    if not ref:
        ref = repo.default_branch
    for prefix in ("refs/heads/", "heads/", "refs/tags/", "tags/"):
        ref = ref.removeprefix(prefix)
    sha = repo.branches.get(ref) or repo.tags.get(ref) or ref
    found = repo.network.commits.get(sha)
    if found is None:
        raise not_found()
    return found


def known_commit(repo: Repository, sha: str) -> Commit:
    """The commit that a write names by its full id."""
    found = repo.network.commits.get(sha)
    if found is None:
        raise ApiError(422, f"No commit found for SHA: {sha}")
    return found


def commit_files(
    call: Call, repo: Repository, branch: str, files: Mapping[str, bytes | None], message: str
) -> Commit:
    """Commit to a branch; a branch that does not exist begins at the default one. None deletes a file."""
    tip = repo.branches.get(branch)
    parent = resolve(repo, tip)
    tree = {path: data for path, data in parent.tree.items() if files.get(path, data) is not None}
    tree |= {path: data for path, data in files.items() if data is not None}
    author = author_of(call.user)
    made = repo.network.commit(tree, (parent.sha,), message, author, call.sandbox.clock.now())
    move_branch(call, repo, branch, made)
    return made


def move_branch(call: Call, repo: Repository, branch: str, to: Commit) -> None:
    before = repo.branches.get(branch, ABSENT)
    repo.branches[branch] = to.sha
    repo.pushed_at = call.sandbox.clock.now()
    call.sandbox.hooks.announce(repo, call.user, "push", _push_json(call, repo, branch, before, to))
    _synchronize(call, repo, branch, before, to.sha)


def _synchronize(call: Call, repo: Repository, branch: str, before: str, after: str) -> None:
    for target in call.store.repositories.values():
        if target.network is not repo.network:
            continue
        for issue in target.issues.values():
            pull = issue.pull
            if pull is None or issue.state != "open" or (pull.head_repo, pull.head_ref) != (repo, branch):
                continue
            pull.head_sha, pull.base_sha = after, target.branches[pull.base_ref]
            issue.updated_at = call.sandbox.clock.now()
            payload = {
                "action": "synchronize",
                "number": issue.number,
                "pull_request": pull_json(call.urls, target, issue),
                "before": before,
                "after": after,
            }
            call.sandbox.hooks.announce(target, call.user, "pull_request", payload)


def _push_json(call: Call, repo: Repository, branch: str, before: str, to: Commit) -> Json:
    known = before in repo.network.commits
    new = repo.network.compare(before, to.sha).commits if known else [to]
    url = call.urls.repo_html(repo)
    author = author_of(call.user)
    return {
        "ref": f"refs/heads/{branch}",
        "before": before,
        "after": to.sha,
        "created": not known,
        "deleted": False,
        "forced": False,
        "base_ref": None,
        "compare": f"{url}/compare/{before[:12]}...{to.sha[:12]}",
        "commits": [_commit_json(url, repo, commit) for commit in new],
        "head_commit": _commit_json(url, repo, to),
        "pusher": {"name": author.name, "email": author.email},
    }


def _commit_json(url: str, repo: Repository, commit: Commit) -> Json:
    parent = repo.network.commits[commit.parents[0]].tree if commit.parents else {}
    paths: dict[str, list[str]] = {"added": [], "removed": [], "modified": []}
    for change in changes(parent, commit.tree):
        if change.status == "renamed":
            paths["added"].append(change.path)
            paths["removed"].append(str(change.previous_path))
        else:
            paths[change.status].append(change.path)
    person = {"name": commit.author.name, "email": commit.author.email}
    if commit.author.login is not None:
        person["username"] = commit.author.login
    return {
        "id": commit.sha,
        "tree_id": commit.tree_sha,
        "distinct": True,
        "message": commit.message,
        "timestamp": stamp(commit.date),
        "url": f"{url}/commit/{commit.sha}",
        "author": person,
        "committer": person,
        **paths,
    }
