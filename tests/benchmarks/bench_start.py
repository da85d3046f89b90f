"""How fast the server is ready, how much memory it takes, and what a base installation pulls in."""

import importlib.metadata
import re
import statistics
import time
from pathlib import Path

import psutil

from bot.sandbox import Sandbox
from tests.benchmarks.table import Row
from tests.server import running

STARTS = 5
HEAVY = ("torch", "scikit-learn", "scipy", "transformers")


def bench(folder: Path) -> list[Row]:
    seconds, memory = [], []
    for turn in range(STARTS):
        began = time.monotonic()
        with running(f"sqlite:///{folder / 'start.db'}", folder, sandbox=Sandbox()) as usher:
            if turn:  # the first start also makes the tables
                seconds.append(time.monotonic() - began)
            memory.append(psutil.Process(usher.server.pid).memory_info().rss / 1e6)
    names = {re.split(r"[^\w.-]", line)[0].lower() for line in _base_requirements()}
    heavy = sorted(names & set(HEAVY))
    return [
        Row(
            "usher serve is ready",
            f"{statistics.median(seconds):.1f} s ({min(seconds):.1f} to {max(seconds):.1f})",
            "3 s",
            f"median of {len(seconds)} starts on SQLite, until /readyz says so",
        ),
        Row(
            "memory of usher serve",
            f"{max(memory):.0f} MB",
            "400 MB",
            "resident, engine and classifier loaded",
        ),
        Row("heavy packages in a base install", ", ".join(heavy) or "none", "none", f"of {', '.join(HEAVY)}"),
    ]


def _base_requirements() -> list[str]:
    return [line for line in importlib.metadata.requires("usher-bot") or () if "extra ==" not in line]
