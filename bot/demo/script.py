"""The day as it is written down in ``day/*.yaml``: the place, the entries, and what is expected of each."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.sandbox.faults import Kind
from bot.sandbox.things import Role

FOLDER = Path(__file__).parent / "day"
HOURS = ("morning", "noon", "afternoon")
TYPES = ("bug", "feature", "question", "documentation")
UNSURE = "needs-triage"

Clock = Annotated[str, StringConstraints(pattern=r"^\d\d:\d\d$")]


class Part(BaseModel):
    """A piece of the script; a word that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Repo(Part):
    """A repository. ``types`` says which of its labels stands for which type of issue."""

    description: str
    roles: dict[str, Role]
    types: dict[Literal["bug", "feature", "question", "documentation"], str]
    labels: tuple[str, ...]
    files: dict[str, str]


class Place(Part):
    """Where the day happens, and who lives there. Repositories carry their short names."""

    app: str
    organisation: str
    people: dict[str, Literal["maintainer", "developer", "triager", "contributor", "newcomer", "outsider", "bot"]]
    repositories: dict[str, Repo]


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
        delivery: the state of every delivery in the inbox; ``absent``: it never came in.
        answer: the HTTP status that the sender of every delivery got.
    """

    type: Literal["bug", "feature", "question", "documentation", "unsure", "none", "any"] | None = None
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
    """What all entries have in common."""

    at: Clock
    by: str
    name: str = ""
    fault: Fault | None = None
    server_dies: bool = False
    expect: Expect = Expect()


class OpenIssue(Moment):
    does: Literal["open issue"]
    repo: str
    title: str
    body: str
    labels: tuple[str, ...] = ()


class OpenPull(Moment):
    does: Literal["open pull request"]
    repo: str
    title: str
    body: str
    files: dict[str, str]


class OnThread(Moment):
    """Something done to the thread that was opened under the name ``on``."""

    on: str


class Comment(OnThread):
    does: Literal["comment"]
    text: str


class Edit(OnThread):
    does: Literal["edit"]
    title: str | None = None
    body: str | None = None


class AddLabel(OnThread):
    does: Literal["add label"]
    label: str


class RemoveLabel(OnThread):
    does: Literal["remove label"]
    label: str


class Approve(OnThread):
    does: Literal["approve"]
    text: str


class Merge(OnThread):
    does: Literal["merge"]


class Close(OnThread):
    does: Literal["close"]


class Again(Moment):
    """Something done with what the entry named ``of`` left behind."""

    of: str


class EditComment(Again):
    does: Literal["edit comment"]
    text: str


class Redeliver(Again):
    """GitHub sends the delivery once more, under the same GUID."""

    does: Literal["redeliver"]


class Replay(Again):
    """Somebody who saw the delivery sends the signed body again, under another GUID."""

    does: Literal["replay"]


class Forge(Again):
    """Somebody without the secret sends a delivery with another comment in it."""

    does: Literal["forge"]
    text: str


class ChangeRole(Moment):
    does: Literal["change role"]
    repo: str
    person: str
    role: Role


class Push(Moment):
    does: Literal["push"]
    repo: str
    files: dict[str, str]
    message: str


Entry = Annotated[
    OpenIssue
    | OpenPull
    | Comment
    | EditComment
    | Edit
    | AddLabel
    | RemoveLabel
    | Approve
    | Merge
    | Close
    | Redeliver
    | Replay
    | Forge
    | ChangeRole
    | Push,
    Field(discriminator="does"),
]


class Evening(Part):
    """What must be true of a thread when the day is over."""

    on: str
    expect: Expect


class Day(Part):
    """The whole script."""

    place: Place
    yesterday: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    evening: tuple[Evening, ...]

    @model_validator(mode="after")
    def _hangs_together(self) -> "Day":
        known: dict[str, str] = {}  # what an entry may refer to -> the repository it is in
        for entry in (*self.yesterday, *self.entries):
            where = f"{entry.at} {entry.by} {entry.does}"
            _need(where, "person", entry.by, self.place.people)
            repo = _repo_of(entry, known, where)
            _need(where, "repository", repo, self.place.repositories)
            for label in (*entry.expect.labels, *entry.expect.no_labels, *_labels_of(entry)):
                _need(where, "label", label, self.place.repositories[repo].labels)
            if entry.name:
                known[entry.name] = repo
        for evening in self.evening:
            _need("evening", "thread", evening.on, known)
        times = [entry.at for entry in self.entries]
        if times != sorted(times):
            raise ValueError("the entries are not in the order of their times")
        return self


def thread_of(entry: Entry) -> str:
    """Return the name by which the entry speaks of a thread; empty where it speaks of none."""
    if isinstance(entry, OnThread):
        return entry.on
    if isinstance(entry, Again):
        return entry.of
    return entry.name


def load(folder: Path = FOLDER) -> Day:
    """Read the script.

    Raises:
        pydantic.ValidationError: it does not hang together.
    """
    return Day.model_validate(read(folder))


def read(folder: Path = FOLDER) -> dict[str, Any]:
    """Read the files of the script as they are."""
    parts = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in folder.glob("*.yaml")}
    return {
        "place": parts["place"],
        "yesterday": parts["yesterday"],
        "entries": [entry for hours in HOURS for entry in parts[hours]],
        "evening": parts["evening"],
    }


def _repo_of(entry: Entry, known: Mapping[str, str], where: str) -> str:
    if isinstance(entry, OnThread | Again):
        name = thread_of(entry)
        _need(where, "earlier entry", name, known)
        return known[name]
    return entry.repo


def _labels_of(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry, AddLabel | RemoveLabel):
        return (entry.label,)
    return entry.labels if isinstance(entry, OpenIssue) else ()


def _need(where: str, what: str, name: str, names: Iterable[str]) -> None:
    if name not in names:
        raise ValueError(f"{where}: there is no {what} {name!r}")
