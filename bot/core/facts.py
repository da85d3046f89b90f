"""What a rule may ask to know. Each fact is obtained once per event, by ``bot/gather.py``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TypeVar, cast


@dataclass(frozen=True, slots=True)
class Fact:
    """Base of all facts."""


F = TypeVar("F", bound=Fact)


class Facts:
    """The facts gathered for one event, asked for by type: ``facts[Prediction].label``."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._facts: Mapping[type[Fact], Fact] = {type(fact): fact for fact in facts}

    def __getitem__(self, kind: type[F]) -> F:
        try:
            return cast("F", self._facts[kind])
        except KeyError:
            raise LookupError(f"the fact {kind.__name__} was not declared in the rule's needs") from None

    def __contains__(self, kind: object) -> bool:
        return kind in self._facts


@dataclass(frozen=True, slots=True)
class Now(Fact):
    """The time (UTC) at which the event is decided."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Prediction(Fact):
    """The classifier's opinion on the type of an issue.

    Args:
        label: ``bug``, ``feature``, ``question`` or ``documentation``: the most probable type.
        probability: calibrated, 0 to 1.
        threshold: what the probability must reach for the label to be used.
        precision: the share of right answers that the threshold was chosen for, 0 to 1.
        abstained: True where the classifier would rather not say.
        reason: why it abstained, in one line; empty where it did not.
        evidence: short cues that spoke for the label.
        model: name and version of the classifier.
    """

    label: str
    probability: float
    threshold: float
    precision: float = 0.9
    abstained: bool = False
    reason: str = ""
    evidence: tuple[str, ...] = ()
    model: str = ""


@dataclass(frozen=True, slots=True)
class RepositoryLabels(Fact):
    """The names of the labels that the repository has, as GitHub spells them."""

    names: tuple[str, ...]

    def find(self, name: str) -> str | None:
        """Return the repository's own spelling of ``name`` (labels ignore case), or None."""
        wanted = name.casefold()
        return next((label for label in self.names if label.casefold() == wanted), None)


@dataclass(frozen=True, slots=True)
class CurrentThread(Fact):
    """The thread as GitHub has it now: the event may be older than that.

    Args:
        labels: the names of the labels on it.
        is_open: False once closed or merged.
        is_locked: True when only collaborators may comment.
        text: title and body as they are now.
    """

    labels: tuple[str, ...]
    is_open: bool = True
    is_locked: bool = False
    title: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class LabelHistory(Fact):
    """Who put which label on this thread, and who took it off.

    Args:
        by_usher: labels that Usher added and nobody has removed since.
        removed_by_humans: labels that a person took off; they are not put back.
        set_by_humans: labels that a person put on.
        ever_by_usher: labels that Usher ever added here, whether they are still on or not.
    """

    by_usher: frozenset[str] = frozenset()
    removed_by_humans: frozenset[str] = frozenset()
    set_by_humans: frozenset[str] = frozenset()
    ever_by_usher: frozenset[str] = frozenset()


class Level(IntEnum):
    """Repository permissions, from none to admin; comparable."""

    NONE = 0
    READ = 1
    TRIAGE = 2
    WRITE = 3
    MAINTAIN = 4
    ADMIN = 5


@dataclass(frozen=True, slots=True)
class Permission(Fact):
    """What the actor may do in the repository, asked of GitHub at the time of execution."""

    login: str
    level: Level

    def may(self, level: Level) -> bool:
        return self.level >= level


@dataclass(frozen=True, slots=True)
class CommandComment(Fact):
    """The comment that a command stands in, as GitHub has it now.

    Args:
        still_says: the command is still in the comment, which still exists.
    """

    still_says: bool


@dataclass(frozen=True, slots=True)
class AuthorHistory(Fact):
    """What the thread's author did here before this thread.

    Args:
        issues: issues opened earlier.
        pulls: pull requests opened earlier.
        merged: pull requests merged earlier.
    """

    issues: int
    pulls: int
    merged: int


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One action in the ledger, as a person reads it.

    Args:
        rows: of a checklist that it writes, each row's sign and title.
    """

    id: int
    plan: int
    rule: str
    kind: str
    summary: str
    reason: str
    status: str
    at: datetime
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadLedger(Fact):
    """What Usher did, or would have done, on this thread: the newest first."""

    entries: tuple[LedgerEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadPause(Fact):
    """Whether a maintainer told Usher to leave this thread alone."""

    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class ReportText(Fact):
    """A report that is due.

    Args:
        markdown: what it says, in which other people's text is harmless already; "" where nothing is known.
    """

    markdown: str = ""


@dataclass(frozen=True, slots=True)
class SwitchedOff(Fact):
    """The sections of the config file that are switched off."""

    sections: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OwnComments(Fact):
    """The purposes of the comments that Usher wrote on this thread."""

    purposes: frozenset[str] = frozenset()
