"""``usher why``, ``undo``, ``purge`` and ``receive``: look into the ledger, and act on one thing."""

import json
import re
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.core.errors import ConfigError, UsherError

if TYPE_CHECKING:
    from bot.process import Processor
    from bot.store.inbox import Delivery

_THREAD = re.compile(r"([\w.-]+/[\w.-]+)#(\d{1,18})")
DETAIL_STATUSES = ("skipped", "failed", "undone")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(why)
    app.command()(undo)
    app.command()(receive)
    app.command()(purge)


def why(
    thread: Annotated[str, typer.Argument(help="owner/repo#number")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per action.")] = False,
) -> None:
    """Say what Usher did on a thread, or would have done, and why."""
    from bot.cli import wiring

    match = _THREAD.fullmatch(thread)
    if match is None:
        raise ConfigError(f"{thread!r} is not a thread: expected owner/repo#number, such as acme/widgets#12")
    with wiring.store(wiring.settings()) as store:
        plans = store.ledger.of_thread(match[1], int(match[2]))
    if not plans:
        raise UsherError(f"nothing is on record about {thread}")
    for plan in plans:
        if not as_json:
            typer.echo(f"{plan.created_at:%Y-%m-%d %H:%M:%S} UTC  {plan.event} by {plan.actor}: {plan.title}")
        for step in plan.steps:
            if as_json:
                names = ("id", "rule", "kind", "args", "reason", "confidence", "status", "detail")
                row = {name: getattr(step, name) for name in names}
                typer.echo(json.dumps({"thread": plan.key, "plan": plan.id, "event": plan.event, **row}))
                continue
            typer.echo(f"  [{step.id}] {step.status:<9} {step.summary}  ({step.rule})")
            typer.echo(f"        {step.reason}")
            if step.detail and step.status in DETAIL_STATUSES:
                typer.echo(f"        {step.detail}")


def undo(
    action: Annotated[int, typer.Argument(help="The number of an action, as shown by usher why.", min=1)],
) -> None:
    """Take back one action."""
    from bot.cli import wiring

    settings = wiring.settings()
    identity = wiring.needed_credentials(settings)
    with wiring.store(settings) as store:
        try:
            said = wiring.processor(settings, store, identity).executor.undo(action)
        except LookupError as error:
            raise ConfigError(str(error)) from error
    typer.echo(said)


def receive(
    event: Annotated[str, typer.Option("-e", "--event", help="The event's name, such as issues.")],
    payload: Annotated[Path, typer.Option("-p", "--payload", help="The body, a JSON file.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Plan only: store and touch nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per event.")] = False,
) -> None:
    """Treat one delivery as the server would."""
    from bot.cli import wiring
    from bot.store.handover import Handover
    from bot.store.inbox import Incoming

    settings = wiring.settings()
    identity = wiring.needed_credentials(settings)
    try:
        body = payload.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot read {payload}: {error.strerror}") from error
    incoming = Incoming(str(uuid.uuid4()), event, body, datetime.now(UTC))
    with wiring.store(settings) as store:
        processor = wiring.processor(settings, store, identity)
        if dry_run:
            _plan_only(processor, incoming.guid, event, body, as_json=as_json)
            return
        # Stored as handed over already, so that a server on the same database leaves it to us.
        store.inbox.store([incoming], state="queued")
        delivery = store.inbox.get(incoming.guid)
        assert delivery is not None
        routed = processor.route(delivery, seen_before=False)
        with Handover(store.database).transaction() as transaction:
            transaction.record([routed])
        if routed.state == "queued":
            processor.run(delivery.id)
        _report(processor, incoming.guid, as_json=as_json)


def purge(
    repository: Annotated[str | None, typer.Argument(help="owner/repo")] = None,
    installation: Annotated[int | None, typer.Option(help="The number of the installation.", min=1)] = None,
) -> None:
    """Delete everything that is known of a repository or of an installation, at once and for good."""
    from bot.cli import wiring
    from bot.store.purging import purge_installation, purge_repository

    if (repository is None) == (installation is None):
        raise ConfigError("say what to delete: either owner/repo or --installation NUMBER")
    with wiring.store(wiring.settings()) as store:
        if installation is not None:
            what, known = f"installation {installation}", purge_installation(store.database, installation)
        else:
            what, known = str(repository), purge_repository(store.database, str(repository))
    if not known:
        raise ConfigError(f"nothing is known of {what}")
    typer.echo(f"everything about {what} is deleted")


def _plan_only(processor: "Processor", guid: str, event: str, body: bytes, *, as_json: bool) -> None:
    from bot.decision import plan_json
    from bot.store.inbox import Delivery

    nothing = dict.fromkeys(
        ("action", "installation", "repository", "thread", "not_before", "changed_at", "note")
    )
    delivery = Delivery(
        id=0, guid=guid, event=event, received_at=datetime.now(UTC), state="queued", attempts=0,
        handovers=0, body=body, **nothing,
    )  # fmt: skip
    decisions = processor.decide(delivery)
    for decision in decisions:
        line = plan_json(delivery, decision)
        if as_json:
            typer.echo(json.dumps(line))
            continue
        typer.echo(f"{line['thread']}  {line['action']}")
        for item in decision.planned:
            typer.echo(f"  would do: {item.action.summary()}  ({item.rule})\n        {item.action.reason}")
    if not any(decision.planned for decision in decisions) and not as_json:
        typer.echo("nothing to do")


def _report(processor: "Processor", guid: str, *, as_json: bool) -> None:
    delivery = processor.inbox.get(guid)
    if delivery is None:  # an uninstallation purges its own delivery too
        return
    plan = processor.ledger.of_delivery(delivery.id)
    if as_json:
        typer.echo(json.dumps(_outcome(delivery, plan.key if plan else None, plan.steps if plan else ())))
        return
    typer.echo(f"delivery {delivery.id}: {delivery.state}{f' ({delivery.note})' if delivery.note else ''}")
    for step in plan.steps if plan else ():
        typer.echo(f"  [{step.id}] {step.status:<9} {step.summary}  ({step.rule})\n        {step.reason}")


def _outcome(delivery: "Delivery", thread: str | None, steps: tuple) -> dict[str, object]:  # type: ignore[type-arg]
    rows = [
        {
            "rule": step.rule,
            "kind": step.kind,
            "target": thread,
            "args": step.args,
            "reason": step.reason,
            "status": step.status,
        }
        for step in steps
    ]
    return {
        "delivery": delivery.guid,
        "event": delivery.event,
        "action": delivery.action,
        "thread": thread,
        "plan": rows,
    }
