"""What Usher asks GitHub about a project's documents: which there are, and when each was changed last.

Two requests over GraphQL: what lies where documents lie, in the repository and in that from which its owner
shares some; then when those were changed that are new. Nothing is asked about those that are as they were.
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from urllib.parse import quote, urlencode

import structlog

from bot.core.documents import PLACES, SHARED, Document, Entry, Inventory, documents_in, names_contact
from bot.core.errors import Gone, RetryLater
from bot.core.payload import items_at, mapping_at, text_at
from bot.core.pull_json import moment_at
from bot.github.answers import Forbidden, Missing, NotInstalled, Refused

Ask = Callable[[str, dict[str, Any]], Mapping[str, Any]]
log = structlog.get_logger(__name__)

_COST = "rateLimit { cost limit remaining resetAt }"
_ALIASES = dict(zip(("hidden", "root", "docs"), PLACES, strict=True))
_TREES = " ".join(
    f'{alias}: object(expression: "HEAD:{place}") {{ ...names }}' for alias, place in _ALIASES.items()
)

# What lies where documents lie. The second repository need not be there, and shares where it is public alone.
PLACES_OF_DOCUMENTS = f"""\
query($owner: String!, $name: String!) {{
  repository(owner: $owner, name: $name) {{ ...places }}
  shared: repository(owner: $owner, name: ".github") {{ ...places }}
  {_COST}
}}
fragment places on Repository {{ nameWithOwner isPrivate {_TREES} }}
fragment names on Tree {{ entries {{ name type oid }} }}"""


def last_changes(count: int) -> str:
    """Return the GraphQL document that asks when so many paths were changed last, and for one file's text."""
    paths = "".join(f", $p{number}: String!" for number in range(count))
    asked = " ".join(
        f"c{number}: history(first: 1, path: $p{number}) {{ nodes {{ committedDate }} }}"
        for number in range(count)
    )
    return f"""\
query($owner: String!, $name: String!, $conduct: String!{paths}) {{
  repository(owner: $owner, name: $name) {{
    tip: object(expression: "HEAD") {{ ... on Commit {{ {asked} }} }}
    conduct: object(expression: $conduct) {{ ... on Blob {{ text }} }}
  }}
  {_COST}
}}"""


class DocumentReader:
    """Asks which documents a repository has.

    Args:
        full_name: the repository's.
        get: asks over REST, by a path from the API's root.
        ask: asks over GraphQL; None asks over REST alone.
    """

    def __init__(self, full_name: str, get: Callable[[str], Any], ask: Ask | None) -> None:
        self._full_name = full_name
        self._shared_name = f"{full_name.partition('/')[0]}/.github"
        self._get, self._ask = get, ask

    def read(self, known: Inventory | None = None) -> Inventory:
        """Return the documents.

        Args:
            known: what was found the last time: nothing is asked about those that did not change.

        Raises:
            Forbidden, Missing: GitHub does not show the repository's files.
            RetryLater: GitHub asks for patience.
        """
        looked_at = datetime.now(UTC)
        found = self._found()
        dated = (one for one in (known.documents if known else ()) if one.changed_at)
        before = {(one.home, one.path, one.digest): one for one in dated}
        done = [before.get((one.home, one.path, one.digest), one) for one in found]
        fresh = [one for one in done if one.changed_at is None]
        told = {
            one.kind: one
            for home, group in groupby(sorted(fresh, key=attrgetter("home")), key=attrgetter("home"))
            for one in self._with_details(home or self._full_name, list(group))
        }
        return Inventory(looked_at, tuple(told.get(one.kind, one) for one in done))

    def _found(self) -> list[Document]:
        """The documents as they lie there, the project's own before those that it takes over."""
        own, shared = self._entries()
        found = documents_in(own)
        kinds = {one.kind for one in found}
        others = documents_in(shared() if kinds < kinds | SHARED else (), self._shared_name)
        return found + [one for one in others if one.kind not in kinds]

    def _entries(self) -> tuple[list[Entry], Callable[[], list[Entry]]]:
        if self._ask is not None:
            try:
                return self._over_graphql(self._ask)
            except NotInstalled:
                raise
            except (Missing, Forbidden, Refused) as error:
                log.warning("documents.without_graphql", reason=str(error))
                self._ask = None
        return list(self._over_rest(self._full_name)), self._shared_over_rest

    def _over_graphql(self, ask: Ask) -> tuple[list[Entry], Callable[[], list[Entry]]]:
        data = ask(PLACES_OF_DOCUMENTS, self._names(self._full_name))
        own = mapping_at(data, "repository")
        if not own:
            raise Missing(f"GitHub does not have this: {self._full_name}")
        shared = mapping_at(data, "shared")
        return list(_trees(own)), lambda: list(_trees(shared)) if shared.get("isPrivate") is False else []

    def _over_rest(self, full_name: str) -> Iterator[Entry]:
        folders = list(filter(None, PLACES))
        for item in self._get(f"/repos/{full_name}/contents"):
            yield _entry(item)
            if text_at(item, "type") == "dir" and text_at(item, "name") in folders:
                inside = self._get(f"/repos/{full_name}/contents/{text_at(item, 'name')}")
                yield from map(_entry, inside)

    def _shared_over_rest(self) -> list[Entry]:
        try:
            if self._get(f"/repos/{self._shared_name}").get("private") is not False:
                return []
            return list(self._over_rest(self._shared_name))
        except NotInstalled:
            raise
        except (Missing, Forbidden, Gone):  # most owners have none
            return []

    def _with_details(self, full_name: str, documents: Sequence[Document]) -> list[Document]:
        """The same with when they were changed; without, where finding out takes GitHub too long."""
        try:
            if self._ask is not None:
                return self._details_over_graphql(self._ask, full_name, documents)
            return [self._details_over_rest(full_name, one) for one in documents]
        except RetryLater as error:
            if error.until is not None:
                raise
            log.warning("documents.without_dates", repository=full_name, reason=str(error))
            return list(documents)

    def _details_over_graphql(
        self, ask: Ask, full_name: str, documents: Sequence[Document]
    ) -> list[Document]:
        conduct = next((one.path for one in documents if one.kind == "code_of_conduct"), "")
        paths = {f"p{number}": one.path for number, one in enumerate(documents)}
        asked = {**self._names(full_name), "conduct": f"HEAD:{conduct}", **paths}
        data = mapping_at(ask(last_changes(len(documents)), asked), "repository")
        tip, text = mapping_at(data, "tip"), text_at(mapping_at(data, "conduct"), "text")
        return [
            _told(one, items_at(mapping_at(tip, f"c{number}"), "nodes"), "committedDate", text)
            for number, one in enumerate(documents)
        ]

    def _details_over_rest(self, full_name: str, document: Document) -> Document:
        query = urlencode({"path": document.path, "per_page": 1})
        commits = self._get(f"/repos/{full_name}/commits?{query}")
        committers = [mapping_at(mapping_at(one, "commit"), "committer") for one in commits]
        text = ""
        if document.kind == "code_of_conduct":
            content = text_at(self._get(f"/repos/{full_name}/contents/{quote(document.path)}"), "content")
            text = _decoded(content)
        return _told(document, committers, "date", text)

    def _names(self, full_name: str) -> dict[str, Any]:
        owner, _, name = full_name.partition("/")
        return {"owner": owner, "name": name}


def _trees(repository: Mapping[str, Any]) -> Iterator[Entry]:
    """What lies in the places of a repository."""
    for alias, place in _ALIASES.items():
        for item in items_at(mapping_at(repository, alias), "entries"):
            path = f"{place}/{text_at(item, 'name')}".removeprefix("/")
            yield Entry(path, text_at(item, "oid"), text_at(item, "type") == "tree")


def _entry(item: Mapping[str, Any]) -> Entry:
    return Entry(text_at(item, "path"), text_at(item, "sha"), text_at(item, "type") == "dir")


def _told(document: Document, commits: Sequence[Any], date: str, text: str) -> Document:
    changed_at = moment_at(commits[0], date) if commits else None
    if document.kind != "code_of_conduct":
        return replace(document, changed_at=changed_at)
    return replace(document, changed_at=changed_at, has_contact=names_contact(text))


def _decoded(content: str) -> str:
    try:
        return base64.b64decode(content).decode("utf-8", "replace")
    except binascii.Error:
        return ""
