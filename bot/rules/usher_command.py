"""`/usher help|why|undo|pause|resume`: people ask Usher about itself and keep it in hand."""

from bot.core.actions import Action, RevertPlan, SetPause, UpsertComment
from bot.core.catalogue import COMMANDS, command_named, refusal
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, LedgerEntry, Level, Permission, ThreadLedger, ThreadPause
from bot.core.rule import rule
from bot.core.sections import CommandsConfig

_SHOWN = 10  # decisions listed by `/usher why`


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment, ThreadLedger, ThreadPause),
    config=CommandsConfig,
    section="commands",
    ignores_pause=True,
)
def usher_command(event: CommandGiven, _config: CommandsConfig, facts: Facts) -> list[Action]:
    """Explain what Usher did on a thread, take it back, pause, resume, or list the commands."""
    if event.name.split(" ")[0] != "usher":
        return []
    command = command_named(event.name)
    if instead := refusal(event, facts, command.level if command else Level.NONE):
        return instead
    match event.name:
        case "usher why":
            return [_why(event, facts[ThreadLedger])]
        case "usher undo":
            return _undo(event, facts[ThreadLedger])
        case "usher pause" | "usher resume":
            return _pause(event, facts[ThreadPause])
        case _:
            return [_help(event)]


def _help(event: CommandGiven) -> Action:
    rows = tuple({"usage": each.usage, "who": each.who, "help": each.help} for each in COMMANDS)
    return UpsertComment(purpose="help", template="help", context={"commands": rows}, reason=_asked(event))


def _why(event: CommandGiven, ledger: ThreadLedger) -> Action:
    decisions = [entry for entry in ledger.entries if entry.rule != usher_command.name]
    return UpsertComment(
        purpose="why",
        template="why",
        context={
            "decisions": tuple(_row(entry) for entry in decisions[:_SHOWN]),
            "earlier": max(0, len(decisions) - _SHOWN),
        },
        reason=_asked(event),
    )


def _row(entry: LedgerEntry) -> dict[str, object]:
    return {
        "what": entry.summary,
        "at": f"{entry.at:%Y-%m-%d %H:%M} UTC",
        "reason": entry.reason,
        "rule": entry.rule,
        "status": entry.status,
    }


def _undo(event: CommandGiven, ledger: ThreadLedger) -> list[Action]:
    last = next((entry.plan for entry in ledger.entries if _can_be_undone(entry)), None)
    if last is None:
        return [_reply(event, "nothing-to-undo", {})]
    undone = tuple(e.summary for e in ledger.entries if e.plan == last and _can_be_undone(e))
    return [
        RevertPlan(plan=last, reason=_asked(event)),
        _reply(event, "undone", {"undone": undone, "login": event.actor.login}),
    ]


def _can_be_undone(entry: LedgerEntry) -> bool:
    """Whether the action changed something on the thread that still stands; answers to commands do not count."""
    touched = entry.kind in {"add_labels", "remove_labels", "upsert_comment"}
    return touched and entry.status == "done" and entry.rule != usher_command.name


def _pause(event: CommandGiven, pause: ThreadPause) -> list[Action]:
    wanted = event.name == "usher pause"
    reply = _reply(event, "paused" if wanted else "resumed", {"login": event.actor.login})
    if pause.is_paused == wanted:
        return [reply]
    return [SetPause(paused=wanted, reason=_asked(event)), reply]


def _reply(event: CommandGiven, template: str, context: dict[str, object]) -> Action:
    return UpsertComment(purpose="reply", template=template, context=context, reason=_asked(event))


def _asked(event: CommandGiven) -> str:
    return f"{event.actor.login} asked with /{event.name}"
