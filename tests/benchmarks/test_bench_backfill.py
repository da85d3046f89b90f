"""The benchmark of the backfill measures what it says."""

from pathlib import Path

from tests.benchmarks.bench_backfill import bench


def test_it_measures(tmp_path: Path) -> None:
    rows = {row.name: row.measured for row in bench(f"sqlite:///{tmp_path / 'bench.db'}", count=30)}
    assert 100 < float(rows["backfill over GraphQL: requests for 1,000 threads"]) < 900
    assert float(rows["backfill over REST: requests for 1,000 threads"].replace(",", "")) > 1000
    assert 10 <= float(rows["backfill over GraphQL: requests for 1,000 commits"]) < 100
    assert int(rows["backfill when nothing changed: requests"]) < 10
