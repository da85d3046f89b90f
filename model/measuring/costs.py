"""What serving costs: time and memory of fresh processes that classify issues, and the size of the files.

`python -m model.measuring.costs ARTIFACT THREADS` is such a process: issues come as JSON on its standard
input.
"""

import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from model.errors import ModelError
from model.serving.artifact import size_bytes

Issue = tuple[str, str]  # title and body

_WARM_UP = 5  # issues classified before the clock starts
_BATCH_THREADS = 2
_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")


def spread(issues: Sequence[Issue], count: int) -> list[Issue]:
    """`count` of the issues, or all of fewer, evenly over them: data sets are often sorted by repository."""
    count = min(count, len(issues))
    return [issues[turn * len(issues) // count] for turn in range(count)]


def measure_costs(artifact: Path, issues: Sequence[Issue]) -> dict[str, Any]:
    """Load time, latency, throughput, peak memory and size, of `artifact` classifying `issues`.

    One process classifies them one by one on one thread; another, all together on two. Megabytes are of 10^6
    bytes. Memory is null where the system does not tell. Raises ModelError where a process fails.
    """
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    single, batch = (_fresh(artifact, issues, threads) for threads in (1, _BATCH_THREADS))
    return {
        "n": len(issues),
        "size_mb": round(size_bytes(artifact) / 1e6, 2),
        "load_ms": single["load_ms"],
        "median_ms": single["median_ms"],
        "p95_ms": single["p95_ms"],
        "peak_mb": single["peak_mb"],
        "batch_per_second": batch["per_second"],
        "batch_threads": _BATCH_THREADS,
        "machine": f"CPU ({platform.machine()}), {os.cpu_count()} cores",
        "busy_cores_before": load,  # processes that wanted to run; they slow what is measured
    }


def _fresh(artifact: Path, issues: Sequence[Issue], threads: int) -> dict[str, Any]:
    """What a new process measured on `threads` threads."""
    done = subprocess.run(
        [sys.executable, "-m", __spec__.name, str(artifact), str(threads)],
        input=json.dumps(issues),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=os.environ | dict.fromkeys(_LIMITS, str(threads)),
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise ModelError(f"the measuring process failed with exit code {done.returncode}: {last}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _work(artifact: Path, threads: int, issues: Sequence[Issue]) -> dict[str, Any]:
    """What the new process does."""
    from model.predict import Classifier, Item  # noqa: PLC0415 -- in the new process alone

    started = time.perf_counter()
    classifier = Classifier.load(artifact, threads=threads)
    load = time.perf_counter() - started
    items = [Item(title, body) for title, body in issues]
    classifier.classify_many(items[:_WARM_UP])
    found: dict[str, Any] = {"load_ms": round(1e3 * load, 1)}
    if threads > 1:
        started = time.perf_counter()
        classifier.classify_many(items)
        found["per_second"] = round(len(items) / (time.perf_counter() - started), 1)
    else:
        times = sorted(_seconds(classifier, item) for item in items)
        found["median_ms"] = round(1e3 * times[len(times) // 2], 2)
        found["p95_ms"] = round(1e3 * times[int(0.95 * len(times))], 2)
    return found | {"peak_mb": _peak_mb()}


def _seconds(classifier: Any, item: Any) -> float:
    started = time.perf_counter()
    classifier.classify(item.title, item.body)
    return time.perf_counter() - started


def _peak_mb() -> float | None:
    """The most memory this process ever held, where Linux says it.

    `getrusage` would count what the parent held before the process became another program.
    """
    status = Path("/proc/self/status")
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status.read_text(), re.MULTILINE) if status.exists() else None
    return round(int(found[1]) * 1024 / 1e6, 1) if found else None


if __name__ == "__main__":
    path, count = sys.argv[1:]
    json.dump(_work(Path(path), int(count), json.load(sys.stdin)), sys.stdout)
