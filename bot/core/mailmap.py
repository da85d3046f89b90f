"""Who a commit is by: keys in the place of e-mail addresses, and what a project's ``.mailmap`` says of them.

The file's format: https://git-scm.com/docs/gitmailmap. Addresses are turned into keys at once, here as in
commits, so that none is kept, and so that a file that changes later holds for the commits that are known.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.core.history import PastCommit
from bot.core.payload import clean

_LINE = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>(?:(?P<named>[^<>]*)<(?P<address>[^<>]*)>)?[^<>]*")
_KEY_BYTES = 8


@dataclass(frozen=True, slots=True)
class Alias:
    """A line of a mailmap.

    Args:
        key: of the address that commits have.
        named: the name that they have besides, in lower case; "" where any will do.
        to_key: of the address that counts; "" where it is the same.
        to_name: the name that counts; "" where it is the commit's own.
    """

    key: str
    named: str
    to_key: str
    to_name: str


def key_of(email: str, repository: int) -> str:
    """Return what stands for an e-mail address: the same in one repository, another one in each other.

    Args:
        email: the address; case does not matter.
        repository: the repository's number at GitHub.
    """
    said = f"{repository} {email.strip().lower()}".encode("utf-8", "replace")
    return hashlib.blake2b(said, digest_size=_KEY_BYTES).hexdigest()


def shown_name(name: str) -> str:
    """Return an author's name as it may be shown: of one that is an address, what stands before the ``@``."""
    return " ".join(clean(name).partition("@")[0].split())


def aliases_of(text: str, repository: int) -> tuple[Alias, ...]:
    """Read a mailmap. Of two lines for the same commits the last one holds, as in git.

    Args:
        text: the file.
        repository: the repository's number at GitHub.
    """
    found: dict[tuple[str, str], Alias] = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line.partition("#")[0].strip())
        if match is None:
            continue
        proper, address = match["email"], match["address"]
        key = key_of(proper if address is None else address, repository)
        to_key = "" if address is None else key_of(proper, repository)
        alias = Alias(key, shown_name(match["named"] or "").lower(), to_key, shown_name(match["name"]))
        found[alias.key, alias.named] = alias
    return tuple(found.values())


class Mailmap:
    """Says whose a commit is.

    Args:
        aliases: the lines of the file.
    """

    def __init__(self, aliases: Iterable[Alias] = ()) -> None:
        self._known = {(alias.key, alias.named): alias for alias in aliases}

    def applied(self, commit: PastCommit) -> PastCommit:
        """Return the commit with the key and the name that count; a line that asks for a name goes first."""
        key, name = self.whose(commit.key, commit.name)
        return commit if (key, name) == (commit.key, commit.name) else replace(commit, key=key, name=name)

    def whose(self, key: str, name: str) -> tuple[str, str]:
        """Return the key and the name that count in the place of these."""
        alias = self._known.get((key, name.lower())) or self._known.get((key, ""))
        return (alias.to_key or key, alias.to_name or name) if alias else (key, name)
