"""The release gate: an issue and a check run that say what the next release has and what it still needs."""

from bot.core.actions import Action
from bot.core.events import ReleaseLook
from bot.core.facts import CurrentThread, Facts
from bot.core.release.checklist import ended, left, standing
from bot.core.release.gate import gate
from bot.core.release.gate_settings import ReleaseGateConfig
from bot.core.release.gate_state import GateState
from bot.core.rule import rule


@rule(on=ReleaseLook, needs=(CurrentThread, GateState), config=ReleaseGateConfig, section="release_gate")
def release_gate(event: ReleaseLook, config: ReleaseGateConfig, facts: Facts) -> list[Action]:
    """Keep the checklist of the next release current, until it is out or a person closes it."""
    state = facts[GateState]
    known = state.checklist
    if known is None or known.issue != event.thread.number:
        return []
    if not facts[CurrentThread].is_open:
        return [left(known, "the checklist was closed")]
    found = gate(state, config)
    return ended(found, known, state.after) if state.is_out else standing(state, found, known)
