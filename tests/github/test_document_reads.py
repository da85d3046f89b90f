"""Which documents there are, asked over GraphQL and over REST."""

from dataclasses import replace

import pytest
from graphql import parse, validate

from bot.core.documents import Document, Inventory
from bot.core.errors import RetryLater
from bot.github.answers import Forbidden, Missing
from bot.github.client import RepositoryClient
from bot.github.document_reads import last_changes
from bot.github.history_reads import HistoryReader
from bot.sandbox.graphql.execution import schema
from tests.github.scripted import Answer, Scripted
from tests.schema import official_schema
from tests.world import OWNER, REPO, World

WAYS = pytest.mark.parametrize("graphql", [True, False])
CONDUCT = b"Write to conduct@example.org."


def push(world: World, files: dict[str, bytes | None], repo: str = REPO) -> None:
    world.sandbox.clock.advance(60)
    texts = {path: None if data is None else data.decode() for path, data in files.items()}
    world.sandbox.as_user("maya").push(repo, texts)


def reader(world: World, *, graphql: bool = True) -> HistoryReader:
    return HistoryReader(world.client, with_graphql=graphql)


def told(found: Inventory) -> dict[str, tuple[str, str]]:
    return {one.kind: (one.home, one.path) for one in found.documents}


@WAYS
def test_they_are_found_where_github_looks(world: World, graphql: bool) -> None:
    push(world, {"README.md": b"x", "docs/CONTRIBUTING.md": b"x", ".github/ISSUE_TEMPLATE/bug.yml": b"x"})
    found = reader(world, graphql=graphql).documents()
    assert told(found) == {
        "readme": ("", "README.md"),
        "contributing": ("", "docs/CONTRIBUTING.md"),
        "issue_templates": ("", ".github/ISSUE_TEMPLATE"),
    }


@WAYS
def test_each_has_the_time_of_the_last_commit_on_it(world: World, graphql: bool) -> None:
    push(world, {"README.md": b"one", "SECURITY.md": b"one"})
    first = world.sandbox.clock.now().replace(microsecond=0)
    push(world, {"README.md": b"two"})
    second = world.sandbox.clock.now().replace(microsecond=0)
    push(world, {"other.txt": b"three"})
    found = {one.kind: one.changed_at for one in reader(world, graphql=graphql).documents().documents}
    assert found == {"readme": second, "security": first}


@WAYS
def test_a_code_of_conduct_says_whether_it_names_somebody(world: World, graphql: bool) -> None:
    push(world, {"README.md": b"a@b.example", "CODE_OF_CONDUCT.md": CONDUCT})
    found = {one.kind: one.has_contact for one in reader(world, graphql=graphql).documents().documents}
    assert found == {"readme": None, "code_of_conduct": True}


@WAYS
def test_what_the_owner_shares_counts_where_there_is_none(world: World, graphql: bool) -> None:
    shared = f"{OWNER}/.github"
    world.sandbox.add_repo(shared, collaborators={"maya": "admin"})
    push(world, {"SECURITY.md": b"x", "CODE_OF_CONDUCT.md": CONDUCT, "LICENSE": b"x"}, repo=shared)
    push(world, {"README.md": b"x", "SECURITY.md": b"own"})
    found = reader(world, graphql=graphql).documents()
    assert told(found) == {
        "readme": ("", "README.md"),
        "security": ("", "SECURITY.md"),
        "code_of_conduct": (shared, "CODE_OF_CONDUCT.md"),
    }
    assert all(one.changed_at for one in found.documents)
    assert found.documents[-1].has_contact


@WAYS
def test_a_private_repository_shares_nothing(world: World, graphql: bool) -> None:
    shared = f"{OWNER}/.github"
    world.sandbox.add_repo(shared, private=True, collaborators={"maya": "admin"})
    push(world, {"SECURITY.md": b"x"}, repo=shared)
    push(world, {"README.md": b"x"})
    assert told(reader(world, graphql=graphql).documents()) == {"readme": ("", "README.md")}


@WAYS
def test_a_project_without_any_has_none(world: World, graphql: bool) -> None:
    push(world, {"README.md": None, "main.py": b"x"})
    assert reader(world, graphql=graphql).documents().documents == ()


def test_over_graphql_two_requests_do_and_one_where_nothing_changed(world: World) -> None:
    push(world, {"README.md": b"x", "SECURITY.md": b"x", ".github/ISSUE_TEMPLATE/bug.yml": b"x"})
    asked = reader(world)
    known = asked.documents()
    assert asked.cost.calls == asked.cost.graphql == 2
    assert replace(asked.documents(known), looked_at=known.looked_at) == known
    assert asked.cost.calls == 3
    push(world, {"SECURITY.md": b"y"})
    found = asked.documents(known)
    assert asked.cost.calls == 5
    assert found.documents[0] == known.documents[0]
    assert found.documents[1] != known.documents[1]


def test_over_rest_nothing_is_asked_about_those_that_did_not_change(world: World) -> None:
    push(world, {"README.md": b"x", "docs/SECURITY.md": b"x"})
    asked = reader(world, graphql=False)
    known = asked.documents()
    before = len(world.requests("/commits?"))
    assert replace(asked.documents(known), looked_at=known.looked_at) == known
    assert (before, len(world.requests("/commits?"))) == (2, 2)


def test_without_graphql_it_is_asked_over_rest(world: World) -> None:
    push(world, {"README.md": b"x"})
    world.sandbox.faults.add("no_graphql")
    assert told(reader(world).documents()) == {"readme": ("", "README.md")}


@WAYS
def test_files_that_the_app_may_not_see_are_not_taken_for_missing(world: World, graphql: bool) -> None:
    push(world, {"README.md": b"x"})
    del world.installation.permissions["contents"]
    with pytest.raises(Forbidden):
        reader(world, graphql=graphql).documents()


def test_a_repository_that_is_gone_has_no_answer(client: RepositoryClient, script: Scripted) -> None:
    script.tell("POST", "/graphql", Answer(200, {"data": {"repository": None, "shared": None}}))
    with pytest.raises(Missing):
        HistoryReader(client).documents()


def entries(*names: str) -> dict[str, object]:
    return {"entries": [{"name": name, "type": "blob", "oid": name} for name in names]}


@pytest.mark.parametrize(("is_private", "count"), [(True, 0), (False, 1), (None, 0)])
def test_what_the_app_sees_of_a_private_one_is_not_shared(
    client: RepositoryClient, script: Scripted, is_private: bool | None, count: int
) -> None:
    shared = {"isPrivate": is_private, "root": entries("SECURITY.md")}
    data = {"repository": {"root": None, "nameWithOwner": "acme/widgets"}, "shared": shared}
    script.tell("POST", "/graphql", lambda _: Answer(200, {"data": data}))
    assert len(HistoryReader(client).documents().documents) == count


def test_where_dates_take_github_too_long_there_are_none(client: RepositoryClient, script: Scripted) -> None:
    data = {"repository": {"root": entries("README.md"), "hidden": None, "docs": None}, "shared": None}
    waiting = iter([Answer(200, {"data": data}), Answer(502, {"message": "timeout"})])
    script.tell("POST", "/graphql", lambda _: next(waiting))
    found = HistoryReader(client).documents()
    assert found.documents == (Document("readme", "README.md", "README.md"),)


def test_where_github_asks_for_patience_it_is_waited(client: RepositoryClient, script: Scripted) -> None:
    data = {"repository": {"root": entries("README.md")}, "shared": None}
    limited = Answer(403, {"message": "rate limit"}, {"retry-after": "60"})
    waiting = iter([Answer(200, {"data": data}), limited])
    script.tell("POST", "/graphql", lambda _: next(waiting))
    with pytest.raises(RetryLater):
        HistoryReader(client).documents()


@pytest.mark.parametrize("count", [1, 7])
def test_the_document_fits_githubs_schema_and_the_sandboxs(count: int) -> None:
    document = parse(last_changes(count))
    assert validate(schema(), document) == []
    assert validate(official_schema(), document) == []
