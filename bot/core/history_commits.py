"""GitHub's JSON to the commits of a history: of REST, and of GraphQL in REST's words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.core.history import PastCommit, Person
from bot.core.history_graphql import account_from
from bot.core.mailmap import key_of, shown_name
from bot.core.payload import items_at, mapping_at, number_at, text_at
from bot.core.pull_json import actor_from, moment_at

_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)  # where a commit's date cannot be read
# https://docs.github.com/en/account-and-profile: an address that GitHub gives, with the account's number.
_GIVEN = re.compile(r"([0-9]{1,18})\+([^@\s]+)@users\.noreply\.[\w.-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadCommit:
    """A commit as it was read, and its author's account where that is known."""

    commit: PastCommit
    person: Person | None


def commit_from(data: Mapping[str, Any], repository: int) -> ReadCommit:
    """Read a commit.

    Args:
        data: an item of REST's list of commits.
        repository: the repository's number at GitHub, which the keys of addresses depend on.
    """
    inner = mapping_at(data, "commit")
    author = mapping_at(inner, "author")
    email, name = text_at(author, "email").strip(), shown_name(text_at(author, "name"))
    authored_at = moment_at(author, "date")
    committed_at = moment_at(mapping_at(inner, "committer"), "date") or authored_at or _UNKNOWN
    person = _account(data, email)
    commit = PastCommit(
        sha=text_at(data, "sha"),
        committed_at=committed_at,
        authored_at=authored_at or committed_at,
        author=person.id if person else None,
        key=key_of(email or name, repository),
        name=name,
        is_merge=len(items_at(data, "parents")) > 1,
    )
    return ReadCommit(commit, person)


def commit_of_node(node: Mapping[str, Any]) -> dict[str, Any]:
    """Return a commit of GraphQL as REST's list has it."""
    author = mapping_at(node, "author")
    return {
        "sha": text_at(node, "oid"),
        "commit": {
            "author": {**author, "date": text_at(node, "authoredDate")},
            "committer": {"date": text_at(node, "committedDate")},
        },
        "author": account_from(mapping_at(author, "user")),
        "parents": [None] * (number_at(mapping_at(node, "parents"), "totalCount") or 0),
    }


def _account(data: Mapping[str, Any], email: str) -> Person | None:
    """The author's account: as GitHub says, or as an address says that GitHub gave.

    GraphQL says nothing of the accounts of Apps; the address of what they commit does.
    """
    actor = actor_from(data, "author")
    if actor.id is not None:
        return Person(actor.id, actor.login, actor.is_bot or actor.login.endswith("[bot]"))
    given = _GIVEN.fullmatch(email)
    return Person(int(given[1]), given[2], given[2].endswith("[bot]")) if given else None
