"""What people say of accounts by a click: a bot, a person, or that what was said be forgotten."""

from typing import Annotated
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response

from bot.core.errors import UsherError
from bot.store.history import DASHBOARD, Histories, History
from bot.web.pages import NUMBER_LIMIT, Pages, client_of
from bot.web.wanted import Given, Wanted, known_history, line

log = structlog.get_logger(__name__)


def mark_routes(histories: Histories, pages: Pages) -> APIRouter:
    """Return the routes of the forms below a report."""
    router = APIRouter()
    _mark(router, histories, pages)
    _forget(router, histories, pages)
    return router


def _mark(router: APIRouter, histories: Histories, pages: Pages) -> None:
    @router.post("/r/{owner}/{name}/report/bots", dependencies=[pages.form])
    def mark(
        request: Request,
        owner: str,
        name: str,
        *,
        wanted: Given,
        login: Annotated[str, Form(max_length=100)],
        is_bot: Annotated[bool, Form()],
        account: Annotated[int | None, Form(ge=0, lt=NUMBER_LIMIT)] = None,
    ) -> Response:
        """Keep what somebody says of an account: that it is a bot, or that it is none.

        A login that was given up and taken again is that of two accounts: who types it means both.
        """
        history = known_history(histories, f"{owner}/{name}")
        people = histories.people(history.id)
        sought = login.strip().removeprefix("@").lower()
        found = [
            who
            for who, person in people.items()
            if (who == account if account is not None else person.login.lower() == sought)
        ]
        if not found:
            return _back(pages, history, wanted, f"No account {login} took part in {history.full_name}.")
        for who in found:
            _keep(histories, history, who, is_bot=is_bot)
            log.info(
                "bot.marked",
                repository=history.full_name,
                account=who,
                is_bot=is_bot,
                client=client_of(request),
            )
        name, verdict = people[found[0]].login, "a bot" if is_bot else "a person"
        said = f"{name} counts as {verdict} from now on."
        if len(found) > 1:
            said = f"{len(found)} accounts are called {name}; each counts as {verdict} from now on."
        return _back(pages, history, wanted, said)


def _keep(histories: Histories, history: History, account: int, *, is_bot: bool) -> None:
    """Raises HTTPException where the history was purged since it was found."""
    try:
        histories.mark(history.id, account, is_bot=is_bot, by=DASHBOARD)
    except UsherError as error:
        raise HTTPException(404, line(error)) from error


def _forget(router: APIRouter, histories: Histories, pages: Pages) -> None:
    @router.post("/r/{owner}/{name}/report/bots/forget", dependencies=[pages.form])
    def forget(
        request: Request,
        owner: str,
        name: str,
        *,
        wanted: Given,
        account: Annotated[int, Form(ge=0, lt=NUMBER_LIMIT)],
    ) -> Response:
        """Forget what somebody said of an account: it counts as what Usher itself takes it for."""
        history = known_history(histories, f"{owner}/{name}")
        person = histories.people(history.id).get(account)
        login = person.login if person else str(account)
        if not histories.forget_mark(history.id, account):
            said = f"Nothing was said of {login}, or it is forgotten already."
            return _back(pages, history, wanted, said)
        log.info("bot.forgotten", repository=history.full_name, account=account, client=client_of(request))
        said = f"Forgotten: {login} counts as what Usher itself takes it for."
        return _back(pages, history, wanted, said)


def _back(pages: Pages, history: History, wanted: Wanted, said: str) -> Response:
    return pages.go(f"/r/{quote(history.full_name)}/report{wanted.query}", said)
