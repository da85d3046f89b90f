"""Sentences of Usher's own with other people's words in them, kept apart until they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence in Markdown, and what is put into it.

    Args:
        text: Usher's own Markdown, with ``{name}`` where a value goes; ``{{`` and ``}}`` for braces.
        values: anybody's text, made harmless when it is shown.
    """

    text: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)

    def plain(self) -> str:
        """The sentence as text without markup, for the ledger and logs."""
        return self.text.replace("**", "").format_map(dict(self.values))

    def as_json(self) -> dict[str, Any]:
        """What a template is handed: see the filter ``phrase`` of ``bot/render.py``."""
        return {"text": self.text, "values": dict(self.values)}


def verbatim(markdown: str) -> Phrase:
    """Markdown that was made harmless when it was written, as it is."""
    return Phrase(markdown.replace("{", "{{").replace("}", "}}"))


def names(listed: tuple[str, ...] | list[str], most: int = 3) -> Phrase:
    """``a``, ``b``, ``c`` and 4 more, each in a code span."""
    shown = {f"n{place}": name for place, name in enumerate(listed[:most])}
    text = ", ".join(f"`{{{name}}}`" for name in shown)
    more = len(listed) - len(shown)
    return Phrase(f"{text} and {more} more" if more else text, shown)
