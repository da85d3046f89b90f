"""`/usher help|why|undo|pause|resume`: people ask Usher about itself and keep it in hand."""

from bot.core.actions import (
    Abstain,
    Action,
    AddLabels,
    RecordSkip,
    RemoveLabels,
    RequestReviewers,
    RevertPlan,
    SetCheck,
    SetPause,
    UpsertComment,
)
from bot.core.catalogue import COMMANDS, refusal
from bot.core.events import CommandGiven
from bot.core.facts import (
    CommandComment,
    Facts,
    LedgerEntry,
    Permission,
    SwitchedOff,
    ThreadLedger,
    ThreadPause,
)
from bot.core.pull_actions import (
    Assign,
    FollowRelease,
    ForgetWord,
    MergePull,
    PublishRelease,
    RecordWord,
    Retitle,
    SetDraft,
    UpdateBranch,
    UpsertIssue,
)
from bot.core.rule import rule
from bot.core.sections import CommandsConfig
from bot.core.undoing import is_left, is_theirs

_SHOWN = 10  # decisions listed by `/usher why`
_REVERTIBLE = frozenset(
    kind.kind
    for kind in (
        *(AddLabels, RemoveLabels, UpsertComment, RequestReviewers, RecordSkip),
        *(RecordWord, ForgetWord, Retitle, Assign, SetDraft, UpsertIssue),
    )
)
_STANDING = frozenset({SetCheck.kind, FollowRelease.kind})
#: What people decided, and what cannot be taken back: `/usher why` tells it first.
_WEIGHTY = frozenset(
    kind.kind for kind in (RecordWord, ForgetWord, RecordSkip, MergePull, PublishRelease, UpdateBranch)
)
_FATES = {
    "planned": "under way",
    "started": "under way",
    "done": "",
    "unchanged": "it was so already",
    "observed": "only noted: the mode is observe",
    "skipped": "not done",
    "failed": "failed",
    "undone": "taken back",
}


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment, ThreadLedger, ThreadPause, SwitchedOff),
    config=CommandsConfig,
    section="commands",
    ignores_pause=True,
)
def usher_command(event: CommandGiven, _config: CommandsConfig, facts: Facts) -> list[Action]:
    """Explain what Usher did on a thread, take it back, pause, resume, or list the commands."""
    if event.name.split(" ")[0] != "usher":
        return []
    if instead := refusal(event, facts):
        return instead
    match event.name:
        case "usher why":
            return [_why(event, facts[ThreadLedger])]
        case "usher undo":
            return _undo(event, facts[ThreadLedger])
        case "usher pause" | "usher resume":
            return _pause(event, facts[ThreadPause])
        case _:
            return [_help(event, facts[SwitchedOff])]


def _help(event: CommandGiven, off: SwitchedOff) -> Action:
    there = [each for each in COMMANDS if each.section not in off.sections]
    rows = tuple({"usage": each.usage, "who": each.who, "help": each.help} for each in there)
    return UpsertComment(purpose="help", template="help", context={"commands": rows}, reason=_asked(event))


def _why(event: CommandGiven, ledger: ThreadLedger) -> Action:
    told = [entry for entry in ledger.entries if not _only_says_how_it_stands(entry)]
    decisions = sorted(told, key=lambda entry: entry.kind not in _WEIGHTY)  # within each, the newest first
    return UpsertComment(
        purpose="why",
        template="why",
        context={
            "decisions": tuple(_row(entry) for entry in decisions[:_SHOWN]),
            "earlier": max(0, len(decisions) - _SHOWN),
        },
        reason=_asked(event),
    )


def _only_says_how_it_stands(entry: LedgerEntry) -> bool:
    """Whether it is an answer, a checklist or the like: people see these anyway."""
    if entry.rule == usher_command.name or entry.kind in _STANDING:
        return True
    return entry.kind == UpsertComment.kind and is_left(entry.kind, entry.summary)


def _row(entry: LedgerEntry) -> dict[str, object]:
    return {
        "at": f"{entry.at:%Y-%m-%d %H:%M} UTC",
        "what": entry.summary,
        "fate": "" if entry.kind == Abstain.kind else _FATES.get(entry.status, entry.status),
        "reason": entry.reason,
        "rule": entry.rule,
    }


def _undo(event: CommandGiven, ledger: ThreadLedger) -> list[Action]:
    last = next((entry.plan for entry in ledger.entries if _can_be_undone(entry)), None)
    # What was passed over on the way there.
    newer = [e for e in ledger.entries if (last is None or e.plan >= last) and e.status == "done"]
    stays = tuple(e.summary for e in newer if is_theirs(e.kind, e.summary))
    if last is None:
        return [_reply(event, "nothing-to-undo", {"stays": stays})]
    undone = tuple(e.summary for e in ledger.entries if e.plan == last and _can_be_undone(e))
    merged = any(e.kind == MergePull.kind and e.status == "done" for e in ledger.entries)
    return [
        RevertPlan(plan=last, reason=_asked(event)),
        _reply(event, "undone", {"undone": undone, "stays": stays, "merged": merged}),
    ]


def _can_be_undone(entry: LedgerEntry) -> bool:
    """Whether the action changed something, still stands, and is no matter of somebody else's."""
    is_done = entry.kind in _REVERTIBLE and entry.status == "done"
    return is_done and not is_left(entry.kind, entry.summary)


def _pause(event: CommandGiven, pause: ThreadPause) -> list[Action]:
    wanted = event.name == "usher pause"
    reply = _reply(event, "paused" if wanted else "resumed", {})
    if pause.is_paused == wanted:
        return [reply]
    return [SetPause(paused=wanted, reason=_asked(event)), reply]


def _reply(event: CommandGiven, template: str, context: dict[str, object]) -> Action:
    return UpsertComment(purpose="reply", template=template, context=context, reason=_asked(event))


def _asked(event: CommandGiven) -> str:
    return f"{event.actor.login} asked with /{event.name}"
