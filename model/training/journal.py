"""The run file: what happened in a run, a line of JSON each; a later line never changes an earlier one."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

JOURNAL = "run.jsonl"


class Journal:
    """Appends to `run.jsonl` of a directory; only the first of several processes writes."""

    def __init__(self, directory: Path, *, writes: bool) -> None:
        self.path = directory / JOURNAL
        self._writes = writes
        if writes:
            directory.mkdir(parents=True, exist_ok=True)
            self._end_line()

    def write(self, event: str, **facts: Any) -> None:
        """Append one event with its facts."""
        if not self._writes:
            return
        line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "event": event, **facts}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def events(self, name: str) -> list[dict[str, Any]]:
        """All events of one name, in order; a line that was not written to its end is passed over."""
        if not self.path.exists():
            return []
        lines = map(_parsed, self.path.read_text(encoding="utf-8", errors="replace").splitlines())
        return [line for line in lines if line.get("event") == name]

    def _end_line(self) -> None:
        """Begin on a fresh line, where somebody before was ended in the middle of one."""
        with self.path.open("ab+") as file:
            file.seek(max(0, file.tell() - 1))
            if file.read() not in {b"", b"\n"}:
                file.write(b"\n")


def _parsed(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
