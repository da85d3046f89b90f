"""Is anything lost that was acknowledged? Deliveries are poured in, and the server is killed in the midst."""

import asyncio
import json
import random
import uuid
from pathlib import Path

import httpx

from bot.github.signature import sign
from bot.sandbox import Sandbox
from bot.store.database import Database
from bot.store.inbox import Inbox
from tests.benchmarks.table import Row
from tests.server import SECRET, Usher, running

KILLS = 20
CONNECTIONS = 16
BODY_BYTES = 18_000


def bench(database_url: str, folder: Path, kind: str) -> list[Row]:
    chance = random.Random(3)
    acknowledged: set[str] = set()
    with running(database_url, folder, sandbox=Sandbox(), USHER_SWEEP_SECONDS="300") as usher:
        for _ in range(KILLS):
            acknowledged |= asyncio.run(_pour_and_kill(usher, chance.uniform(0.05, 1.0)))
            usher.server.start()
            usher.wait_ready()
    database = Database(database_url)
    lost = acknowledged - Inbox(database).known(list(acknowledged))
    database.close()
    return [
        Row(
            f"acknowledged and lost, {kind}",
            f"{len(lost)} of {len(acknowledged):,}",
            "0",
            f"{KILLS} times kill -9 while {CONNECTIONS} connections deliver",
        )
    ]


async def _pour_and_kill(usher: Usher, seconds: float) -> set[str]:
    acknowledged: set[str] = set()
    async with httpx.AsyncClient(timeout=5) as client:
        senders = [asyncio.create_task(_send(client, usher.url, acknowledged)) for _ in range(CONNECTIONS)]
        await asyncio.sleep(seconds)
        usher.server.kill()
        await asyncio.gather(*senders)
    return acknowledged


async def _send(client: httpx.AsyncClient, url: str, acknowledged: set[str]) -> None:
    """Deliver until the server is gone."""
    while True:
        guid = str(uuid.uuid4())
        body = json.dumps({"action": "none", "guid": guid, "filler": "x" * BODY_BYTES}).encode()
        headers = {
            "X-GitHub-Delivery": guid,
            "X-GitHub-Event": "watch",
            "X-Hub-Signature-256": sign(SECRET.encode(), body),
            "Content-Type": "application/json",
        }
        try:
            answer = await client.post(f"{url}/webhooks/github", content=body, headers=headers)
        except httpx.HTTPError:
            return
        if answer.status_code == 202:
            acknowledged.add(guid)
