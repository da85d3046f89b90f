"""What every action has: a reason, and arguments that the ledger can keep."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to do, and why.

    Args:
        reason: one line that a person understands: what was seen, which rule, how sure.
        confidence: probability of being right (0 to 1) where a classifier decided; None otherwise.
    """

    kind: ClassVar[str] = ""
    reason: str
    confidence: float | None = None

    def args(self) -> dict[str, Any]:
        """The action's own arguments as JSON-able values, without reason and confidence."""
        skip = {"reason", "confidence"}
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self) if f.name not in skip}

    def summary(self) -> str:
        """What the action does, in a few words, for tables."""
        return self.kind


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value
