"""What may happen on the day: each kind of entry of the script, and the words in which it is shown."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.sandbox.faults import Kind
from bot.sandbox.things import Role

Clock = Annotated[str, StringConstraints(pattern=r"^\d\d:\d\d$")]
IssueType = Literal["bug", "feature", "question", "documentation"]
Doubt = Literal["unsure", "none", "any"]
_COMMAND = re.compile(r"^/\S.*", re.MULTILINE)


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


class OpenIssue(InRepo):
    does: Literal["open issue"]
    title: str
    body: str
    labels: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        return f"“{self.title}”"


class OpenPull(InRepo):
    does: Literal["open pull request"]
    title: str
    body: str
    files: dict[str, str]

    @property
    def headline(self) -> str:
        return f"PR “{self.title}”"


class ChangeRole(InRepo):
    does: Literal["change role"]
    person: str
    role: Role

    @property
    def headline(self) -> str:
        return f"{self.by}: {self.person} may only {self.role} from now on"


class Push(InRepo):
    does: Literal["push"]
    files: dict[str, str]
    message: str

    @property
    def headline(self) -> str:
        return f"{self.by} pushes: {self.message}"


class Comment(OnThread):
    does: Literal["comment"]
    text: str

    @property
    def headline(self) -> str:
        return f"{self.by}: {_gist(self.text)}"


class Edit(OnThread):
    does: Literal["edit"]
    title: str | None = None
    body: str | None = None

    @property
    def headline(self) -> str:
        return f"{self.by} edits: {self.title or self.body}"


class AddLabel(OnThread):
    does: Literal["add label"]
    label: str

    @property
    def headline(self) -> str:
        return f"{self.by} adds {self.label} by hand"


class RemoveLabel(OnThread):
    does: Literal["remove label"]
    label: str

    @property
    def headline(self) -> str:
        return f"{self.by} removes {self.label} by hand"


class Approve(OnThread):
    does: Literal["approve"]
    text: str

    @property
    def headline(self) -> str:
        return f"{self.by} approves: {self.text}"


class AskForChanges(OnThread):
    does: Literal["ask for changes"]
    text: str

    @property
    def headline(self) -> str:
        return f"{self.by} asks for changes: {self.text}"


class PushMore(OnThread):
    does: Literal["push more"]
    files: dict[str, str]
    message: str

    @property
    def headline(self) -> str:
        return f"{self.by} pushes: {self.message}"


class Report(OnThread):
    does: Literal["report"]
    context: str  # which service reports on the head commit
    state: Literal["pending", "success", "failure", "error"]

    @property
    def headline(self) -> str:
        return f"{self.context}: {self.state}"


class Merge(OnThread):
    does: Literal["merge"]

    @property
    def headline(self) -> str:
        return f"{self.by} merges it"


class Close(OnThread):
    does: Literal["close"]

    @property
    def headline(self) -> str:
        return f"{self.by} closes it"


class EditComment(Again):
    does: Literal["edit comment"]
    text: str

    @property
    def headline(self) -> str:
        return f"{self.by} edits: {_gist(self.text)}"


class Redeliver(Again):
    does: Literal["redeliver"]  # under the same GUID

    @property
    def headline(self) -> str:
        return "GitHub sends a webhook again"


class Replay(Again):
    """Somebody who saw the delivery sends the signed body again, under another GUID."""

    does: Literal["replay"]

    @property
    def headline(self) -> str:
        return f"{self.by} replays a webhook"


class Forge(Again):
    """Somebody without the secret sends a delivery with another comment in it."""

    does: Literal["forge"]
    text: str

    @property
    def headline(self) -> str:
        return f"{self.by} forges a webhook: {_gist(self.text)}"


Entry = Annotated[
    OpenIssue
    | OpenPull
    | ChangeRole
    | Push
    | Comment
    | Edit
    | AddLabel
    | RemoveLabel
    | Approve
    | AskForChanges
    | PushMore
    | Report
    | Merge
    | Close
    | EditComment
    | Redeliver
    | Replay
    | Forge,
    Field(discriminator="does"),
]


def _gist(text: str) -> str:
    """What a comment is about: its commands, else how it begins."""
    return "  ".join(_COMMAND.findall(text)) or text
