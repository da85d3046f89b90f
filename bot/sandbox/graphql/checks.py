"""How a pull request's head was checked: its check runs and commit statuses together."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.clock import stamp
from bot.sandbox.graphql.timelines import page_of
from bot.sandbox.things import CheckRun, Json, Pull, Status


def rollup(call: Call, pull: Pull) -> Json | None:
    """What `statusCheckRollup` is; null where nothing checked the head."""
    sha = pull.head_sha
    runs = [_run_node(one) for one in call.repo.check_runs.values() if one.head_sha == sha]
    latest = {one.context: one for one in call.repo.statuses if one.sha == sha}
    found = [*runs, *map(_status_node, latest.values())]
    return {"id": f"SCR_sandbox{sha}", "contexts": _contexts(found)} if found else None


def _contexts(found: list[Json]) -> Callable[..., Json]:
    def contexts(_info: Any, first: int | None = None, after: str | None = None, **_more: Any) -> Json:
        return page_of(found, first, after)

    return contexts


def _run_node(run: CheckRun) -> Json:
    app = {"id": f"A_sandbox{run.app.id}", "slug": run.app.slug}
    return {
        "__typename": "CheckRun",
        "id": f"CR_sandbox{run.id}",
        "name": run.name,
        "status": run.status.upper(),
        "conclusion": None if run.conclusion is None else run.conclusion.upper(),
        "startedAt": stamp(run.started_at),
        "checkSuite": {"id": f"CS_sandbox{run.suite_id}", "app": app},
    }


def _status_node(status: Status) -> Json:
    return {
        "__typename": "StatusContext",
        "id": f"SC_sandbox{status.id}",
        "context": status.context,
        "state": status.state.upper(),
        "createdAt": stamp(status.created_at),
    }
