"""Small webhook bodies, as GitHub would send them."""

from typing import Any

MONA = {"id": 1, "login": "mona", "type": "User"}
HUBOT = {"id": 2, "login": "hubot", "type": "User"}
ROBOT = {"id": 3, "login": "helper[bot]", "type": "Bot"}
REPOSITORY = {"id": 10, "full_name": "acme/widgets", "default_branch": "trunk", "private": True}
ISSUE = {
    "number": 7,
    "title": "It crashes",
    "body": "On start",
    "user": HUBOT,
    "author_association": "MEMBER",
    "labels": [{"name": "bug"}, {"name": "area: ui"}],
    "state": "open",
}


def body(action: str = "", **fields: Any) -> dict[str, Any]:
    shell = {"action": action, "installation": {"id": 99}, "repository": REPOSITORY, "sender": MONA}
    return {**shell, **fields}


def comment(text: Any, user: Any = MONA, **fields: Any) -> dict[str, Any]:
    fields = {"issue": ISSUE, "comment": {"id": 5, "body": text, "user": user}, **fields}
    return body(fields.pop("action", "created"), **fields)


def edit(old: str, new: str, **fields: Any) -> dict[str, Any]:
    return comment(new, action="edited", changes={"body": {"from": old}}, **fields)
