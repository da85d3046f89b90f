"""A webhook body to typed events.

Real payloads miss fields and forged ones hold anything, so a value of the wrong type counts as absent,
and only what an event cannot exist without is demanded.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from bot.core.actors import GHOST
from bot.core.body import FULL_NAME, Body, demand
from bot.core.commands import MAX_COMMANDS, Command, parse_commands
from bot.core.errors import Malformed
from bot.core.events import (
    ChecksChanged,
    CommandGiven,
    Event,
    FilesPushed,
    InstallationChanged,
    IssueEdited,
    IssueOpened,
    LabelChanged,
    LabelsEdited,
    MergeGroupFormed,
    PullRequestMerged,
    PullRequestOpened,
    PullRequestUpdated,
    ReleaseLook,
    ReleasePublished,
    ReportDue,
    RepositoriesChanged,
    RepositoryRenamed,
    Thread,
)
from bot.core.payload import clean, items_at, mapping_at, number_at, text_at, texts_at
from bot.core.pull_json import moment_at, pull_from
from bot.core.pulls import PullRequest

_GROUP = re.compile(r"/pr-(\d{1,9})-[0-9a-f]{40,64}$")  # GitHub names the branch of a merge queue so
LOOK = "pull_request_look"  # of a delivery by which Usher tells itself to look again
RELEASE_LOOK = "release_look"  # the same for the checklist of a release
REPORT_DUE = "report_due"  # of a delivery by which Usher tells itself to report


@dataclass(frozen=True, slots=True)
class Route:
    """What the relay must know of a delivery to put it in line. None where the body does not say."""

    installation: int | None = None
    full_name: str | None = None
    repository: int | None = None
    number: int | None = None
    action: str | None = None
    sender: str | None = None


def load_json(body: bytes) -> dict[str, Any]:
    """Read the body of a delivery.

    Raises:
        Malformed: it is not an object of valid JSON in UTF-8, or it is nested too deeply.
    """
    try:
        payload = json.loads(body.decode(), parse_constant=_not_json)
    except UnicodeDecodeError:
        raise Malformed("the body is not UTF-8") from None
    except RecursionError:
        raise Malformed("the body is nested too deeply") from None
    except ValueError as error:  # JSONDecodeError, or an integer of thousands of digits
        raise Malformed(f"the body is not JSON: {error}") from None
    if not isinstance(payload, dict):
        raise Malformed("the body is not a JSON object")
    return payload


def parse(event: str, payload: Mapping[str, Any], *, bot_login: str | None = None) -> tuple[Event, ...]:
    """Return the events that a delivery stands for; none where it is of no interest.

    Args:
        event: the delivery's ``X-GitHub-Event``.
        payload: its body.
        bot_login: Usher's own login; an account of this name is a bot whatever its type says.

    Raises:
        Malformed: a field is missing without which the event cannot exist.
    """
    read = _READERS.get(event)
    return tuple(read(Body(payload, bot_login))) if read else ()


def route(event: str, payload: Mapping[str, Any]) -> Route:
    """Return what the relay must know. Raises nothing, whatever the body."""
    repository = mapping_at(payload, "repository")
    full_name = text_at(repository, "full_name")
    return Route(
        installation=number_at(mapping_at(payload, "installation"), "id"),
        full_name=full_name if FULL_NAME.fullmatch(full_name) else None,
        repository=number_at(repository, "id"),
        number=number_at(mapping_at(payload, _thread_key(event)), "number"),
        action=text_at(payload, "action") or None,
        sender=text_at(mapping_at(payload, "sender"), "login") or None,
    )


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a JSON value")


def _thread_key(event: str) -> str:
    return "pull_request" if event.startswith("pull_request") else "issue"


def _issues(body: Body) -> list[Event]:
    thread = body.thread("issue")
    changes = mapping_at(body.payload, "changes")
    # Whoever edits an issue of Usher's own has ticked a box of it.
    is_own = thread.author.login.casefold() == body.bot_login
    match body.action:
        case "opened":
            return [IssueOpened(body.sender, thread)]
        case "edited" if ("title" in changes or "body" in changes) and not is_own:
            return [IssueEdited(body.sender, thread)]
    return _label_changes(body, thread)


def _pull_requests(body: Body) -> list[Event]:
    thread, pull = body.thread("pull_request"), _whole_pull(body)
    match body.action:
        case "opened":
            return [PullRequestOpened(body.sender, thread, pull)]
        case "closed" if mapping_at(body.payload, "pull_request").get("merged") is True:
            merger = body.actor(mapping_at(body.payload, "pull_request"), "merged_by")
            return [PullRequestMerged(body.sender if merger == GHOST else merger, thread, pull)]
    return [*_label_changes(body, thread), PullRequestUpdated(body.sender, thread, pull, body.action)]


def _whole_pull(body: Body) -> PullRequest | None:
    """The pull request, where the delivery describes it in full: reviews come with a part of it."""
    pull = mapping_at(body.payload, "pull_request")
    return pull_from(pull) if "mergeable_state" in pull and "changed_files" in pull else None


def _looks(body: Body) -> list[Event]:
    return [PullRequestUpdated(body.sender, body.thread("pull_request"), None, body.action)]


def _release_looks(body: Body) -> list[Event]:
    return [ReleaseLook(body.sender, body.thread("issue"))]


def _reports_due(body: Body) -> list[Event]:
    return [ReportDue(body.sender, *body.report)]


def _check_runs(body: Body) -> list[Event]:
    return _checks_of(body, mapping_at(body.payload, "check_run"))


def _check_suites(body: Body) -> list[Event]:
    return _checks_of(body, mapping_at(body.payload, "check_suite"))


def _checks_of(body: Body, check: Mapping[str, Any]) -> list[Event]:
    sha = demand(text_at(check, "head_sha"), "head_sha")
    here = body.repository
    pulls = (  # GitHub lists those of forks, too
        number_at(pull, "number")
        for pull in items_at(check, "pull_requests")
        if number_at(mapping_at(mapping_at(pull, "base"), "repo"), "id") in {None, here.id}
    )
    return [ChecksChanged(body.sender, here, sha, tuple(number for number in pulls if number))]


def _statuses(body: Body) -> list[Event]:
    return [ChecksChanged(body.sender, body.repository, demand(text_at(body.payload, "sha"), "sha"))]


def _releases(body: Body) -> list[Event]:
    if body.action != "published":
        return []
    tag = demand(text_at(mapping_at(body.payload, "release"), "tag_name"), "release.tag_name")
    return [ReleasePublished(body.sender, body.repository, tag)]


def _merge_groups(body: Body) -> list[Event]:
    group = mapping_at(body.payload, "merge_group")
    named = _GROUP.search(text_at(group, "head_ref"))
    if body.action != "checks_requested" or named is None:
        return []
    thread = Thread(body.repository, int(named[1]), is_pull=True)
    return [MergeGroupFormed(body.sender, thread, sha=demand(text_at(group, "head_sha"), "head_sha"))]


def _label_changes(body: Body, thread: Thread) -> list[Event]:
    label = text_at(mapping_at(body.payload, "label"), "name")
    if body.action not in {"labeled", "unlabeled"} or not label:
        return []  # a label that was deleted altogether is not named
    return [LabelChanged(body.sender, thread, label, added=body.action == "labeled")]


def _comments(body: Body) -> list[Event]:
    thread = body.thread("issue")
    comment = mapping_at(body.payload, "comment")
    number = demand(number_at(comment, "id"), "comment.id")
    author = body.actor(comment, "user")
    actor = author if body.action == "created" else body.sender
    if author.is_bot or actor.is_bot:
        return []
    at = moment_at(comment, "created_at" if body.action == "created" else "updated_at")
    # Whoever edits somebody else's comment gives its commands, and GitHub does not say who that is here.
    association = text_at(comment, "author_association") if actor == author else ""
    return [
        CommandGiven(actor, thread, given.name, given.args, given.text, number, at, association)
        for given in _given(body, text_at(comment, "body"))
    ]


def _given(body: Body, text: str) -> list[Command]:
    """Return the commands that a comment gives now: after an edit, only those that it added."""
    if body.action == "created":
        return parse_commands(text)
    before = mapping_at(mapping_at(body.payload, "changes"), "body").get("from")
    if body.action != "edited" or not isinstance(before, str):
        return []
    known = Counter((old.name, old.text) for old in parse_commands(clean(before), limit=None))
    added = []
    for command in parse_commands(text, limit=None):
        if known[command.name, command.text] > 0:
            known[command.name, command.text] -= 1
        else:
            added.append(command)
    return added[:MAX_COMMANDS]


def _installations(body: Body) -> list[Event]:
    installation, account = body.installation
    if body.action not in _INSTALLATION_ACTIONS:
        return []
    repositories = texts_at(items_at(body.payload, "repositories"), "full_name")
    return [InstallationChanged(body.sender, installation, account, body.action, repositories)]


def _installed_repositories(body: Body) -> list[Event]:
    installation, account = body.installation
    if body.action not in {"added", "removed"}:
        return []
    added = texts_at(items_at(body.payload, "repositories_added"), "full_name")
    removed = texts_at(items_at(body.payload, "repositories_removed"), "full_name")
    return [RepositoriesChanged(body.sender, installation, account, added, removed)]


def _repositories(body: Body) -> list[Event]:
    if body.action not in {"renamed", "transferred"} or body.former_name == body.repository.full_name:
        return []
    return [RepositoryRenamed(body.sender, body.repository, body.former_name)]


def _pushes(body: Body) -> list[Event]:
    repository = body.repository
    if demand(text_at(body.payload, "ref"), "ref") != f"refs/heads/{repository.default_branch}":
        return []
    lists = (
        items_at(commit, key)
        for commit in items_at(body.payload, "commits")
        for key in ("added", "modified", "removed")
    )
    paths = frozenset(clean(path) for paths in lists for path in paths if isinstance(path, str))
    after = text_at(body.payload, "after")
    return [FilesPushed(body.sender, repository, paths, after.strip("0") and after)]


def _labels(body: Body) -> list[Event]:
    demand(text_at(mapping_at(body.payload, "label"), "name"), "label.name")
    return [LabelsEdited(body.sender, body.repository)]


_INSTALLATION_ACTIONS = frozenset({"created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"})
_READERS: Mapping[str, Callable[[Body], list[Event]]] = {
    "issues": _issues,
    "pull_request": _pull_requests,
    "pull_request_review": _looks,
    LOOK: _looks,
    RELEASE_LOOK: _release_looks,
    REPORT_DUE: _reports_due,
    "check_run": _check_runs,
    "check_suite": _check_suites,
    "status": _statuses,
    "release": _releases,
    "merge_group": _merge_groups,
    "issue_comment": _comments,
    "installation": _installations,
    "installation_repositories": _installed_repositories,
    "push": _pushes,
    "repository": _repositories,
    "label": _labels,
}
