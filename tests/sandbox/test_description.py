"""A tour of every route the sandbox has; each answer must fit GitHub's own description of it."""

import json
import re
from typing import Any

import httpx
import pytest

from bot.sandbox.api import ROUTER
from bot.sandbox.manifest import new_code
from tests.sandbox.openapi import problems_of_answer
from tests.sandbox.world import REPO, World

# Routes that GitHub's description at hand does not have.
UNDESCRIBED = {
    "GET /": "too plain to be described",
    "GET /repos/{owner}/{repo}/contents": "described with a path only",
    "GET /repos/{owner}/{repo}/rules/branches/{branch:path}": "not part of the trimmed description",
    "GET /user/installations": "not part of the trimmed description",
    "GET /user/installations/{id}/repositories": "not part of the trimmed description",
    "GET /user/repos": "not part of the trimmed description",
    "POST /graphql": "described by a schema of its own",
    "POST /repos/{owner}/{repo}/_sandbox/commits": "the sandbox's stand-in for git push",
    "PUT /repos/{owner}/{repo}/_sandbox/pulls/{number}/draft": "how the sandbox's people do it",
}

Step = tuple[str, str, dict[str, Any] | None]
NOTE = {"path": "a.py", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "m"}
OUTPUT = {"title": "Done", "summary": "All there", "annotations": [NOTE]}
ON_LINE = {"path": "src/app.py", "line": 1, "body": "Why?"}

# `{name}` is the id of what an earlier step answered; `NAME=` before a path remembers it.
APP: list[Step] = [
    ("GET", "/app", None),
    ("GET", "/apps/usher", None),
    ("GET", "/app/installations", None),
    ("GET", "/app/installations/{installation}", None),
    ("GET", "/orgs/octo/installation", None),
    ("GET", "/users/octo/installation", None),
    ("GET", "R/installation", None),
    ("GET", "/app/hook/config", None),
    ("PATCH", "/app/hook/config", {"secret": "x"}),
    ("GET", "delivery=/app/hook/deliveries", None),
    ("GET", "/app/hook/deliveries/{delivery}", None),
    ("POST", "/app/hook/deliveries/{delivery}/attempts", None),
    ("POST", "/app-manifests/{code}/conversions", None),
    ("POST", "/app/installations/{installation}/access_tokens", {"repositories": ["engine"]}),
    ("PUT", "/app/installations/{installation}/suspended", None),
    ("DELETE", "/app/installations/{installation}/suspended", None),
    ("DELETE", "/app/installations/{installation}", None),
]
BOT: list[Step] = [
    ("GET", "/", None),
    ("GET", "/meta", None),
    ("GET", "/rate_limit", None),
    ("POST", "/graphql", {"query": "query { rateLimit { cost } }"}),
    ("GET", "/installation/repositories", None),
    ("POST", "R/issues", {"title": "It crashes", "body": "Traceback", "labels": ["bug"]}),
    ("POST", "run=R/check-runs", {"name": "flow", "head_sha": "{sha}", "status": "in_progress"}),
    ("GET", "R/check-runs/{run}", None),
    ("PATCH", "R/check-runs/{run}", {"conclusion": "success", "output": OUTPUT}),
    ("GET", "R/check-runs/{run}/annotations", None),
    ("GET", "R/commits/{sha}/check-runs", None),
    ("GET", "suite=R/commits/{sha}/check-suites", None),
    ("GET", "R/check-suites/{suite}/check-runs", None),
    ("POST", "R/statuses/{sha}", {"state": "success", "context": "ci"}),
    ("GET", "R/commits/{sha}/status", None),
    ("DELETE", "/installation/token", None),
]
REPOSITORY: list[Step] = [
    ("GET", "/user", None),
    ("GET", "/user/repos", None),
    ("GET", "/user/installations", None),
    ("GET", "/user/installations/{installation}/repositories", None),
    ("GET", "/users/lee", None),
    ("GET", "R", None),
    ("GET", "R/collaborators", None),
    ("PUT", "R/collaborators/pat", {"permission": "push"}),
    ("GET", "R/collaborators/pat", None),
    ("GET", "R/collaborators/pat/permission", None),
    ("DELETE", "R/collaborators/pat", None),
    ("GET", "R/assignees", None),
    ("POST", "R/forks", None),
    ("GET", "R/forks", None),
    ("GET", "R/contents", None),
    ("GET", "R/contents/src/app.py", None),
    ("GET", "R/readme", None),
    ("PUT", "R/contents/new.txt", {"message": "m", "content": "eA=="}),
    ("DELETE", "R/contents/new.txt", {"message": "m", "sha": "c1b0730e0133447badcfd47fd144e254807b06e1"}),
    ("POST", "R/_sandbox/commits", {"files": {"a": "eA=="}}),
    ("GET", "R/git/blobs/c1b0730e0133447badcfd47fd144e254807b06e1", None),
    ("GET", "R/commits", None),
    ("GET", "R/commits/main", None),
    ("GET", "R/compare/{sha}...main", None),
    ("GET", "R/branches", None),
    ("GET", "R/branches/main", None),
    ("GET", "R/git/ref/heads/main", None),
    ("GET", "R/git/matching-refs/heads", None),
    ("GET", "R/git/commits/{sha}", None),
    ("GET", "R/git/trees/{sha}", None),
    ("POST", "release=R/releases", {"tag_name": "v1", "draft": True}),
    ("PATCH", "R/releases/{release}", {"draft": False}),
    ("GET", "R/releases", None),
    ("GET", "R/releases/{release}", None),
    ("GET", "R/releases/latest", None),
    ("GET", "R/releases/tags/v1", None),
    ("DELETE", "R/releases/{release}", None),
]
THREADS: list[Step] = [
    ("GET", "R/labels", None),
    ("POST", "R/labels", {"name": "kind/x", "color": "ff0000"}),
    ("GET", "R/labels/kind%2Fx", None),
    ("PATCH", "R/labels/kind%2Fx", {"description": "X"}),
    ("DELETE", "R/labels/kind%2Fx", None),
    ("POST", "R/milestones", {"title": "v1"}),
    ("GET", "R/milestones", None),
    ("GET", "R/milestones/1", None),
    ("PATCH", "R/milestones/1", {"description": "One"}),
    ("GET", "R/issues", None),
    ("GET", "R/issues/1", None),
    ("PATCH", "R/issues/1", {"title": "Other", "milestone": 1}),
    ("GET", "R/issues/1/labels", None),
    ("POST", "R/issues/1/labels", {"labels": ["bug", "question"]}),
    ("DELETE", "R/issues/1/labels/bug", None),
    ("PUT", "R/issues/1/labels", {"labels": ["wontfix"]}),
    ("DELETE", "R/issues/1/labels", None),
    ("POST", "R/issues/1/assignees", {"assignees": ["wes"]}),
    ("DELETE", "R/issues/1/assignees", {"assignees": ["wes"]}),
    ("POST", "comment=R/issues/1/comments", {"body": "Hello"}),
    ("GET", "R/issues/1/comments", None),
    ("GET", "R/issues/comments", None),
    ("GET", "R/issues/comments/{comment}", None),
    ("PATCH", "R/issues/comments/{comment}", {"body": "Hello!"}),
    ("POST", "reaction=R/issues/comments/{comment}/reactions", {"content": "+1"}),
    ("GET", "R/issues/comments/{comment}/reactions", None),
    ("DELETE", "R/issues/comments/{comment}/reactions/{reaction}", None),
    ("POST", "reaction=R/issues/1/reactions", {"content": "eyes"}),
    ("GET", "R/issues/1/reactions", None),
    ("DELETE", "R/issues/1/reactions/{reaction}", None),
    ("PUT", "R/issues/1/lock", {"lock_reason": "spam"}),
    ("DELETE", "R/issues/1/lock", None),
    ("GET", "R/issues/1/timeline", None),
    ("DELETE", "R/issues/comments/{comment}", None),
    ("GET", "R/issues/1/events", None),
    ("GET", "event=R/issues/events", None),
    ("GET", "R/issues/events/{event}", None),
]
PULLS: list[Step] = [
    ("GET", "R/pulls", None),
    ("GET", "R/pulls/2", None),
    ("PATCH", "R/pulls/2", {"title": "feat: y"}),
    ("PUT", "R/_sandbox/pulls/2/draft", {"draft": True}),
    ("PUT", "R/_sandbox/pulls/2/draft", {"draft": False}),
    ("GET", "R/pulls/2/files", None),
    ("GET", "R/pulls/2/commits", None),
    ("POST", "R/pulls/2/requested_reviewers", {"reviewers": ["wes"]}),
    ("GET", "R/pulls/2/requested_reviewers", None),
    ("DELETE", "R/pulls/2/requested_reviewers", {"reviewers": ["wes"]}),
    ("POST", "review=R/pulls/2/reviews", {"event": "REQUEST_CHANGES", "body": "No", "comments": [ON_LINE]}),
    ("GET", "R/pulls/2/reviews", None),
    ("GET", "R/pulls/2/reviews/{review}", None),
    ("PUT", "R/pulls/2/reviews/{review}", {"body": "No!"}),
    ("GET", "R/pulls/2/reviews/{review}/comments", None),
    ("PUT", "R/pulls/2/reviews/{review}/dismissals", {"message": "Well"}),
    ("POST", "review=R/pulls/2/reviews", None),
    ("POST", "R/pulls/2/reviews/{review}/events", {"event": "APPROVE"}),
    ("POST", "comment=R/pulls/2/comments", {**ON_LINE, "commit_id": "x"}),
    ("GET", "R/pulls/2/comments", None),
    ("GET", "R/pulls/comments", None),
    ("GET", "R/pulls/comments/{comment}", None),
    ("PATCH", "R/pulls/comments/{comment}", {"body": "Hm"}),
    ("POST", "R/pulls/2/comments/{comment}/replies", {"body": "Because"}),
    ("DELETE", "R/pulls/comments/{comment}", None),
    ("GET", "R/issues/2/timeline", None),
    ("POST", "R/_sandbox/commits", {"files": {"b": "eA=="}}),
    ("PUT", "R/pulls/2/update-branch", {}),
    ("GET", "R/rules/branches/main", None),
    ("PUT", "R/pulls/2/merge", {}),
    ("GET", "R/pulls/2/merge", None),
    ("GET", "R/pulls/2", None),
    ("POST", "R/pulls", {"title": "Topic", "head": "topic", "base": "main"}),
    ("DELETE", "R/git/refs/heads/topic", None),
]


def _first_id(answer: Any) -> str:
    if isinstance(answer, dict) and "id" not in answer:  # a list with its total
        answer = next(value for value in answer.values() if isinstance(value, list))
    return str((answer[0] if isinstance(answer, list) else answer)["id"])


def _walk(client: httpx.Client, steps: list[Step], known: dict[str, str]) -> list[str]:
    """Take the steps; returns the names of the routes they took."""
    taken = []
    for method, place, body in steps:
        name, _, path = place.rpartition("=") if re.match(r"\w+=", place) else ("", "", place)
        path = re.sub("^R", REPO, path.format(**known))
        sent = json.loads(re.sub(r'"\{(\w+)\}"', lambda found: f'"{known[found[1]]}"', json.dumps(body)))
        answer = client.request(method, path, json=sent)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        if name:
            known[name] = _first_id(answer.json())
        taken.append(ROUTER.find(method, path)[0].name)
    return taken


def test_every_answer_fits_the_description(world: World) -> None:
    problems_of_answer("GET", "/meta", 200, {})  # skips the tour where there is no description
    sandbox = world.sandbox
    known = {
        "installation": str(world.installation.id),
        "code": new_code(sandbox, world.app),
        "sha": sandbox.repo("octo/engine").branches["main"],
    }
    taken = _walk(world.bot(), BOT, known)
    maya, lee = world.person("maya"), sandbox.as_user("lee")
    taken += _walk(maya, REPOSITORY + THREADS, known)
    lee.open_pull("octo/engine", "feat: x", files={"src/app.py": "1\n2\n"})
    sandbox.as_user("wes").push("octo/engine", {"topic.txt": "x"}, branch="topic")
    taken += _walk(maya, PULLS, known)
    world.settle()
    taken += _walk(world.as_app(), APP, known)
    assert {route.name for route in ROUTER.all} - set(taken) == set(), "the tour leaves routes out"


def test_every_route_is_one_of_githubs(world: World) -> None:
    undescribed = set()
    for route in ROUTER.all:
        path = re.sub(r"\{\w+(:path)?\}", "x", route.template)
        # An empty answer fits no description, so a described operation has something to say against it.
        statuses = (200, 201, 202, 204)
        if not any(problems_of_answer(route.method, path, status, None) for status in statuses):
            undescribed.add(route.name)
    assert undescribed == set(UNDESCRIBED)


@pytest.mark.parametrize("event", ["issues", "push", "installation"])
def test_the_descriptions_do_find_mistakes(event: str) -> None:
    from tests.sandbox.openapi import problems_of_webhook

    assert problems_of_answer("GET", REPO + "/issues/1", 200, {"id": 1})
    assert problems_of_answer("GET", REPO + "/issues/1", 418, {"message": 1})
    assert problems_of_webhook(event, {"action": "deleted"} if event != "push" else {})
