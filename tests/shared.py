"""Files that lie beside the checkout, because they are not ours to ship."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


def shared(name: str) -> Path:
    """Return a shared file, such as ``github/schema.graphql.gz``; skip the test where it is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the shared file {name} is not beside this checkout")
    return path
