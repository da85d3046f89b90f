"""Issues: listing, opening, changing, their history."""

from datetime import datetime

from bot.sandbox import threads
from bot.sandbox.call import Call, Needs
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.pulls import timeline_json
from bot.sandbox.shapes.threads import event_json, issue_json
from bot.sandbox.things import Event, Issue, Milestone
from bot.sandbox.web import Answer, created, invalid, no_content, not_found

READ = Needs(("issues:read", "pull_requests:read"))
OPEN = Needs(("issues:write",), "read", "someone")
WRITE = Needs(("issues:write", "pull_requests:write"), "read", "someone")
TRIAGE = Needs(("issues:write", "pull_requests:write"), "triage", "someone")
ROUTES = Routes(READ)
REPO = "/repos/{owner}/{repo}"
ISSUE = REPO + "/issues/{number}"
LOCK_REASONS = (None, "off-topic", "too heated", "resolved", "spam")
CLOSE_REASONS = (None, "completed", "not_planned", "duplicate", "reopened")


@ROUTES("GET", REPO + "/issues")
def issues(call: Call) -> Answer:
    since = call.asked_moment("since")
    found = [one for one in call.repo.issues.values() if not _older(one, since) and _wanted(call, one)]
    order = {"updated": lambda one: one.updated_at, "comments": lambda one: len(one.comments)}
    key = order.get(call.request.query.get("sort", "created"), lambda one: (one.created_at, one.number))
    found.sort(key=key, reverse=call.request.query.get("direction", "desc") != "asc")
    return call.page(found, lambda one: issue_json(call.urls, call.repo, one))


def _older(issue: Issue, since: datetime | None) -> bool:
    return since is not None and issue.updated_at.replace(microsecond=0) < since


def _wanted(call: Call, issue: Issue) -> bool:
    query = call.request.query
    labels = {label.name.lower() for label in issue.labels}
    if query.get("state", "open") not in ("all", issue.state):
        return False
    if not {name.lower() for name in query.get("labels", "").split(",") if name} <= labels:
        return False
    if "creator" in query and issue.user.login.lower() != query["creator"].lower():
        return False
    return _has_assignee(issue, query.get("assignee", "*any")) and _in_milestone(
        issue, query.get("milestone")
    )


def _has_assignee(issue: Issue, wanted: str) -> bool:
    logins = [user.login.lower() for user in issue.assignees]
    match wanted:
        case "*any":
            return True
        case "*":
            return bool(logins)
        case "none":
            return not logins
    return wanted.lower() in logins


def _in_milestone(issue: Issue, wanted: str | None) -> bool:
    match wanted:
        case None:
            return True
        case "*":
            return issue.milestone is not None
        case "none":
            return issue.milestone is None
    return issue.milestone is not None and str(issue.milestone.number) == wanted


@ROUTES("POST", REPO + "/issues", OPEN)
def create_issue(call: Call) -> Answer:
    title, body = call.required_text("Issue", "title"), call.text("body")
    threads.check_text("Issue", title, body)
    number, now = max(call.repo.issues, default=0) + 1, call.sandbox.clock.now()
    issue = Issue(call.store.next_id(), number, title, body, call.user, now, now, call.via_app)
    labels, assignees = call.names("labels") or [], call.names("assignees") or []
    milestone = _milestone(call) if "milestone" in call.json else None
    if call.may("triage"):
        threads.check_labels(call, labels)
    call.repo.issues[number] = issue
    threads.announce(call, issue, "opened")
    if call.may("triage"):  # from others GitHub drops these without a word
        threads.add_labels(call, issue, labels)
        threads.assign(call, issue, threads.find_people(call, assignees))
        issue.milestone = milestone
    return created(issue_json(call.urls, call.repo, issue))


def _milestone(call: Call) -> Milestone | None:
    number = call.json["milestone"]
    if number is None:
        return None
    if number not in call.repo.milestones:
        raise invalid("Issue", "milestone")
    return call.repo.milestones[number]


@ROUTES("GET", ISSUE)
def issue(call: Call) -> Answer:
    return Answer(body=issue_json(call.urls, call.repo, call.issue))


@ROUTES("PATCH", ISSUE, WRITE)
def edit_issue(call: Call) -> Answer:
    issue = call.issue
    threads.require_author_or(call, issue.user, "triage")
    title, body = call.text("title"), call.text("body")
    state, reason = call.text("state") or issue.state, call.text("state_reason")
    threads.check_text("Issue", title, body)
    threads.check_state(issue, state)
    if reason not in CLOSE_REASONS:
        raise invalid("Issue", "state_reason")
    changed = _triage(call, issue) if call.may("triage") else False
    changed |= threads.edit_text(call, issue, title, body)
    changed |= threads.set_state(call, issue, state, reason)
    return Answer(200, issue_json(call.urls, call.repo, issue), changed=changed)


def _triage(call: Call, issue: Issue) -> bool:
    """What only those with a role may change; GitHub leaves it out for others without a word."""
    labels, assignees = call.names("labels"), call.names("assignees")
    milestone = _milestone(call) if "milestone" in call.json else issue.milestone
    changed, issue.milestone = milestone is not issue.milestone, milestone
    if labels is not None:
        changed |= threads.set_labels(call, issue, labels)
    if assignees is not None:
        people = threads.find_people(call, assignees)
        changed |= threads.unassign(call, issue, [one for one in issue.assignees if one not in people])
        changed |= threads.assign(call, issue, people)
    return changed


@ROUTES("PUT", ISSUE + "/lock", TRIAGE)
def lock(call: Call) -> Answer:
    reason = call.text("lock_reason")
    if reason not in LOCK_REASONS:
        raise invalid("Issue", "lock_reason")
    return no_content(changed=threads.set_lock(call, call.issue, locked=True, reason=reason))


@ROUTES("DELETE", ISSUE + "/lock", TRIAGE)
def unlock(call: Call) -> Answer:
    return no_content(changed=threads.set_lock(call, call.issue, locked=False))


@ROUTES("POST", ISSUE + "/assignees", TRIAGE)
def add_assignees(call: Call) -> Answer:
    people = threads.find_people(call, call.names("assignees") or [])
    changed = threads.assign(call, call.issue, people)
    return Answer(201, issue_json(call.urls, call.repo, call.issue), changed=changed)


@ROUTES("DELETE", ISSUE + "/assignees", TRIAGE)
def remove_assignees(call: Call) -> Answer:
    people = threads.find_people(call, call.names("assignees") or [])
    changed = threads.unassign(call, call.issue, people)
    return Answer(200, issue_json(call.urls, call.repo, call.issue), changed=changed)


@ROUTES("GET", ISSUE + "/events")
def events(call: Call) -> Answer:
    return call.page(call.issue.events, lambda one: event_json(call.urls, call.repo, one))


@ROUTES("GET", ISSUE + "/timeline")
def timeline(call: Call) -> Answer:
    return call.page(timeline_json(call.urls, call.repo, call.issue), lambda one: one)


@ROUTES("GET", REPO + "/issues/events")
def repository_events(call: Call) -> Answer:
    every = [(event, issue) for issue in call.repo.issues.values() for event in issue.events]
    every.sort(key=lambda pair: pair[0].id, reverse=True)
    return call.page(every, lambda pair: _with_issue(call, *pair))


@ROUTES("GET", REPO + "/issues/events/{id}")
def repository_event(call: Call) -> Answer:
    wanted = call.number("id")
    for issue in call.repo.issues.values():
        for event in issue.events:
            if event.id == wanted:
                return Answer(body=_with_issue(call, event, issue))
    raise not_found()


def _with_issue(call: Call, event: Event, issue: Issue) -> dict[str, object]:
    return event_json(call.urls, call.repo, event) | {"issue": issue_json(call.urls, call.repo, issue)}
