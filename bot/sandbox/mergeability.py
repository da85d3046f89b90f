"""Whether a pull request may be merged: conflicts, checks, reviews, and what its base branch asks for."""

from bot.sandbox.branches import Protection
from bot.sandbox.git import Network, merge_trees
from bot.sandbox.store import at_least
from bot.sandbox.things import Issue, Pull, Repository, Review

ENOUGH = ("success", "neutral", "skipped")  # what a required check may come to
UNPROTECTED = Protection(0)


def protection_of(repo: Repository, branch: str) -> Protection:
    return repo.protections.get(branch, UNPROTECTED)


def merged_tree(network: Network, ours: str, theirs: str) -> dict[str, bytes] | None:
    """The files of a merge of two commits; None where they contradict each other."""
    base = network.merge_base(ours, theirs)
    before = {} if base is None else base.tree
    return merge_trees(before, network.commits[ours].tree, network.commits[theirs].tree)


def is_mergeable(repo: Repository, pull: Pull) -> bool:
    """Whether the head merges cleanly into the base branch as it is now."""
    return merged_tree(repo.network, repo.branches[pull.base_ref], pull.head_sha) is not None


def is_behind(repo: Repository, pull: Pull) -> bool:
    """Whether the base branch has commits that the head has not."""
    return bool(repo.network.compare(pull.head_sha, repo.branches[pull.base_ref]).commits)


def results(repo: Repository, sha: str) -> dict[str, str]:
    """What the newest check run or status of each name says of a commit: `success`, `failure`, `pending`."""
    found: dict[str, str] = {}
    for run in repo.check_runs.values():
        if run.head_sha == sha:
            done = "success" if run.conclusion in ENOUGH else "failure"
            found[run.name] = done if run.status == "completed" else "pending"
    for status in repo.statuses:
        if status.sha == sha:
            found[status.context] = "failure" if status.state == "error" else status.state
    return found


def unmet_checks(protection: Protection, found: dict[str, str]) -> list[str]:
    """What GitHub says of required checks that have not succeeded."""
    words = {None: "expected", "pending": "in progress", "failure": "failing"}
    return [
        f'Required status check "{name}" is {words[found.get(name)]}.'
        for name in protection.checks
        if found.get(name) != "success"
    ]


def objections(repo: Repository, issue: Issue, pull: Pull) -> list[str]:
    """What the rules of the base branch hold against merging, in GitHub's words; being behind apart."""
    protection = protection_of(repo, pull.base_ref)
    said = unmet_checks(protection, results(repo, pull.head_sha))
    verdicts = [one.state for one in _latest_reviews(repo, issue, pull)]
    if protection.approvals and "CHANGES_REQUESTED" in verdicts:
        said.append("Changes have been requested by a reviewer with write access.")
    elif verdicts.count("APPROVED") < protection.approvals:
        count = protection.approvals
        reviews = "approving review is" if count == 1 else "approving reviews are"
        said.append(f"At least {count} {reviews} required by reviewers with write access.")
    return said


def _latest_reviews(repo: Repository, issue: Issue, pull: Pull) -> list[Review]:
    """The last word of everyone who may write and is not the author; a comment takes back nothing."""
    latest = {
        one.user.id: one
        for one in pull.reviews
        if one.state in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")
        and one.user is not issue.user
        and at_least(repo, one.user, "write")
    }
    return list(latest.values())


def merge_state(repo: Repository, issue: Issue, pull: Pull, *, merges: bool) -> str:
    """`mergeable_state`, as REST writes it; `merges` is whether the head merges cleanly."""
    if issue.state != "open":
        return "unknown"
    if not merges:
        return "dirty"
    if pull.draft:
        return "draft"
    if objections(repo, issue, pull):
        return "blocked"
    if protection_of(repo, pull.base_ref).up_to_date and is_behind(repo, pull):
        return "behind"
    return "clean" if set(results(repo, pull.head_sha).values()) <= {"success"} else "unstable"
