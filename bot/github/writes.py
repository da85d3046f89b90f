"""What Usher does at GitHub. Only ``bot/apply.py`` may call this. Nothing is repeated by itself."""

from bot.github.answers import Missing
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
