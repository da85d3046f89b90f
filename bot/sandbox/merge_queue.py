"""The merge queue of a branch: each pull request is merged with the branch first, and checked that way."""

from dataclasses import replace

from bot.sandbox import threads
from bot.sandbox.auth import Caller
from bot.sandbox.branches import QueueEntry
from bot.sandbox.call import Call
from bot.sandbox.mergeability import is_mergeable, objections, protection_of, results, unmet_checks
from bot.sandbox.merging import commit_of, land
from bot.sandbox.shapes.pulls import pull_of
from bot.sandbox.shapes.rules import merge_group_json
from bot.sandbox.things import Issue, Repository
from bot.sandbox.web import ApiError


def queue_of(call: Call, issue: Issue) -> list[QueueEntry]:
    return protection_of(call.repo, pull_of(issue).base_ref).queue


def entry_of(call: Call, issue: Issue) -> QueueEntry | None:
    return next((one for one in queue_of(call, issue) if one.number == issue.number), None)


def enqueue(call: Call, issue: Issue) -> QueueEntry:
    """Put a pull request at the end of the queue of its base branch.

    Raises:
        ApiError: there is no queue, or the pull request may not be merged.
    """
    pull = pull_of(issue)
    protection = protection_of(call.repo, pull.base_ref)
    if not protection.has_queue:
        raise ApiError(422, f"The branch {pull.base_ref} has no merge queue")
    if entry_of(call, issue) is not None:
        raise ApiError(422, "Pull request is already in the merge queue")
    if issue.state != "open" or pull.draft or not is_mergeable(call.repo, pull):
        raise ApiError(422, "Pull request is not mergeable")
    said = objections(call.repo, issue, pull)
    if said:
        raise ApiError(422, " ".join(said))
    entry = QueueEntry(call.store.next_id(), issue.number, pull.head_sha, call.user)
    protection.queue.append(entry)
    threads.record(call, issue, "added_to_merge_queue")
    threads.announce(call, issue, "enqueued")
    advance(call)
    return entry


def dequeue(call: Call, issue: Issue, reason: str = "MANUAL") -> QueueEntry | None:
    """Take a pull request out of its queue. Returns None where it was not in it."""
    entry = entry_of(call, issue)
    if entry is None:
        return None
    queue_of(call, issue).remove(entry)
    _destroy(call, issue, entry, "dequeued")
    threads.record(call, issue, "removed_from_merge_queue")
    threads.announce(call, issue, "dequeued", reason=reason)
    advance(call)
    return entry


def advance(call: Call) -> None:
    """Go on with the queues that a write may have to do with, as far as their checks allow."""
    for repo in list(call.store.repositories.values()):
        if repo.network is not call.repo.network:  # what is pushed to a fork counts, too
            continue
        for base_ref, protection in repo.protections.items():
            while protection.queue:
                entry = protection.queue[0]
                if not _step(_as_its_user(call, repo, entry), repo.issues[entry.number], entry, base_ref):
                    break


def _as_its_user(call: Call, repo: Repository, entry: QueueEntry) -> Call:
    """What the queue does is done in the name of the one who put the pull request there."""
    params = {"owner": repo.owner.login, "repo": repo.name, "number": str(entry.number)}
    return replace(call, caller=Caller(user=entry.user), params=params, _repo=repo)


def _step(call: Call, issue: Issue, entry: QueueEntry, base_ref: str) -> bool:
    """Do what can be done for the first of a queue. Returns whether it is done with."""
    if issue.state != "open":
        return dequeue(call, issue, "UNKNOWN_REMOVAL_REASON") is not None
    if pull_of(issue).head_sha != entry.pull_sha:  # what was pushed since has to be looked at first
        return dequeue(call, issue, "UNKNOWN_REMOVAL_REASON") is not None
    tip = call.repo.branches[base_ref]
    if entry.group_ref is not None and entry.base_sha != tip:
        _destroy(call, issue, entry, "invalidated")
    if entry.group_ref is None and not _build(call, issue, entry, base_ref):
        return True
    found = results(call.repo, entry.head_sha)
    protection = protection_of(call.repo, base_ref)
    if "failure" in [found.get(name) for name in protection.checks]:
        return dequeue(call, issue, "CI_FAILURE") is not None
    if unmet_checks(protection, found):
        return False
    protection.queue.remove(entry)
    _destroy(call, issue, entry, "merged")
    land(call, issue, call.repo.network.commits[entry.head_sha])
    return True


def _build(call: Call, issue: Issue, entry: QueueEntry, base_ref: str) -> bool:
    """Make the commit to be checked. Returns False where there is a conflict by now."""
    tip, pull = call.repo.branches[base_ref], pull_of(issue)
    owner = "unknown" if pull.head_repo is None else pull.head_repo.owner.login
    message = f"Merge pull request #{issue.number} from {owner}/{pull.head_ref}\n\n{issue.title}"
    try:
        made = commit_of(call, issue, "merge", message)
    except ApiError:
        dequeue(call, issue, "MERGE_CONFLICT")
        return False
    entry.group_ref = f"gh-readonly-queue/{base_ref}/pr-{issue.number}-{tip}"
    entry.base_sha, entry.head_sha = tip, made.sha
    call.repo.branches[entry.group_ref] = made.sha
    _announce(call, issue, entry, {"action": "checks_requested"})
    return True


def _destroy(call: Call, issue: Issue, entry: QueueEntry, reason: str) -> None:
    if entry.group_ref is None:
        return
    del call.repo.branches[entry.group_ref]
    _announce(call, issue, entry, {"action": "destroyed", "reason": reason})
    entry.group_ref = None


def _announce(call: Call, issue: Issue, entry: QueueEntry, payload: dict[str, object]) -> None:
    shown = merge_group_json(call.repo, pull_of(issue).base_ref, entry)
    call.sandbox.hooks.announce(call.repo, call.user, "merge_group", payload | {"merge_group": shown})
