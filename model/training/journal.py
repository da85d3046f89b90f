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

    def write(self, event: str, **facts: Any) -> None:
        """Append one event with its facts."""
        if not self._writes:
            return
        line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "event": event, **facts}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def events(self, name: str) -> list[dict[str, Any]]:
        """All events of one name, in order."""
        if not self.path.exists():
            return []
        lines = (json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines() if line)
        return [line for line in lines if line["event"] == name]
