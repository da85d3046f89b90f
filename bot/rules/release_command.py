"""`/release check`, `/release prepare` and `/release publish`."""

from dataclasses import replace

from bot.core.actions import Action, UpsertComment
from bot.core.catalogue import refusal
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, Permission
from bot.core.phrases import Phrase
from bot.core.pull_actions import PublishRelease
from bot.core.release.checklist import begun, ended, rows, standing
from bot.core.release.draft import with_draft
from bot.core.release.gate import Gate, draft_wanted, gate, keeps_drafts
from bot.core.release.gate_settings import ReleaseGateConfig
from bot.core.release.gate_state import GateState
from bot.core.release.state import Release
from bot.core.rule import rule

_WORDS = frozenset({"check", "prepare", "publish"})


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment, GateState),
    config=ReleaseGateConfig,
    section="release_gate",
    ignores_pause=True,
)
def release_command(event: CommandGiven, config: ReleaseGateConfig, facts: Facts) -> list[Action]:
    """Say how the next release stands, bring its draft up to date, or publish it when a maintainer asks."""
    kind, _, word = event.name.partition(" ")
    if kind != "release":
        return []
    if instead := refusal(event, facts):
        return instead
    reason = f"{event.actor.login} asked for it with /{event.name}"
    if word not in _WORDS:
        usage = {"word": word}
        return [UpsertComment(purpose="reply", template="release-usage", context=usage, reason=reason)]
    state = facts[GateState]
    found, draft = gate(state, config), state.release.draft
    if word == "publish" and found.is_green and draft is not None:
        return _publish(state, found, draft, reason)
    better = draft_wanted(state) if word == "prepare" else None
    if better is not None:  # all the rest is said, and done, with the draft that is written first
        state = replace(state, release=with_draft(state.release, better))
        found = gate(state, config)
    asked = begun(state, event.thread.number, event.actor.login)
    # A checklist that is open is looked at once this is done, in its own line.
    opens = state.checklist is None and not state.closed
    kept = keeps_drafts(state.settings)
    said = _said(found, word, is_better=better is not None, is_kept=kept)
    return [
        *([better] if better else []),
        *(standing(state, found, asked) if opens else []),
        _reply(state, found, said, reason, opens=opens),
    ]


def _publish(state: GateState, found: Gate, draft: Release, reason: str) -> list[Action]:
    """Publish the draft on the commit that was looked at, and say so.

    Where that fails, the checklist stays as it is, and what did it says why.
    """
    values = {"tag": found.tag, "sha": found.sha[:7]}
    link = f"[`{{tag}}`]({state.release.page_of(found.tag)})"
    said = Phrase(f"{link} is out, on `{{sha}}`. Thank you to everybody who had a part in it.", values)
    why = f"{reason}; everything is there"
    publish = PublishRelease(draft=draft.id, tag=found.tag, sha=found.sha, seen=draft.seal, reason=why)
    ends = ended(found, state.checklist, found.tag) if state.checklist else []
    return [publish, _reply(state, found, said, reason, opens=False), *ends]


def _said(found: Gate, word: str, *, is_better: bool, is_kept: bool) -> Phrase:
    values = {"tag": found.tag, "sha": found.sha[:7]}
    name = "`{tag}`" if found.tag else "The next release"
    draft = "The draft is brought up to date. " if is_better else ""
    if word == "prepare" and not is_kept:
        draft = "The section `release` of the settings leaves the draft to people. "
    if found.is_green:
        text = "Everything is there for `{tag}`, on `{sha}`. `/release publish` lets it out."
    elif word == "publish":
        text = f"{name} is not published yet. This is open:"
    else:
        text = f"{name} is not ready yet. This is open:"
    return Phrase(draft + text, values)


def _reply(state: GateState, found: Gate, said: Phrase, reason: str, *, opens: bool) -> UpsertComment:
    context = {
        "said": said.as_json(),
        "rows": rows(found.open),
        "checklist": state.checklist.issue if state.checklist else 0,
        "closed": state.closed,
        "opens": opens,
    }
    return UpsertComment(purpose="reply", template="release", context=context, reason=reason)
