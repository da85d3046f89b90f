"""The labels of a repository and those of its issues."""

from bot.sandbox.call import Call, Needs
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.repos import label_json
from bot.sandbox.things import Json, Label
from bot.sandbox.threads import (
    NEW_LABEL_COLOR,
    add_labels,
    announce_label,
    check_label_name,
    remove_labels,
    set_labels,
)
from bot.sandbox.web import Answer, ApiError, created, invalid, no_content, not_found

READ = Needs(("issues:read", "pull_requests:read"))
MANAGE = Needs(("issues:write", "pull_requests:write"), "write", "someone")
TRIAGE = Needs(("issues:write", "pull_requests:write"), "triage", "someone")
ROUTES = Routes(READ)
REPO = "/repos/{owner}/{repo}"
ISSUE = REPO + "/issues/{number}"


def _named(call: Call) -> Label:
    found = call.repo.labels.get(call.params["name"].lower())
    if found is None:
        raise not_found()
    return found


def _color(call: Call) -> str | None:
    color = call.text("color")
    if color is None:
        return None
    color = color.removeprefix("#").lower()
    if len(color) != 6 or not set(color) <= set("0123456789abcdef"):
        raise invalid("Label", "color")
    return color


@ROUTES("GET", REPO + "/labels")
def labels(call: Call) -> Answer:
    return call.page(call.repo.labels.values(), lambda one: label_json(call.urls, call.repo, one))


@ROUTES("GET", REPO + "/labels/{name}")
def label(call: Call) -> Answer:
    return Answer(body=label_json(call.urls, call.repo, _named(call)))


@ROUTES("POST", REPO + "/labels", MANAGE)
def create_label(call: Call) -> Answer:
    name = call.required_text("Label", "name")
    check_label_name(name)
    if name.lower() in call.repo.labels:
        raise invalid("Label", "name", "already_exists")
    made = call.store.add_label(call.repo, name, _color(call) or NEW_LABEL_COLOR, call.text("description"))
    announce_label(call, made, "created")
    return created(label_json(call.urls, call.repo, made))


@ROUTES("PATCH", REPO + "/labels/{name}", MANAGE)
def edit_label(call: Call) -> Answer:
    known, changes = _named(call), {}
    name, color, description = call.text("new_name"), _color(call), call.text("description")
    if name is not None and name != known.name:
        check_label_name(name)
        if call.repo.labels.get(name.lower(), known) is not known:
            raise invalid("Label", "name", "already_exists")
        changes["name"] = {"from": known.name}
        del call.repo.labels[known.name.lower()]
        known.name, call.repo.labels[name.lower()] = name, known
    if color is not None and color != known.color:
        changes["color"], known.color = {"from": known.color}, color
    if description is not None and description != known.description:
        changes["description"], known.description = {"from": known.description or ""}, description
    if changes:
        announce_label(call, known, "edited", changes=changes)
    return Answer(200, label_json(call.urls, call.repo, known), changed=bool(changes))


@ROUTES("DELETE", REPO + "/labels/{name}", MANAGE)
def delete_label(call: Call) -> Answer:
    gone = _named(call)
    del call.repo.labels[gone.name.lower()]
    for issue in call.repo.issues.values():
        if gone in issue.labels:
            remove_labels(call, issue, [gone])
    announce_label(call, gone, "deleted")
    return no_content()


def _issue_labels(call: Call, *, changed: bool = False) -> Answer:
    shown: list[Json] = [label_json(call.urls, call.repo, one) for one in call.issue.labels]
    return Answer(200, shown, changed=changed)


def _wanted(call: Call) -> list[str]:
    """The body is `{"labels": [...]}`, or just the list."""
    body = call.request.json()
    if isinstance(body, list):
        call.json = {"labels": body}
    return call.names("labels") or []


@ROUTES("GET", ISSUE + "/labels")
def issue_labels(call: Call) -> Answer:
    return call.page(call.issue.labels, lambda one: label_json(call.urls, call.repo, one))


@ROUTES("POST", ISSUE + "/labels", TRIAGE)
def add_issue_labels(call: Call) -> Answer:
    wanted = _wanted(call)
    return _issue_labels(call, changed=add_labels(call, call.issue, wanted))


@ROUTES("PUT", ISSUE + "/labels", TRIAGE)
def set_issue_labels(call: Call) -> Answer:
    wanted = _wanted(call)
    return _issue_labels(call, changed=set_labels(call, call.issue, wanted))


@ROUTES("DELETE", ISSUE + "/labels", TRIAGE)
def clear_issue_labels(call: Call) -> Answer:
    return no_content(changed=remove_labels(call, call.issue, list(call.issue.labels)))


@ROUTES("DELETE", ISSUE + "/labels/{name}", TRIAGE)
def remove_issue_label(call: Call) -> Answer:
    name = call.params["name"].lower()
    found = [one for one in call.issue.labels if one.name.lower() == name]
    if not found:
        raise ApiError(404, "Label does not exist")
    remove_labels(call, call.issue, found)
    return _issue_labels(call, changed=True)
