"""What GraphQL adds to REST: a POST that only reads, and refusals in an answer that says 200."""

from collections.abc import Mapping
from typing import Any

from github import GithubException

# The status with which GitHub's REST API says the same; all others tell of a request that it does not take.
STATUSES = {"NOT_FOUND": 404, "FORBIDDEN": 403, "INSUFFICIENT_SCOPES": 403, "RATE_LIMITED": 429}
REFUSED = 422


def counts_as(document: str) -> str:
    """Return the verb by which limits are kept: a query reads, a mutation changes what there is."""
    return "PATCH" if document.lstrip().startswith("mutation") else "GET"


def data_of(answer: Any, headers: Mapping[str, str]) -> dict[str, Any]:
    """Return what was asked for.

    Args:
        answer: the body of an answer with status 200.
        headers: of that answer; they say how long a limit holds.

    Raises:
        GithubException: GitHub refused all or a part of it; with the status that REST would have.
    """
    errors = answer.get("errors")
    if not errors:
        return dict(answer["data"])
    status = next((STATUSES[one["type"]] for one in errors if one.get("type") in STATUSES), REFUSED)
    message = "; ".join(str(one.get("message")) for one in errors)
    raise GithubException(status, {"message": message}, dict(headers))
