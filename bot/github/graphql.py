"""What GraphQL adds to REST: a POST that only reads, and refusals in an answer that says 200."""

from collections.abc import Mapping
from typing import Any

from github import GithubException

# The status with which GitHub's REST API says the same; all others tell of a request that it does not take.
STATUSES = {
    "NOT_FOUND": 404,
    "FORBIDDEN": 403,
    "INSUFFICIENT_SCOPES": 403,
    "RATE_LIMITED": 429,
    "RESOURCE_LIMITS_EXCEEDED": 503,
    "SERVICE_UNAVAILABLE": 503,
}
REFUSED, OVERTAXED = 422, 502
OF_A_THING = 2  # steps of an error's path to one thing out of many: `nodes`, 7
_OVERTAXED = ("something went wrong", "timeout", "timed out", "couldn't respond")  # said where no type is


def counts_as(document: str) -> str:
    """Return the verb by which limits are kept: a query reads, a mutation changes what there is."""
    return "PATCH" if document.lstrip().startswith("mutation") else "GET"


def data_of(answer: Any, headers: Mapping[str, str], *, all_or_nothing: bool = True) -> dict[str, Any]:
    """Return what was asked for.

    Args:
        answer: the body of an answer with status 200.
        headers: of that answer; they say how long a limit holds.
        all_or_nothing: False takes null in the place of things that GitHub does not have, and of details that
            the App may not see.

    Raises:
        GithubException: GitHub refused all or a part of it; with the status that REST would have.
    """
    errors = answer.get("errors")
    if not errors or (not all_or_nothing and answer.get("data") and all(map(_is_a_gap, errors))):
        return dict(answer["data"])
    status = next(filter(None, map(_status, errors)), REFUSED)
    message = "; ".join(str(one.get("message")) for one in errors)
    raise GithubException(status, {"message": message}, dict(headers))


def _is_a_gap(error: Mapping[str, Any]) -> bool:
    """Whether only null stands for something: a thing that is gone, or a detail that the App may not see."""
    kind, place = error.get("type"), error.get("path") or ()
    return kind == "NOT_FOUND" or (STATUSES.get(kind or "") == 403 and len(place) > OF_A_THING)


def _status(error: Mapping[str, Any]) -> int | None:
    kind, message = error.get("type"), str(error.get("message")).lower()
    if kind is None and any(words in message for words in _OVERTAXED):
        return OVERTAXED
    return STATUSES.get(kind or "")
