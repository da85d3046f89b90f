"""What following pull requests costs: evaluations of the flow, and requests to GitHub for each event."""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Any

from bot.config import Config, defaults
from bot.core.events import Actor, PullRequestUpdated, Repository, Thread
from bot.core.facts import Facts
from bot.core.flow import Flow, FlowItems, Item
from bot.core.pull_context import CodeOwnersFile, PullTypePrediction, Skips
from bot.core.pull_json import pull_from
from bot.core.pulls import ChangedFile, ChangedFiles, Check, Checks, Commits, PullRequest, Reviews
from bot.core.rule import Rule
from bot.rules import RULES
from bot.store.database import Database
from tests.benchmarks.table import Row
from tests.shared import SHARED
from tests.world import REPO, World, living

HISTORY = SHARED / "data/history/secp256k1/pulls.jsonl.gz"
SECONDS = 3.0
KNOWN = frozenset({PullRequest, ChangedFiles, Commits, Reviews, Checks, CodeOwnersFile, Skips, FlowItems})
WHERE = Repository(1, "acme/widgets", 1)
MAYA = Actor(1, "maya")
CONFIG = "mode: act\nwelcome: {enabled: false}\n"
EVENTS = 18


def bench(url: str) -> list[Row]:
    return [_evaluations(), *_requests(url)]


# Evaluations


def _evaluations() -> Row:
    pulls, origin = _pulls()
    rules, config = _rules(), defaults()
    done, start = 0, time.perf_counter()
    for pull in cycle(pulls):
        evaluate(pull, rules, config)
        done += 1
        if time.perf_counter() - start > SECONDS:
            break
    each = done / (time.perf_counter() - start)
    how = f"{len(rules)} rules, open again, on {len(pulls):,} {origin}"
    return Row("evaluations of the flow", f"{each:,.0f} a second", "1,000 a second", how)


def _rules() -> list[Rule]:
    """The rules that can be asked about a stored pull request."""
    extra = {PullTypePrediction}
    on_pulls = [each for each in RULES if PullRequestUpdated in _listened(each)]
    return [each for each in on_pulls if set(each.needs) <= KNOWN | extra]


def _listened(rule: Rule) -> set[type]:
    return {kind for kind in (PullRequestUpdated,) if issubclass(kind, rule.on)}


def evaluate(pull: PullRequest, rules: list[Rule], config: Config) -> Flow | None:
    """Ask the rules where a pull request is, from facts alone."""
    event = PullRequestUpdated(MAYA, Thread(WHERE, pull.number, is_pull=True), what="look")
    files = ChangedFiles((ChangedFile("src/engine.py", additions=pull.additions),))
    fixed = [
        *(pull, files, Commits(), Reviews(), Checks((Check("ci", "success", "ci"),)), CodeOwnersFile()),
        *(Skips(), PullTypePrediction("", 0.0, abstained=True)),
    ]
    items: list[Item] = []
    for rule in rules:
        facts = Facts([*fixed, FlowItems(tuple(items))])
        for said in rule.decide(event, config.section(rule), facts):
            if isinstance(said, Item):
                items.append(said)
            elif isinstance(said, Flow):
                return said
    return None


def _pulls() -> tuple[list[PullRequest], str]:
    if not HISTORY.exists():
        some = (PullRequest(n, title=f"fix: case {n}", head_sha=f"{n:040x}") for n in range(1, 1_001))
        return list(some), "pull requests made for this, the history is absent"
    return [pull_from(data) for data in _stored()], "pull requests of a project's history"


def _stored() -> Iterator[dict[str, Any]]:
    with gzip.open(HISTORY, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield {**json.loads(line)["pull"], "state": "open", "merged_at": None, "merged": False}


# Requests


def _requests(url: str) -> list[Row]:
    database = Database(url)
    database.migrate()
    try:
        with living(database, config=CONFIG) as world:
            world.run()
            counted, charged = _lived(world)
    finally:
        database.close()
    how = f"{EVENTS} events of one pull request at the sandbox, what Usher writes included"
    return [
        Row("requests for an event of a pull request", f"{charged:.1f}", "3", f"{how}; unchanged ones free"),
        Row("the same with the unchanged ones", f"{counted:.1f}", "-", how),
    ]


def _lived(world: World) -> tuple[float, float]:
    """Live a pull request's life. Returns requests for an event: all, and those that GitHub counts."""
    number = world.open_pull("fix: start", files={"src/engine.py": "x = 1\n"})
    before, free = len(world.requests()), world.witness.unchanged
    for happens in islice(cycle(_life(world, number)), EVENTS):
        world.run()
        world.let_pass(1)
        happens()
    world.run()
    counted = len(world.requests()) - before
    return counted / EVENTS, (counted - world.witness.unchanged + free) / EVENTS


def _life(world: World, number: int) -> list[Callable[[], object]]:
    nia, maya, wes = (world.sandbox.as_user(login) for login in ("nia", "maya", "wes"))
    turns = iter(range(1_000))
    return [
        lambda: nia.push_to_pull(REPO, number, {f"src/part{next(turns)}.py": "y = 2\n"}),
        lambda: maya.add_label(REPO, number, "bug"),
        lambda: wes.review(REPO, number, "REQUEST_CHANGES", "please"),
        lambda: nia.edit(REPO, number, title=f"fix: start {next(turns)}"),
        lambda: nia.push_to_pull(REPO, number, {f"tests/test_part{next(turns)}.py": "z = 3\n"}),
        lambda: maya.remove_label(REPO, number, "bug"),
        lambda: wes.review(REPO, number, "APPROVE", "good"),
        lambda: nia.edit(REPO, number, body=f"Because {next(turns)}."),
        lambda: wes.comment(REPO, number, "Thanks!"),
    ]
