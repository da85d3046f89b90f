"""The numbers about imports are measured on a history that is like a real one."""

from pathlib import Path

from bot.backups import Backup
from bot.importing import import_backup
from bot.store.database import Database
from tests.benchmarks.bench_import import imported
from tests.benchmarks.made_history import NAME, make


def test_the_same_seed_makes_the_same_history(tmp_path: Path) -> None:
    files = [make(tmp_path / name, times=0.01, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))]
    one, same, other = ([each.data for each in Backup(file).lines(lambda _: None)] for file in files)
    assert one == same != other


def test_a_larger_history_has_as_many_times_the_threads(sqlite_database: Database, tmp_path: Path) -> None:
    small = import_backup(sqlite_database, NAME, Backup(make(tmp_path / "small", times=0.05))).published
    large = import_backup(sqlite_database, NAME, Backup(make(tmp_path / "large", times=0.2))).published
    assert (small.issues, small.pulls, large.issues, large.pulls) == (26, 65, 103, 262)
    assert 3 < large.events / small.events < 5


def test_time_and_memory_of_the_whole_command_are_measured(tmp_path: Path) -> None:
    row = imported("import", f"sqlite:///{tmp_path}/usher.db", make(tmp_path / "made", times=0.01), aim="-")
    seconds, memory = row.measured.removesuffix(" MB").split(" s, ")
    assert float(seconds) > 0
    assert float(memory) > 10
    assert row.how.startswith("18 threads with ")
