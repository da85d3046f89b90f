"""The day as it is written down in ``day/*.yaml``: the place, the entries, and how it must all end."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import model_validator

from bot.demo.entries import AddLabel, Entry, OpenIssue, RemoveLabel
from bot.demo.moments import Again, Expect, InRepo, IssueType, OnThread, Part
from bot.sandbox.things import Role

FOLDER = Path(__file__).parent / "day"
HOURS = ("morning", "noon", "afternoon")


class Repo(Part):
    """A repository. ``types`` says which of its labels stands for which type of issue."""

    description: str
    roles: dict[str, Role]
    types: dict[IssueType, str]
    labels: tuple[str, ...]
    files: dict[str, str]


class Place(Part):
    """Where the day happens, and who lives there. Repositories go by their short names."""

    app: str
    organisation: str
    people: dict[
        str, Literal["maintainer", "developer", "triager", "contributor", "newcomer", "outsider", "bot"]
    ]
    repositories: dict[str, Repo]


class Ending(Part):
    """What must be true of a thread when the day is over."""

    thread: str
    expect: Expect


class Day(Part):
    """The whole script.

    Args:
        place: where and with whom.
        yesterday: what was there before Usher came; nobody is told of it.
        entries: what happens, in order.
        evening: what must be true in the end.
    """

    place: Place
    yesterday: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    evening: tuple[Ending, ...]

    @model_validator(mode="after")
    def _hangs_together(self) -> "Day":
        known: dict[str, str] = {}  # what an entry may speak of -> the repository it is in
        for entry in (*self.yesterday, *self.entries):
            where = f"{entry.at} {entry.by} {entry.does}"
            _need(where, "person", entry.by, self.place.people)
            repo = _repo_of(entry, known, where)
            _need(where, "repository", repo, self.place.repositories)
            for label in (*entry.expect.labels, *entry.expect.no_labels, *_labels_of(entry)):
                _need(where, "label", label, self.place.repositories[repo].labels)
            if entry.name:
                known[entry.name] = repo
        for ending in self.evening:
            _need("evening", "thread", ending.thread, known)
        times = [entry.at for entry in self.entries]
        if times != sorted(times):
            raise ValueError("the entries are not in the order of their times")
        return self


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
    if isinstance(entry, InRepo):
        return entry.repo
    assert isinstance(entry, OnThread | Again)
    name = entry.thread if isinstance(entry, OnThread) else entry.of
    _need(where, "earlier entry", name, known)
    return known[name]


def _labels_of(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry, AddLabel | RemoveLabel):
        return (entry.label,)
    return entry.labels if isinstance(entry, OpenIssue) else ()


def _need(where: str, what: str, name: str, names: Iterable[str]) -> None:
    if name not in names:
        raise ValueError(f"{where}: there is no {what} {name!r}")
