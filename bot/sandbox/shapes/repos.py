"""Repositories, labels, commits and files."""

import base64
from collections.abc import Mapping
from urllib.parse import quote

from bot.sandbox.clock import stamp
from bot.sandbox.git import Author, Commit, FileChange, below, blob_sha, tree_sha
from bot.sandbox.shapes.people import user_json
from bot.sandbox.shapes.urls import Urls
from bot.sandbox.store import DEFAULT_LABELS, role_of
from bot.sandbox.things import (
    ROLES,
    Json,
    Label,
    Repository,
    Role,
)
from bot.sandbox.users import User

# Every address of a repository that ends as it is named here.
_ENDS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


_NOTHING_YET = dict.fromkeys(("stargazers_count", "watchers_count", "watchers", "forks_count", "forks"), 0)


_ALLOW = {"merge": "merge_commit", "squash": "squash_merge", "rebase": "rebase_merge"}


def repo_json(urls: Urls, repo: Repository) -> Json:
    fixed = urls.fixed.get(repo.id)
    if fixed is None:
        fixed = urls.fixed[repo.id] = _fixed(urls, repo)
    open_issues = sum(issue.state == "open" for issue in repo.issues.values())
    return fixed | {
        "private": repo.private,
        "visibility": "private" if repo.private else "public",
        "description": repo.description,
        "default_branch": repo.default_branch,
        "pushed_at": stamp(repo.pushed_at or repo.created_at),
        "updated_at": stamp(repo.pushed_at or repo.created_at),
        "open_issues_count": open_issues,
        "open_issues": open_issues,
    }


def _fixed(urls: Urls, repo: Repository) -> Json:
    api, html = urls.repo(repo), urls.repo_html(repo)
    host = urls.html.partition("//")[2]
    return {
        "id": repo.id,
        "node_id": f"R_sandbox{repo.id}",
        "name": repo.name,
        "full_name": repo.full_name,
        "owner": user_json(urls, repo.owner),
        "html_url": html,
        "url": api,
        "fork": repo.parent is not None,
        **{name: api + end for name, end in _ENDS.items()},
        "git_url": f"git://{host}/{repo.full_name}.git",
        "ssh_url": f"git@{host.partition(':')[0]}:{repo.full_name}.git",
        "clone_url": f"{html}.git",
        "svn_url": html,
        "created_at": stamp(repo.created_at),
        "homepage": None,
        "language": None,
        "license": None,
        "mirror_url": None,
        "size": 0,
        "topics": [],
        "is_template": False,
        "archived": False,
        "disabled": False,
        "allow_forking": True,
        "web_commit_signoff_required": False,
        "has_issues": True,
        "has_projects": False,
        "has_wiki": False,
        "has_pages": False,
        "has_downloads": False,
        "has_discussions": False,
        **_NOTHING_YET,
    }


def full_repo_json(urls: Urls, repo: Repository, viewer: User | None) -> Json:
    whole = repo_json(urls, repo) | {"network_count": 0, "subscribers_count": 0, "temp_clone_token": None}
    if viewer is not None:
        whole["permissions"] = permissions_json(role_of(repo, viewer))
        whole |= {f"allow_{name}": method in repo.merge_methods for method, name in _ALLOW.items()}
        whole["allow_auto_merge"] = False
    if repo.owner.type == "Organization":
        whole["organization"] = user_json(urls, repo.owner)
    if repo.parent is not None:
        whole["parent"] = whole["source"] = repo_json(urls, repo.parent)
    return whole


def permissions_json(role: Role) -> dict[str, bool]:
    at_least = ROLES.index(role)
    names: dict[str, Role] = {
        "admin": "admin",
        "maintain": "maintain",
        "push": "write",
        "triage": "triage",
        "pull": "read",
    }
    return {name: at_least >= ROLES.index(needed) for name, needed in names.items()}


def brief_repo_json(repo: Repository) -> Json:
    """As `installation` webhooks list repositories."""
    return {
        "id": repo.id,
        "node_id": f"R_sandbox{repo.id}",
        "name": repo.name,
        "full_name": repo.full_name,
        "private": repo.private,
    }


def label_json(urls: Urls, repo: Repository, label: Label) -> Json:
    return {
        "id": label.id,
        "node_id": f"LA_sandbox{label.id}",
        "url": urls.label(repo, label.name),
        "name": label.name,
        "color": label.color,
        "default": label.name in DEFAULT_LABELS,
        "description": label.description,
    }


def _signature(author: Author, commit: Commit) -> Json:
    return {"name": author.name, "email": author.email, "date": stamp(commit.date)}


def git_commit_json(urls: Urls, repo: Repository, commit: Commit) -> Json:
    """A commit as the `contents` endpoints return it."""
    api, html = urls.repo(repo), urls.repo_html(repo)
    return {
        "sha": commit.sha,
        "node_id": f"C_sandbox{commit.sha}",
        "url": f"{api}/git/commits/{commit.sha}",
        "html_url": f"{html}/commit/{commit.sha}",
        "author": _signature(commit.author, commit),
        "committer": _signature(commit.committer, commit),
        "message": commit.message,
        "tree": {"sha": commit.tree_sha, "url": f"{api}/git/trees/{commit.tree_sha}"},
        "parents": _parents(urls, repo, commit),
        "verification": {
            "verified": commit.sha in repo.network.signed,
            "reason": "valid" if commit.sha in repo.network.signed else "unsigned",
            "signature": None,
            "payload": None,
            "verified_at": None,
        },
    }


def _parents(urls: Urls, repo: Repository, commit: Commit) -> list[Json]:
    return [
        {
            "sha": sha,
            "url": f"{urls.repo(repo)}/commits/{sha}",
            "html_url": f"{urls.repo_html(repo)}/commit/{sha}",
        }
        for sha in commit.parents
    ]


def commit_json(
    urls: Urls, repo: Repository, commit: Commit, author: User | None, committer: User | None
) -> Json:
    """A commit as lists of commits show it."""
    git = git_commit_json(urls, repo, commit)
    url = f"{urls.repo(repo)}/commits/{commit.sha}"
    inner = {name: git[name] for name in ("author", "committer", "message", "tree", "url", "verification")}
    return {
        "sha": commit.sha,
        "node_id": git["node_id"],
        "commit": inner | {"comment_count": 0},
        "url": url,
        "html_url": git["html_url"],
        "comments_url": f"{url}/comments",
        "author": None if author is None else user_json(urls, author),
        "committer": None if committer is None else user_json(urls, committer),
        "parents": git["parents"],
    }


def simple_commit_json(commit: Commit) -> Json:
    """As suites of checks and merge groups show their commit."""
    person = {"name": commit.author.name, "email": commit.author.email}
    return {
        "id": commit.sha,
        "tree_id": commit.tree_sha,
        "message": commit.message,
        "timestamp": stamp(commit.date),
        "author": person,
        "committer": person,
    }


def file_change_json(urls: Urls, repo: Repository, sha: str, change: FileChange) -> Json:
    path = quote(change.path)
    shown: Json = {
        "sha": change.blob,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{urls.repo_html(repo)}/blob/{sha}/{path}",
        "raw_url": f"{urls.repo_html(repo)}/raw/{sha}/{path}",
        "contents_url": f"{urls.repo(repo)}/contents/{path}?ref={sha}",
    }
    if change.patch is not None:
        shown["patch"] = change.patch
    if change.previous_path is not None:
        shown["previous_filename"] = change.previous_path
    return shown


def entry_json(urls: Urls, repo: Repository, ref: str, path: str, tree: Mapping[str, bytes]) -> Json:
    """A file or a directory of a tree, as directory listings show it."""
    data = tree.get(path)
    place, kind = quote(path), "dir" if data is None else "file"
    sha = tree_sha(below(tree, path)) if data is None else blob_sha(data)
    url = f"{urls.repo(repo)}/contents/{place}?ref={ref}"
    git = f"{urls.repo(repo)}/git/{'trees' if data is None else 'blobs'}/{sha}"
    html = f"{urls.repo_html(repo)}/{'tree' if data is None else 'blob'}/{ref}/{place}"
    raw = None if data is None else f"{urls.html}/{repo.full_name}/raw/{ref}/{place}"
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": len(data or b""),
        "url": url,
        "html_url": html,
        "git_url": git,
        "download_url": raw,
        "type": kind,
        "_links": {"self": url, "git": git, "html": html},
    }


def file_json(urls: Urls, repo: Repository, ref: str, path: str, data: bytes) -> Json:
    return entry_json(urls, repo, ref, path, {path: data}) | {
        "encoding": "base64",
        "content": base64.encodebytes(data).decode(),
    }
