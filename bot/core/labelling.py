"""Putting labels on a pull request, and taking them off again, by what people did with them before."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.core.actions import AddLabels, RemoveLabels
from bot.core.facts import Facts, LabelHistory, RepositoryLabels
from bot.core.limits import LABELS_PER_THREAD
from bot.core.pulls import PullRequest

#: What ``Labelling.of`` reads.
NEEDS = (PullRequest, RepositoryLabels, LabelHistory)


@dataclass(frozen=True, slots=True)
class Labelling:
    """The labels of one pull request, and which of them may be changed.

    Args:
        present: those that are on it.
        existing: those that the repository has.
        history: who put them there and who took them off.
        may_create: True where a label may be used that the repository does not have.
    """

    present: tuple[str, ...]
    existing: RepositoryLabels
    history: LabelHistory
    may_create: bool = False

    @classmethod
    def of(cls, facts: Facts, *, may_create: bool) -> "Labelling":
        return cls(facts[PullRequest].labels, facts[RepositoryLabels], facts[LabelHistory], may_create)

    def spelled(self, name: str) -> str | None:
        """The repository's own spelling; the name as given where it may be created; else None."""
        return self.existing.find(name) or (name if self.may_create else None)

    def has(self, name: str) -> bool:
        return _among(name, self.present)

    def is_ours(self, name: str) -> bool:
        """Whether it is on the pull request because Usher put it there by itself."""
        return self.has(name) and _among(name, self.history.by_usher)

    def is_wanted(self, name: str) -> bool:
        """Whether it is not there yet and may be put there: nobody took it off, the repository has it."""
        taken_off = _among(name, self.history.removed_by_humans)
        return self.spelled(name) is not None and not self.has(name) and not taken_off

    @property
    def room(self) -> int:
        """How many labels fit beside those that are there."""
        return max(0, LABELS_PER_THREAD - len(self.present))

    def add(self, name: str, reason: str) -> AddLabels:
        return AddLabels(labels=(self.spelled(name) or name,), reason=reason)

    def remove(self, name: str, reason: str) -> RemoveLabels:
        found = next((each for each in self.present if each.casefold() == name.casefold()), name)
        return RemoveLabels(labels=(found,), reason=reason)


def _among(name: str, names: Collection[str]) -> bool:
    return name.casefold() in {each.casefold() for each in names}
