"""How long tests wait: they ask whether an end comes at all; ``make bench`` measures how soon."""

import pytest

SECONDS = 60
"""Hundreds of times what any of these takes on an idle machine: a busy one must not fail a test."""

must_end = pytest.mark.timeout(SECONDS)
"""For input that was made to take for ever: exponential time, and most of what is quadratic, ends here."""
