"""Commit statuses, the older sibling of check runs."""

from bot.sandbox.call import Call, Needs
from bot.sandbox.pushing import known_commit, resolve
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.checks import combined_status_json, status_json
from bot.sandbox.things import Status
from bot.sandbox.web import Answer, created, invalid

ROUTES = Routes(Needs(("statuses:read",)))
REPO = "/repos/{owner}/{repo}"


@ROUTES("POST", REPO + "/statuses/{sha}", Needs(("statuses:write",), "write", "someone"))
def create_status(call: Call) -> Answer:
    state, sha = call.text("state"), known_commit(call.repo, call.params["sha"]).sha
    if state not in ("error", "failure", "pending", "success"):
        raise invalid("Status", "state")
    context, now = call.text("context") or "default", call.sandbox.clock.now()
    made = Status(call.store.next_id(), sha, state, context, call.user, now)
    made.description, made.target_url = call.text("description"), call.text("target_url")
    call.repo.statuses.append(made)
    shown = status_json(call.urls, call.repo, made)
    told = shown | {"sha": sha, "name": call.repo.full_name}
    call.sandbox.hooks.announce(call.repo, call.user, "status", told)
    return created(shown)


@ROUTES("GET", REPO + "/commits/{ref}/status")
def combined_status(call: Call) -> Answer:
    sha = resolve(call.repo, call.params["ref"]).sha
    return Answer(body=combined_status_json(call.urls, call.repo, sha))
