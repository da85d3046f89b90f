"""What the rules decided about an event, before it is saved."""

from dataclasses import dataclass, field
from typing import Any

from bot.core.events import CommandGiven, ThreadEvent
from bot.core.facts import CurrentThread
from bot.store.inbox import Delivery
from bot.store.ledger import PlanHeader, Planned


@dataclass(slots=True)
class Decision:
    """What the rules want done about a delivery, before it is saved."""

    header: PlanHeader
    planned: list[Planned] = field(default_factory=list)
    thread: CurrentThread | None = None


def header_of(delivery: Delivery, event: ThreadEvent) -> PlanHeader:
    """Return what a plan about this event says of itself."""
    name = type(event).__name__
    command = f"/{event.name} {event.text}".strip() if isinstance(event, CommandGiven) else None
    return PlanHeader(
        delivery=delivery.id or None,
        guid=delivery.guid,
        installation=event.repository.installation,
        repository_id=event.repository.id,
        repository=event.repository.full_name,
        number=event.thread.number,
        event=name,
        title=command or event.thread.title,
        actor=event.actor.login[:100],
    )


def plan_json(delivery: Delivery, decision: Decision) -> dict[str, Any]:
    """One line of ``usher receive --json``: a delivery and what is planned about it."""
    return {
        "delivery": delivery.guid,
        "event": delivery.event,
        "action": decision.header.event,
        "thread": f"{decision.header.repository}#{decision.header.number}",
        "plan": [
            {
                "rule": item.rule,
                "kind": item.action.kind,
                "target": f"{decision.header.repository}#{decision.header.number}",
                "args": item.action.args(),
                "reason": item.action.reason,
                "status": "planned" if item.acts else "observed",
            }
            for item in decision.planned
        ],
    }
