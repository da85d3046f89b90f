"""Runs a command in a process of its own, and says how long it took and how much memory.

To the kernel (``getrusage(2)``: ``ru_maxrss``) a process begins with the peak of who started it. So
a small one starts the command, and not the benchmarks themselves, which hold a model by then.
"""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_STARTER = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(status)
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a command.

    Args:
        said: on stdout.
        seconds: from its start to its end.
        megabytes: of memory, at its peak.
    """

    said: str
    seconds: float
    megabytes: float


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Ran:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed; with what it said on stderr.
    """
    began = time.monotonic()
    starter = [sys.executable, "-S", "-c", _STARTER, *command]
    done = subprocess.run(starter, env=environment, capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr[-1000:]}")
    return Ran(done.stdout, took, int(done.stderr.split()[-1]) * 1024 / 1e6)
