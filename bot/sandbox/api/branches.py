"""Single branches: looked at, and deleted."""

from bot.sandbox import threads
from bot.sandbox.api.contents import READ, REPO, WRITE, shown_commit
from bot.sandbox.call import Call
from bot.sandbox.routing import Routes
from bot.sandbox.web import Answer, ApiError, no_content, not_found

ROUTES = Routes(READ)


@ROUTES("GET", REPO + "/branches/{branch:path}")
def branch(call: Call) -> Answer:
    name, repo = call.params["branch"], call.repo
    if name not in repo.branches:
        raise not_found()
    api, html = call.urls.repo(repo), call.urls.repo_html(repo)
    is_protected = name in repo.protections
    checks = list(repo.protections[name].checks) if is_protected else []
    return Answer(
        body={
            "name": name,
            "commit": shown_commit(call, repo.network.commits[repo.branches[name]]),
            "_links": {"self": f"{api}/branches/{name}", "html": f"{html}/tree/{name}"},
            "protected": is_protected,
            "protection": {
                "enabled": is_protected,
                "required_status_checks": {
                    "enforcement_level": "everyone" if checks else "off",
                    "contexts": checks,
                    "checks": [],
                },
            },
            "protection_url": f"{api}/branches/{name}/protection",
        }
    )


@ROUTES("DELETE", REPO + "/git/refs/heads/{branch:path}", WRITE)
def delete_branch(call: Call) -> Answer:
    """Pull requests from or into a branch that is gone are closed."""
    name, repo = call.params["branch"], call.repo
    if name not in repo.branches:
        raise ApiError(422, "Reference does not exist")
    if name == repo.default_branch or name in repo.protections:
        raise ApiError(422, "Cannot delete this branch")
    del repo.branches[name]
    for issue in repo.issues.values():
        pull = issue.pull
        if pull is not None and ((pull.head_repo is repo and pull.head_ref == name) or pull.base_ref == name):
            threads.set_state(call, issue, "closed", None)
    return no_content()
