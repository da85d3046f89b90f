"""Check runs and check suites, which only Apps may write."""

from bot.sandbox.call import Call, Needs
from bot.sandbox.pushing import known_commit, resolve
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.checks import (
    check_run_json,
    check_suite_json,
    runs_of,
    suite_result,
)
from bot.sandbox.shapes.repos import repo_json
from bot.sandbox.things import App, CheckRun, CheckSuite, Json
from bot.sandbox.web import Answer, ApiError, created, forbidden, invalid, not_found

READ = Needs(("checks:read",))
WRITE = Needs(("checks:write",), "write", "someone")
ROUTES = Routes(READ)
REPO = "/repos/{owner}/{repo}"
RUN = REPO + "/check-runs/{id}"
SUITE = REPO + "/check-suites/{id}"
MOST_ANNOTATIONS = 50
LONGEST_TEXT = 65_535
STATUSES = ("queued", "in_progress", "completed", "waiting", "requested", "pending")
CONCLUSIONS = (
    "action_required",
    "cancelled",
    "failure",
    "neutral",
    "success",
    "skipped",
    "stale",
    "timed_out",
)


def _own_app(call: Call) -> App:
    if call.via_app is None:
        raise forbidden("You must authenticate via a GitHub App.")
    return call.via_app


@ROUTES("POST", REPO + "/check-runs", WRITE)
def create_check_run(call: Call) -> Answer:
    app, name = _own_app(call), call.required_text("CheckRun", "name")
    sha = known_commit(call.repo, call.required_text("CheckRun", "head_sha")).sha
    suite = _suite(call, app, sha)
    run = CheckRun(call.store.next_id(), suite.id, name, sha, app, "queued", call.sandbox.clock.now())
    _change(call, run)
    call.repo.check_runs[run.id] = run
    _announce_run(call, run, "created")
    if run.status == "completed":
        _completed(call, run, suite)
    return created(check_run_json(call.urls, call.repo, run))


def _suite(call: Call, app: App, sha: str) -> CheckSuite:
    for suite in call.repo.check_suites.values():
        if suite.head_sha == sha and suite.app is app:
            return suite
    now = call.sandbox.clock.now()
    suite = CheckSuite(call.store.next_id(), sha, app, now, now)
    call.repo.check_suites[suite.id] = suite
    return suite


def _change(call: Call, run: CheckRun) -> None:
    """Take over what the request says; everything is checked before anything is changed."""
    output, conclusion = call.fields("output"), call.text("conclusion", run.conclusion)
    status = "completed" if call.text("conclusion") else call.text("status", run.status)
    if status not in STATUSES or (conclusion is not None and conclusion not in CONCLUSIONS):
        raise invalid("CheckRun", "conclusion")
    if status == "completed" and conclusion is None:
        raise invalid("CheckRun", "conclusion", "missing_field")
    name, external_id = call.text("name", run.name), call.text("external_id", run.external_id)
    details_url, started = call.text("details_url", run.details_url), call.moment("started_at")
    completed = call.moment("completed_at") or run.completed_at or call.sandbox.clock.now()
    if output is not None:
        _change_output(run, output)
    run.name, run.external_id, run.details_url = name or run.name, external_id or "", details_url
    run.started_at, run.status = started or run.started_at, status
    run.conclusion = conclusion if status == "completed" else None
    run.completed_at = completed if status == "completed" else None


def _change_output(run: CheckRun, output: Json) -> None:
    annotations = output.get("annotations") or []
    if not isinstance(annotations, list) or not all(isinstance(one, dict) for one in annotations):
        raise invalid("CheckRun", "annotations")
    if len(annotations) > MOST_ANNOTATIONS:
        raise ApiError(422, f"Invalid request.\n\nNo more than {MOST_ANNOTATIONS} items are allowed.")
    for name in ("summary", "text"):
        if len(str(output.get(name) or "")) > LONGEST_TEXT:
            message = f"{name} exceeds a maximum bytesize of {LONGEST_TEXT}"
            raise invalid("CheckRun", name, "custom", message)
    if "title" not in output and run.title is None:
        raise ApiError(422, 'Invalid request.\n\n"title" wasn\'t supplied.')
    run.title = output.get("title", run.title)
    run.summary = output.get("summary", run.summary)
    run.text = output.get("text", run.text)
    run.annotations += annotations  # further requests add to them


def _announce_run(call: Call, run: CheckRun, action: str) -> None:
    suite = check_suite_json(call.urls, call.repo, call.repo.check_suites[run.suite_id])
    shown = check_run_json(call.urls, call.repo, run) | {"check_suite": suite}
    call.sandbox.hooks.announce(call.repo, call.user, "check_run", {"action": action, "check_run": shown})


def _completed(call: Call, run: CheckRun, suite: CheckSuite) -> None:
    _announce_run(call, run, "completed")
    suite.updated_at = call.sandbox.clock.now()
    if suite_result(runs_of(call.repo, suite))[0] == "completed":
        shown = check_suite_json(call.urls, call.repo, suite)
        payload = {"action": "completed", "check_suite": shown}
        call.sandbox.hooks.announce(call.repo, call.user, "check_suite", payload)


def _found(call: Call) -> CheckRun:
    found = call.repo.check_runs.get(call.number("id"))
    if found is None:
        raise not_found()
    return found


@ROUTES("GET", RUN)
def check_run(call: Call) -> Answer:
    return Answer(body=check_run_json(call.urls, call.repo, _found(call)))


@ROUTES("PATCH", RUN, WRITE)
def edit_check_run(call: Call) -> Answer:
    run = _found(call)
    if run.app is not _own_app(call):
        raise forbidden(f"Invalid app_id `{run.app.id}`: a check run can only be modified by its App.")
    before, was_completed = check_run_json(call.urls, call.repo, run), run.status == "completed"
    _change(call, run)
    shown = check_run_json(call.urls, call.repo, run)
    if run.status == "completed" and not was_completed:
        _completed(call, run, call.repo.check_suites[run.suite_id])
    return Answer(200, shown, changed=shown != before)


@ROUTES("GET", RUN + "/annotations")
def annotations(call: Call) -> Answer:
    run = _found(call)
    optional = dict.fromkeys(("start_column", "end_column", "title", "raw_details"))
    blob = f"{call.urls.repo_html(call.repo)}/blob/{run.head_sha}/"
    return call.page(
        run.annotations, lambda one: {**optional, **one, "blob_href": blob + str(one.get("path"))}
    )


def _wanted(call: Call, run: CheckRun) -> bool:
    query = call.request.query
    return (
        query.get("check_name", run.name) == run.name
        and query.get("status", run.status) == run.status
        and query.get("app_id", str(run.app.id)) == str(run.app.id)
    )


def _list(call: Call, runs: list[CheckRun]) -> Answer:
    found = [run for run in runs if _wanted(call, run)]
    if call.request.query.get("filter", "latest") == "latest":
        found = list({(run.app.id, run.name): run for run in found}.values())
    answer = call.page(found[::-1], lambda one: check_run_json(call.urls, call.repo, one))
    answer.body = {"total_count": len(found), "check_runs": answer.body}
    return answer


@ROUTES("GET", REPO + "/commits/{ref}/check-runs")
def check_runs_of_ref(call: Call) -> Answer:
    sha = resolve(call.repo, call.params["ref"]).sha
    return _list(call, [run for run in call.repo.check_runs.values() if run.head_sha == sha])


@ROUTES("GET", REPO + "/commits/{ref}/check-suites")
def check_suites_of_ref(call: Call) -> Answer:
    sha = resolve(call.repo, call.params["ref"]).sha
    found = [one for one in call.repo.check_suites.values() if one.head_sha == sha]
    repo = {"repository": repo_json(call.urls, call.repo)}
    answer = call.page(found, lambda one: check_suite_json(call.urls, call.repo, one) | repo)
    answer.body = {"total_count": len(found), "check_suites": answer.body}
    return answer


@ROUTES("GET", SUITE + "/check-runs")
def check_runs_of_suite(call: Call) -> Answer:
    suite = call.repo.check_suites.get(call.number("id"))
    if suite is None:
        raise not_found()
    return _list(call, runs_of(call.repo, suite))
