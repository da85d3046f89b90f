"""The numbers about hostile texts tell linear from quadratic, and come from texts that are read."""

import pytest

from tests.benchmarks.bench_hostile import LENGTHS, NOISE, READERS, Cost, cost, row


@pytest.mark.parametrize(
    ("seconds", "growth"), [((0.01, 0.04), 1.0), ((0.01, 0.16), 2.0), ((0.1, 0.1), 0.0), ((0.0, NOISE), 0.0)]
)
def test_growth_is_the_power_of_the_length(seconds: tuple[float, float], growth: float) -> None:
    assert Cost("a", seconds).growth == pytest.approx(growth)


def test_every_reader_is_given_texts_of_these_lengths() -> None:
    seen: list[int] = []
    cost(lambda text: seen.append(len(text)), "ab")
    assert set(seen) == set(LENGTHS)
    assert all(tuple(parts) for _name, _read, parts in READERS)


def test_the_worst_is_what_a_row_tells() -> None:
    found = row("words", [Cost("a", (0.1, 0.4)), Cost("b", (0.01, 0.16))])
    assert found.measured == "0.400 s ('a'), ^2.00"
