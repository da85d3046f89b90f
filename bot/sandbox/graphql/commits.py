"""Commits: what a branch points at, and what lies behind it."""

from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.clock import parse, stamp
from bot.sandbox.git import Author, Commit
from bot.sandbox.graphql.timelines import page_of
from bot.sandbox.things import Json


def branch_node(call: Call, name: str) -> Json | None:
    """A branch; None where there is none of that name."""
    sha = call.repo.branches.get(name)
    if sha is None:
        return None
    return {
        "id": f"REF_sandbox{call.repo.id}{name}",
        "name": name,
        "prefix": "refs/heads/",
        "target": commit_node(call, call.repo.network.commits[sha]),
    }


def commit_node(call: Call, commit: Commit) -> Json:
    """A commit with all that is served of it."""
    network = call.repo.network

    def shown(found: list[Commit], first: int | None, after: str | None) -> Json:
        page = page_of([{"id": _id(one), "commit": one} for one in found], first, after)
        return page | {"nodes": [commit_node(call, one["commit"]) for one in page["nodes"]]}

    def history(
        _info: Any,
        first: int | None = None,
        after: str | None = None,
        path: str | None = None,
        since: str | None = None,
        until: str | None = None,
        **_more: Any,
    ) -> Json:
        found = [
            one
            for one in network.history(commit.sha)
            if (since is None or one.date >= parse(since))
            and (until is None or one.date <= parse(until))
            and (path is None or network.touches(one, path))
        ]
        return shown(found, first, after)

    def parents(_info: Any, first: int | None = None, after: str | None = None, **_more: Any) -> Json:
        found = [network.commits[sha] for sha in commit.parents]
        return shown(found, first, after)

    return {
        "__typename": "Commit",
        "id": _id(commit),
        "oid": commit.sha,
        "message": commit.message,
        "author": _actor(call, commit.author, commit),
        "authoredDate": stamp(commit.date),
        "committer": _actor(call, commit.committer, commit),
        "committedDate": stamp(commit.date),
        "history": history,
        "parents": parents,
    }


def _id(commit: Commit) -> str:
    return f"C_sandbox{commit.sha}"


def _actor(call: Call, author: Author, commit: Commit) -> Json:
    """Who a commit names. GitHub shows the accounts of people here, and none of Apps."""
    user = call.store.user(author.login) if author.login else None
    shown = None
    if user is not None and user.type == "User":
        shown = {"id": f"U_sandbox{user.id}", "databaseId": user.id, "login": user.login}
    return {"name": author.name, "email": author.email, "date": stamp(commit.date), "user": shown}
