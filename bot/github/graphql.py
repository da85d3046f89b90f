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
_OVERTAXED = ("something went wrong", "timeout", "timed out", "couldn't respond")  # said where no type is


def counts_as(document: str) -> str:
    """Return the verb by which limits are kept: a query reads, a mutation changes what there is."""
    return "PATCH" if document.lstrip().startswith("mutation") else "GET"


def data_of(answer: Any, headers: Mapping[str, str], *, all_or_nothing: bool = True) -> dict[str, Any]:
    """Return what was asked for.

    Args:
        answer: the body of an answer with status 200.
        headers: of that answer; they say how long a limit holds.
        all_or_nothing: False takes null in the place of things that GitHub does not have.

    Raises:
        GithubException: GitHub refused all or a part of it; with the status that REST would have.
    """
    errors = answer.get("errors")
    if not errors or (not all_or_nothing and answer.get("data") and all(map(_is_missing, errors))):
        return dict(answer["data"])
    status = next(filter(None, map(_status, errors)), REFUSED)
    message = "; ".join(str(one.get("message")) for one in errors)
    raise GithubException(status, {"message": message}, dict(headers))


def _is_missing(error: Mapping[str, Any]) -> bool:
    return error.get("type") == "NOT_FOUND"


def _status(error: Mapping[str, Any]) -> int | None:
    kind, message = error.get("type"), str(error.get("message")).lower()
    if kind is None and any(words in message for words in _OVERTAXED):
        return OVERTAXED
    return STATUSES.get(kind or "")
