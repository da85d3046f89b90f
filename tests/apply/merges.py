"""A pull request that somebody asked to be merged, and what tests of merging do with it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.actions import Action
from bot.core.merging import ASKED
from bot.core.pull_actions import MergePull
from bot.core.pull_context import Word
from bot.sandbox.things import Pull
from bot.store.ledger import Plan, Step
from tests.world import World


def asked_for(world: World) -> int:
    """Open a pull request that maya asks to be merged. Returns its number."""
    number = world.open_pull("fix: start", by="wes", branch="fix", files={"src/a.py": "x = 1\n"})
    world.comment(number, "/merge")
    keep(world, Word(ASKED, "maya", head(world, number), "main"), number)
    return number


def keep(world: World, word: Word, number: int) -> None:
    """Keep a word that was said at GitHub's time, by a comment that was just written."""
    said = replace(word, at=datetime.now(UTC) - timedelta(seconds=30))
    world.executor.flows.words.keep(world.repository_id, number, world.installation.id, said)


def words(world: World, number: int, word: str) -> list[Word]:
    return [each for each in world.executor.flows.words.of(world.repository_id, number) if each.word == word]


def pull(world: World, number: int) -> Pull:
    found = world.issue(number).pull
    assert found is not None
    return found


def head(world: World, number: int) -> str:
    return pull(world, number).head_sha


def merging(world: World, number: int, **more: Any) -> MergePull:
    said = {"sha": head(world, number), "vouchers": ("maya",), "seen": "open", "reason": "asked", **more}
    return MergePull(**said)


def do(world: World, number: int, action: Action | None = None) -> Step:
    plan = world.do(number, action or merging(world, number), rule="merge")
    return plan.steps[0]


def later(world: World, number: int, action: Action | None = None) -> Plan:
    return world.save(number, action or merging(world, number), rule="merge")


def looks(world: World) -> int:
    return sum(delivery.event == "pull_request_look" for delivery in world.deliveries())


def merges(world: World) -> int:
    return len(world.writes("PUT .*/merge$"))
