"""What GitHub says of the way of a pull request into its base: methods, merge queue, branches."""

from dataclasses import dataclass
from typing import Any

from bot.core.payload import items_at, mapping_at, text_at, texts_at
from bot.core.pull_json import commit_from
from bot.core.pulls import Commit
from bot.github.answers import Forbidden, Missing
from bot.github.client import RepositoryClient, segment

_QUERY = """
query($owner: String!, $name: String!, $number: Int!, $branch: String!) {
  repository(owner: $owner, name: $name) {
    mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed
    mergeQueue(branch: $branch) { id }
    pullRequest(number: $number) { id isInMergeQueue }
  }
}
"""
# Where the App may not read merge queues yet. GitHub keeps to them all the same.
_WITHOUT_QUEUE = """
query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed
    pullRequest(number: $number) { id }
  }
}
"""
_ALLOWED = {"squash": "squashMergeAllowed", "merge": "mergeCommitAllowed", "rebase": "rebaseMergeAllowed"}


@dataclass(frozen=True, slots=True)
class Landing:
    """How a pull request gets into its base.

    Args:
        node: the pull request's id in GraphQL.
        methods: those that the repository allows, the usual one first.
        has_queue: True where the base has a merge queue.
        is_queued: True where the pull request is in it.
    """

    node: str
    methods: tuple[str, ...]
    has_queue: bool = False
    is_queued: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch: the commit it stands at, and whether it is protected."""

    sha: str
    is_protected: bool


def landing(client: RepositoryClient, number: int, base: str) -> Landing:
    """Return how a pull request gets into its base.

    Raises:
        Forbidden, Refused, Missing: what GitHub said.
    """
    owner, name = client.full_name.split("/", 1)
    asked: dict[str, Any] = {"owner": owner, "name": name, "number": number}
    try:
        data = client.graphql(_QUERY, {**asked, "branch": base})
    except Forbidden:
        data = client.graphql(_WITHOUT_QUEUE, asked)
    repository = mapping_at(data, "repository")
    pull = mapping_at(repository, "pullRequest")
    if not text_at(pull, "id"):
        raise Missing(f"GitHub does not have {client.full_name}#{number}")
    return Landing(
        node=text_at(pull, "id"),
        methods=tuple(method for method, key in _ALLOWED.items() if repository.get(key) is True),
        has_queue=bool(mapping_at(repository, "mergeQueue")),
        is_queued=pull.get("isInMergeQueue") is True,
    )


def branch(client: RepositoryClient, name: str) -> Branch | None:
    """Return a branch of the repository, or None where there is none of that name."""
    try:
        data, _etag = client.get(f"/branches/{segment(name)}")
    except Missing:
        return None
    return Branch(text_at(mapping_at(data, "commit"), "sha"), data.get("protected") is not False)


def others_need(client: RepositoryClient, name: str) -> bool:
    """Whether an open pull request starts from a branch of the repository, or goes into it."""
    owner = client.full_name.split("/", 1)[0]
    for query in (f"base={segment(name)}", f"head={segment(owner)}:{segment(name)}"):
        if client.get(f"/pulls?state=open&{query}&per_page=1")[0]:
            return True
    return False


def commit(client: RepositoryClient, sha: str) -> tuple[Commit, tuple[str, ...]]:
    """Return a commit, and the commits that it follows."""
    data, _etag = client.get(f"/commits/{segment(sha)}")
    return commit_from(data), texts_at(items_at(data, "parents"), "sha")


def base_changes(client: RepositoryClient, number: int) -> tuple[str, ...]:
    """Return the logins of those who gave a pull request another base."""
    return tuple(
        text_at(mapping_at(item, "actor"), "login")
        for item in client.pages(f"/issues/{number}/events")
        if item.get("event") == "base_ref_changed"
    )
