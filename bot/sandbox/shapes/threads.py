"""Issues, comments, their history and reactions."""

from bot.sandbox.clock import stamp, stamp_or_none
from bot.sandbox.shapes.people import app_or_none, user_json, user_or_none
from bot.sandbox.shapes.repos import label_json
from bot.sandbox.shapes.urls import Urls
from bot.sandbox.store import association_of
from bot.sandbox.things import Comment, Event, Issue, Json, Milestone, Pull, Reaction, Repository

REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket")
_NO_REACTIONS = dict.fromkeys(("total_count", *REACTIONS), 0)


def reactions_json(url: str, reactions: list[Reaction]) -> Json:
    if not reactions:
        return {"url": f"{url}/reactions", **_NO_REACTIONS}
    counts = {content: sum(one.content == content for one in reactions) for content in REACTIONS}
    return {"url": f"{url}/reactions", "total_count": len(reactions), **counts}


def reaction_json(urls: Urls, reaction: Reaction) -> Json:
    return {
        "id": reaction.id,
        "node_id": f"REA_sandbox{reaction.id}",
        "user": user_json(urls, reaction.user),
        "content": reaction.content,
        "created_at": stamp(reaction.created_at),
    }


def milestone_json(urls: Urls, repo: Repository, milestone: Milestone) -> Json:
    within = [issue for issue in repo.issues.values() if issue.milestone is milestone]
    url = f"{urls.repo(repo)}/milestones/{milestone.number}"
    return {
        "url": url,
        "html_url": f"{urls.repo_html(repo)}/milestone/{milestone.number}",
        "labels_url": f"{url}/labels",
        "id": milestone.id,
        "node_id": f"MI_sandbox{milestone.id}",
        "number": milestone.number,
        "title": milestone.title,
        "description": milestone.description,
        "creator": user_json(urls, milestone.creator),
        "open_issues": sum(issue.state == "open" for issue in within),
        "closed_issues": sum(issue.state == "closed" for issue in within),
        "state": milestone.state,
        "created_at": stamp(milestone.created_at),
        "updated_at": stamp(milestone.updated_at),
        "due_on": stamp_or_none(milestone.due_on),
        "closed_at": stamp_or_none(milestone.closed_at),
    }


def issue_json(urls: Urls, repo: Repository, issue: Issue) -> Json:
    url = urls.issue(repo, issue)
    shown: Json = {
        "url": url,
        "repository_url": urls.repo(repo),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": urls.issue_html(repo, issue),
        "id": issue.id,
        "node_id": f"I_sandbox{issue.id}",
        "number": issue.number,
        "title": issue.title,
        "body": issue.body,
        "user": user_json(urls, issue.user),
        "author_association": association_of(repo, issue.user),
        "labels": [label_json(urls, repo, label) for label in issue.labels],
        "state": issue.state,
        "state_reason": issue.state_reason,
        "locked": issue.locked,
        "active_lock_reason": issue.lock_reason,
        "assignee": user_or_none(urls, issue.assignees[0] if issue.assignees else None),
        "assignees": [user_json(urls, one) for one in issue.assignees],
        "milestone": None if issue.milestone is None else milestone_json(urls, repo, issue.milestone),
        "comments": len(issue.comments),
        "created_at": stamp(issue.created_at),
        "updated_at": stamp(issue.updated_at),
        "closed_at": stamp_or_none(issue.closed_at),
        "closed_by": user_or_none(urls, issue.closed_by),
        "reactions": reactions_json(url, issue.reactions),
        "performed_via_github_app": app_or_none(urls, issue.app),
    }
    return shown if issue.pull is None else shown | _as_pull(urls, repo, issue, issue.pull)


def _as_pull(urls: Urls, repo: Repository, issue: Issue, pull: Pull) -> Json:
    """How an issue shows that it is a pull request."""
    html = urls.issue_html(repo, issue)
    links = {
        "url": urls.pull(repo, issue),
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "merged_at": stamp_or_none(pull.merged_at),
    }
    return {"node_id": f"PR_sandbox{pull.id}", "draft": pull.draft, "pull_request": links}


def comment_json(urls: Urls, repo: Repository, issue: Issue, comment: Comment) -> Json:
    url = f"{urls.repo(repo)}/issues/comments/{comment.id}"
    return {
        "url": url,
        "html_url": f"{urls.issue_html(repo, issue)}#issuecomment-{comment.id}",
        "issue_url": urls.issue(repo, issue),
        "id": comment.id,
        "node_id": f"IC_sandbox{comment.id}",
        "user": user_json(urls, comment.user),
        "body": comment.body,
        "created_at": stamp(comment.created_at),
        "updated_at": stamp(comment.updated_at),
        "author_association": association_of(repo, comment.user),
        "reactions": reactions_json(url, comment.reactions),
        "minimized": None if comment.hidden is None else {"reason": comment.hidden},
        "performed_via_github_app": app_or_none(urls, comment.app),
    }


def event_json(urls: Urls, repo: Repository, event: Event) -> Json:
    shown: Json = {
        "id": event.id,
        "node_id": f"EV_sandbox{event.id}",
        "url": f"{urls.repo(repo)}/issues/events/{event.id}",
        "actor": user_json(urls, event.actor),
        "event": event.kind,
        "commit_id": None,
        "commit_url": None,
        "created_at": stamp(event.created_at),
        "performed_via_github_app": app_or_none(urls, event.app),
    }
    for name, value in event.details.items():
        shown[name] = user_json(urls, value) if name in _PEOPLE else value
    return shown


_PEOPLE = frozenset({"assignee", "assigner", "review_requester", "requested_reviewer"})
