"""The dashboard: the ledger with its reasons, one thread's history with undo, and the deliveries."""

from datetime import UTC, datetime
from urllib.parse import quote

import structlog
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bot.core.errors import UsherError
from bot.store.history import Histories
from bot.store.inbox import FAILED, STATES, UNFINISHED
from bot.store.ledger import Plan
from bot.store.own_issues import OwnIssues
from bot.web import words
from bot.web.pages import NUMBER_LIMIT, PER_PAGE, READ, Number, Pages, client_of
from bot.web.services import Services

MOST_PAGES = 10_000
GROUPS = {"waiting": UNFINISHED, "failed": FAILED, **{state: (state,) for state in STATES}}

log = structlog.get_logger(__name__)


def dashboard_routes(services: Services, pages: Pages, histories: Histories) -> APIRouter:
    """Return the routes of the ledger and of the deliveries."""
    router = APIRouter()
    _ledger(router, services, pages, histories)
    _thread(router, services, pages)
    _undo(router, services, pages)
    _deliveries(router, services, pages)
    return router


def _ledger(router: APIRouter, services: Services, pages: Pages, histories: Histories) -> None:
    github = words.web_url(services.settings.github_api_url)

    @router.api_route("/", methods=READ)
    def ledger(request: Request, repository: str = "", before: Number | None = None) -> Response:
        """Show recent plans; the form leads to the page of one repository."""
        if repository:
            return pages.go(f"/r/{quote(repository)}")
        found = services.ledger.recent(limit=PER_PAGE + 1, before=before)
        shown = found[:PER_PAGE]
        counts, deliveries = services.ledger.counts(), services.inbox.counts()
        return pages.render(
            request,
            "ledger",
            app=services.credentials,
            counts=counts,
            days=words.by_day(shown, datetime.now(UTC)),
            failed_deliveries=sum(deliveries.get(state, 0) for state in FAILED),
            github=github,
            histories=[] if shown else histories.names(),
            newer=before is not None,
            older=f"/?before={shown[-1].id}" if len(found) > PER_PAGE else None,
            repositories=[record.full_name for record in services.registry.all_repositories()],
            words=words,
        )


def _thread(router: APIRouter, services: Services, pages: Pages) -> None:
    @router.api_route("/r/{owner}/{name}/{number:int}", methods=READ)
    def thread(request: Request, owner: str, name: str, number: int) -> Response:
        """Show everything that happened on one thread."""
        if number >= NUMBER_LIMIT:
            raise HTTPException(404)
        plans = _plans(services, f"{owner}/{name}", number)
        if not plans:
            raise HTTPException(404, "Usher has done nothing on this thread, or what it did was purged.")
        title = next((plan.title for plan in plans if not plan.title.startswith("/")), "")
        return pages.render(
            request,
            "thread",
            days=words.by_day(plans, datetime.now(UTC)),
            github=words.web_url(services.settings.github_api_url),
            number=number,
            paused=services.registry.is_paused(plans[0].repository_id, number),
            repository=plans[0].repository,
            title=title,
            words=words,
        )


def _plans(services: Services, repository: str, number: int) -> list[Plan]:
    """What happened on a thread, the newest first; of an issue that Usher keeps, also what opened it."""
    plans = services.ledger.of_thread(repository, number)
    whole = services.ledger.of_thread(repository, 0) if number else []
    own = OwnIssues(services.database)
    purposes = {own.purpose(each, number) for each in {plan.repository_id for plan in whole}} - {None}
    opened = (plan for plan in whole if any(step.args.get("purpose") in purposes for step in plan.steps))
    return [*plans, *opened]


def _undo(router: APIRouter, services: Services, pages: Pages) -> None:
    def revert(request: Request, actions: list[int], plan_id: int) -> Response:
        plan = services.ledger.get(plan_id)
        if plan is None:
            raise HTTPException(404, "There is no such plan.")
        said = []
        for action in actions:
            try:
                said.append(f"Undone: {services.undo(action)}.")
            except UsherError as error:
                said.append(f"Not undone: {error}.")
                break
            log.info("action.undone", action=action, client=client_of(request))
        where = f"/r/{plan.repository}/{plan.number}"
        return pages.go(where, " ".join(said) or "There is nothing left to undo.")

    @router.post("/actions/{action:int}/undo", dependencies=[pages.form])
    def undo_action(request: Request, action: int) -> Response:
        """Take back one action."""
        step = services.ledger.step(action) if action < NUMBER_LIMIT else None
        if step is None:
            raise HTTPException(404, "There is no such action.")
        return revert(request, [step.id], step.plan)

    @router.post("/plans/{plan_id:int}/undo", dependencies=[pages.form])
    def undo_plan(request: Request, plan_id: int) -> Response:
        """Take back everything that one plan did, the last action first."""
        plan = services.ledger.get(plan_id) if plan_id < NUMBER_LIMIT else None
        if plan is None:
            raise HTTPException(404, "There is no such plan.")
        return revert(request, [step.id for step in words.undoable(plan)], plan_id)


def _deliveries(router: APIRouter, services: Services, pages: Pages) -> None:
    @router.api_route("/deliveries", methods=READ)
    def deliveries(request: Request, state: str = "", page: Number = 0) -> Response:
        """Show deliveries, the newest first."""
        if state and state not in GROUPS:
            raise HTTPException(404, "There is no such state of deliveries.")
        offset = min(page, MOST_PAGES) * PER_PAGE
        found = services.inbox.recent(states=GROUPS.get(state, ()), limit=PER_PAGE + 1, offset=offset)
        counts = services.inbox.counts()
        return pages.render(
            request,
            "deliveries",
            app=services.credentials,
            counts={group: sum(counts.get(each, 0) for each in states) for group, states in GROUPS.items()},
            deliveries=found[:PER_PAGE],
            failed=FAILED,
            more=len(found) > PER_PAGE,
            page=page,
            state=state,
            total=sum(counts.values()),
            words=words,
        )

    @router.post("/deliveries/{delivery:int}/retry", dependencies=[pages.form])
    def retry(request: Request, delivery: int) -> Response:
        """Put a failed delivery back in line."""
        again = services.inbox.retry([delivery]) if delivery < NUMBER_LIMIT else 0
        services.wake()
        log.info("delivery.retried", delivery=delivery, count=again, client=client_of(request))
        said = (
            f"Delivery {delivery} is back in line." if again else f"Delivery {delivery} is not a failed one."
        )
        return pages.go("/deliveries?state=failed", said)
