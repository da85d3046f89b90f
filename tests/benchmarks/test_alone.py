"""The memory of a command is its own, whoever measures it."""

import sys

import pytest

from tests.benchmarks.alone import run

HOLD = "held = bytearray({} * 1_000_000); held[::4096] = b'x' * len(held[::4096]); print('held')"


def test_the_peak_is_the_commands_own() -> None:
    held = bytearray(200_000_000)  # of who measures
    held[::4096] = b"x" * len(held[::4096])
    small = run([sys.executable, "-c", "print('nothing')"])
    large = run([sys.executable, "-c", HOLD.format(100)])
    assert (small.said, large.said) == ("nothing\n", "held\n")
    assert small.megabytes < 60
    assert 100 < large.megabytes < 160


def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match="it broke"):
        run([sys.executable, "-c", "raise SystemExit('it broke')"])
