"""People for tests and demos: what a person does on GitHub's pages, done by the handlers of the REST API."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bot.sandbox.auth import Caller
from bot.sandbox.serving import perform
from bot.sandbox.state import State
from bot.sandbox.store import at_least
from bot.sandbox.things import Json, Repository
from bot.sandbox.users import User
from bot.sandbox.web import Request, encode


class Person:
    """Repositories are named `owner/name`; answers are what the REST API answers; refusals are `ApiError`."""

    def __init__(self, sandbox: State, user: User) -> None:
        self._sandbox, self.user = sandbox, user

    def request(self, method: str, path: str, body: Json | None = None) -> Any:
        raw = b"" if body is None else encode(body)
        request = Request(method, path, body=raw)
        with self._sandbox.lock:
            answer = perform(self._sandbox, request, Caller(user=self.user))
            return json.loads(answer.encoded() or b"null")

    def _on(self, repo: str, method: str, path: str, body: Json | None = None) -> Any:
        return self.request(method, f"/repos/{repo}{path}", body)

    # Issues, and what pull requests share with them

    def open_issue(self, repo: str, title: str, body: str = "", labels: list[str] | None = None) -> Json:
        wanted = {"title": title, "body": body, "labels": labels or []}
        return dict(self._on(repo, "POST", "/issues", wanted))

    def edit(self, repo: str, number: int, **fields: Any) -> Json:
        """Change an issue's or a pull request's title, body, state, labels, ..."""
        return dict(self._on(repo, "PATCH", f"/issues/{number}", fields))

    def close(self, repo: str, number: int, reason: str = "completed") -> Json:
        return self.edit(repo, number, state="closed", state_reason=reason)

    def reopen(self, repo: str, number: int) -> Json:
        return self.edit(repo, number, state="open")

    def comment(self, repo: str, number: int, body: str) -> Json:
        return dict(self._on(repo, "POST", f"/issues/{number}/comments", {"body": body}))

    def edit_comment(self, repo: str, comment_id: int, body: str) -> Json:
        return dict(self._on(repo, "PATCH", f"/issues/comments/{comment_id}", {"body": body}))

    def delete_comment(self, repo: str, comment_id: int) -> None:
        self._on(repo, "DELETE", f"/issues/comments/{comment_id}")

    def add_label(self, repo: str, number: int, *names: str) -> None:
        self._on(repo, "POST", f"/issues/{number}/labels", {"labels": list(names)})

    def remove_label(self, repo: str, number: int, name: str) -> None:
        self._on(repo, "DELETE", f"/issues/{number}/labels/{quote(name, safe='')}")

    def assign(self, repo: str, number: int, *logins: str) -> None:
        self._on(repo, "POST", f"/issues/{number}/assignees", {"assignees": list(logins)})

    def unassign(self, repo: str, number: int, *logins: str) -> None:
        self._on(repo, "DELETE", f"/issues/{number}/assignees", {"assignees": list(logins)})

    def lock(self, repo: str, number: int, reason: str = "resolved") -> None:
        self._on(repo, "PUT", f"/issues/{number}/lock", {"lock_reason": reason})

    # Code

    def push(
        self,
        repo: str,
        files: Mapping[str, str | bytes | None],
        message: str = "Update",
        branch: str | None = None,
    ) -> str:
        """Commit files (None deletes one) to a branch, by default the main one; returns the commit's id."""
        tree = {path: None if data is None else _base64(data) for path, data in files.items()}
        wanted = {"branch": branch, "message": message, "files": tree}
        return str(self._on(repo, "POST", "/_sandbox/commits", wanted)["sha"])

    def open_pull(
        self,
        repo: str,
        title: str,
        body: str = "",
        files: Mapping[str, str | bytes | None] | None = None,
        *,
        branch: str | None = None,
        base: str | None = None,
        draft: bool = False,
        message: str | None = None,
    ) -> Json:
        """Open a pull request with these changes; from a fork where the person may not push."""
        target = self._sandbox.repo(repo)
        source = target if at_least(target, self.user, "write") else self._fork(target)
        ref = branch or f"{self.user.login}-patch-{len(target.issues) + 1}"
        start = target.branches[base or target.default_branch]
        source.branches.setdefault(ref, start)
        self.push(source.full_name, files or {"change.txt": title}, message or title, ref)
        head = ref if source is target else f"{source.owner.login}:{ref}"
        wanted = {
            "title": title,
            "body": body,
            "head": head,
            "base": base or target.default_branch,
            "draft": draft,
        }
        return dict(self._on(repo, "POST", "/pulls", wanted))

    def _fork(self, target: Repository) -> Repository:
        made = self._on(target.full_name, "POST", "/forks")
        return self._sandbox.repo(made["full_name"])

    def push_to_pull(
        self, repo: str, number: int, files: Mapping[str, str | bytes | None], message: str = "Update"
    ) -> str:
        pull = self._sandbox.repo(repo).issues[number].pull
        assert pull is not None, f"{repo}#{number} is not a pull request"
        assert pull.head_repo is not None, f"the fork behind {repo}#{number} is gone"
        return self.push(pull.head_repo.full_name, files, message, pull.head_ref)

    def ready(self, repo: str, number: int) -> Json:
        return self._set_draft(repo, number, draft=False)

    def draft(self, repo: str, number: int) -> Json:
        return self._set_draft(repo, number, draft=True)

    def _set_draft(self, repo: str, number: int, *, draft: bool) -> Json:
        return dict(self._on(repo, "PUT", f"/_sandbox/pulls/{number}/draft", {"draft": draft}))

    def review(self, repo: str, number: int, event: str = "APPROVE", body: str = "") -> Json:
        return dict(self._on(repo, "POST", f"/pulls/{number}/reviews", {"event": event, "body": body}))

    def request_review(self, repo: str, number: int, *logins: str) -> None:
        self._on(repo, "POST", f"/pulls/{number}/requested_reviewers", {"reviewers": list(logins)})

    def merge(self, repo: str, number: int, **fields: str) -> Json:
        """`fields` such as `merge_method` and `commit_title`."""
        return dict(self._on(repo, "PUT", f"/pulls/{number}/merge", fields))

    def release(self, repo: str, tag: str, body: str = "", *, draft: bool = False) -> Json:
        wanted = {"tag_name": tag, "name": tag, "body": body, "draft": draft}
        return dict(self._on(repo, "POST", "/releases", wanted))


def _base64(data: str | bytes) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()
