"""How long a project's history takes to be imported, and how much memory, as it grows."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from bot.store.database import Database
from tests.benchmarks.alone import run
from tests.benchmarks.made_history import NAME, make
from tests.benchmarks.table import Row
from tests.shared import SHARED

REAL, REAL_NAME = SHARED / "data/history/secp256k1", "bitcoin-core/secp256k1"


def bench(folder: Path, lite: Callable[[str], str], postgres: Callable[[str], str]) -> list[Row]:
    one, ten = make(folder / "one", times=1), make(folder / "ten", times=10)
    rows = [
        imported("import", lite("import"), one, aim="20 s"),
        imported("import, again", lite("import"), one, aim="20 s"),
        imported("import, 10 times", lite("import-10"), ten, aim="200 s, memory as above"),
        imported("import, PostgreSQL", postgres("import"), one, aim="20 s"),
        imported("import, 10 times, PostgreSQL", postgres("import_10"), ten, aim="200 s, memory as above"),
    ]
    if REAL.exists():
        rows.append(imported("import of a real project", lite("real"), REAL, name=REAL_NAME, aim="20 s"))
    return rows


def imported(row: str, url: str, backup: Path, *, aim: str, name: str = NAME) -> Row:
    """Import a backup as people do, and measure the process."""
    database = Database(url)
    database.migrate()
    database.close()
    command = [sys.executable, "-m", "bot.cli", "import", name, str(backup), "--json"]
    environment = {**os.environ, "USHER_DATABASE_URL": url}
    ran = run(command, environment)
    said = json.loads(ran.said)
    threads = said["issues"] + said["pulls"]
    size = sum(path.stat().st_size for path in backup.iterdir()) / 1e6
    return Row(
        row,
        f"{ran.seconds:.1f} s, {ran.megabytes:.0f} MB",
        aim,
        f"{threads:,} threads with {said['events']:,} events, {size:.0f} MB packed; the whole command",
    )
