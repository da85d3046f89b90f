"""Git's own view: what branches and tags name, and commits without what they change."""

from bot.sandbox.api.contents import READ, REPO
from bot.sandbox.call import Call
from bot.sandbox.clock import stamp
from bot.sandbox.routing import Routes
from bot.sandbox.things import Json
from bot.sandbox.web import Answer, not_found

ROUTES = Routes(READ)


@ROUTES("GET", REPO + "/git/ref/{ref:path}")
def git_ref(call: Call) -> Answer:
    kind, _, name = call.params["ref"].partition("/")
    known = _known(call, kind)
    if name not in known:
        raise not_found()
    return Answer(body=_ref_json(call, kind, name, known[name]))


@ROUTES("GET", REPO + "/git/matching-refs/{ref:path}")
def matching_refs(call: Call) -> Answer:
    """All whose names begin so, on one page."""
    kind, _, start = call.params["ref"].partition("/")
    found = sorted(_known(call, kind).items())
    return Answer(body=[_ref_json(call, kind, name, sha) for name, sha in found if name.startswith(start)])


@ROUTES("GET", REPO + "/git/commits/{sha}")
def git_commit(call: Call) -> Answer:
    commit = call.repo.network.commits.get(call.params["sha"])
    if commit is None:
        raise not_found()
    api, html = call.urls.repo(call.repo), call.urls.repo_html(call.repo)
    person = {"name": commit.author.name, "email": commit.author.email, "date": stamp(commit.date)}
    parents = [
        {"sha": sha, "url": f"{api}/git/commits/{sha}", "html_url": f"{html}/commit/{sha}"}
        for sha in commit.parents
    ]
    return Answer(
        body={
            "sha": commit.sha,
            "node_id": f"C_sandbox{commit.sha}",
            "url": f"{api}/git/commits/{commit.sha}",
            "html_url": f"{html}/commit/{commit.sha}",
            "author": person,
            "committer": person,
            "message": commit.message,
            "tree": {"sha": commit.tree_sha, "url": f"{api}/git/trees/{commit.tree_sha}"},
            "parents": parents,
            "verification": {
                "verified": False,
                "reason": "unsigned",
                "signature": None,
                "payload": None,
                "verified_at": None,
            },
        }
    )


def _known(call: Call, kind: str) -> dict[str, str]:
    return {"heads": call.repo.branches, "tags": call.repo.tags}.get(kind, {})


def _ref_json(call: Call, kind: str, name: str, sha: str) -> Json:
    api = call.urls.repo(call.repo)
    return {
        "ref": f"refs/{kind}/{name}",
        "node_id": f"REF_sandbox{sha}",
        "url": f"{api}/git/refs/{kind}/{name}",
        "object": {"type": "commit", "sha": sha, "url": f"{api}/git/commits/{sha}"},
    }
