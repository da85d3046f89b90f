"""What GraphQL adds to REST: a POST that only reads, and refusals in an answer that says 200."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from github import GithubException

from bot.core.errors import RetryLater
from bot.core.payload import text_at

# The status with which GitHub's REST API says the same; all others tell of a request that it does not take.
STATUSES = {
    "NOT_FOUND": 404,
    "FORBIDDEN": 403,
    "INSUFFICIENT_SCOPES": 403,
    "RATE_LIMITED": 429,
    "RESOURCE_LIMITS_EXCEEDED": 503,
    "SERVICE_UNAVAILABLE": 503,
}
MISSING, REFUSED, OVERTAXED = 404, 422, 502
OF_A_THING = 2  # steps of an error's path to a thing, such as `repository`, `issue`: more lead into it
_OVERTAXED = ("something went wrong", "timeout", "timed out", "couldn't respond")  # said where no type is
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What GraphQL answered.

    Args:
        data: what was asked for, with null in the place of each gap.
        gone: where something stands that GitHub does not have, such as ``("nodes", 7)``.
        hidden: where something stands that the App may not see.
    """

    data: dict[str, Any]
    gone: frozenset[Path] = frozenset()
    hidden: frozenset[Path] = frozenset()


def counts_as(document: str) -> str:
    """Return the verb by which limits are kept: a query reads, a mutation changes what there is."""
    return "PATCH" if document.lstrip().startswith("mutation") else "GET"


def told_by(answer: Any, headers: Mapping[str, str], *, all_or_nothing: bool = True) -> Told:
    """Return what was asked for.

    Args:
        answer: the body of an answer with status 200.
        headers: of that answer; they say how long a limit holds.
        all_or_nothing: False takes null in the place of things that GitHub does not have, and of parts of a
            thing that the App may not see.

    Raises:
        RetryLater: the body is none that GraphQL has, such as one from something in between.
        GithubException: GitHub refused all or a part of it; with the status that REST would have.
    """
    data, errors = _parts(answer)
    gaps = [_gap(one) for one in errors]
    if data is not None and (not errors or (not all_or_nothing and all(gaps))):
        gone = frozenset(place for place, status in filter(None, gaps) if status == MISSING)
        return Told(data, gone, frozenset(place for place, _status in filter(None, gaps)) - gone)
    status = next(filter(None, map(_status, errors)), REFUSED)
    message = "; ".join(text_at(one, "message") or "no reason was given" for one in errors)
    raise GithubException(status, {"message": message}, dict(headers))


def _parts(answer: Any) -> tuple[dict[str, Any] | None, list[Mapping[str, Any]]]:
    """The data and the errors of an answer: at least one of them is there."""
    if isinstance(answer, Mapping):
        data, errors = answer.get("data"), answer.get("errors") or []
        are_errors = isinstance(errors, list) and all(isinstance(one, Mapping) for one in errors)
        if are_errors and isinstance(data, Mapping):
            return dict(data), errors
        if are_errors and errors and data is None:
            return None, errors
    raise RetryLater("GitHub's answer cannot be read: it is none of GraphQL's, though its status is 200")


def _gap(error: Mapping[str, Any]) -> tuple[Path, int] | None:
    """Where null stands for something, and why; None where the error tells of more than that."""
    place, status = _place(error), STATUSES.get(text_at(error, "type"), 0)
    is_one_of_many = len(place) > 1 and isinstance(place[1], int)
    is_part = status == STATUSES["FORBIDDEN"] and (is_one_of_many or len(place) > OF_A_THING)
    return (place, status) if status == MISSING or is_part else None


def _place(error: Mapping[str, Any]) -> Path:
    path = error.get("path")
    steps = path if isinstance(path, list) else []
    return tuple(step for step in steps if isinstance(step, str | int))


def _status(error: Mapping[str, Any]) -> int | None:
    kind, message = text_at(error, "type"), text_at(error, "message").lower()
    if not kind and any(words in message for words in _OVERTAXED):
        return OVERTAXED
    return STATUSES.get(kind)
