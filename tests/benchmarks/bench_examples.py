"""Real example deliveries, whole and with random fields removed: accepted, and survived."""

import copy
import gzip
import json
import random
import uuid
from pathlib import Path
from typing import Any

import httpx

from bot.github.signature import sign
from bot.sandbox import Sandbox
from tests.benchmarks.table import Row
from tests.server import SECRET, running
from tests.shared import SHARED

MUTANTS = 5  # copies of each example with fields removed


def bench(folder: Path) -> list[Row]:
    source = SHARED / "github" / "webhook_examples.jsonl.gz"
    if not source.exists():
        return [
            Row("real example deliveries", "skipped", "0 crashes, 0 rejected", f"{source.name} is absent")
        ]
    examples = [json.loads(line) for line in gzip.decompress(source.read_bytes()).splitlines()]
    chance = random.Random(5)
    url = f"sqlite:///{folder / 'examples.db'}"
    rejected, sent = 0, 0
    with (
        running(url, folder, sandbox=Sandbox(), USHER_SWEEP_SECONDS="300") as usher,
        httpx.Client() as client,
    ):
        for example in examples:
            bodies = [example["payload"], *(_pruned(example["payload"], chance) for _ in range(MUTANTS))]
            for payload in bodies:
                body = json.dumps(payload).encode()
                headers = {
                    "X-GitHub-Delivery": str(uuid.uuid4()),
                    "X-GitHub-Event": example["event"],
                    "X-Hub-Signature-256": sign(SECRET.encode(), body),
                    "Content-Type": "application/json",
                }
                answer = client.post(f"{usher.url}/webhooks/github", content=body, headers=headers)
                rejected += answer.status_code != 202
                sent += 1
        crashed = not usher.server.is_alive or "Traceback" in usher.log.read_text()
    return [
        Row(
            "real example deliveries",
            f"{int(crashed)} crashes, {rejected} rejected of {sent:,}",
            "0 crashes, 0 rejected",
            f"{len(examples)} examples, each also {MUTANTS} times with random fields removed",
        )
    ]


def _pruned(payload: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A copy without some of its fields, at any depth."""
    pruned = copy.deepcopy(payload)
    for _ in range(chance.randint(1, 4)):
        place: Any = pruned
        while isinstance(place, dict) and place:
            key = chance.choice(list(place))
            if not isinstance(place[key], dict) or chance.random() < 0.3:
                del place[key]
                break
            place = place[key]
    return pruned
