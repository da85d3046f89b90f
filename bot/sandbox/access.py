"""Who may call a route: the kind of credential, an installation's permissions, a person's role."""

from bot.sandbox.call import Call, Needs
from bot.sandbox.store import at_least, covers
from bot.sandbox.things import InstallationToken, Repository
from bot.sandbox.web import ApiError, forbidden, not_found

NOT_ACCESSIBLE = "Resource not accessible by integration"
READS = ("GET", "HEAD")


def admit(call: Call, needs: Needs) -> None:
    """Let the call through or raise what GitHub would answer; finds the repository of the path."""
    _check_credential(call, needs)
    if "owner" not in call.params:
        return
    repo = call.store.repository(f"{call.params['owner']}/{call.params['repo']}")
    if repo is None:
        raise not_found()
    if needs.who != "app":
        if call.caller.token is not None:
            _admit_installation(call, repo, needs, call.caller.token)
        else:
            _admit_person(call, repo, needs)
    call.repo = repo


def _check_credential(call: Call, needs: Needs) -> None:
    caller = call.caller
    match needs.who:
        case "app" if caller.app is None or caller.token is not None:
            raise ApiError(401, "A JSON web token could not be decoded")
        case "installation" if caller.token is None:
            raise forbidden("You must authenticate with an installation access token in order to call this.")
        case "someone" if caller.user is None:
            raise ApiError(401, "Requires authentication")
        case "person" if caller.user is None:
            raise ApiError(401, "Requires authentication")
        case "person" if caller.token is not None:
            raise forbidden(NOT_ACCESSIBLE)


def _admit_person(call: Call, repo: Repository, needs: Needs) -> None:
    user = call.caller.user
    if not at_least(repo, user, "read"):
        raise not_found()
    if user is None and (call.request.counts_as not in READS or needs.role != "read"):
        raise ApiError(401, "Requires authentication")
    if not at_least(repo, user, needs.role):
        raise forbidden("Must have admin rights to Repository.")


def _admit_installation(call: Call, repo: Repository, needs: Needs, token: InstallationToken) -> None:
    """Stricter than GitHub in one thing: on a repository where it is installed, an App needs its permission
    to read even what is public, so that a missing one shows before a private repository is met.
    """
    if not within(token, repo):
        if repo.private:
            raise not_found()
        if call.request.counts_as in READS:
            return
        raise _lacking(needs)
    if not any(_granted(token, permission) for permission in _enough(call, repo, needs)):
        raise _lacking(needs)


def _enough(call: Call, repo: Repository, needs: Needs) -> list[str]:
    """`pull_requests` opens the shared endpoints for pull requests only, `issues` for both."""
    number = call.params.get("number", "")
    issue = repo.issues.get(int(number)) if number.isdecimal() else None
    if issue is None or issue.pull is not None:
        return list(needs.app)
    return [permission for permission in needs.app if not permission.startswith("pull_requests")]


def within(token: InstallationToken, repo: Repository) -> bool:
    return covers(token.installation, repo) and (token.repositories is None or repo.id in token.repositories)


def _granted(token: InstallationToken, permission: str) -> bool:
    name, _, level = permission.partition(":")
    if name == "metadata":
        return True
    given = token.permissions.get(name)
    return given is not None and (level == "read" or given in (level, "admin"))


def _lacking(needs: Needs) -> ApiError:
    return ApiError(403, NOT_ACCESSIBLE, headers={"x-accepted-github-permissions": needs.header})
