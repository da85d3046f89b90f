"""`/skip <item> <reason>`: a maintainer waives an item of the checklist, and the reason stays on record."""

from collections.abc import Mapping
from difflib import get_close_matches

from bot.core.actions import Abstain, Action, RecordSkip, UpsertComment
from bot.core.catalogue import refusal
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, Permission, ThreadLedger
from bot.core.flow import OF_THE_HEAD, WAIVABLE, is_open_mark
from bot.core.pull_context import PushedSince
from bot.core.pulls import PullRequest
from bot.core.release import gate
from bot.core.release.gate_state import Checklist, OpenChecklist
from bot.core.rule import rule
from bot.core.sections import CommandsConfig

#: Items by which others watch over a pull request: who wrote it does not waive them, whatever their rights.
NOT_BY_AUTHOR = frozenset({"review", "security"})
_ITEM, _REASON = 40, 300  # characters
_CHECKLIST = "contribution_flow"  # the rule that writes it
_LIKE = 0.6  # of 1: a name that is this much like another may be meant for it


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment, PullRequest, OpenChecklist, PushedSince, ThreadLedger),
    config=CommandsConfig,
    section="commands",
    ignores_pause=True,
)
def skip_command(event: CommandGiven, _config: CommandsConfig, facts: Facts) -> list[Action]:
    """Waive an item of a pull request's or a release's checklist when a maintainer says so, with a reason."""
    if event.name != "skip":
        return []
    if instead := refusal(event, facts):
        return instead
    known = facts[OpenChecklist].known
    is_release = known is not None and known.issue == event.thread.number
    if not event.thread.is_pull and not is_release:
        return [Abstain(about="/skip", reason="only pull requests and releases have a checklist")]
    items = gate.WAIVABLE if is_release else WAIVABLE
    item, why = _read(event.text, items)
    reason = f"{event.actor.login} asked for it with /skip"
    listed = dict[str, str]() if is_release else _listed(facts[ThreadLedger])
    if not why or item not in (listed or items):
        return [_usage(item, listed or dict.fromkeys(items, ""), reason)]
    if not is_release and item in NOT_BY_AUTHOR and event.actor.id == event.thread.author.id:
        own = {"login": event.actor.login, "item": item}
        said = f"{event.actor.login} wrote the pull request; {item} is for somebody else to waive"
        return [UpsertComment(purpose="reply", template="skip-own", context=own, reason=said)]
    checklist = known if is_release else None
    sha = checklist.sha if checklist else facts[PullRequest].head_sha
    covers = facts[OpenChecklist].blockers if checklist and item == "blockers" else ()
    waived = RecordSkip(
        item=item, why=why[:_REASON], by=event.actor.login, sha=sha, covers=covers, reason=reason
    )
    again = {"login": event.actor.login, "command": event.name}
    refused = UpsertComment(purpose="reply", template="review-again", context=again, reason=reason)
    return [waived if _has_seen(event, item, checklist, facts) else refused]


def _usage(item: str, listed: Mapping[str, str], reason: str) -> UpsertComment:
    """Say how it is done, and what there is to leave out."""
    near = get_close_matches(item.casefold(), listed, n=1, cutoff=_LIKE)
    context = {
        "item": item,
        "is_there": item in listed,
        "items": tuple(key for key, mark in listed.items() if not mark or is_open_mark(mark)),
        "near": near[0] if near else "",
    }
    return UpsertComment(purpose="reply", template="skip-usage", context=context, reason=reason)


def _listed(ledger: ThreadLedger) -> dict[str, str]:
    """The items of the checklist as it was written last, with their signs; empty where that is not known."""
    keys = {title: key for key, title in WAIVABLE.items()}
    written = (entry.rows for entry in ledger.entries if entry.rule == _CHECKLIST and entry.rows)
    return {keys[title]: mark for mark, title in next(written, ()) if title in keys}


def _has_seen(event: CommandGiven, item: str, checklist: Checklist | None, facts: Facts) -> bool:
    """Whether who waives it has seen the commit, where the item is about that one alone."""
    if checklist is None:
        return item not in OF_THE_HEAD or not facts[PushedSince].is_so
    if item not in gate.OF_THE_COMMIT or checklist.since is None:
        return True
    return event.at is not None and event.at > checklist.since


def _read(text: str, items: Mapping[str, str]) -> tuple[str, str]:
    """The item and the reason: by the item's key or its title; no reason where one of them is missing.

    What is given in place of an item that is not known comes back as it is, without a reason.
    """
    plain = text.strip().replace("`", "")
    for key, title in items.items():
        for name in (key, title):
            rest = plain[len(name) :]
            if plain.casefold().startswith(name.casefold()) and not rest[:1].isalnum():
                return key, rest.lstrip(" :,-").strip()
    return plain.partition(" ")[0][:_ITEM], ""
