"""``usher deliveries``: the inbox, for operators: what came, what became of it, and another try."""

import json
from datetime import datetime
from typing import Annotated, Any

import typer

from bot.core.errors import ConfigError

app = typer.Typer(help="Show deliveries, and try failed ones again.", no_args_is_help=True)
MOST_SHOWN = 1_000


@app.command("list")
def list_(
    state: Annotated[
        str | None, typer.Option(help="Only this state, such as dead, quarantined, deferred, done.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_SHOWN, help="How many to show.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """List deliveries, the newest first."""
    from bot.cli import wiring
    from bot.store.inbox import STATES

    if state is not None and state not in STATES:
        raise ConfigError(f"--state {state} is not a state: expected one of {', '.join(STATES)}")
    with wiring.store(wiring.settings()) as store:
        found = store.inbox.recent(states=[state] if state else (), limit=limit)
        counts = store.inbox.counts()
    if as_json:
        for delivery in found:
            typer.echo(json.dumps(_row(delivery)))
        return
    for delivery in found:
        row = _row(delivery)
        what = f"{row['event']}.{row['action']}" if row["action"] else row["event"]
        typer.echo(_line(row, what, delivery.place))
    total = ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none yet"
    typer.echo(f"in all: {total}")


@app.command()
def show(
    delivery: Annotated[str, typer.Argument(help="The delivery's number or GUID.")],
    body: Annotated[bool, typer.Option("--body", help="Print the body alone, as it came.")] = False,
) -> None:
    """Show one delivery and what was planned about it, as JSON."""
    from bot.cli import wiring

    with wiring.store(wiring.settings()) as store:
        found = store.inbox.get(_key(delivery))
        if found is None:
            raise ConfigError(f"there is no delivery {delivery}")
        if body:
            typer.echo(found.body)
            return
        plan = store.ledger.of_delivery(found.id)
    steps = [
        {"id": s.id, "rule": s.rule, "kind": s.kind, "args": s.args, "reason": s.reason, "status": s.status}
        for s in (plan.steps if plan else ())
    ]
    typer.echo(json.dumps({**_row(found), "bytes": len(found.body), "plan": steps}, indent=2))


@app.command()
def retry(
    which: Annotated[list[str], typer.Argument(help="Numbers or GUIDs; or the word all.")],
) -> None:
    """Put dead and quarantined deliveries back in line."""
    from bot.cli import wiring
    from bot.store.inbox import FAILED

    with wiring.store(wiring.settings()) as store:
        if which == ["all"]:
            keys: list[int | str] = [d.id for d in store.inbox.recent(states=FAILED, limit=100_000)]
        else:
            keys = [_key(text) for text in which]
        count = store.inbox.retry(keys)
    if not count and which != ["all"]:
        raise ConfigError(f"nothing to retry: {', '.join(which)} is not a dead or quarantined delivery")
    typer.echo(f"{count} put back in line" if count else "nothing to retry: none is dead or quarantined")


def _key(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else text


def _row(delivery: Any) -> dict[str, Any]:
    names = ("id", "guid", "event", "action", "state", "repository", "attempts", "note")
    row = {name: getattr(delivery, name) for name in names}
    row["thread"] = delivery.place or None
    row["received_at"] = _time(delivery.received_at)
    row["not_before"] = _time(delivery.not_before)
    return row


def _line(row: dict[str, Any], what: str, place: str) -> str:
    note = f"  {row['note']}" if row["note"] else ""
    return f"{row['id']:>7}  {row['received_at'][:19]}  {row['state']:<11}  {what:<24}  {place}{note}"


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
