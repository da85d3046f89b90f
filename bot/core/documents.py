"""The documents by which a project welcomes people and keeps order: which there are, and where they lie."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

DocumentKind = Literal[
    "readme",
    "contributing",
    "code_of_conduct",
    "security",
    "license",
    "issue_templates",
    "pull_template",
]

#: Where GitHub looks for them, in this order ("Creating a default community health file"); "" is the root.
PLACES = (".github", "", "docs")
#: Those that a repository takes over from the ``.github`` repository of its owner where it has none itself.
SHARED: frozenset[DocumentKind] = frozenset(
    {"contributing", "code_of_conduct", "security", "issue_templates", "pull_template"}
)
#: In what documents are written; a program that is called ``license.go`` is none.
_WRITTEN = (
    r"((\.[a-z]{2}([-_][a-z]+)?)?\.(md|markdown|mkdn|rst|adoc|asciidoc|txt|org|html|textile|rdoc|pod))?"
)
_NAMES: dict[DocumentKind, str] = {
    "readme": "readme",
    "contributing": "contributing",
    "code_of_conduct": "code[-_]of[-_]conduct",
    "security": "security",
    "license": r"((un)?licen[sc]e|copying|licenses)(-[\w.+-]+?)?",
    "issue_templates": "issue_template",
    "pull_template": "pull_request_template",
}
KINDS: tuple[DocumentKind, ...] = tuple(_NAMES)
_FOLDERS = ("licenses", "issue_template", "pull_request_template")
# Bounded: the text is other people's. A version such as foo@1.2.3 ends in no letters, and what goes on after
# a colon or slash is where a repository lies, such as git@github.com:acme/widgets.
_ADDRESS = re.compile(r"(?<=[\w.+-])@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?!\w|\.\w|:\w|/)")
#: What the Contributor Covenant asks its adopters to fill in, in the words of any of its versions.
_PLACEHOLDER = re.compile(
    r"\[ ?INSERT [^\[\]\n]{0,40}\b(?:CONTACT|E-?MAIL|ADDRESS)\b[^\[\]\n]{0,40}\]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a folder at the tip of the default branch.

    Args:
        path: from the root.
        digest: git's own, of what it holds.
        is_folder: whether it is a folder.
    """

    path: str
    digest: str
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A document that a project has.

    Args:
        kind: which.
        path: where it lies; a folder's where templates fill one.
        digest: git's own, of what it holds.
        home: the repository that it is taken over from; "" where it is the project's own.
        changed_at: when a commit changed it last; None where nobody could say.
        has_contact: of a code of conduct: True where it names an address to write to, False where a
            placeholder still stands for one; None where a program cannot tell.
    """

    kind: DocumentKind
    path: str
    digest: str
    home: str = ""
    changed_at: datetime | None = None
    has_contact: bool | None = None


@dataclass(frozen=True, slots=True)
class Inventory:
    """The documents that a project had when somebody looked; of each kind that is not here it had none."""

    looked_at: datetime
    documents: tuple[Document, ...]


def documents_in(entries: Iterable[Entry], home: str = "") -> list[Document]:
    """Return the documents among files and folders, one of each kind: that which GitHub finds first.

    Args:
        entries: what lies in ``PLACES``; others are not looked at.
        home: the repository, where the documents are shared by it.
    """
    found: dict[DocumentKind, tuple[tuple[int, int, str], Entry]] = {}
    for entry in entries:
        folder, _, name = entry.path.rpartition("/")
        kind = _kind(name.lower(), entry, folder)
        if kind is not None and not (home and kind not in SHARED):
            order = (PLACES.index(folder), len(name), name)
            found[kind] = min(found.get(kind, (order, entry)), (order, entry), key=lambda each: each[0])
    return [
        Document(kind, found[kind][1].path, found[kind][1].digest, home) for kind in KINDS if kind in found
    ]


def _kind(name: str, entry: Entry, folder: str) -> DocumentKind | None:
    if folder not in PLACES or (entry.is_folder and name not in _FOLDERS):
        return None
    kind = next((kind for kind, pattern in _NAMES.items() if re.fullmatch(pattern + _WRITTEN, name)), None)
    if kind == "license" and (
        folder or entry.is_folder != (name == "licenses")
    ):  # it counts in the root alone
        return None
    return kind


def names_contact(text: str) -> bool | None:
    """Whether a code of conduct says where to write to; None where a program cannot tell."""
    if _PLACEHOLDER.search(text):
        return False
    return True if _ADDRESS.search(text) else None
