"""The rows that say what classifying costs."""

from model.measuring.costs import spread
from model.text import clean
from tests.benchmarks.bench_classify import COUNT, rows, written

COSTS = {
    "n": 200,
    "size_mb": 28.64,
    "load_ms": 276.9,
    "median_ms": 23.88,
    "p95_ms": 30.8,
    "peak_mb": 144.2,
    "batch_per_second": 74.8,
    "batch_threads": 2,
    "busy_cores_before": 0.1,
}


def test_each_number_is_beside_its_aim() -> None:
    found = {row.name: (row.measured, row.aim) for row in rows(COSTS, "issues")}
    assert found == {
        "type of one issue, one thread": ("p50 24 ms, p95 31 ms", "p95 30 ms, at most 60"),
        "types of many issues, 2 threads": ("75 a second", "150 a second, at least 40"),
        "memory of a process that classifies": ("144 MB", "200 MB, at most 300"),
        "classifier is loaded": ("0.28 s", "1 s"),
        "size of the classifier": ("29 MB", "35 MB, at most 60"),
    }


def test_memory_is_skipped_where_the_system_does_not_tell() -> None:
    [memory] = [row for row in rows(COSTS | {"peak_mb": None}, "issues") if row.name.startswith("memory")]
    assert (memory.measured, memory.how) == ("skipped", "only Linux tells the peak")


def test_the_issues_and_the_load_are_named() -> None:
    assert rows(COSTS, "issues of acme")[0].how == "200 issues of acme, 0.1 cores busy before"
    assert rows(COSTS | {"busy_cores_before": None}, "issues")[0].how == "200 issues"


def test_issues_are_taken_from_all_of_them() -> None:
    found = spread([(str(number), "") for number in range(1_500)], COUNT)
    assert len(found) == COUNT
    assert (found[0][0], found[-1][0]) == ("0", "1492")
    assert spread([("one", ""), ("two", "")], COUNT) == [("one", ""), ("two", "")]


def test_issues_of_our_own_are_as_long_as_real_ones_and_no_two_the_same() -> None:
    found = written()
    assert len({title for title, _ in found}) == COUNT
    lengths = [len(clean(title, body).body) for title, body in found]
    assert 300 < sum(lengths) / COUNT < 700
