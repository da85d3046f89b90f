"""What happens to issues and pull requests: each change leaves an event and is announced.

Every function that may find nothing to do returns whether it changed anything.
"""

from collections.abc import Iterable
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.shapes.people import user_json
from bot.sandbox.shapes.pulls import pull_json, pull_of
from bot.sandbox.shapes.repos import label_json
from bot.sandbox.shapes.threads import issue_json
from bot.sandbox.things import (
    Event,
    Issue,
    Json,
    Label,
    Role,
)
from bot.sandbox.users import User
from bot.sandbox.web import forbidden, invalid

MOST_LABELS = 100
LONGEST_LABEL = 50
LONGEST_TITLE = 256
LONGEST_BODY = 65_536
NEW_LABEL_COLOR = "ededed"


def record(call: Call, issue: Issue, kind: str, **details: Any) -> None:
    now = call.sandbox.clock.now()
    issue.events.append(Event(call.store.next_id(), kind, call.user, now, call.via_app, details))
    issue.updated_at = now


def announce(call: Call, issue: Issue, action: str, **extra: Any) -> None:
    """`issues` or `pull_request`, whichever the thread is."""
    payload: Json = {"action": action}
    if issue.pull is None:
        event, payload["issue"] = "issues", issue_json(call.urls, call.repo, issue)
    else:
        event, payload["number"] = "pull_request", issue.number
        payload["pull_request"] = pull_json(call.urls, call.repo, issue)
    call.sandbox.hooks.announce(call.repo, call.user, event, payload | extra)


def check_text(resource: str, title: str | None, body: str | None) -> None:
    if title is not None and len(title) > LONGEST_TITLE:
        raise invalid(
            resource, "title", "custom", f"title is too long (maximum is {LONGEST_TITLE} characters)"
        )
    if body is not None and len(body) > LONGEST_BODY:
        message = f"body is too long (maximum is {LONGEST_BODY} characters)"
        raise invalid(resource, "body", "custom", message)


def check_labels(call: Call, names: list[str], present: Iterable[str] = ()) -> None:
    """Refuse all before adding any; `present` are those that the names come on top of."""
    if len({name.lower() for name in names} | set(present)) > MOST_LABELS:
        message = f"Issues may not have more than {MOST_LABELS} labels"
        raise invalid("Issue", "labels", "custom", message)
    for name in names:
        if name.lower() not in call.repo.labels:
            check_label_name(name)
            call.require("write")


def _find_or_make_label(call: Call, name: str) -> Label:
    """GitHub makes a label that does not exist, if the caller could have made it in the settings."""
    known = call.repo.labels.get(name.lower())
    if known is not None:
        return known
    made = call.store.add_label(call.repo, name, NEW_LABEL_COLOR)
    announce_label(call, made, "created")
    return made


def check_label_name(name: str) -> None:
    if not name.strip():
        raise invalid("Label", "name", "missing_field")
    if len(name) > LONGEST_LABEL:
        message = f"name is too long (maximum is {LONGEST_LABEL} characters)"
        raise invalid("Label", "name", "custom", message)


def announce_label(call: Call, label: Label, action: str, **extra: Any) -> None:
    payload = {"action": action, "label": label_json(call.urls, call.repo, label)}
    call.sandbox.hooks.announce(call.repo, call.user, "label", payload | extra)


def add_labels(call: Call, issue: Issue, names: list[str]) -> bool:
    present = {label.name.lower() for label in issue.labels}
    check_labels(call, names, present)
    wanted = {name.lower(): name for name in names if name.lower() not in present}
    for name in wanted.values():
        label = _find_or_make_label(call, name)
        issue.labels.append(label)
        record(call, issue, "labeled", label={"name": label.name, "color": label.color})
        announce(call, issue, "labeled", label=label_json(call.urls, call.repo, label))
    return bool(wanted)


def remove_labels(call: Call, issue: Issue, labels: list[Label]) -> bool:
    for label in labels:
        issue.labels.remove(label)
        record(call, issue, "unlabeled", label={"name": label.name, "color": label.color})
        announce(call, issue, "unlabeled", label=label_json(call.urls, call.repo, label))
    return bool(labels)


def set_labels(call: Call, issue: Issue, names: list[str]) -> bool:
    check_labels(call, names)
    wanted = {name.lower() for name in names}
    removed = remove_labels(call, issue, [one for one in issue.labels if one.name.lower() not in wanted])
    return add_labels(call, issue, names) or removed


def find_people(call: Call, logins: list[str]) -> list[User]:
    """Who can be assigned; GitHub leaves out those who cannot, without a word."""
    found = (call.store.user(login) for login in logins)
    return [user for user in found if user is not None]


def assign(call: Call, issue: Issue, people: list[User]) -> bool:
    new = [user for user in people if user not in issue.assignees]
    for user in new:
        issue.assignees.append(user)
        record(call, issue, "assigned", assignee=user, assigner=call.user)
        announce(call, issue, "assigned", assignee=user_json(call.urls, user))
    return bool(new)


def unassign(call: Call, issue: Issue, people: list[User]) -> bool:
    gone = [user for user in people if user in issue.assignees]
    for user in gone:
        issue.assignees.remove(user)
        record(call, issue, "unassigned", assignee=user, assigner=call.user)
        announce(call, issue, "unassigned", assignee=user_json(call.urls, user))
    return bool(gone)


def edit_text(call: Call, issue: Issue, title: str | None, body: str | None) -> bool:
    """Change title or body; None leaves it."""
    check_text("Issue", title, body)
    changes: Json = {}
    if title is not None and title != issue.title:
        changes["title"] = {"from": issue.title}
        record(call, issue, "renamed", rename={"from": issue.title, "to": title})
        issue.title = title
    if body is not None and body != (issue.body or ""):
        changes["body"] = {"from": issue.body or ""}
        issue.body = body
    if changes:
        issue.updated_at = call.sandbox.clock.now()
        announce(call, issue, "edited", changes=changes)
    return bool(changes)


def check_state(issue: Issue, state: str) -> None:
    merged = issue.pull is not None and issue.pull.merged_at is not None
    if state not in ("open", "closed") or (merged and state == "open"):
        raise invalid("Issue" if issue.pull is None else "PullRequest", "state")


def set_state(call: Call, issue: Issue, state: str, reason: str | None) -> bool:
    if state == issue.state:
        return False
    issue.state = state
    if state == "closed":
        issue.closed_at, issue.closed_by = call.sandbox.clock.now(), call.user
        issue.state_reason = None if issue.pull is not None else reason or "completed"
        record(call, issue, "closed", state_reason=issue.state_reason)
        announce(call, issue, "closed")
    else:
        issue.closed_at = issue.closed_by = None
        issue.state_reason = None if issue.pull is not None else "reopened"
        record(call, issue, "reopened", state_reason=None)
        announce(call, issue, "reopened")
    return True


def set_lock(call: Call, issue: Issue, *, locked: bool, reason: str | None = None) -> bool:
    if issue.locked == locked:
        return False
    issue.locked, issue.lock_reason = locked, reason if locked else None
    record(call, issue, "locked" if locked else "unlocked", lock_reason=issue.lock_reason)
    announce(call, issue, "locked" if locked else "unlocked")
    return True


def require_author_or(call: Call, author: User, role: Role) -> None:
    """A person may change what they wrote; what others wrote only with a role. An App was checked before."""
    if call.user is not author and not call.may(role):
        raise forbidden("Must have admin rights to Repository.")


def set_draft(call: Call, issue: Issue, draft: bool) -> bool:
    """Make a pull request a draft, or ready for review."""
    require_author_or(call, issue.user, "write")
    pull = pull_of(issue)
    changed = pull.draft != draft
    if changed:
        pull.draft = draft
        record(call, issue, "convert_to_draft" if draft else "ready_for_review")
        announce(call, issue, "converted_to_draft" if draft else "ready_for_review")
    return changed
