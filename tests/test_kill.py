"""``kill -9`` at random moments while deliveries arrive: nothing is lost, and every effect happens once."""

import random
import re
import time
from collections import Counter
from pathlib import Path

import pytest

from bot.sandbox import Sandbox
from bot.store.database import Database
from bot.store.inbox import FAILED, UNFINISHED, Inbox
from tests.server import Process, Usher, running

REPOSITORY = "octo/engine"
KILLS = 50
DELIVERIES = 500
PEOPLE = 40
PATIENCE = 120.0  # seconds for the last work to be done after the last kill
TYPES = ("bug", "enhancement", "question", "documentation", "needs-triage")
LABELS = [{"name": name} for name in (*TYPES, "area: ui", "area: core")]
TEXTS = (
    (
        "Crash when saving a file",
        "Traceback (most recent call last):\n  File 'a.py', line 3\nValueError: closed",
    ),
    ("How do I set a proxy?", "I would like to know how to use a proxy. Is there a setting for it?"),
    ("Add an option for the colour of tabs", "It would be nice to have an option for the colour of tabs."),
    ("Typo in the README", "The documentation of `install` says pyhton instead of python."),
    ("It does not work", "please help"),
)

pytestmark = [pytest.mark.kill, pytest.mark.timeout(1500)]


@pytest.fixture
def world() -> Sandbox:
    sandbox = Sandbox()
    sandbox.add_repo(
        REPOSITORY,
        labels=LABELS,
        files={".github/usher.yml": "mode: act\nbudget: {comments_per_day: 10000}\n"},
        collaborators={"maya": "maintain"},
    )
    return sandbox


def test_each_effect_happens_once(world: Sandbox, database_url: str, tmp_path: Path) -> None:
    workers = 0 if database_url.startswith("sqlite") else 2
    chance = random.Random(7)
    with running(database_url, tmp_path, workers=workers, sandbox=world) as usher:
        world.install(usher.app, "octo")
        numbers = day_with_kills(world, usher, chance)
        wait_until_done(usher, database_url)
    assert len(usher.sandbox.hooks.log) >= DELIVERIES
    check_effects(world, numbers)


def day_with_kills(world: Sandbox, usher: Usher, chance: random.Random) -> list[int]:
    """Open issues and give commands, and kill a process in the midst of each handful."""
    numbers: list[int] = []
    for round_ in range(KILLS):
        for _ in range(DELIVERIES // KILLS // 2):
            title, body = TEXTS[chance.randrange(len(TEXTS))]
            person = world.as_user(f"person{chance.randrange(PEOPLE)}")
            number = person.open_issue(REPOSITORY, f"{title} ({len(numbers)})", body)["number"]
            numbers.append(number)
            world.as_user("maya").comment(REPOSITORY, number, "/label area: ui")
        time.sleep(chance.uniform(0, 0.7))
        victim = chance.choice([*usher.workers, usher.server]) if round_ % 5 else usher.server
        revive(victim, usher)
    return numbers


def revive(victim: Process, usher: Usher) -> None:
    victim.kill()
    victim.start()
    if victim is usher.server:
        usher.wait_ready()


def wait_until_done(usher: Usher, database_url: str) -> None:
    """Wait until every delivery that GitHub knows of is in the inbox and finished."""
    database = Database(database_url)
    inbox = Inbox(database)
    guids = {delivery.guid for delivery in usher.sandbox.hooks.log.values()}
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        time.sleep(0.5)
        counts = inbox.counts()
        guids |= {delivery.guid for delivery in list(usher.sandbox.hooks.log.values())}
        if not any(counts.get(state) for state in UNFINISHED) and inbox.known(list(guids)) >= guids:
            break
    else:
        waiting = inbox.recent(states=UNFINISHED)
        missing = guids - inbox.known(list(guids))
        pytest.fail(f"{len(missing)} never arrived; unfinished: {waiting}\n{usher.log.read_text()[-3000:]}")
    failed = inbox.recent(states=FAILED)
    database.close()
    assert failed == []


def check_effects(world: Sandbox, numbers: list[int]) -> None:
    """Count at the sandbox what was really done."""
    labelled: Counter[tuple[int, str]] = Counter()
    written: Counter[tuple[int, str]] = Counter()
    for write in world.writes_by("usher[bot]"):
        number = int(re.search(r"/issues/(\d+)/", write.path)[1])  # type: ignore[index]
        if write.path.endswith("/labels"):
            names = write.body if isinstance(write.body, list) else write.body["labels"]
            labelled.update((number, name) for name in names)
        elif write.path.endswith("/comments"):
            written[number, re.search(r"<!-- usher:([\w-]+):", write.body["body"])[1]] += 1  # type: ignore[index]
    assert {key: count for key, count in labelled.items() if count != 1} == {}
    assert {key: count for key, count in written.items() if count != 1} == {}
    for number in numbers:
        found = {name for (thread, name) in labelled if thread == number}
        assert "area: ui" in found, f"#{number} has {found}: the command was lost"
        assert found & set(TYPES), f"#{number} has {found}: its triage was lost"
    welcomed = sum(count for (_, purpose), count in written.items() if purpose == "welcome")
    assert welcomed == len({write.actor for write in world.writes if write.actor.startswith("person")})
