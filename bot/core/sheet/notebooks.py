"""Notebooks that were saved with what their cells printed: data and images that nobody meant to commit."""

from collections.abc import Iterator

import re2

from bot.core.diffs import Diff
from bot.core.findings import Finding, Level
from bot.core.phrases import Phrase
from bot.core.sheet.paths import suffix_of

# Jupyter writes "outputs": [] on one line where there are none; in a cell's own source quotes are escaped.
_OUTPUT = re2.compile(
    r"(?m)^[ \t]*\"(?:outputs\"[ \t]*:[ \t]*\[[ \t]*(?:\{[^\n]*)?|output_type\"[ \t]*:[ \t]*\"[^\n]*)$"
)
_IMAGE = re2.compile(r"(?m)^[ \t]*\"image/(?:png|jpeg|gif|svg\+xml)\"[ \t]*:")
_COUNT = re2.compile(r"(?m)^[ \t]*\"execution_count\"[ \t]*:[ \t]*[0-9]+")

_MESSAGE = "Saved with {what}. They may hold data, and make the diff hard to read: clear them before saving."


def notebooks(diff: Diff) -> Iterator[Finding]:
    """Each notebook whose added lines hold outputs, images or execution counts; one finding for each."""
    for file in diff.files:
        if suffix_of(file.path) != "ipynb":
            continue
        seen = {
            name: next(file.find(pattern, 1), None)
            for name, pattern in (("outputs", _OUTPUT), ("images", _IMAGE), ("execution counts", _COUNT))
        }
        found = {name: hit[0].number for name, hit in seen.items() if hit}
        if found:
            message = Phrase(_MESSAGE, {"what": " and ".join(found)})
            level: Level = "notice" if found.keys() == {"execution counts"} else "warning"
            yield Finding(
                "notebooks", "security", level, file.path, min(found.values()), "Notebook outputs", message
            )
