"""What GitHub says of the way of a pull request into its base: methods, merge queue, branches."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.core.commands import parse_commands
from bot.core.history_graphql import account_from
from bot.core.payload import items_at, mapping_at, text_at, texts_at
from bot.core.pull_json import commit_from
from bot.core.pulls import Commit
from bot.github.answers import Forbidden, Missing, Refused
from bot.github.client import RepositoryClient, segment

_QUERY = """
query($owner: String!, $name: String!, $number: Int!, $branch: String!) {
  repository(owner: $owner, name: $name) {
    mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed
    mergeQueue(branch: $branch) { id }
    pullRequest(number: $number) { id isInMergeQueue mergeQueueEntry { headCommit { oid } } }
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
_WAY = """
query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      bases: timelineItems(last: 100, itemTypes: [BASE_REF_CHANGED_EVENT]) {
        pageInfo { hasPreviousPage }
        nodes { ... on BaseRefChangedEvent { actor { __typename login } } }
      }
      labels: timelineItems(last: 100, itemTypes: [LABELED_EVENT]) {
        nodes { ... on LabeledEvent { actor { __typename login } label { name } } }
      }
    }
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
        group: the commit that the queue made of it; "" before it is its turn.
    """

    node: str
    methods: tuple[str, ...]
    has_queue: bool = False
    is_queued: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch: the commit it stands at, and whether it is protected."""

    sha: str
    is_protected: bool


@dataclass(frozen=True, slots=True)
class Way:
    """What led a pull request to where it is, as its timeline tells it.

    Args:
        base_changed_by: logins of those who gave it another base; "" for an account that is gone.
        labelled_by: the login of who put the label on last; "" where that is not known.
        is_complete: False where there are more changes of the base than are read.
    """

    base_changed_by: tuple[str, ...] = ()
    labelled_by: str = ""
    is_complete: bool = True


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
        group=text_at(mapping_at(mapping_at(pull, "mergeQueueEntry"), "headCommit"), "oid"),
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


def is_within(client: RepositoryClient, sha: str, branch: str) -> bool:
    """Whether a commit is one of a branch: its tip, or one before that."""
    path = f"/compare/{segment(sha)}...{segment(branch)}?per_page=1"
    try:
        data, _etag = client.get(path)
    except (Missing, Refused):  # nothing in common, too
        return False
    return text_at(data, "status") in {"ahead", "identical"}


def still_asks(client: RepositoryClient, number: int, by: str, since: datetime) -> bool:
    """Whether the comment with which somebody asked for the merge is there, and says so.

    Args:
        client, number: of the pull request.
        by: the login of who wrote it, or edited somebody's so that it says so.
        since: when (UTC).
    """
    start = (since - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for comment in client.pages(f"/issues/{number}/comments?since={start}"):
        is_theirs = text_at(mapping_at(comment, "user"), "login").casefold() == by.casefold()
        is_edited = text_at(comment, "created_at") != text_at(comment, "updated_at")
        given = parse_commands(text_at(comment, "body"), limit=None)
        if (is_theirs or is_edited) and any(each.name == "merge" for each in given):
            return True
    return False


def way(client: RepositoryClient, number: int, label: str) -> Way:
    """Return who gave a pull request another base, and who put a label on it last.

    Raises:
        Forbidden, Refused, Missing: what GitHub said.
    """
    owner, name = client.full_name.split("/", 1)
    data = client.graphql(_WAY, {"owner": owner, "name": name, "number": number})
    pull = mapping_at(mapping_at(data, "repository"), "pullRequest")
    bases, labels = mapping_at(pull, "bases"), items_at(mapping_at(pull, "labels"), "nodes")
    named = [item for item in labels if _is_called(item, label)]
    return Way(
        base_changed_by=tuple(_login(item) for item in items_at(bases, "nodes")),
        labelled_by=_login(named[-1]) if named else "",
        is_complete=mapping_at(bases, "pageInfo").get("hasPreviousPage") is False,
    )


def _is_called(item: object, label: str) -> bool:
    return text_at(mapping_at(item, "label"), "name").casefold() == label.casefold()


def _login(item: object) -> str:
    account = account_from(mapping_at(item, "actor"))
    return str(account["login"]) if account else ""
