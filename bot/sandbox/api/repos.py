"""Repositories, the people on them, and forks."""

from typing import get_args

from bot.sandbox.call import Call, Needs
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.people import user_json
from bot.sandbox.shapes.repos import full_repo_json, permissions_json, repo_json
from bot.sandbox.store import at_least, role_of
from bot.sandbox.things import Json, Role
from bot.sandbox.users import User
from bot.sandbox.web import Answer, ApiError, no_content, not_found

ROUTES = Routes()
ADMINISTRATION = Needs(("administration:write",), "admin", "someone")
# What GitHub called roles before there were five of them.
LEGACY: dict[Role, str] = {"maintain": "write", "triage": "read"}


@ROUTES("GET", "/repos/{owner}/{repo}")
def repo(call: Call) -> Answer:
    viewer = call.caller.user if call.caller.token is None else None
    return Answer(body=full_repo_json(call.urls, call.repo, viewer))


@ROUTES("GET", "/repos/{owner}/{repo}/collaborators", Needs(role="write", who="someone"))
def collaborators(call: Call) -> Answer:
    repo = call.repo
    logins = dict.fromkeys([*repo.collaborators, *repo.owner.members])
    people = [user for login in logins if (user := call.store.user(login)) is not None]
    return call.page([user for user in people if at_least(repo, user, "read")], lambda one: _shown(call, one))


def _shown(call: Call, user: User) -> Json:
    role = role_of(call.repo, user)
    return user_json(call.urls, user) | {"permissions": permissions_json(role), "role_name": role}


def _named(call: Call) -> User:
    found = call.store.user(call.params["login"])
    if found is None:
        raise not_found()
    return found


@ROUTES("GET", "/repos/{owner}/{repo}/collaborators/{login}", Needs(role="write", who="someone"))
def is_collaborator(call: Call) -> Answer:
    user = _named(call)
    if user is call.repo.owner or user.login.lower() in call.repo.collaborators | call.repo.owner.members:
        return no_content()
    raise not_found()


@ROUTES("GET", "/repos/{owner}/{repo}/collaborators/{login}/permission", Needs(who="someone"))
def permission(call: Call) -> Answer:
    user = _named(call)
    role = role_of(call.repo, user)
    return Answer(body={"permission": LEGACY.get(role, role), "role_name": role, "user": _shown(call, user)})


@ROUTES("PUT", "/repos/{owner}/{repo}/collaborators/{login}", ADMINISTRATION)
def add_collaborator(call: Call) -> Answer:
    """Without the invitation that GitHub sends first."""
    aliases = {"pull": "read", "push": "write"}
    wanted = call.text("permission", "push") or "push"
    wanted = aliases.get(wanted, wanted)
    for role in get_args(Role):
        if role == wanted:
            call.repo.collaborators[call.store.ensure_user(call.params["login"]).login.lower()] = role
            return no_content()
    raise ApiError(422, "Validation Failed")


@ROUTES("DELETE", "/repos/{owner}/{repo}/collaborators/{login}", ADMINISTRATION)
def remove_collaborator(call: Call) -> Answer:
    gone = call.repo.collaborators.pop(call.params["login"].lower(), None)
    return no_content(changed=gone is not None)


@ROUTES("GET", "/repos/{owner}/{repo}/assignees")
def assignees(call: Call) -> Answer:
    people = [call.store.user(login) for login in call.repo.collaborators]
    able = [one for one in people if one is not None and at_least(call.repo, one, "triage")]
    return call.page(able, lambda one: user_json(call.urls, one))


@ROUTES("GET", "/repos/{owner}/{repo}/forks")
def forks(call: Call) -> Answer:
    children = [one for one in call.store.repositories.values() if one.parent is call.repo]
    return call.page(children, lambda one: repo_json(call.urls, one))


@ROUTES("POST", "/repos/{owner}/{repo}/forks", Needs(("administration:write",), "read", "someone"))
def fork(call: Call) -> Answer:
    made = call.store.fork(call.repo, call.user)
    return Answer(202, full_repo_json(call.urls, made, call.user))
