"""Values out of a body that may hold anything: a value of the wrong type counts as absent."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Make a text safe for databases: without NUL, lone surrogates replaced."""
    return _SURROGATES.sub("\ufffd", text.replace("\0", ""))


def mapping_at(value: object, key: str) -> Mapping[str, Any]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def items_at(value: object, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, list) else []


def text_at(value: object, key: str) -> str:
    found = value.get(key) if isinstance(value, Mapping) else None
    return clean(found) if isinstance(found, str) else ""


def number_at(value: object, key: str) -> int | None:
    """Return an id: a positive integer that fits a database column."""
    found = value.get(key) if isinstance(value, Mapping) else None
    fits = isinstance(found, int) and not isinstance(found, bool) and 0 < found < 2**63
    return found if fits else None


def texts_at(items: Iterable[object], key: str) -> tuple[str, ...]:
    return tuple(text for item in items if (text := text_at(item, key)))
