"""Comments on issues and pull requests."""

from typing import Any

from bot.sandbox.call import Call, Needs
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.threads import comment_json, issue_json
from bot.sandbox.things import Comment, Issue
from bot.sandbox.threads import LONGEST_BODY, require_author_or
from bot.sandbox.web import Answer, created, forbidden, invalid, no_content, not_found

READ = Needs(("issues:read", "pull_requests:read"))
WRITE = Needs(("issues:write", "pull_requests:write"), "read", "someone")
ROUTES = Routes(READ)
REPO = "/repos/{owner}/{repo}"
ISSUE = REPO + "/issues/{number}"
COMMENT = REPO + "/issues/comments/{id}"


def _body(call: Call) -> str:
    body = call.required_text("IssueComment", "body")
    if len(body) > LONGEST_BODY:
        message = f"Body is too long (maximum is {LONGEST_BODY} characters)"
        raise invalid("IssueComment", "data", "unprocessable", message)
    return body


def _announce(call: Call, issue: Issue, comment: Comment, action: str, **extra: Any) -> None:
    payload = {
        "action": action,
        "issue": issue_json(call.urls, call.repo, issue),
        "comment": comment_json(call.urls, call.repo, issue, comment),
    }
    call.sandbox.hooks.announce(call.repo, call.user, "issue_comment", payload | extra)


def found_comment(call: Call) -> tuple[Issue, Comment]:
    wanted = call.number("id")
    issue = call.repo.issues.get(call.repo.comment_threads.get(wanted, 0))
    if issue is None:
        raise not_found()
    return issue, next(comment for comment in issue.comments if comment.id == wanted)


def _since(call: Call, comments: list[Comment]) -> list[Comment]:
    since = call.asked_moment("since")
    if since is None:
        return comments
    return [one for one in comments if one.updated_at.replace(microsecond=0) >= since]


@ROUTES("GET", ISSUE + "/comments")
def comments(call: Call) -> Answer:
    issue = call.issue
    return call.page(_since(call, issue.comments), lambda one: comment_json(call.urls, call.repo, issue, one))


@ROUTES("GET", REPO + "/issues/comments")
def repository_comments(call: Call) -> Answer:
    every = [
        (issue, comment) for issue in call.repo.issues.values() for comment in _since(call, issue.comments)
    ]
    by_update = call.request.query.get("sort") == "updated"
    every.sort(
        key=lambda pair: (pair[1].updated_at if by_update else pair[1].created_at, pair[1].id),
        reverse=call.request.query.get("direction", "asc") == "desc",
    )
    return call.page(every, lambda pair: comment_json(call.urls, call.repo, *pair))


@ROUTES("POST", ISSUE + "/comments", WRITE)
def create_comment(call: Call) -> Answer:
    issue, body, now = call.issue, _body(call), call.sandbox.clock.now()
    if issue.locked and not call.may("write"):
        raise forbidden("Unable to create comment because issue is locked.")
    comment = Comment(call.store.next_id(), call.user, body, now, now, call.via_app)
    issue.comments.append(comment)
    call.repo.comment_threads[comment.id] = issue.number
    issue.updated_at = now
    _announce(call, issue, comment, "created")
    return created(comment_json(call.urls, call.repo, issue, comment))


@ROUTES("GET", COMMENT)
def comment(call: Call) -> Answer:
    return Answer(body=comment_json(call.urls, call.repo, *found_comment(call)))


@ROUTES("PATCH", COMMENT, WRITE)
def edit_comment(call: Call) -> Answer:
    issue, comment = found_comment(call)
    require_author_or(call, comment.user, "write")
    body, before = _body(call), comment.body
    if body != before:
        comment.body, comment.updated_at = body, call.sandbox.clock.now()
        issue.updated_at = comment.updated_at
        _announce(call, issue, comment, "edited", changes={"body": {"from": before}})
    return Answer(200, comment_json(call.urls, call.repo, issue, comment), changed=body != before)


@ROUTES("DELETE", COMMENT, WRITE)
def delete_comment(call: Call) -> Answer:
    issue, comment = found_comment(call)
    require_author_or(call, comment.user, "write")
    issue.comments.remove(comment)
    del call.repo.comment_threads[comment.id]
    _announce(call, issue, comment, "deleted")
    return no_content()
