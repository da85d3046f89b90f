"""What the rules decided about an event, before it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.config import Config
from bot.core.actions import SetCheck, UpsertComment
from bot.core.events import (
    CommandGiven,
    Event,
    MergeGroupFormed,
    PullRequestMerged,
    PullRequestUpdated,
    ReleaseLook,
    ThreadEvent,
)
from bot.core.facts import CurrentThread, Fact
from bot.core.pull_actions import FollowRelease, MergePull, UpdateBranch, UpsertIssue
from bot.core.pulls import PullRequest
from bot.rules.contribution_flow import contribution_flow, of_unknown
from bot.store.flows import Flows
from bot.store.inbox import Delivery
from bot.store.ledger import ITSELF, Ledger, PlanHeader, Planned

# Actions that say how things stand, and how else than well the last of them may have ended for the same not
# to be said again: a comment that a person deleted stays away; a check that was not allowed may be so by now.
STANDING = {
    UpsertComment.kind: ("skipped",),
    UpsertIssue.kind: ("skipped",),
    SetCheck.kind: (),
    MergePull.kind: (),
    UpdateBranch.kind: (),
    FollowRelease.kind: (),
}
LOOKS = (PullRequestUpdated, ReleaseLook)  # events of which many say the same


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
        actor=ITSELF if is_look(event) else event.actor.login[:100],
    )


def is_look(event: Event) -> bool:
    """Whether nobody did anything: Usher looks by itself."""
    return isinstance(event, ReleaseLook) or (isinstance(event, PullRequestUpdated) and event.what == "look")


def titled(header: PlanHeader, facts: Mapping[type[Fact], Fact]) -> PlanHeader:
    """Return a header with the title of its thread, where not the event but a fact tells it."""
    known = (facts.get(kind) for kind in (PullRequest, CurrentThread))
    found = (one.title for one in known if isinstance(one, PullRequest | CurrentThread))
    return header if header.title else replace(header, title=next(found, ""))


def is_news(ledger: Ledger, flows: Flows, event: ThreadEvent, item: Planned) -> bool:
    """Whether it is worth a plan to say how something stands: not where that was said before.

    The ledger tells what was said, so that nothing is taken for said that was never planned. A check may
    have been written since for another pull request at the same commit.
    """
    if not isinstance(event, LOOKS) or item.action.kind not in STANDING:
        return True
    where, action = event.repository.id, item.action
    sha = action.sha if isinstance(action, SetCheck) else ""  # a commit that a merge queue made has its own
    run = flows.run(where, sha, action.name) if isinstance(action, SetCheck) else None
    if run is not None and run.number != event.thread.number:
        return True
    last = ledger.latest(where, event.thread.number, item.rule, action.kind, sha=sha)
    settled = ("done", "unchanged", *STANDING[action.kind]) if item.acts else ("observed",)
    return last is None or last.status not in settled or last.args != action.args()


def of_unknown_group(
    delivery: Delivery, event: MergeGroupFormed, config: Config, *, dry_run: bool
) -> Decision:
    """What is decided about a merge group whose pull request GitHub does not find: its queue is answered."""
    decision, rule = Decision(header_of(delivery, event)), contribution_flow
    if config.enabled(rule) and config.flow.check:  # type: ignore[attr-defined]
        acts = config.mode_for(rule) == "act" and not dry_run
        decision.planned.append(Planned(rule.name, of_unknown(event), acts))
    return decision


def is_of_a_merge(event: Event) -> bool:
    """Whether it tells how a merge goes on, which is decided upon though Usher, or a queue for it, did it."""
    if isinstance(event, PullRequestUpdated):
        return event.what == "dequeued"
    return isinstance(event, PullRequestMerged | MergeGroupFormed)


def is_a_push(event: Event) -> bool:
    """Whether it tells of new commits, since when they are there counts though Usher brought them."""
    return isinstance(event, PullRequestUpdated) and event.what == "synchronize"


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
