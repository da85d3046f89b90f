"""How a rule declares itself: which events, which facts, which section of the config."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.core.actions import Action
from bot.core.events import Event
from bot.core.facts import Fact, Facts, RepositoryLabels
from bot.core.flow import Flow, Item

Mode = Literal["observe", "act"]
#: What a rule says: actions to plan, items for the checklist of a pull request, and where that one is.
Said = Sequence[Action | Item | Flow]
Decide = Callable[[Any, Any, Facts], Said]
#: From a rule's section to the facts that its settings make needless.
Spares = Callable[[Any], Collection[type[Fact]]]
#: From a rule's section to the labels that it may set where the repository has them; None for any.
Labels = Callable[[Any], Collection[str] | None]


class Part(BaseModel):
    """Base of everything in ``.github/usher.yml`` that has settings. Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Section(Part):
    """Base of every rule's section in ``.github/usher.yml``."""

    enabled: bool = Field(default=True, description="Turn this rule off with `false`.")
    mode: Mode | None = Field(
        default=None, description="`observe` or `act`, for this rule alone; otherwise the file's own `mode`."
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """A capability: a pure function from an event, its config and facts to actions and items.

    Args:
        name: the function's name, as it stands in the ledger.
        section: the key of its section in the config file.
        on: the types of event it listens to.
        needs: the types of fact it may ask for.
        config: the model of its section.
        decide: the function.
        doc: its first docstring line, shown to people.
        ignores_pause: True for rules that work on a paused thread too (so that it can be resumed).
        spares: says which of its needs the settings make needless, so that they are not obtained.
        labels: says which labels of pull requests it may set; None for any. Who put which label on one is
            asked only where the repository has one of them.
    """

    name: str
    section: str
    on: tuple[type[Event], ...]
    needs: tuple[type[Fact], ...]
    config: type[Section]
    decide: Decide
    doc: str
    ignores_pause: bool = False
    spares: Spares | None = None
    labels: Labels | None = None

    def needed(self, section: Section) -> tuple[type[Fact], ...]:
        """Return the types of fact that it asks for with these settings."""
        spared = self.spares(section) if self.spares else ()
        return tuple(need for need in self.needs if need not in spared)

    def may_set_one_of(self, existing: RepositoryLabels, section: Section) -> bool:
        """Return whether it may set a label of pull requests that the repository has."""
        names = self.labels(section) if self.labels else None
        return names is None or any(existing.find(name) for name in names)

    def listens_to(self, event: Event) -> bool:
        return isinstance(event, self.on)


def rule(
    *,
    on: type[Event] | Sequence[type[Event]],
    needs: Sequence[type[Fact]] = (),
    config: type[Section],
    section: str,
    ignores_pause: bool = False,
    spares: Spares | None = None,
    labels: Labels | None = None,
) -> Callable[[Decide], Rule]:
    """Declare a rule in one line above its function.

    ``section`` is the key of the rule's part of the config file; ``config`` its model. The rest is told at
    ``Rule``.

    Raises:
        TypeError: the function has no docstring; a rule says in one line what it does.
    """

    def declare(decide: Decide) -> Rule:
        doc = (decide.__doc__ or "").strip().split("\n")[0]
        if not doc:
            raise TypeError(f"the rule {decide.__name__} needs a docstring that says what it does")
        kinds = (on,) if isinstance(on, type) else tuple(on)
        needed = tuple(needs)
        return Rule(
            decide.__name__, section, kinds, needed, config, decide, doc, ignores_pause, spares, labels
        )

    return declare
