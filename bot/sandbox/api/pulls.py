"""Pull requests: listing, opening, changing, merging, what they contain."""

from bot.sandbox import threads
from bot.sandbox.api.contents import shown_commit
from bot.sandbox.call import Call, Needs
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.people import user_json
from bot.sandbox.shapes.pulls import comparison_of, pull_json, pull_of, simple_pull_json
from bot.sandbox.shapes.repos import file_change_json
from bot.sandbox.things import Issue, Pull, Repository
from bot.sandbox.users import User
from bot.sandbox.web import Answer, ApiError, created, invalid

READ = Needs(("pull_requests:read",))
WRITE = Needs(("pull_requests:write",), "read", "someone")
ROUTES = Routes(READ)
REPO = "/repos/{owner}/{repo}"
PULL = REPO + "/pulls/{number}"


@ROUTES("GET", REPO + "/pulls")
def pulls(call: Call) -> Answer:
    query = call.request.query
    found = [issue for issue in call.repo.issues.values() if _wanted(call, issue)]
    by_update = query.get("sort") == "updated"
    found.sort(
        key=lambda one: (one.updated_at if by_update else one.created_at, one.number),
        reverse=query.get("direction", "asc" if "sort" in query else "desc") != "asc",
    )
    return call.page(found, lambda one: simple_pull_json(call.urls, call.repo, one))


def _wanted(call: Call, issue: Issue) -> bool:
    query, pull = call.request.query, issue.pull
    if pull is None or query.get("state", "open") not in ("all", issue.state):
        return False
    owner = "unknown" if pull.head_repo is None else pull.head_repo.owner.login
    here = f"{owner}:{pull.head_ref}"
    return query.get("base", pull.base_ref) == pull.base_ref and query.get("head", here) in (
        here,
        pull.head_ref,
    )


@ROUTES("POST", REPO + "/pulls", WRITE)
def create_pull(call: Call) -> Answer:
    repo, title, body = call.repo, call.required_text("PullRequest", "title"), call.text("body")
    threads.check_text("PullRequest", title, body)
    head_repo, head_ref = _head(call, call.required_text("PullRequest", "head"))
    base_ref = call.required_text("PullRequest", "base")
    if base_ref not in repo.branches:
        raise invalid("PullRequest", "base")
    head, base = head_repo.branches[head_ref], repo.branches[base_ref]
    if not repo.network.compare(base, head).commits:
        message = f"No commits between {base_ref} and {head_ref}"
        raise invalid("PullRequest", "head", "custom", message)
    pull = Pull(call.store.next_id(), head_repo, head_ref, head, base_ref, base, draft=call.flag("draft"))
    number, now = max(repo.issues, default=0) + 1, call.sandbox.clock.now()
    issue = Issue(call.store.next_id(), number, title, body, call.user, now, now, call.via_app, pull=pull)
    repo.issues[number] = issue
    threads.announce(call, issue, "opened")
    return created(pull_json(call.urls, repo, issue))


def _head(call: Call, named: str) -> tuple[Repository, str]:
    """`branch`, or `owner:branch` of a fork; the person must be able to push there."""
    owner, _, ref = named.rpartition(":")
    repo = call.repo
    if owner and owner.lower() != repo.owner.login.lower():
        forks = [one for one in call.store.repositories.values() if one.network is repo.network]
        repo = next((one for one in forks if one.owner.login.lower() == owner.lower()), repo)
    if ref not in repo.branches:
        raise invalid("PullRequest", "head")
    already = [issue for issue in call.repo.issues.values() if _is_open_from(issue, repo, ref)]
    if already:
        message = f"A pull request already exists for {repo.owner.login}:{ref}."
        raise invalid("PullRequest", "head", "custom", message)
    return repo, ref


def _is_open_from(issue: Issue, repo: Repository, ref: str) -> bool:
    pull = issue.pull
    return pull is not None and issue.state == "open" and (pull.head_repo, pull.head_ref) == (repo, ref)


@ROUTES("GET", PULL)
def pull(call: Call) -> Answer:
    return Answer(body=pull_json(call.urls, call.repo, call.pull))


@ROUTES("PATCH", PULL, WRITE)
def edit_pull(call: Call) -> Answer:
    issue = call.pull
    threads.require_author_or(call, issue.user, "write")
    state = call.text("state") or issue.state
    title, body, base = call.text("title"), call.text("body"), call.text("base")
    threads.check_text("PullRequest", title, body)
    threads.check_state(issue, state)
    changed = _change_base(call, issue, base)
    changed |= threads.edit_text(call, issue, title, body)
    changed |= threads.set_state(call, issue, state, None)
    return Answer(200, pull_json(call.urls, call.repo, issue), changed=changed)


def _change_base(call: Call, issue: Issue, base: str | None) -> bool:
    pull = pull_of(issue)
    if base is None or base == pull.base_ref:
        return False
    if base not in call.repo.branches:
        raise invalid("PullRequest", "base")
    before = {"ref": {"from": pull.base_ref}, "sha": {"from": pull.base_sha}}
    pull.base_ref, pull.base_sha = base, call.repo.branches[base]
    threads.record(call, issue, "base_ref_changed")
    threads.announce(call, issue, "edited", changes={"base": before})
    return True


@ROUTES("PUT", REPO + "/_sandbox/pulls/{number}/draft", WRITE)
def edit_draft(call: Call) -> Answer:
    """How the sandbox's people do what only GraphQL does on GitHub."""
    changed = threads.set_draft(call, call.pull, call.flag("draft"))
    return Answer(200, pull_json(call.urls, call.repo, call.pull), changed=changed)


@ROUTES("GET", PULL + "/files")
def files(call: Call) -> Answer:
    pull = pull_of(call.pull)
    changes = comparison_of(call.repo, pull).changes
    return call.page(changes, lambda one: file_change_json(call.urls, call.repo, pull.head_sha, one))


@ROUTES("GET", PULL + "/commits")
def commits(call: Call) -> Answer:
    compared = comparison_of(call.repo, pull_of(call.pull))
    return call.page(compared.commits, lambda one: shown_commit(call, one))


def _requested(call: Call) -> Answer:
    people = pull_of(call.pull).requested_reviewers
    return Answer(body={"users": [user_json(call.urls, one) for one in people], "teams": []})


@ROUTES("GET", PULL + "/requested_reviewers")
def requested_reviewers(call: Call) -> Answer:
    return _requested(call)


def _reviewers(call: Call) -> list[User]:
    names = call.names("reviewers") or []
    people = threads.find_people(call, names)
    if len(people) < len(names) or call.pull.user in people:
        raise ApiError(422, "Reviews may only be requested from collaborators.")
    return people


@ROUTES("POST", PULL + "/requested_reviewers", WRITE)
def request_reviewers(call: Call) -> Answer:
    call.require("triage")
    issue, pull = call.pull, pull_of(call.pull)
    new = [user for user in _reviewers(call) if user not in pull.requested_reviewers]
    for user in new:
        pull.requested_reviewers.append(user)
        threads.record(call, issue, "review_requested", requested_reviewer=user, review_requester=call.user)
        threads.announce(call, issue, "review_requested", requested_reviewer=user_json(call.urls, user))
    return Answer(201, simple_pull_json(call.urls, call.repo, issue), changed=bool(new))


@ROUTES("DELETE", PULL + "/requested_reviewers", WRITE)
def remove_reviewers(call: Call) -> Answer:
    call.require("triage")
    issue, pull = call.pull, pull_of(call.pull)
    gone = [user for user in _reviewers(call) if user in pull.requested_reviewers]
    for user in gone:
        pull.requested_reviewers.remove(user)
        details = {"requested_reviewer": user, "review_requester": call.user}
        threads.record(call, issue, "review_request_removed", **details)
        threads.announce(call, issue, "review_request_removed", requested_reviewer=user_json(call.urls, user))
    return Answer(200, simple_pull_json(call.urls, call.repo, issue), changed=bool(gone))
