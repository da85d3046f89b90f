"""Small backups, as github-metadata-backup would write them."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.core.payloads import HUBOT, MONA

NAME = "acme/widgets"
API = f"https://api.github.com/repos/{NAME}"


def day(number: int) -> str:
    """A day of June 2025, at noon."""
    return f"2025-06-{number:02}T12:00:00Z"


def event(kind: str, on: int, actor: Any = MONA, **fields: Any) -> dict[str, Any]:
    return {"event": kind, "actor": actor, "created_at": day(on), **fields}


def comment(on: int, user: Any = MONA, body: str = "I see.", **fields: Any) -> dict[str, Any]:
    return {"event": "commented", "user": user, "created_at": day(on), "body": body, **fields}


def review(on: int, user: Any = MONA, state: str = "APPROVED", **fields: Any) -> dict[str, Any]:
    return {"event": "reviewed", "user": user, "submitted_at": day(on), "state": state, **fields}


def issue(number: int = 7, **fields: Any) -> dict[str, Any]:
    return {
        "number": number,
        "url": f"{API}/issues/{number}",
        "title": "It crashes",
        "user": HUBOT,
        "author_association": "NONE",
        "state": "open",
        "created_at": day(1),
        "updated_at": day(1),
        **fields,
    }


def pull(number: int = 8, **fields: Any) -> dict[str, Any]:
    base = {"ref": "main", "repo": {"id": 10, "full_name": NAME}}
    return {**issue(number, url=f"{API}/pulls/{number}", title="Mend it", base=base), **fields}


def line(data: dict[str, Any], *events: Any, comments: Iterable[Any] = ()) -> dict[str, Any]:
    """A line of a backup: of a pull request where the data has a base."""
    if "base" in data:
        return {"type": "pull", "pull": data, "events": list(events), "comments": list(comments)}
    return {"type": "issue", "issue": data, "events": list(events)}


def write(path: Path, *lines: Any) -> Path:
    """Write lines into a file, packed where it ends in .gz; a text is written as it is."""
    text = "".join(each if isinstance(each, str) else f"{json.dumps(each)}\n" for each in lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def backup(folder: Path, *, issues: Iterable[Any] = (), pulls: Iterable[Any] = ()) -> Path:
    """Write a backup of plain files."""
    write(folder / "issues.jsonl", *issues)
    write(folder / "pulls.jsonl", *pulls)
    return folder
