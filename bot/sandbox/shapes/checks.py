"""Check runs, check suites and commit statuses."""

from bot.sandbox.clock import stamp, stamp_or_none
from bot.sandbox.shapes.people import app_json, user_json
from bot.sandbox.shapes.repos import repo_json, simple_commit_json
from bot.sandbox.shapes.urls import Urls
from bot.sandbox.things import CheckRun, CheckSuite, Issue, Json, Repository, Status

STATUS_ORDER = ("failure", "error", "pending", "success")


def check_run_json(urls: Urls, repo: Repository, run: CheckRun) -> Json:
    url = f"{urls.repo(repo)}/check-runs/{run.id}"
    html = f"{urls.repo_html(repo)}/runs/{run.id}"
    return {
        "id": run.id,
        "node_id": f"CR_sandbox{run.id}",
        "name": run.name,
        "head_sha": run.head_sha,
        "external_id": run.external_id,
        "url": url,
        "html_url": html,
        "details_url": run.details_url or html,
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": stamp(run.started_at),
        "completed_at": stamp_or_none(run.completed_at),
        "output": {
            "title": run.title,
            "summary": run.summary,
            "text": run.text,
            "annotations_count": len(run.annotations),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": run.suite_id},
        "app": app_json(urls, run.app),
        "pull_requests": pulls_of_head(urls, repo, run.head_sha),
    }


def pulls_of_head(urls: Urls, repo: Repository, sha: str) -> list[Json]:
    """The open pull requests from this repository's own branches at that commit, in brief."""
    return [
        _brief_pull(urls, repo, issue)
        for issue in repo.issues.values()
        if issue.pull is not None
        and issue.state == "open"
        and issue.pull.head_sha == sha
        and issue.pull.head_repo is repo
    ]


def _brief_pull(urls: Urls, repo: Repository, issue: Issue) -> Json:
    assert issue.pull is not None, "only pull requests are asked for"
    brief = {"id": repo.id, "url": urls.repo(repo), "name": repo.name}
    return {
        "id": issue.pull.id,
        "number": issue.number,
        "url": urls.pull(repo, issue),
        "head": {"ref": issue.pull.head_ref, "sha": issue.pull.head_sha, "repo": brief},
        "base": {"ref": issue.pull.base_ref, "sha": issue.pull.base_sha, "repo": brief},
    }


def runs_of(repo: Repository, suite: CheckSuite) -> list[CheckRun]:
    return [run for run in repo.check_runs.values() if run.suite_id == suite.id]


def suite_result(runs: list[CheckRun]) -> tuple[str, str | None]:
    """Status and conclusion: not completed until every run is; the worst run decides."""
    if not runs:
        return "queued", None
    if any(run.status != "completed" for run in runs):
        return "in_progress", None
    conclusions = {run.conclusion for run in runs}
    for worst in ("failure", "timed_out", "cancelled", "action_required", "success"):
        if worst in conclusions:
            return "completed", worst
    return "completed", "neutral"


def check_suite_json(urls: Urls, repo: Repository, suite: CheckSuite) -> Json:
    runs, commit = runs_of(repo, suite), repo.network.commits[suite.head_sha]
    status, conclusion = suite_result(runs)
    url = f"{urls.repo(repo)}/check-suites/{suite.id}"
    return {
        "id": suite.id,
        "node_id": f"CS_sandbox{suite.id}",
        "head_branch": next((name for name, sha in repo.branches.items() if sha == suite.head_sha), None),
        "head_sha": suite.head_sha,
        "status": status,
        "conclusion": conclusion,
        "url": url,
        "before": commit.parents[0] if commit.parents else None,
        "after": suite.head_sha,
        "pull_requests": pulls_of_head(urls, repo, suite.head_sha),
        "app": app_json(urls, suite.app),
        "created_at": stamp(suite.created_at),
        "updated_at": stamp(suite.updated_at),
        "latest_check_runs_count": len(runs),
        "check_runs_url": f"{url}/check-runs",
        "head_commit": simple_commit_json(commit),
    }


def status_json(urls: Urls, repo: Repository, status: Status) -> Json:
    return {
        "url": f"{urls.repo(repo)}/statuses/{status.sha}",
        "avatar_url": f"{urls.html}/avatars/{status.creator.id}",
        "id": status.id,
        "node_id": f"SC_sandbox{status.id}",
        "state": status.state,
        "description": status.description,
        "target_url": status.target_url,
        "context": status.context,
        "created_at": stamp(status.created_at),
        "updated_at": stamp(status.created_at),
        "creator": user_json(urls, status.creator),
    }


def combined_status_json(urls: Urls, repo: Repository, sha: str) -> Json:
    """The newest status of each context, and the worst of them."""
    latest = {one.context: one for one in repo.statuses if one.sha == sha}
    states = {one.state for one in latest.values()}
    worst = next((state for state in STATUS_ORDER if state in states), "pending")
    commit = f"{urls.repo(repo)}/commits/{sha}"
    return {
        "state": "failure" if worst == "error" else worst,
        "sha": sha,
        "total_count": len(latest),
        "statuses": [status_json(urls, repo, one) for one in latest.values()],
        "repository": repo_json(urls, repo),
        "commit_url": commit,
        "url": f"{commit}/status",
    }
