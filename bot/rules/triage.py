"""Issue type: bug, feature, question or documentation, as a label that the repository already has."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Literal, cast

from pydantic import Field

from bot.core.actions import Abstain, Action, AddLabels, RemoveLabels
from bot.core.events import IssueEdited, IssueOpened
from bot.core.facts import CurrentThread, Facts, LabelHistory, Prediction, RepositoryLabels
from bot.core.limits import LABEL_NAME
from bot.core.rule import Section, rule
from model.labels import LABELS, match_label

IssueType = Literal["bug", "feature", "question", "documentation"]
LabelName = Annotated[str, Field(min_length=1, max_length=LABEL_NAME)]

_IN_WORDS = {
    "bug": "a bug",
    "feature": "a feature request",
    "question": "a question",
    "documentation": "about the documentation",
}


class TriageConfig(Section):
    """The type label of a new issue."""

    threshold: Literal["auto"] | Annotated[float, Field(strict=True, ge=0, le=1)] = Field(
        default="auto",
        description="How sure the classifier must be (0 to 1); `auto` takes what reaches `precision`.",
    )
    precision: float = Field(
        default=0.9,
        strict=True,
        ge=0.5,
        le=0.99,
        description="With `auto`: the share of type labels that shall be right.",
    )
    labels: dict[IssueType, LabelName | None] = Field(
        default_factory=dict,
        description="The label of a type, where Usher does not find it itself; `null` never uses the type.",
    )
    abstain_label: LabelName | None = Field(
        default="needs-triage", description="The label for issues that are too unsure; `null` uses none."
    )
    create_labels: bool = Field(
        default=False, description="`true` lets Usher create a label that the repository does not have yet."
    )


@rule(
    on=(IssueOpened, IssueEdited),
    needs=(Prediction, RepositoryLabels, CurrentThread, LabelHistory),
    config=TriageConfig,
    section="triage",
)
def triage(_event: IssueOpened | IssueEdited, config: TriageConfig, facts: Facts) -> list[Action]:
    """Label a new issue with its type, or ask for a person when unsure."""
    prediction, thread = facts[Prediction], facts[CurrentThread]
    if not thread.is_open or _has_type(thread.labels, config):
        return []
    threshold = prediction.threshold if config.threshold == "auto" else config.threshold
    if prediction.abstained or prediction.probability < threshold:
        return [_unsure(prediction, threshold, config, facts)]
    return _sure(prediction, threshold, config, facts)


def _has_type(labels: Iterable[str], config: TriageConfig) -> bool:
    """Whether a template or a person has given the issue a type already."""
    labels = tuple(labels)
    chosen = {name.casefold() for name in config.labels.values() if name}
    return any(label.casefold() in chosen for label in labels) or any(
        match_label(type_, labels) for type_ in LABELS
    )


def _unsure(prediction: Prediction, threshold: float, config: TriageConfig, facts: Facts) -> Action:
    reason = prediction.reason if prediction.abstained else _below(prediction, threshold)
    label = config.abstain_label and _spelled(config.abstain_label, config, facts)
    if not label or label in facts[CurrentThread].labels:
        return _nothing(prediction, reason)
    if label in facts[LabelHistory].removed_by_humans:
        return _nothing(prediction, f"{reason}; a person took `{label}` off, so it stays off")
    return AddLabels(labels=(label,), reason=reason, confidence=prediction.probability)


def _sure(prediction: Prediction, threshold: float, config: TriageConfig, facts: Facts) -> list[Action]:
    reason, history = _above(prediction, threshold, config), facts[LabelHistory]
    type_ = cast("IssueType", prediction.label)
    if config.labels.get(type_, type_) is None:
        return [_nothing(prediction, f"{reason}; the config switches this type off")]
    label = _type_label(type_, config, facts)
    if label is None:
        return [_nothing(prediction, f"{reason}; the repository has no label for it")]
    if label in history.removed_by_humans:
        return [_nothing(prediction, f"{reason}; a person took `{label}` off, so it stays off")]
    actions: list[Action] = [AddLabels(labels=(label,), reason=reason, confidence=prediction.probability)]
    waiting = config.abstain_label and facts[RepositoryLabels].find(config.abstain_label)
    if waiting and waiting in history.by_usher and waiting in facts[CurrentThread].labels:
        actions.append(RemoveLabels(labels=(waiting,), reason=f"the type is known now: {label}"))
    return actions


def _type_label(type_: IssueType, config: TriageConfig, facts: Facts) -> str | None:
    chosen = config.labels.get(type_)
    if chosen:
        return _spelled(chosen, config, facts)
    return match_label(type_, facts[RepositoryLabels].names) or (type_ if config.create_labels else None)


def _spelled(name: str, config: TriageConfig, facts: Facts) -> str | None:
    """The repository's own spelling; the name as given where it may be created; else None."""
    return facts[RepositoryLabels].find(name) or (name if config.create_labels else None)


def _nothing(prediction: Prediction, reason: str) -> Abstain:
    return Abstain(about="type label", reason=reason, confidence=prediction.probability)


def _above(prediction: Prediction, threshold: float, config: TriageConfig) -> str:
    how = f", {_right(prediction.precision)}" if config.threshold == "auto" else ""
    seen = f": {', '.join(prediction.evidence)}" if prediction.evidence else ""
    return f"{_guess(prediction)} (threshold {_percent(threshold)}{how}){seen}"


def _below(prediction: Prediction, threshold: float) -> str:
    return f"only {_guess(prediction)}, below the threshold of {_percent(threshold)}: a person should look"


def _guess(prediction: Prediction) -> str:
    return f"{_percent(prediction.probability)} sure it is {_IN_WORDS[prediction.label]}"


def _right(precision: float) -> str:
    """0.9 -> "right 9 times in 10"."""
    share = Fraction(precision).limit_denominator(100)
    return f"right {share.numerator} times in {share.denominator}"


def _percent(share: float) -> str:
    """A share as a whole percentage, rounded down: what misses a threshold must not look like it."""
    return f"{int(share * 100 + 1e-9)}%"
