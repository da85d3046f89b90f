"""The review sheet in words: its title, and what its template is handed."""

from collections.abc import Sequence
from typing import Any

from bot.core.diffs import Diff
from bot.core.findings import Finding
from bot.core.phrases import Phrase, names
from bot.core.sheet.points import SheetRow

_LISTED = 25  # findings in the summary; annotations have the others


def title_of(findings: Sequence[Finding]) -> str:
    """One line: how many things to look at, and how many notes."""
    notes = sum(finding.level == "notice" for finding in findings)
    grave = len(findings) - notes
    parts = [f"{grave} to look at"] if grave else []
    parts += [counted(notes, "note")] if notes else []
    return ", ".join(parts) or "Nothing stands out"


def context_of(
    rows: Sequence[SheetRow], diff: Diff, findings: Sequence[Finding], annotated: int
) -> dict[str, Any]:
    """What ``templates/checks/review-sheet.md.j2`` takes.

    Args:
        rows: the six points.
        diff: what the pull request changes.
        findings: all of them, the gravest first.
        annotated: how many of the first have an annotation.
    """
    listed = findings[:_LISTED]
    return {
        "points": [row.as_json() for row in rows],
        "findings": [
            {"level": each.level, "path": each.path, "line": each.line, "message": each.message.as_json()}
            for each in listed
        ],
        "more": len(findings) - len(listed),
        "notes": [note.as_json() for note in _notes(diff, len(findings) - annotated)],
    }


def counted(number: int, what: str) -> str:
    """``1 note``, ``2 notes``."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def _notes(diff: Diff, without_annotation: int) -> list[Phrase]:
    """What the reader must know of the sheet's limits."""
    notes = []
    if unread := [file.path for file in diff.files if not file.is_whole]:
        listed = names(unread)
        notes.append(Phrase(f"Too large to be read whole: {listed.text}.", listed.values))
    elif not diff.is_complete:
        notes.append(Phrase("GitHub lists only some of the changed files, so this is about those."))
    if without_annotation > 0:
        notes.append(Phrase("Without annotation: {more} of the findings.", {"more": without_annotation}))
    return notes
