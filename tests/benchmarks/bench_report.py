"""How long a report takes to be made, and how much memory, as the history behind it grows.

``python -m tests.benchmarks.bench_report DATABASE_URL owner/repo DAY`` makes one three times, and prints how
long each took.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.backups import Backup
from bot.demo.history import NAME, keep, made_up
from bot.importing import import_backup
from bot.reporting import Asked, Reports
from bot.store.database import Database
from bot.store.history import Histories
from tests.benchmarks.alone import run
from tests.benchmarks.bench_import import REAL, REAL_NAME
from tests.benchmarks.table import Row

DAY = "2026-06-15"
REAL_DAY = "2026-08-10"
TURNS = 3


def bench(lite: Callable[[str], str], postgres: Callable[[str], str]) -> list[Row]:
    rows = [
        made("report", made_history(lite("report"), 1), aim="2 s"),
        made("report, 10 times", made_history(lite("report-10"), 10), aim="20 s, memory as above"),
        made("report, PostgreSQL", made_history(postgres("report"), 1), aim="2 s"),
    ]
    if REAL.exists():
        rows.append(
            made("report on a real project", real_history(lite("report-real")), aim="2 s", name=REAL_NAME)
        )
    return rows


def made_history(url: str, times: int) -> str:
    database = Database(url)
    database.migrate()
    keep(made_up(datetime.fromisoformat(DAY).replace(tzinfo=UTC), times=times), database)
    database.close()
    return url


def real_history(url: str) -> str:
    database = Database(url)
    database.migrate()
    import_backup(database, REAL_NAME, Backup(Path(REAL)))
    database.close()
    return url


def made(row: str, url: str, *, aim: str, name: str = NAME) -> Row:
    """Make a report in a process of its own, and measure that."""
    day = DAY if name == NAME else REAL_DAY
    command = [sys.executable, "-m", "tests.benchmarks.bench_report", url, name, day]
    ran = run(command)
    said = json.loads(ran.said)
    return Row(
        row,
        f"{min(said['took']):.2f} s, {ran.megabytes:.0f} MB",
        aim,
        f"{said['threads']:,} threads, 90 days; the best of {TURNS}, the first took {said['took'][0]:.2f} s",
    )


def main() -> None:
    """Make a report some times over, and print how long each took."""
    url, name, day = sys.argv[1:]
    database, took = Database(url), []
    for _ in range(TURNS):
        began = time.perf_counter()
        Reports(database).make(Asked(name, day))
        took.append(time.perf_counter() - began)
    history = Histories(database).find(name)
    assert history is not None
    threads = sum(1 for _ in Histories(database).threads(history.id))
    print(json.dumps({"took": took, "threads": threads}))


if __name__ == "__main__":
    main()
