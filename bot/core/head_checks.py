"""How the checks of a pull request's head stand together, from what GraphQL says of them."""

from collections.abc import Mapping
from typing import Any

from bot.core.history import ChecksState
from bot.core.payload import items_at, mapping_at, text_at
from bot.core.pull_json import latest_checks
from bot.core.pulls import Check, Checks

_UNDER_WAY = frozenset({"pending", "expected"})


def checks_state(checks: Checks) -> ChecksState | None:
    """Return what checks say together; None where not all of them were read, and none has failed."""
    if checks.failed:
        return "red"
    if not checks.is_complete:
        return None
    if checks.under_way:
        return "pending"
    return "green" if checks.checks else "none"


def checks_from(pull: Mapping[str, Any], own_app: str) -> Checks:
    """Return the checks of the head.

    Args:
        pull: with its ``statusCheckRollup``, which is null where there are no checks.
        own_app: the slug of an App whose checks do not count.
    """
    contexts = mapping_at(mapping_at(pull, "statusCheckRollup"), "contexts")
    found = sorted(items_at(contexts, "nodes"), key=_began, reverse=True)  # it may hold earlier attempts
    others = (check for node in found if (check := _check(node)).app != own_app)
    is_complete = mapping_at(contexts, "pageInfo").get("hasNextPage") is not True
    return Checks(latest_checks(others), is_complete=is_complete)


def _began(node: object) -> str:
    """When, in a form that sorts; what has not begun yet is the newest."""
    return text_at(node, "startedAt") or text_at(node, "createdAt") or "later"


def _check(node: object) -> Check:
    if text_at(node, "__typename") == "StatusContext":
        state = text_at(node, "state").lower()
        return Check(text_at(node, "context"), "" if state in _UNDER_WAY else state)
    is_done = text_at(node, "status") == "COMPLETED"
    app = text_at(mapping_at(mapping_at(node, "checkSuite"), "app"), "slug")
    return Check(text_at(node, "name"), text_at(node, "conclusion").lower() if is_done else "", app)
