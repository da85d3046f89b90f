"""Furnishes a sandbox from a seed file; docs/sandbox.md describes the format."""

import json
from pathlib import Path
from typing import Any

from bot.core.errors import ConfigError
from bot.sandbox.clock import parse
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.things import App, Issue, Json, Repository

# What there is to try things on when nobody brings a seed.
SMALL_WORLD: Json = {
    "users": [{"login": "lee"}],
    "organizations": [{"login": "octo"}],
    "repositories": [
        {
            "name": "octo/engine",
            "description": "A project to try things on",
            "files": {"README.md": "# Engine\n"},
            "collaborators": {"maya": "admin", "wes": "write", "tri": "triage"},
        }
    ],
}


def from_seed(seed: Path | Json, base_url: str = "http://127.0.0.1") -> Sandbox:
    """Return a sandbox furnished from a seed file, or from what such a file says.

    Raises:
        ConfigError: the file cannot be read, or lacks something.
    """
    sandbox = Sandbox(base_url)
    furnish(sandbox, seed)
    return sandbox


def furnish(sandbox: Sandbox, seed: Path | Json) -> None:
    """Add what the seed says: people first, then repositories, then Apps, which are installed on them.

    Raises:
        ConfigError: the file cannot be read, or lacks something.
    """
    try:
        _furnish(sandbox, _content(seed) if isinstance(seed, Path) else seed)
    except KeyError as error:
        raise ConfigError(f"the seed {seed} lacks {error}") from error


def _content(path: Path) -> Json:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot read the seed {path}: {error}") from error
    if not isinstance(content, dict):
        raise ConfigError(f"the seed {path} is not a JSON object")
    return content


def _furnish(sandbox: Sandbox, content: Json) -> None:
    for user in content.get("users", []):
        sandbox.add_user(user["login"], name=user.get("name"), email=user.get("email"))
    for organization in content.get("organizations", []):
        sandbox.add_organization(organization["login"], organization.get("members", []))
    for repository in content.get("repositories", []):
        _add_repository(sandbox, repository)
    for app in content.get("apps", []):
        _add_app(sandbox, app)


def _add_repository(sandbox: Sandbox, seed: Json) -> None:
    repo = sandbox.add_repo(
        seed["name"],
        private=seed.get("private", False),
        description=seed.get("description"),
        default_branch=seed.get("default_branch", "main"),
        labels=seed.get("labels"),
        files=seed.get("files"),
    )
    for login, role in seed.get("collaborators", {}).items():
        if isinstance(role, dict):
            sandbox.set_role(seed["name"], login, role["permission"], association=role.get("association"))
        else:
            sandbox.set_role(seed["name"], login, role)
    for issue in seed.get("issues", []):
        person = sandbox.as_user(issue["user"])
        opened = person.open_issue(repo.full_name, issue["title"], issue.get("body", ""))
        _fill(sandbox, repo, repo.issues[opened["number"]], issue)
    for pull in seed.get("pulls", []):
        person, draft = sandbox.as_user(pull["user"]), pull.get("draft", False)
        opened = person.open_pull(
            repo.full_name, pull["title"], pull.get("body", ""), pull.get("files"), draft=draft
        )
        _fill(sandbox, repo, repo.issues[opened["number"]], pull)
    sandbox.writes.clear()


def _fill(sandbox: Sandbox, repo: Repository, issue: Issue, seed: Json) -> None:
    """Make it a thread that has been there for a while. Nobody was told of it: Apps come later."""
    known = {label.name.lower(): label for label in repo.labels.values()}
    issue.labels = [known[name.lower()] for name in seed.get("labels", [])]
    for comment in seed.get("comments", []):
        sandbox.as_user(comment["user"]).comment(repo.full_name, issue.number, comment["body"])
        _date(issue.comments[-1], comment)
    if seed.get("state") == "closed":
        _close(issue, seed)
    _date(issue, seed)


def _close(issue: Issue, seed: Json) -> None:
    issue.state, issue.state_reason = "closed", seed.get("state_reason", "completed")
    issue.closed_at = parse(seed["closed_at"]) if "closed_at" in seed else issue.updated_at


def _date(thing: Any, seed: Json) -> None:
    if "created_at" in seed:
        thing.created_at = thing.updated_at = parse(seed["created_at"])
    if "updated_at" in seed:
        thing.updated_at = parse(seed["updated_at"])


def _add_app(sandbox: Sandbox, seed: Json) -> App:
    key = seed.get("private_key")
    if key is None and "private_key_file" in seed:
        key = Path(seed["private_key_file"]).read_text(encoding="utf-8")
    plain = {
        name: seed[name]
        for name in (
            "owner",
            "name",
            "permissions",
            "events",
            "webhook_url",
            "webhook_secret",
            "client_id",
            "client_secret",
        )
        if name in seed
    }
    app = sandbox.add_app(seed["slug"], app_id=seed.get("id"), private_key=key, **plain)
    for installation in seed.get("installations", []):
        sandbox.install(
            app,
            installation["account"],
            installation.get("repositories"),
            installation_id=installation.get("id"),
        )
    return app
