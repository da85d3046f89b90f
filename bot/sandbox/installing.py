"""What happens when an App is installed, removed, or given other repositories."""

from bot.sandbox.shapes.people import installation_json
from bot.sandbox.shapes.repos import brief_repo_json
from bot.sandbox.state import State
from bot.sandbox.store import covers
from bot.sandbox.things import Installation, Json, Repository
from bot.sandbox.users import User


def covered(sandbox: State, installation: Installation) -> list[Repository]:
    return [repo for repo in sandbox.store.repositories.values() if covers(installation, repo)]


def announce_installed(sandbox: State, installation: Installation, sender: User) -> None:
    repos = [brief_repo_json(repo) for repo in covered(sandbox, installation)]
    _announce(sandbox, installation, sender, "created", {"repositories": repos, "requester": None})


def uninstall(sandbox: State, installation: Installation, sender: User) -> None:
    repos = [brief_repo_json(repo) for repo in covered(sandbox, installation)]
    del sandbox.store.installations[installation.id]
    for value in [key for key, token in sandbox.store.tokens.items() if token.installation is installation]:
        del sandbox.store.tokens[value]
    _announce(sandbox, installation, sender, "deleted", {"repositories": repos})


def suspend(sandbox: State, installation: Installation, sender: User) -> None:
    installation.suspended_at, installation.suspended_by = sandbox.clock.now(), sender
    _announce(sandbox, installation, sender, "suspend", {})


def unsuspend(sandbox: State, installation: Installation, sender: User) -> None:
    installation.suspended_at = installation.suspended_by = None
    _announce(sandbox, installation, sender, "unsuspend", {})


def change_repositories(
    sandbox: State, installation: Installation, sender: User, repositories: set[int] | None
) -> None:
    """Choose other repositories; both what came and what went is announced."""
    before = {repo.id: repo for repo in covered(sandbox, installation)}
    installation.repositories = repositories
    installation.updated_at = sandbox.clock.now()
    after = {repo.id: repo for repo in covered(sandbox, installation)}
    added = [brief_repo_json(repo) for number, repo in after.items() if number not in before]
    removed = [brief_repo_json(repo) for number, repo in before.items() if number not in after]
    for action, moved in (("added", added), ("removed", removed)):
        if moved:
            payload = {
                "action": action,
                "installation": installation_json(sandbox.urls, installation),
                "repository_selection": "all" if repositories is None else "selected",
                "repositories_added": added if action == "added" else [],
                "repositories_removed": removed if action == "removed" else [],
                "requester": None,
            }
            sandbox.hooks.announce_installation(installation, sender, "installation_repositories", payload)


def _announce(sandbox: State, installation: Installation, sender: User, action: str, extra: Json) -> None:
    payload = {"action": action, "installation": installation_json(sandbox.urls, installation), **extra}
    sandbox.hooks.announce_installation(installation, sender, "installation", payload)
