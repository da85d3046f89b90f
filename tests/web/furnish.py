"""A ledger and an inbox as they look after a few days of work."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.core.actions import Abstain, Action, AddLabels, RemoveLabels, UpsertComment
from bot.store.inbox import Incoming
from bot.store.ledger import Plan, PlanHeader, Planned
from bot.store.tables import deliveries, plans
from bot.web.services import Services

# What somebody might write in a title to break out of it.
NASTY_TITLE = "<script>alert(1)</script> \u202e @acme/team fixes #1 <img src=https://evil.example/x.png> -->"
HOUR = timedelta(hours=1)
NASTY_LABEL = '"><b>bold</b>'


def header(**changed: object) -> PlanHeader:
    """Return what a plan is about."""
    plain = PlanHeader(
        delivery=None,
        guid="guid",
        installation=7,
        repository_id=1,
        repository="acme/widgets",
        number=12,
        event="IssueOpened",
        title="Crash when saving a file",
        actor="maya",
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def label(name: str, reason: str, confidence: float | None = None) -> AddLabels:
    return AddLabels(labels=(name,), reason=reason, confidence=confidence)


def save(
    services: Services,
    about: PlanHeader,
    *actions: Action,
    status: str = "done",
    age: timedelta | None = None,
) -> Plan:
    """Save a plan whose actions came to the given status, some time ago."""
    rule = "triage" if about.event == "IssueOpened" else "label_command"
    acts = status != "observed"
    plan = services.ledger.save(about, [Planned(rule, action, acts) for action in actions])
    for step in plan.steps if acts else ():
        services.ledger.start(step.id, {"labels": []})
        services.ledger.finish(step.id, status)
    if age is not None:
        with services.database.engine.begin() as connection:
            moved = sa.update(plans).where(plans.c.id == plan.id)
            connection.execute(moved.values(created_at=datetime.now(UTC) - age))
    saved = services.ledger.get(plan.id)
    assert saved is not None
    return saved


def furnish(services: Services) -> None:
    """Fill the ledger and the inbox."""
    services.registry.add_repositories(7, ["acme/widgets", "acme/engine"])
    _engine(services)
    _widgets(services)
    _inbox(services)


def _engine(services: Services) -> None:
    save(
        services,
        header(number=9, title="Please support AMD GPUs", repository="acme/engine", actor="li-wei"),
        label("enhancement", 'saw "please support", "it would be great"', 0.93),
        status="observed",
        age=30 * HOUR,
    )
    save(
        services,
        header(number=8, title=NASTY_TITLE, repository="acme/engine", actor="mallory"),
        label(NASTY_LABEL, "asked for by <i>mallory</i>"),
        status="failed",
        age=29 * HOUR,
    )


def _widgets(services: Services) -> None:
    save(
        services,
        header(),
        label("kind/bug", 'saw "crashes when saving", a stack trace, "Expected / Actual"', 0.94),
        UpsertComment(purpose="welcome", template="welcome", reason="maya's first issue in acme"),
        age=3 * HOUR,
    )
    save(
        services,
        header(number=14, title="It doesn't work", actor="jo"),
        Abstain(about="type label", reason="too unsure: bug 41%, question 38%", confidence=0.41),
        label("needs-triage", "no type reached its threshold of 81%"),
        age=2 * HOUR,
    )
    save(
        services,
        header(event="CommandGiven", title="/label area: ui", actor="sam"),
        label("area: ui", "command by sam (write)"),
        RemoveLabels(labels=("needs-triage",), asked_by_human=True, reason="the issue has its labels now"),
        age=HOUR,
    )
    undone = save(
        services, header(number=13, title="How do I set a proxy?"), label("question", "asks how", 0.88)
    )
    services.ledger.finish(undone.steps[0].id, "undone", "took off question")


def _inbox(services: Services) -> None:
    now = datetime.now(UTC)
    states = ("done", "done", "ignored", "duplicate", "received", "quarantined", "dead")
    events = ("issues", "issue_comment", "push", "issues", "pull_request", "issues", "issues")
    guids = [f"72d3162e-cc78-11e3-81ab-4c9367dc09{number:02}" for number in range(len(states))]
    services.inbox.store([Incoming(*pair, b"{}", now) for pair in zip(guids, events, strict=True)])
    notes = {
        "quarantined": "the body is not JSON: line 1, column 1",
        "dead": "GitHub answered 502: Server Error",
    }
    for guid, state in zip(guids, states, strict=True):
        kept = services.inbox.get(guid)
        assert kept is not None
        services.inbox.finish(kept.id, state, notes.get(state))
    with services.database.engine.begin() as connection:
        where = {"action": "opened", "repository": "acme/widgets", "thread": "acme/widgets#12"}
        connection.execute(sa.update(deliveries).where(deliveries.c.event == "issues").values(**where))
