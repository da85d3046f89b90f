"""Reviews of pull requests and the comments on their lines."""

from typing import Any

from bot.sandbox import threads
from bot.sandbox.call import Call, Needs
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.pulls import (
    comparison_of,
    pull_of,
    review_comment_json,
    review_json,
    simple_pull_json,
)
from bot.sandbox.things import Issue, Json, Review, ReviewComment
from bot.sandbox.web import Answer, ApiError, created, invalid, no_content, not_found

READ = Needs(("pull_requests:read",))
WRITE = Needs(("pull_requests:write",), "read", "someone")
ROUTES = Routes(READ)
REPO = "/repos/{owner}/{repo}"
PULL = REPO + "/pulls/{number}"
REVIEW = PULL + "/reviews/{id}"
COMMENT = REPO + "/pulls/comments/{id}"
STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


@ROUTES("GET", PULL + "/reviews")
def reviews(call: Call) -> Answer:
    shown = pull_of(call.pull).reviews
    return call.page(shown, lambda one: review_json(call.urls, call.repo, call.pull, one))


@ROUTES("POST", PULL + "/reviews", WRITE)
def create_review(call: Call) -> Answer:
    """Pending without an event, as on GitHub."""
    issue, pull = call.pull, pull_of(call.pull)
    body, sha = call.text("body") or "", call.text("commit_id") or pull.head_sha
    review = Review(call.store.next_id(), call.user, body, "PENDING", sha, None)
    comments = call.json.get("comments") or []
    for one in comments:
        if not isinstance(one, dict) or not one.get("path") or not one.get("body"):
            raise invalid("PullRequestReviewComment", "path", "missing_field")
    if call.text("event") is not None:
        _check_event(call, issue, body)
    made = [_new_comment(call, issue, one, review) for one in comments]
    pull.reviews.append(review)
    pull.review_comments += made
    if call.text("event") is not None:
        _submit(call, issue, review)
    return Answer(200, review_json(call.urls, call.repo, issue, review))


def _check_event(call: Call, issue: Issue, body: str) -> str:
    event = call.text("event") or ""
    if event not in STATES:
        raise invalid("PullRequestReview", "event")
    if event != "COMMENT" and call.user is issue.user:
        wanted = "approve" if event == "APPROVE" else "request changes on"
        raise ApiError(422, "Unprocessable Entity", [f"Can not {wanted} your own pull request"])
    if event != "APPROVE" and not body and not call.json.get("comments"):
        raise ApiError(422, "Unprocessable Entity", ["Review must have a body or comments"])
    return event


def _submit(call: Call, issue: Issue, review: Review) -> None:
    pull = pull_of(issue)
    review.state = STATES[_check_event(call, issue, review.body)]
    review.submitted_at = issue.updated_at = call.sandbox.clock.now()
    if review.user in pull.requested_reviewers:
        pull.requested_reviewers.remove(review.user)
    _announce_review(call, issue, review, "submitted")


def _announce_review(call: Call, issue: Issue, review: Review, action: str) -> None:
    """Webhooks write the state in lower case, the API in capitals."""
    shown = review_json(call.urls, call.repo, issue, review) | {"state": review.state.lower()}
    _announce(call, issue, "pull_request_review", {"action": action, "review": shown})


def _announce(call: Call, issue: Issue, event: str, payload: Json) -> None:
    payload["pull_request"] = simple_pull_json(call.urls, call.repo, issue)
    call.sandbox.hooks.announce(call.repo, call.user, event, payload)


def _found(call: Call) -> Review:
    wanted = call.number("id")
    for review in pull_of(call.pull).reviews:
        if review.id == wanted:
            return review
    raise not_found()


@ROUTES("GET", REVIEW)
def review(call: Call) -> Answer:
    return Answer(body=review_json(call.urls, call.repo, call.pull, _found(call)))


@ROUTES("PUT", REVIEW, WRITE)
def edit_review(call: Call) -> Answer:
    review, body = _found(call), call.required_text("PullRequestReview", "body")
    threads.require_author_or(call, review.user, "write")
    changed, review.body = review.body != body, body
    return Answer(200, review_json(call.urls, call.repo, call.pull, review), changed=changed)


@ROUTES("POST", REVIEW + "/events", WRITE)
def submit_review(call: Call) -> Answer:
    review = _found(call)
    if review.user is not call.user or review.submitted_at is not None:
        raise ApiError(422, "Can not submit a review that is not pending.")
    review.body = call.text("body") or review.body
    _submit(call, call.pull, review)
    return Answer(body=review_json(call.urls, call.repo, call.pull, review))


@ROUTES("PUT", REVIEW + "/dismissals", WRITE)
def dismiss_review(call: Call) -> Answer:
    call.require("write")
    review, message = _found(call), call.required_text("PullRequestReview", "message")
    if review.state not in ("APPROVED", "CHANGES_REQUESTED"):
        raise ApiError(422, f"Can not dismiss a {review.state.lower()} pull request review")
    dismissed: Json = {
        "state": review.state.lower(),
        "review_id": review.id,
        "dismissal_message": message,
    }
    review.state = "DISMISSED"
    threads.record(call, call.pull, "review_dismissed", dismissed_review=dismissed)
    _announce_review(call, call.pull, review, "dismissed")
    return Answer(body=review_json(call.urls, call.repo, call.pull, review))


@ROUTES("GET", REVIEW + "/comments")
def review_comments(call: Call) -> Answer:
    review, issue = _found(call), call.pull
    own = [one for one in pull_of(issue).review_comments if one.review_id == review.id]
    return call.page(own, lambda one: review_comment_json(call.urls, call.repo, issue, one))


@ROUTES("GET", PULL + "/comments")
def pull_comments(call: Call) -> Answer:
    shown = pull_of(call.pull).review_comments
    return call.page(shown, lambda one: review_comment_json(call.urls, call.repo, call.pull, one))


@ROUTES("GET", REPO + "/pulls/comments")
def repository_comments(call: Call) -> Answer:
    every = [
        (issue, comment)
        for issue in call.repo.issues.values()
        if issue.pull is not None
        for comment in issue.pull.review_comments
    ]
    return call.page(every, lambda pair: review_comment_json(call.urls, call.repo, *pair))


@ROUTES("POST", PULL + "/comments", WRITE)
def create_comment(call: Call) -> Answer:
    call.required_text("PullRequestReviewComment", "body")
    call.required_text("PullRequestReviewComment", "path")
    return _post_comment(call, _new_comment(call, call.pull, call.json, None))


@ROUTES("POST", PULL + "/comments/{id}/replies", WRITE)
def reply(call: Call) -> Answer:
    _, first = _found_comment(call)
    told = {
        "body": call.required_text("PullRequestReviewComment", "body"),
        "path": first.path,
        "line": first.line,
    }
    made = _new_comment(call, call.pull, told, None)
    made.in_reply_to = first.id
    return _post_comment(call, made)


def _post_comment(call: Call, made: ReviewComment) -> Answer:
    issue = call.pull
    pull_of(issue).review_comments.append(made)
    issue.updated_at = made.created_at
    shown = review_comment_json(call.urls, call.repo, issue, made)
    _announce(call, issue, "pull_request_review_comment", {"action": "created", "comment": shown})
    return created(shown)


def _new_comment(call: Call, issue: Issue, told: dict[str, Any], review: Review | None) -> ReviewComment:
    pull, now = pull_of(issue), call.sandbox.clock.now()
    changed = {change.path: change for change in comparison_of(call.repo, pull).changes}
    if told["path"] not in changed:
        raise invalid("PullRequestReviewComment", "path")
    return ReviewComment(
        call.store.next_id(),
        call.user,
        str(told["body"]),
        told["path"],
        told.get("line") or told.get("position"),
        str(told.get("side") or "RIGHT"),
        str(told.get("commit_id") or pull.head_sha),
        changed[told["path"]].patch or "",
        now,
        now,
        None if review is None else review.id,
    )


def _found_comment(call: Call) -> tuple[Issue, ReviewComment]:
    wanted = call.number("id")
    for issue in call.repo.issues.values():
        for comment in issue.pull.review_comments if issue.pull is not None else ():
            if comment.id == wanted:
                return issue, comment
    raise not_found()


@ROUTES("GET", COMMENT)
def comment(call: Call) -> Answer:
    return Answer(body=review_comment_json(call.urls, call.repo, *_found_comment(call)))


@ROUTES("PATCH", COMMENT, WRITE)
def edit_comment(call: Call) -> Answer:
    issue, comment = _found_comment(call)
    threads.require_author_or(call, comment.user, "write")
    body = call.required_text("PullRequestReviewComment", "body")
    changed, comment.body, comment.updated_at = comment.body != body, body, call.sandbox.clock.now()
    return Answer(200, review_comment_json(call.urls, call.repo, issue, comment), changed=changed)


@ROUTES("DELETE", COMMENT, WRITE)
def delete_comment(call: Call) -> Answer:
    issue, comment = _found_comment(call)
    threads.require_author_or(call, comment.user, "write")
    pull_of(issue).review_comments.remove(comment)
    return no_content()
