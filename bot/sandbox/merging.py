"""How a pull request is merged: the commits of each method, and what follows."""

import re
from collections.abc import Iterator

from bot.sandbox import threads
from bot.sandbox.call import Call
from bot.sandbox.git import Commit, merge_trees
from bot.sandbox.mergeability import merged_tree
from bot.sandbox.pushing import move_branch, resolve
from bot.sandbox.shapes.pulls import pull_of
from bot.sandbox.store import author_of
from bot.sandbox.things import Issue, Repository
from bot.sandbox.web import ApiError

CLOSING = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):? ([\w.-]+/[\w.-]+)?#([0-9]{1,9})\b", re.IGNORECASE
)
NOT_MERGEABLE = "Pull Request is not mergeable"


def commit_of(call: Call, issue: Issue, method: str, message: str) -> Commit:
    """Make the commit that brings a pull request into its base branch; the branch is not moved yet.

    Args:
        call: on the pull request's repository.
        issue: the pull request.
        method: `merge`, `squash` or `rebase`; the last keeps the commits' own messages.
        message: of the commit.

    Raises:
        ApiError: the two sides contradict each other.
    """
    repo, pull = call.repo, pull_of(issue)
    if method == "rebase":
        return _rebased(call, issue)
    ours = resolve(repo, pull.base_ref)
    tree = merged_tree(repo.network, ours.sha, pull.head_sha)
    if tree is None:
        raise ApiError(405, NOT_MERGEABLE)
    squash = method == "squash"
    parents = (ours.sha,) if squash else (ours.sha, pull.head_sha)
    author = author_of(issue.user if squash else call.user)
    return repo.network.commit(tree, parents, message, author, call.sandbox.clock.now())


def _rebased(call: Call, issue: Issue) -> Commit:
    """Each commit of the pull request anew, on top of the base branch; merges are left out."""
    network, pull = call.repo.network, pull_of(issue)
    tip = resolve(call.repo, pull.base_ref)
    for commit in network.compare(tip.sha, pull.head_sha).commits:
        if len(commit.parents) > 1:
            continue
        before = network.commits[commit.parents[0]].tree if commit.parents else {}
        tree = merge_trees(before, tip.tree, commit.tree)
        if tree is None:
            raise ApiError(405, "This branch can't be rebased")
        tip = network.commit(tree, (tip.sha,), commit.message, commit.author, call.sandbox.clock.now())
    return tip


def land(call: Call, issue: Issue, made: Commit) -> None:
    """Move the base branch to the commit, close the pull request and what it says it closes."""
    pull, repo, now = pull_of(issue), call.repo, call.sandbox.clock.now()
    pull.merged_at, pull.merged_by, pull.merge_commit_sha = now, call.user, made.sha
    issue.state, issue.closed_at, issue.closed_by = "closed", now, call.user
    repo.contributors.add(issue.user.login.lower())
    threads.record(call, issue, "merged", commit_id=made.sha)
    threads.record(call, issue, "closed", state_reason=None)
    move_branch(call, repo, pull.base_ref, made)
    threads.announce(call, issue, "closed")
    for where, linked in closed_by(call, issue):
        if where is repo:
            threads.set_state(call, linked, "closed", "completed")


def closed_by(call: Call, issue: Issue) -> Iterator[tuple[Repository, Issue]]:
    """What a merge into the default branch closes, as the description says; each issue once."""
    if pull_of(issue).base_ref != call.repo.default_branch:
        return
    for name, number in dict.fromkeys(CLOSING.findall(issue.body or "")):
        repo = call.store.repository(name) if name else call.repo
        linked = None if repo is None else repo.issues.get(int(number))
        if repo is not None and linked is not None and linked.pull is None:
            yield repo, linked
