"""What Usher does at GitHub. Only ``bot/apply.py`` may call this. Nothing is repeated by itself."""

from typing import Any

from bot.github.answers import Missing, Refused
from bot.github.client import RepositoryClient, segment


def add_labels(client: RepositoryClient, number: int, names: tuple[str, ...]) -> None:
    """Put labels on a thread; those already there stay as they are."""
    with client.asking() as repository:
        # PyGithub sends a bare list, which GitHub's own description of its API does not know.
        path = f"/repos/{client.full_name}/issues/{number}/labels"
        repository.requester.requestJsonAndCheck("POST", path, input={"labels": list(names)})


def remove_label(client: RepositoryClient, number: int, name: str) -> bool:
    """Take a label off a thread. Returns False where it was not there."""
    try:
        with client.asking() as repository:
            # PyGithub does not escape a slash in a label's name.
            path = f"/repos/{client.full_name}/issues/{number}/labels/{segment(name)}"
            repository.requester.requestJsonAndCheck("DELETE", path)
    except Missing:
        return False
    return True


def create_comment(client: RepositoryClient, number: int, body: str) -> int:
    """Write a comment. Returns its id."""
    with client.asking() as repository:
        return repository.get_issue(number).create_comment(body).id


def edit_comment(client: RepositoryClient, number: int, comment: int, body: str) -> bool:
    """Replace a comment's text. Returns False where the comment is gone."""
    try:
        with client.asking() as repository:
            repository.get_issue(number).get_comment(comment).edit(body)
    except Missing:
        return False
    return True


def delete_comment(client: RepositoryClient, comment: int) -> bool:
    """Delete a comment. Returns False where it was gone already."""
    try:
        with client.asking() as repository:
            path = f"/repos/{client.full_name}/issues/comments/{comment}"
            repository.requester.requestJsonAndCheck("DELETE", path)
    except Missing:
        return False
    return True


def request_reviewers(
    client: RepositoryClient, number: int, logins: tuple[str, ...], teams: tuple[str, ...]
) -> None:
    """Ask people and teams for a review.

    Raises:
        Refused: one of them may not review here; nobody was asked.
    """
    with client.asking() as repository:
        path = f"/repos/{client.full_name}/pulls/{number}/requested_reviewers"
        asked = {"reviewers": list(logins), "team_reviewers": list(teams)}
        repository.requester.requestJsonAndCheck("POST", path, input=asked)


def withdraw_reviewers(
    client: RepositoryClient, number: int, logins: tuple[str, ...], teams: tuple[str, ...]
) -> None:
    """Take back that people and teams were asked; those who were not are passed over."""
    try:
        with client.asking() as repository:
            path = f"/repos/{client.full_name}/pulls/{number}/requested_reviewers"
            asked = {"reviewers": list(logins), "team_reviewers": list(teams)}
            repository.requester.requestJsonAndCheck("DELETE", path, input=asked)
    except (Missing, Refused):
        return


def create_check_run(client: RepositoryClient, check: dict[str, Any]) -> int:
    """Make a check run out of what GitHub's API calls its parameters. Returns its id."""
    with client.asking() as repository:
        path = f"/repos/{client.full_name}/check-runs"
        _headers, data = repository.requester.requestJsonAndCheck("POST", path, input=check)
        return int(data["id"])


def edit_check_run(client: RepositoryClient, run: int, check: dict[str, Any]) -> bool:
    """Change a check run; annotations are added to those it has. Returns False where it is gone."""
    try:
        with client.asking() as repository:
            path = f"/repos/{client.full_name}/check-runs/{run}"
            repository.requester.requestJsonAndCheck("PATCH", path, input=check)
    except Missing:
        return False
    return True


def create_release(client: RepositoryClient, release: dict[str, Any]) -> int:
    """Make a release out of what GitHub's API calls its parameters. Returns its id."""
    with client.asking() as repository:
        path = f"/repos/{client.full_name}/releases"
        _headers, data = repository.requester.requestJsonAndCheck("POST", path, input=release)
        return int(data["id"])


def edit_release(client: RepositoryClient, release: int, changes: dict[str, Any]) -> bool:
    """Change a release; what is not named stays, a draft a draft too. Returns False where it is gone."""
    try:
        with client.asking() as repository:
            path = f"/repos/{client.full_name}/releases/{release}"
            repository.requester.requestJsonAndCheck("PATCH", path, input=changes)
    except Missing:
        return False
    return True


def delete_release(client: RepositoryClient, release: int) -> bool:
    """Delete a release. Returns False where it was gone already."""
    try:
        with client.asking() as repository:
            path = f"/repos/{client.full_name}/releases/{release}"
            repository.requester.requestJsonAndCheck("DELETE", path)
    except Missing:
        return False
    return True
