"""What a person sees through an App that they signed in with."""

from bot.sandbox.call import Call, Needs
from bot.sandbox.installing import covered
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.people import installation_json
from bot.sandbox.shapes.repos import permissions_json, repo_json
from bot.sandbox.store import at_least, role_of
from bot.sandbox.things import Installation, Json, Repository
from bot.sandbox.web import Answer, not_found

ROUTES = Routes(Needs(who="person"))


def _accessible(call: Call, installation: Installation) -> list[Repository]:
    """What both the App is installed on and the person belongs to or may read in private."""
    return [
        repo
        for repo in covered(call.sandbox, installation)
        if repo.owner is call.user or call.user.login.lower() in repo.collaborators | repo.owner.members
        if at_least(repo, call.user, "read")
    ]


@ROUTES("GET", "/user/installations")
def installations(call: Call) -> Answer:
    own = [one for one in call.store.installations.values() if _accessible(call, one)]
    answer = call.page(own, lambda one: installation_json(call.urls, one))
    answer.body = {"total_count": len(own), "installations": answer.body}
    return answer


@ROUTES("GET", "/user/installations/{id}/repositories")
def installation_repositories(call: Call) -> Answer:
    found = call.store.installations.get(call.number("id"))
    repos = [] if found is None else _accessible(call, found)
    if not repos:
        raise not_found()
    answer = call.page(repos, lambda repo: _with_permissions(call, repo))
    answer.body = {"total_count": len(repos), "repositories": answer.body}
    return answer


@ROUTES("GET", "/user/repos")
def own_repositories(call: Call) -> Answer:
    login = call.user.login.lower()
    repos = [
        repo
        for repo in call.store.repositories.values()
        if repo.owner is call.user or login in repo.collaborators | repo.owner.members
    ]
    return call.page(repos, lambda repo: _with_permissions(call, repo))


def _with_permissions(call: Call, repo: Repository) -> Json:
    return repo_json(call.urls, repo) | {"permissions": permissions_json(role_of(repo, call.user))}
