"""Learning: what a person changes about Usher's labels is kept as feedback for training."""

from bot.core.actions import Action, RememberCorrection
from bot.core.events import LabelChanged
from bot.core.facts import Facts, LabelHistory
from bot.core.rule import Section, rule
from model.labels import LABELS, match_label


class LearningConfig(Section):
    """Feedback for training from the labels that people correct."""


@rule(on=LabelChanged, needs=(LabelHistory,), config=LearningConfig, section="learning")
def learn(event: LabelChanged, _config: LearningConfig, facts: Facts) -> list[Action]:
    """Remember when a person takes off Usher's label, or gives the issue another type."""
    ours = facts[LabelHistory].ever_by_usher
    if event.thread.is_pull or event.actor.is_bot or event.actor.id is None or not ours:
        return []
    if event.added:
        corrected = event.label not in ours and _is_type(event.label)
        reason = f"{event.actor.login} added `{event.label}` where Usher had put {_listed(ours)}"
    else:
        corrected = event.label in ours
        reason = f"{event.actor.login} took off `{event.label}`, which Usher had put on"
    if not corrected:
        return []
    return [RememberCorrection(label=event.label, added=event.added, by=event.actor.login, reason=reason)]


def _is_type(label: str) -> bool:
    return any(match_label(type_, [label]) for type_ in LABELS)


def _listed(labels: frozenset[str]) -> str:
    return ", ".join(f"`{label}`" for label in sorted(labels))
