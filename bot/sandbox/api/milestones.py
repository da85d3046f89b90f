"""Milestones."""

from bot.sandbox.call import Call, Needs
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.threads import milestone_json
from bot.sandbox.things import Milestone
from bot.sandbox.web import Answer, created, not_found

READ = Needs(("issues:read", "pull_requests:read"))
WRITE = Needs(("issues:write", "pull_requests:write"), "write", "someone")
ROUTES = Routes(READ)
REPO = "/repos/{owner}/{repo}"


@ROUTES("GET", REPO + "/milestones")
def milestones(call: Call) -> Answer:
    state = call.request.query.get("state", "open")
    found = [one for one in call.repo.milestones.values() if state in ("all", one.state)]
    return call.page(found, lambda one: milestone_json(call.urls, call.repo, one))


def _milestone(call: Call) -> Milestone:
    found = call.repo.milestones.get(call.number("milestone"))
    if found is None:
        raise not_found()
    return found


@ROUTES("GET", REPO + "/milestones/{milestone}")
def milestone(call: Call) -> Answer:
    return Answer(body=milestone_json(call.urls, call.repo, _milestone(call)))


@ROUTES("POST", REPO + "/milestones", WRITE)
def create_milestone(call: Call) -> Answer:
    title, now = call.required_text("Milestone", "title"), call.sandbox.clock.now()
    number = max(call.repo.milestones, default=0) + 1
    made = Milestone(call.store.next_id(), number, title, call.user, now, now, call.text("description"))
    made.due_on = call.moment("due_on")
    call.repo.milestones[number] = made
    return created(milestone_json(call.urls, call.repo, made))


@ROUTES("PATCH", REPO + "/milestones/{milestone}", WRITE)
def edit_milestone(call: Call) -> Answer:
    known = _milestone(call)
    before = milestone_json(call.urls, call.repo, known)
    known.title = call.text("title") or known.title
    known.description = call.text("description", known.description)
    state = call.text("state") or known.state
    if state != known.state:
        known.state = state
        known.closed_at = call.sandbox.clock.now() if state == "closed" else None
    shown = milestone_json(call.urls, call.repo, known)
    return Answer(200, shown, changed=shown != before)
