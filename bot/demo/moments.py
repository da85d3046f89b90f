"""What all entries of the script have in common, and what may be expected of each."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.sandbox.faults import Kind

Clock = Annotated[str, StringConstraints(pattern=r"^\d\d:\d\d$")]
IssueType = Literal["bug", "feature", "question", "documentation"]
Doubt = Literal["unsure", "none", "any"]


class Part(BaseModel):
    """A piece of the script; a word that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Expect(Part):
    """What must be true afterwards; what is not said is not asked.

    Args:
        type: the thread's label for its type: that of this type and no other; ``unsure``: needs-triage;
            ``none``: neither; ``any``: exactly one of all these, where the text leaves room for doubt.
        labels, no_labels: on the thread, and not on it.
        comments: the purposes of all comments that Usher has on the thread, each as often as it is there.
        says, never_says: somewhere in these comments, and nowhere in them.
        untouched: the thread has the labels and the comments of Usher that it had before.
        ledger: the actions that were planned, as ``rule status``.
        delivery: the state of every delivery in the inbox; ``absent``: it is not there.
        answer: the HTTP status that the sender of every delivery got.
    """

    type: IssueType | Doubt | None = None
    labels: tuple[str, ...] = ()
    no_labels: tuple[str, ...] = ()
    comments: tuple[str, ...] | None = None
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()
    untouched: bool = False
    ledger: tuple[str, ...] | None = None
    delivery: Literal["done", "ignored", "duplicate", "absent"] | None = None
    answer: int | None = None


class Fault(Part):
    """Something that goes wrong once, between the entry and its effect."""

    kind: Kind
    match: str
    after: bool = False


class Moment(Part):
    """What all entries have in common.

    Args:
        at: the time of day.
        by: who does it.
        name: by which later entries speak of it.
        note: shown below its row, where the row does not speak for itself.
        fault: goes wrong right then.
        server_dies: the server is killed once it has acknowledged the webhook, and started again.
        expect: what must be true afterwards.
    """

    at: Clock
    by: str
    name: str = ""
    note: str = ""
    fault: Fault | None = None
    server_dies: bool = False
    expect: Expect = Expect()

    @property
    def headline(self) -> str:
        """The entry in a few words."""
        raise NotImplementedError


class InRepo(Moment):
    """Something done in a repository."""

    repo: str


class OnThread(Moment):
    """Something done to the thread that was opened under the name ``thread``."""

    thread: str


class Again(Moment):
    """Something done with what the entry named ``of`` left behind."""

    of: str
