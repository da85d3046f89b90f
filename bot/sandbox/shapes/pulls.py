"""Pull requests, reviews and the timeline that shows them."""

from datetime import datetime

from bot.sandbox.clock import stamp, stamp_or_none
from bot.sandbox.git import Commit, Comparison
from bot.sandbox.mergeability import is_mergeable, merge_state
from bot.sandbox.shapes.people import user_json, user_or_none
from bot.sandbox.shapes.repos import repo_json
from bot.sandbox.shapes.threads import comment_json, event_json, issue_json, reactions_json
from bot.sandbox.shapes.urls import Urls
from bot.sandbox.store import association_of
from bot.sandbox.things import Comment, Event, Issue, Json, Pull, Repository, Review, ReviewComment

# What a pull request shows just as its issue does.
_SHARED = (
    "number",
    "state",
    "locked",
    "active_lock_reason",
    "title",
    "user",
    "body",
    "labels",
    "assignee",
    "assignees",
    "milestone",
    "author_association",
    "created_at",
    "updated_at",
    "closed_at",
)


def pull_of(issue: Issue) -> Pull:
    assert issue.pull is not None, f"#{issue.number} is not a pull request"
    return issue.pull


def comparison_of(repo: Repository, pull: Pull) -> Comparison:
    return repo.network.compare(pull.base_sha, pull.head_sha)


def simple_pull_json(urls: Urls, repo: Repository, issue: Issue) -> Json:
    """A pull request as lists show it."""
    pull, shared = pull_of(issue), issue_json(urls, repo, issue)
    url, html = urls.pull(repo, issue), urls.issue_html(repo, issue)
    links = {
        "issue": urls.issue(repo, issue),
        "comments": f"{urls.issue(repo, issue)}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{urls.repo(repo)}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": f"{urls.repo(repo)}/statuses/{pull.head_sha}",
    }
    return {
        "url": url,
        "id": pull.id,
        "node_id": f"PR_sandbox{pull.id}",
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        **{f"{name}_url": link for name, link in links.items()},
        **{name: shared[name] for name in _SHARED},
        "merged_at": stamp_or_none(pull.merged_at),
        "merge_commit_sha": pull.merge_commit_sha,
        "requested_reviewers": [user_json(urls, one) for one in pull.requested_reviewers],
        "requested_teams": [],
        "draft": pull.draft,
        "head": _side(urls, pull.head_repo, pull.head_ref, pull.head_sha),
        "base": _side(urls, repo, pull.base_ref, pull.base_sha),
        "_links": {name: {"href": link} for name, link in ({"self": url, "html": html} | links).items()},
        "auto_merge": None,
    }


def _side(urls: Urls, repo: Repository | None, ref: str, sha: str) -> Json:
    if repo is None:  # the fork was deleted
        return {"label": f"unknown:{ref}", "ref": ref, "sha": sha, "user": None, "repo": None}
    return {
        "label": f"{repo.owner.login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user_json(urls, repo.owner),
        "repo": repo_json(urls, repo),
    }


def pull_json(urls: Urls, repo: Repository, issue: Issue) -> Json:
    pull = pull_of(issue)
    compared = comparison_of(repo, pull)
    mergeable = issue.state == "open" and is_mergeable(repo, pull)
    return simple_pull_json(urls, repo, issue) | {
        "merged": pull.merged_at is not None,
        "mergeable": mergeable if issue.state == "open" else None,
        "rebaseable": mergeable if issue.state == "open" else None,
        "mergeable_state": merge_state(repo, issue, pull, merges=mergeable),
        "merged_by": user_or_none(urls, pull.merged_by),
        "comments": len(issue.comments),
        "review_comments": len(pull.review_comments),
        "maintainer_can_modify": pull.head_repo is not repo,
        "commits": len(compared.commits),
        "additions": sum(change.additions for change in compared.changes),
        "deletions": sum(change.deletions for change in compared.changes),
        "changed_files": len(compared.changes),
    }


def review_json(urls: Urls, repo: Repository, issue: Issue, review: Review) -> Json:
    url = urls.pull(repo, issue)
    html = f"{urls.issue_html(repo, issue)}#pullrequestreview-{review.id}"
    shown: Json = {
        "id": review.id,
        "node_id": f"PRR_sandbox{review.id}",
        "user": user_json(urls, review.user),
        "body": review.body,
        "state": review.state,
        "html_url": html,
        "pull_request_url": url,
        "author_association": association_of(repo, review.user),
        "_links": {"html": {"href": html}, "pull_request": {"href": url}},
        "commit_id": review.commit_id,
    }
    if review.submitted_at is not None:
        shown["submitted_at"] = stamp(review.submitted_at)
    return shown


def review_comment_json(urls: Urls, repo: Repository, issue: Issue, comment: ReviewComment) -> Json:
    url = f"{urls.repo(repo)}/pulls/comments/{comment.id}"
    html = f"{urls.issue_html(repo, issue)}#discussion_r{comment.id}"
    pull = urls.pull(repo, issue)
    shown: Json = {
        "id": comment.id,
        "node_id": f"PRRC_sandbox{comment.id}",
        "url": url,
        "html_url": html,
        "pull_request_url": pull,
        "pull_request_review_id": comment.review_id,
        "diff_hunk": comment.diff_hunk,
        "path": comment.path,
        "position": comment.line or 1,
        "original_position": comment.line or 1,
        "line": comment.line or 1,
        "original_line": comment.line or 1,
        "start_line": None,
        "original_start_line": None,
        "start_side": None,
        "side": comment.side,
        "subject_type": "line" if comment.line else "file",
        "commit_id": comment.commit_id,
        "original_commit_id": comment.commit_id,
        "user": user_json(urls, comment.user),
        "body": comment.body,
        "created_at": stamp(comment.created_at),
        "updated_at": stamp(comment.updated_at),
        "author_association": association_of(repo, comment.user),
        "reactions": reactions_json(url, comment.reactions),
        "_links": {"self": {"href": url}, "html": {"href": html}, "pull_request": {"href": pull}},
    }
    if comment.in_reply_to is not None:
        shown["in_reply_to_id"] = comment.in_reply_to
    return shown


Entry = Event | Comment | Review | Commit


def timeline_of(repo: Repository, issue: Issue) -> list[tuple[datetime, Entry]]:
    """What happened on a thread, the oldest first: events, comments, and of a pull request more."""
    entries: list[tuple[datetime, Entry]] = [(event.created_at, event) for event in issue.events]
    entries += [(comment.created_at, comment) for comment in issue.comments]
    if issue.pull is not None:
        entries += [(commit.date, commit) for commit in comparison_of(repo, issue.pull).commits]
        entries += [(one.submitted_at, one) for one in issue.pull.reviews if one.submitted_at is not None]
    return sorted(entries, key=lambda entry: entry[0])


def timeline_json(urls: Urls, repo: Repository, issue: Issue) -> list[Json]:
    """The timeline as REST shows it."""
    return [_entry_json(urls, repo, issue, entry) for _at, entry in timeline_of(repo, issue)]


def _entry_json(urls: Urls, repo: Repository, issue: Issue, entry: Entry) -> Json:
    if isinstance(entry, Event):
        return event_json(urls, repo, entry)
    if isinstance(entry, Comment):
        shown = comment_json(urls, repo, issue, entry)
        return shown | {"event": "commented", "actor": shown["user"]}
    if isinstance(entry, Review):
        shown = review_json(urls, repo, issue, entry)
        return shown | {"event": "reviewed", "state": entry.state.lower()}
    person = {"name": entry.author.name, "email": entry.author.email, "date": stamp(entry.date)}
    return {
        "event": "committed",
        "sha": entry.sha,
        "node_id": f"C_sandbox{entry.sha}",
        "url": f"{urls.repo(repo)}/git/commits/{entry.sha}",
        "html_url": f"{urls.repo_html(repo)}/commit/{entry.sha}",
        "author": person,
        "committer": person,
        "message": entry.message,
    }
