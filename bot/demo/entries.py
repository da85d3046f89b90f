"""What may happen on the day: each kind of entry of the script, and the words in which it is shown."""

import re
from typing import Annotated, Literal

from pydantic import Field

from bot.demo.moments import Again, InRepo, OnThread
from bot.sandbox.things import Role

_COMMAND = re.compile(r"^/\S.*", re.MULTILINE)


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
    draft: bool = False

    @property
    def headline(self) -> str:
        return f"{'draft' if self.draft else 'PR'} “{self.title}”"


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


class Release(InRepo):
    does: Literal["release"]
    tag: str

    @property
    def headline(self) -> str:
        return f"{self.by} releases {self.tag}"


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
    context: str  # which service reports on the head commit; once merged, on the commit that this made
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
    | Release
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
