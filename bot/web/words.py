"""The ledger's and the inbox's terms in the words of the pages."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, urlsplit

from bot.store.ledger import ITSELF, Plan, Step

ENTERPRISE_API = "/api/v3"

# Kinds that leave something behind which can be taken back.
REVERSIBLE = frozenset({"add_labels", "remove_labels", "upsert_comment", "upsert_issue", "set_pause"})

STATUS_WORDS = {
    "planned": "waiting",
    "started": "under way",
    "done": "done",
    "unchanged": "was so already",
    "skipped": "skipped",
    "failed": "failed",
    "observed": "would have done",
    "undone": "undone",
}

STATE_WORDS = {
    "received": "stored, next in line",
    "queued": "being worked on",
    "deferred": "waiting for its next try",
    "done": "done",
    "ignored": "no rule listens to it",
    "duplicate": "the same body came before",
    "quarantined": "cannot be read",
    "dead": "given up after several tries",
}


@dataclass(frozen=True, slots=True)
class Day:
    """The plans of one day, the newest first."""

    name: str
    plans: list[Plan]


def by_day(plans: Iterable[Plan], now: datetime) -> list[Day]:
    """Group plans, which come the newest first, by their day (UTC)."""
    days: list[Day] = []
    for plan in plans:
        name = _day_name(plan.created_at.astimezone(UTC).date(), now.date())
        if not days or days[-1].name != name:
            days.append(Day(name, []))
        days[-1].plans.append(plan)
    return days


def _day_name(day: date, today: date) -> str:
    year = "" if day.year == today.year else f" {day.year}"
    plain = f"{day.day} {day:%B}{year}"
    if day == today:
        return f"Today, {plain}"
    return f"Yesterday, {plain}" if day == today - timedelta(days=1) else plain


def event_words(event: str) -> str:
    """Return an event's name as people say it: ``PullRequestMerged`` -> ``pull request merged``."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", event).lower()


def told(plan: Plan) -> str:
    """Return what a plan is about, as people say it; by whom follows, where there was anybody."""
    return "looked at" if plan.actor == ITSELF else event_words(plan.event)


def status_words(step: Step) -> str:
    """Return what became of an action, in a few words."""
    if step.kind == "abstain":
        return "left alone"
    return STATUS_WORDS.get(step.status, step.status)


def can_undo(step: Step) -> bool:
    """Tell whether an action left something behind that can be taken back."""
    return step.status == "done" and step.kind in REVERSIBLE


def undoable(plan: Plan) -> Sequence[Step]:
    """Return a plan's actions that can be taken back, the last one first."""
    return [step for step in reversed(plan.steps) if can_undo(step)]


def web_url(api_url: str) -> str:
    """Return the address of GitHub's pages that belongs to an API.

    Args:
        api_url: ``https://api.github.com``, ``https://host/api/v3``, ``https://api.name.ghe.com``, or a
            sandbox's, whose pages have the same origin.
    """
    parts = urlsplit(api_url)
    host = parts.netloc
    if host == "api.github.com" or (host.startswith("api.") and host.endswith(".ghe.com")):
        host = host.removeprefix("api.")
    path = parts.path.rstrip("/").removesuffix(ENTERPRISE_API)
    return f"{parts.scheme}://{host}{path}"


def thread_url(web: str, repository: str, number: int) -> str:
    """Return a thread's page on GitHub, which leads from an issue's address to a pull request's by itself.

    Number 0 stands for the repository as a whole.
    """
    return f"{web}/{quote(repository)}/issues/{number}" if number else f"{web}/{quote(repository)}"
