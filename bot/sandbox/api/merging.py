"""Merging pull requests, and what the rules of their base branch say."""

from bot.sandbox import threads
from bot.sandbox.api.pulls import PULL, READ, REPO, WRITE
from bot.sandbox.call import Call, Needs
from bot.sandbox.git import GITHUB
from bot.sandbox.mergeability import is_behind, merged_tree, objections, protection_of
from bot.sandbox.merging import NOT_MERGEABLE, commit_of, land
from bot.sandbox.pushing import move_branch
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.pulls import pull_of
from bot.sandbox.shapes.rules import rules_json
from bot.sandbox.store import author_of
from bot.sandbox.things import Issue
from bot.sandbox.web import Answer, ApiError, invalid, no_content, not_found

MERGE = Needs(("contents:write",), "write", "someone")
ROUTES = Routes(READ)
NOT_ALLOWED = {
    "merge": "Merge commits are not allowed on this repository.",
    "squash": "Squash merges are not allowed on this repository.",
    "rebase": "Rebase merges are not allowed on this repository.",
}
QUEUE_ONLY = "Repository rule violations found\n\nChanges must be made through the merge queue"
BEHIND = "Head branch is out of date. Review and try the merge again."


@ROUTES("GET", PULL + "/merge")
def is_merged(call: Call) -> Answer:
    if pull_of(call.pull).merged_at is None:
        raise not_found()
    return no_content()


@ROUTES("PUT", PULL + "/merge", MERGE)
def merge(call: Call) -> Answer:
    issue, pull = call.pull, pull_of(call.pull)
    if issue.state != "open" or pull.draft:
        raise ApiError(405, NOT_MERGEABLE)
    if call.text("sha", pull.head_sha) != pull.head_sha:
        raise ApiError(409, "Head branch was modified. Review and try the merge again.")
    method = call.text("merge_method") or "merge"
    if method not in NOT_ALLOWED:
        raise invalid("PullRequest", "merge_method")
    _check_rules(call, issue, method)
    title = call.text("commit_title") or f"{issue.title} (#{issue.number})"
    body = call.text("commit_message")
    made = commit_of(call, issue, method, f"{title}\n\n{body}" if body else title)
    land(call, issue, made)
    return Answer(body={"sha": made.sha, "merged": True, "message": "Pull Request successfully merged"})


def _check_rules(call: Call, issue: Issue, method: str) -> None:
    pull = pull_of(issue)
    protection = protection_of(call.repo, pull.base_ref)
    if method not in call.repo.merge_methods:
        raise ApiError(405, NOT_ALLOWED[method])
    if protection.has_queue:
        raise ApiError(405, QUEUE_ONLY)
    said = objections(call.repo, issue, pull)
    if said:
        raise ApiError(405, " ".join(said))
    if protection.up_to_date and is_behind(call.repo, pull):
        raise ApiError(405, BEHIND)


@ROUTES("PUT", PULL + "/update-branch", WRITE)
def update_branch(call: Call) -> Answer:
    """Merge the base branch into the head; GitHub does it a moment after it has answered."""
    issue, pull, repo = call.pull, pull_of(call.pull), call.repo
    threads.require_author_or(call, issue.user, "write")
    if call.text("expected_head_sha", pull.head_sha) != pull.head_sha:
        raise ApiError(422, "expected head sha didn't match current head ref.")
    if pull.head_repo is None or issue.state != "open":
        raise invalid("PullRequest", "head")
    if not is_behind(repo, pull):
        raise ApiError(422, "There are no new commits on the base branch.")
    tip = repo.branches[pull.base_ref]
    tree = merged_tree(repo.network, pull.head_sha, tip)
    if tree is None:
        raise ApiError(422, "merge conflict between base and head")
    message = f"Merge branch '{pull.base_ref}' into {pull.head_ref}"
    now = call.sandbox.clock.now()
    call.store.ensure_user(str(GITHUB.login))
    author, parents = author_of(call.user), (pull.head_sha, tip)
    made = repo.network.commit(tree, parents, message, author, now, committer=GITHUB)
    repo.network.signed.add(made.sha)
    move_branch(call, pull.head_repo, pull.head_ref, made)
    url = call.urls.pull(repo, issue)
    return Answer(202, {"message": "Updating pull request branch.", "url": url})


@ROUTES("GET", REPO + "/rules/branches/{branch:path}", Needs())
def rules(call: Call) -> Answer:
    protection = protection_of(call.repo, call.params["branch"])
    return call.page(rules_json(call.repo, protection), lambda one: one)
