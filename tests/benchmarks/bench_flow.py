"""What following pull requests costs: evaluations of the flow, and requests to GitHub for each event."""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from math import ceil
from typing import Any

from bot.config import Config, defaults
from bot.core.actors import Actor
from bot.core.branch_rules import BranchRules
from bot.core.events import PullRequestUpdated, Repository, Thread
from bot.core.facts import Fact, Facts, LabelHistory, Now, OwnComments, RepositoryLabels
from bot.core.flow import Flow, FlowItems, Item
from bot.core.merging import QueuePlace
from bot.core.pull_context import (
    CodeOwnersFile,
    PullTypePrediction,
    ReviewLoad,
    ReviewRequests,
    Skips,
    TeamMembers,
    Words,
)
from bot.core.pull_json import commit_from, pull_from, review_from
from bot.core.pulls import (
    ChangedFile,
    ChangedFiles,
    Check,
    Checks,
    ChecksExpected,
    Commit,
    Commits,
    ParentChecks,
    PullRequest,
    Reviews,
)
from bot.core.release.state import ReleaseState
from bot.core.rule import Rule
from bot.rules import RULES
from bot.store.database import Database
from tests.benchmarks.table import Row
from tests.shared import SHARED
from tests.world import REPO, World, living

HISTORY = SHARED / "data/history/secp256k1/pulls.jsonl.gz"
SECONDS = 3.0
MOST_FILES = 100  # of one pull request, so that a few huge ones do not decide
NOON = datetime(2025, 6, 9, 12, tzinfo=UTC)
# What is not known of a stored pull request, or was never there.
NOTHING: tuple[Callable[[], Fact], ...] = (
    BranchRules,
    ChecksExpected,
    CodeOwnersFile,
    LabelHistory,
    OwnComments,
    ParentChecks,
    QueuePlace,
    ReleaseState,
    ReviewLoad,
    ReviewRequests,
    Skips,
    TeamMembers,
    Words,
)
WHERE = Repository(1, "acme/widgets", 1)
MAYA = Actor(1, "maya")
CONFIG = "mode: act\nwelcome: {enabled: false}\n"
EVENTS = 18


def bench(url: str) -> list[Row]:
    return [_evaluations(), *_requests(url)]


# Evaluations


@dataclass(frozen=True)
class Stored:
    """A pull request of a history with what is known of it."""

    pull: PullRequest
    commits: Commits
    reviews: Reviews


def _evaluations() -> Row:
    stored, origin = _pulls()
    rules, config = _rules(), defaults()
    done, start = 0, time.perf_counter()
    for each in cycle(stored):
        evaluate(each, rules, config)
        done += 1
        if time.perf_counter() - start > SECONDS:
            break
    each_second = done / (time.perf_counter() - start)
    how = f"{len(rules)} rules, open again, on {len(stored):,} {origin}"
    return Row("evaluations of the flow", f"{each_second:,.0f} a second", "1,000 a second", how)


def _rules() -> list[Rule]:
    """The rules that are asked whenever a pull request is looked at."""
    return [rule for rule in RULES if issubclass(PullRequestUpdated, rule.on)]


def evaluate(stored: Stored, rules: list[Rule], config: Config) -> Flow | None:
    """Ask the rules where a pull request is, from facts alone."""
    event = PullRequestUpdated(MAYA, Thread(WHERE, stored.pull.number, is_pull=True), what="look")
    fixed, items = _facts(stored), list[Item]()
    found: Flow | None = None
    for rule in rules:
        for said in rule.decide(event, config.section(rule), Facts([*fixed, FlowItems(tuple(items))])):
            if isinstance(said, Item):
                items.append(said)
            elif isinstance(said, Flow):
                found = said
    return found


def _facts(stored: Stored) -> list[Fact]:
    pull = stored.pull
    each = ceil(pull.additions / max(1, pull.changed_files))
    files = tuple(
        ChangedFile(f"src/part{n}.py", additions=each) for n in range(min(pull.changed_files, MOST_FILES))
    )
    said = (
        pull,
        ChangedFiles(files),
        stored.commits,
        stored.reviews,
        Checks((Check("ci", "success", "ci"),)),
    )
    known = (Now(NOON), PullTypePrediction("", 0.0, abstained=True), RepositoryLabels(pull.labels))
    return [*said, *known, *(kind() for kind in NOTHING)]


def _pulls() -> tuple[list[Stored], str]:
    if not HISTORY.exists():
        some = (PullRequest(n, title=f"fix: case {n}", head_sha=f"{n:040x}") for n in range(1, 1_001))
        return [
            Stored(pull, Commits(), Reviews()) for pull in some
        ], "pull requests made for this, the history is absent"
    return list(_stored()), "pull requests of a project's history, with its commits and reviews"


def _stored() -> Iterator[Stored]:
    with gzip.open(HISTORY, "rt", encoding="utf-8") as lines:
        for line in lines:
            data = json.loads(line)
            reviews = (review_from(each) for each in data["events"] if each.get("event") == "reviewed")
            commits = (_commit(each) for each in data["events"] if each.get("event") == "committed")
            yield Stored(
                pull_from({**data["pull"], "state": "open", "merged_at": None, "merged": False}),
                Commits(tuple(commits)),
                Reviews(tuple(each for each in reviews if each)),
            )


def _commit(event: dict[str, Any]) -> Commit:
    """The timeline has of a commit what the API has below ``commit``."""
    return commit_from({"sha": event.get("sha"), "commit": event, "parents": event.get("parents")})


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
