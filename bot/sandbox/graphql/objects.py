"""What lies in a repository: commits, trees and blobs, by a revision as git takes it (``HEAD:docs``)."""

from collections.abc import Mapping

from bot.sandbox.call import Call
from bot.sandbox.git import below, blob_sha, tree_sha
from bot.sandbox.graphql.commits import commit_node
from bot.sandbox.pushing import resolve
from bot.sandbox.things import Json
from bot.sandbox.web import ApiError


def found(call: Call, expression: str) -> Json | None:
    """The commit, the tree or the blob of that name; None where there is none.

    Args:
        expression: a branch, a tag, a commit id or ``HEAD``; with ``:`` and a path, what lies there.
    """
    revision, colon, path = expression.partition(":")
    try:
        commit = resolve(call.repo, None if revision == "HEAD" else revision)
    except ApiError:
        return None
    if not colon:
        return commit_node(call, commit)
    return _at(commit.tree, path.strip("/"))


def _at(tree: Mapping[str, bytes], path: str) -> Json | None:
    if path in tree:
        data, sha = tree[path], blob_sha(tree[path])
        shown = {"__typename": "Blob", "id": f"B_sandbox{sha}", "oid": sha, "byteSize": len(data)}
        return shown | {"text": None if b"\0" in data else data.decode("utf-8", "replace")}
    inside = below(tree, path)
    if path and not inside:
        return None
    sha = tree_sha(inside)
    return {"__typename": "Tree", "id": f"T_sandbox{sha}", "oid": sha, "entries": _entries(inside, path)}


def _entries(tree: Mapping[str, bytes], path: str) -> list[Json]:
    names = sorted({name.partition("/")[0] for name in tree})
    return [
        {
            "name": name,
            "path": f"{path}/{name}".removeprefix("/"),
            "type": "blob" if name in tree else "tree",
            "oid": blob_sha(tree[name]) if name in tree else tree_sha(below(tree, name)),
        }
        for name in names
    ]
