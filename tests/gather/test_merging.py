"""Whether a pull request is in the merge queue is asked only where it may be."""

from datetime import UTC, datetime

import pytest

from bot.core.actors import GHOST
from bot.core.events import PullRequestUpdated, Repository, Thread
from bot.core.merging import QUEUED, QueuePlace
from bot.core.pull_context import Word
from bot.github import merge_reads, writes
from bot.github.answers import Forbidden
from bot.sandbox.things import Pull
from tests.world import REPO, World


@pytest.fixture
def number(world: World) -> int:
    world.sandbox.protect(REPO, merge_queue=True)
    return world.open_pull(by="wes")


def pull(world: World, number: int) -> Pull:
    found = world.issue(number).pull
    assert found is not None
    return found


def ask(world: World, number: int, what: str = "look") -> str:
    where = Repository(world.repository_id, REPO, world.installation.id)
    event = PullRequestUpdated(GHOST, Thread(where, number, is_pull=True), what=what)
    config = world.configs.named(REPO, world.installation.id)
    situation = world.gatherer.situation(event, datetime.now(UTC), config)
    return world.gatherer.gather(situation, (QueuePlace,))[QueuePlace].state


def note(world: World, number: int) -> None:
    word = Word(QUEUED, "usher[bot]", pull(world, number).head_sha)
    world.executor.flows.words.keep(world.repository_id, number, world.installation.id, word)


def test_what_was_never_in_costs_nothing(world: World, number: int) -> None:
    assert ask(world, number) == ""
    assert world.requests("graphql") == []
    assert ask(world, number, "enqueued") == ""
    assert len(world.requests("graphql")) == 1


def test_what_was_in_is_looked_for(world: World, number: int) -> None:
    note(world, number)
    assert ask(world, number) == "out"
    world.sandbox.protect(REPO, merge_queue=True, checks=["build"])
    sha = pull(world, number).head_sha
    said = {"state": "success", "context": "build"}
    world.sandbox.as_user("maya").request("POST", f"/repos/{REPO}/statuses/{sha}", said)
    node = merge_reads.landing(world.client, number, "main").node
    writes.enqueue(world.client.for_contents, node, sha)
    assert ask(world, number) == "queued"
    world.sandbox.as_user("wes").close(REPO, number)
    assert ask(world, number) == ""


def test_where_github_does_not_say_it_stays_as_it_was(
    world: World, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Forbidden("no")

    monkeypatch.setattr(merge_reads, "landing", refuse)
    assert ask(world, number, "enqueued") == ""
    note(world, number)
    assert ask(world, number) == "queued"
