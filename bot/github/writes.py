"""What Usher does at GitHub. Only ``bot/apply`` may call this. Nothing is repeated by itself."""

from typing import Any
from urllib.parse import quote

from bot.core.errors import Gone
from bot.github.answers import Missing, Refused
from bot.github.client import RepositoryClient, segment
from bot.github.reads import assigned_to

_ENQUEUE = """
mutation($pull: ID!, $sha: GitObjectID!) {
  enqueuePullRequest(input: {pullRequestId: $pull, expectedHeadOid: $sha}) { mergeQueueEntry { id } }
}
"""

_PIN = "mutation($id: ID!) { pinIssue(input: {issueId: $id}) { issue { number } } }"
_UNPIN = "mutation($id: ID!) { unpinIssue(input: {issueId: $id}) { issue { number } } }"
TO_DRAFT = """mutation($id: ID!) {
  convertPullRequestToDraft(input: {pullRequestId: $id}) { pullRequest { isDraft } }
}"""
TO_READY = """mutation($id: ID!) {
  markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } }
}"""


def add_labels(client: RepositoryClient, number: int, names: tuple[str, ...]) -> None:
    """Put labels on a thread; those already there stay as they are."""
    # PyGithub sends a bare list, which GitHub's own description of its API does not know.
    _send(client, "POST", f"/issues/{number}/labels", {"labels": list(names)})


def remove_label(client: RepositoryClient, number: int, name: str) -> bool:
    """Take a label off a thread. Returns False where it was not there."""
    # PyGithub does not escape a slash in a label's name.
    return _sent(client, "DELETE", f"/issues/{number}/labels/{segment(name)}")


def create_comment(client: RepositoryClient, number: int, body: str) -> int:
    """Write a comment. Returns its id."""
    return int(_send(client, "POST", f"/issues/{number}/comments", {"body": body})["id"])


def edit_comment(client: RepositoryClient, comment: int, body: str) -> bool:
    """Replace a comment's text. Returns False where the comment is gone."""
    return _sent(client, "PATCH", f"/issues/comments/{comment}", {"body": body})


def delete_comment(client: RepositoryClient, comment: int) -> bool:
    """Delete a comment. Returns False where it was gone already."""
    return _sent(client, "DELETE", f"/issues/comments/{comment}")


def create_issue(client: RepositoryClient, issue: dict[str, Any]) -> int:
    """Open an issue out of what GitHub's API calls its parameters. Returns its number."""
    return int(_send(client, "POST", "/issues", issue)["number"])


def edit_issue(client: RepositoryClient, number: int, changes: dict[str, Any]) -> bool:
    """Change an issue; what is not named stays. Returns False where it is gone."""
    try:
        return _sent(client, "PATCH", f"/issues/{number}", changes)
    except Gone:
        return False


def set_pinned(client: RepositoryClient, node: str, *, pinned: bool) -> None:
    """Pin an issue above the others, or no longer: only GraphQL can.

    Args:
        client: of the repository.
        node: the issue's ``node_id``.
        pinned: True to pin it.

    Raises:
        Forbidden, Refused, Missing: in GitHub's words, why not; a repository has three pinned issues at most.
    """
    client.graphql(_PIN if pinned else _UNPIN, {"id": node})


def assign(
    client: RepositoryClient, number: int, logins: tuple[str, ...], *, assigned: bool
) -> frozenset[str]:
    """Assign people to a thread, or take them off. Returns whom it is assigned to then, in lower case.

    Whoever cannot be assigned is left out by GitHub without a word.
    """
    verb = "POST" if assigned else "DELETE"
    return assigned_to(_send(client, verb, f"/issues/{number}/assignees", {"assignees": list(logins)}))


def set_draft(client: RepositoryClient, node: str, *, draft: bool) -> None:
    """Make a pull request a draft, or ready for review: only GraphQL can.

    Args:
        client: one that may write contents; without, GitHub does not take it.
        node: the pull request's ``node_id``.
        draft: True for a draft.
    """
    client.graphql(TO_DRAFT if draft else TO_READY, {"id": node})


def request_reviewers(
    client: RepositoryClient, number: int, logins: tuple[str, ...], teams: tuple[str, ...]
) -> None:
    """Ask people and teams for a review.

    Raises:
        Refused: one of them may not review here; nobody was asked.
    """
    asked = {"reviewers": list(logins), "team_reviewers": list(teams)}
    _send(client, "POST", f"/pulls/{number}/requested_reviewers", asked)


def withdraw_reviewers(
    client: RepositoryClient, number: int, logins: tuple[str, ...], teams: tuple[str, ...]
) -> None:
    """Take back that people and teams were asked; those who were not are passed over."""
    asked = {"reviewers": list(logins), "team_reviewers": list(teams)}
    try:
        _sent(client, "DELETE", f"/pulls/{number}/requested_reviewers", asked)
    except Refused:
        return


def create_check_run(client: RepositoryClient, check: dict[str, Any]) -> int:
    """Make a check run out of what GitHub's API calls its parameters. Returns its id."""
    return int(_send(client, "POST", "/check-runs", check)["id"])


def edit_check_run(client: RepositoryClient, run: int, check: dict[str, Any]) -> bool:
    """Change a check run; annotations are added to those it has. Returns False where it is gone."""
    return _sent(client, "PATCH", f"/check-runs/{run}", check)


def create_release(client: RepositoryClient, release: dict[str, Any]) -> int:
    """Make a release out of what GitHub's API calls its parameters. Returns its id."""
    return int(_send(client, "POST", "/releases", release)["id"])


def edit_release(client: RepositoryClient, release: int, changes: dict[str, Any]) -> bool:
    """Change a release; what is not named stays, a draft a draft too. Returns False where it is gone."""
    return _sent(client, "PATCH", f"/releases/{release}", changes)


def delete_release(client: RepositoryClient, release: int) -> bool:
    """Delete a release. Returns False where it was gone already."""
    return _sent(client, "DELETE", f"/releases/{release}")


def merge_pull(client: RepositoryClient, number: int, merge: dict[str, Any]) -> None:
    """Merge a pull request, as what GitHub's API calls its parameters says.

    Raises:
        Forbidden, Refused: in GitHub's words, why not; nothing was merged.
    """
    _send(client, "PUT", f"/pulls/{number}/merge", merge)


def update_branch(client: RepositoryClient, number: int, sha: str) -> None:
    """Merge the base into a pull request's branch, where that stands at this commit. GitHub does it later.

    Raises:
        Forbidden, Refused: in GitHub's words, why not; nothing will be done.
    """
    _send(client, "PUT", f"/pulls/{number}/update-branch", {"expected_head_sha": sha})


def enqueue(client: RepositoryClient, node: str, sha: str) -> None:
    """Put a pull request into the merge queue of its base, where its head is this commit.

    Args:
        client: one that may write contents.
        node: the pull request's id in GraphQL.
        sha: its head.

    Raises:
        Forbidden, Refused: in GitHub's words, why not.
    """
    client.graphql(_ENQUEUE, {"pull": node, "sha": sha})


def delete_branch(client: RepositoryClient, name: str) -> bool:
    """Delete a branch. Returns False where it was gone already."""
    return _sent(client, "DELETE", f"/git/refs/heads/{quote(name)}")


def _send(client: RepositoryClient, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Send one request below the repository. Returns GitHub's answer."""
    with client.asking() as repository:
        url = f"/repos/{client.full_name}{path}"
        return repository.requester.requestJsonAndCheck(verb, url, input=body)[1]


def _sent(client: RepositoryClient, verb: str, path: str, body: dict[str, Any] | None = None) -> bool:
    """Send one request about something. Returns False where that is gone."""
    try:
        _send(client, verb, path, body)
    except Missing:
        return False
    return True
