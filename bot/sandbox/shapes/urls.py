"""The addresses that answers carry."""

from urllib.parse import quote

from bot.sandbox.things import Issue, Json, Repository
from bot.sandbox.web import API_PREFIX


class Urls:
    """`html` is where people look; `api` is where programs ask, prefixed as on Enterprise Server."""

    def __init__(self, base: str) -> None:
        self.html = base.rstrip("/")
        self.api = self.html + API_PREFIX
        self.people: dict[int, Json] = {}  # rendered once: a person never changes
        self.fixed: dict[int, Json] = {}  # what never changes about a repository

    def repo(self, repo: Repository) -> str:
        return f"{self.api}/repos/{repo.full_name}"

    def repo_html(self, repo: Repository) -> str:
        return f"{self.html}/{repo.full_name}"

    def issue(self, repo: Repository, issue: Issue) -> str:
        return f"{self.repo(repo)}/issues/{issue.number}"

    def issue_html(self, repo: Repository, issue: Issue) -> str:
        kind = "issues" if issue.pull is None else "pull"
        return f"{self.repo_html(repo)}/{kind}/{issue.number}"

    def pull(self, repo: Repository, issue: Issue) -> str:
        return f"{self.repo(repo)}/pulls/{issue.number}"

    def label(self, repo: Repository, name: str) -> str:
        return f"{self.repo(repo)}/labels/{quote(name, safe='')}"
