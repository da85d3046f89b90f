"""A backup of a project that never was, as large as a real one or many times so: invented from a seed."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

NAME = "octo/engine"
API = f"https://api.github.com/repos/{NAME}"
ISSUES, PULLS = 517, 1_308  # of a project that is twelve years old
_BEGAN = datetime(2014, 3, 1, tzinfo=UTC)
_SPAN = timedelta(days=4_500)
_TEXT = """the engine stops when a worker reads past its queue and nobody notices because the counter wraps
so we could keep a bound for each line or fail early with a message that says which part was slow I tried it
on two machines with the same result please look at the second commit it also mends the test that was flaky"""
_WORDS = _TEXT.split()
_QUIET = ("mentioned", "subscribed", "referenced", "head_ref_deleted")
_LABELS = ("bug", "feature", "docs", "performance", "build")


def make(folder: Path, *, times: float = 1.0, seed: int = 1) -> Path:
    """Write a backup, packed.

    Args:
        times: how many times as many threads as the real one has.
    """
    folder.mkdir(parents=True, exist_ok=True)
    maker = _Maker(Random(seed), people=max(20, round(500 * times**0.5)))
    numbers = list(range(1, round(ISSUES * times) + round(PULLS * times) + 1))
    maker.random.shuffle(numbers)
    cut = round(ISSUES * times)
    _write(folder / "issues.jsonl.gz", (maker.issue(number) for number in sorted(numbers[:cut])))
    _write(folder / "pulls.jsonl.gz", (maker.pull(number) for number in sorted(numbers[cut:])))
    return folder


def _write(path: Path, lines: Iterator[dict[str, Any]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
        for line in lines:
            out.write(f"{json.dumps(line)}\n")


class _Maker:
    """Threads, one after the other; the same ones for the same seed."""

    def __init__(self, random: Random, people: int) -> None:
        self.random = random
        self._people = [
            {
                "login": f"person-{n}",
                "id": 1_000 + n,
                "type": "User",
                "url": f"https://api.github.com/users/{n}",
            }
            for n in range(people)
        ]
        self._next = 1

    def issue(self, number: int) -> dict[str, Any]:
        """A line of issues.jsonl."""
        start = self._moment()
        events = [self._comment(start) for _ in range(self._few(4.2))]
        events += [self._event(self.random.choice(_QUIET), start) for _ in range(self._few(3.3))]
        events += [self._label(start) for _ in range(self._few(0.4))]
        return {"type": "issue", "issue": self._thread(number, start, events, "issues"), "events": events}

    def pull(self, number: int) -> dict[str, Any]:
        """A line of pulls.jsonl."""
        start = self._moment()
        events = [self._comment(start) for _ in range(self._few(5.5))]
        events += [self._event(self.random.choice(_QUIET), start) for _ in range(self._few(9.7))]
        events += [self._event("head_ref_force_pushed", start) for _ in range(self._few(2.1))]
        events += [self._commit(start) for _ in range(self._few(2.5))]
        events += [self._review(start) for _ in range(self._few(2.0))]
        events += [self._label(start) for _ in range(self._few(0.6))]
        lines = [self._line(start) for _ in range(self._few(4.6))]
        pull = self._thread(number, start, events, "pulls")
        repository = {"id": 77, "full_name": NAME, "description": self._text(60), "url": API}
        pull |= {"base": {"ref": "main", "repo": repository}, "head": {"ref": "mend", "repo": repository}}
        if pull["state"] == "closed" and self.random.random() < 0.75:
            pull |= {"merged": True, "merged_at": pull["closed_at"], "merged_by": self._person()}
            events.append(self._event("merged", start))
        return {"type": "pull", "pull": pull, "events": events, "comments": lines}

    def _thread(
        self, number: int, start: datetime, events: list[dict[str, Any]], kind: str
    ) -> dict[str, Any]:
        """The fields that issues and pull requests share; what is closed has an event of it."""
        thread = {
            "number": number,
            "url": f"{API}/{kind}/{number}",
            "title": self._text(8),
            "body": self._text(120),
            "user": self._person(),
            "author_association": self.random.choice(("NONE", "CONTRIBUTOR", "MEMBER")),
            "state": "open",
            "labels": [{"name": name} for name in self.random.sample(_LABELS, self.random.randrange(3))],
            "created_at": _written(start),
            "updated_at": _written(start + timedelta(days=99)),
        }
        if self.random.random() < 0.9:
            events.append(closed := self._event("closed", start))
            thread |= {"state": "closed", "closed_at": closed["created_at"]}
        return thread

    def _event(self, name: str, start: datetime, **fields: Any) -> dict[str, Any]:
        self._next += 1
        at = start + timedelta(minutes=self.random.randrange(1, 60 * 24 * 90))
        shell = {"id": self._next, "url": f"{API}/issues/events/{self._next}", "actor": self._person()}
        return {"event": name, **shell, "commit_id": None, "created_at": _written(at), **fields}

    def _comment(self, start: datetime) -> dict[str, Any]:
        person = self._person()
        return self._event("commented", start, user=person, author_association="NONE", body=self._text(90))

    def _review(self, start: datetime) -> dict[str, Any]:
        said = self._event("reviewed", start, user=self._person(), body=self._text(20), state="COMMENTED")
        return {**said, "submitted_at": said.pop("created_at")}

    def _line(self, start: datetime) -> dict[str, Any]:
        hunk = "\n".join(f"+    {self._text(8)}" for _ in range(30))
        return self._event(
            "", start, user=self._person(), body=self._text(40), diff_hunk=hunk, path="src/engine.c"
        )

    def _commit(self, start: datetime) -> dict[str, Any]:
        sha = f"{self.random.getrandbits(160):040x}"
        who = {"name": "A person", "email": "person@example.com", "date": _written(start)}
        return {"event": "committed", "sha": sha, "committer": who, "author": who, "message": self._text(30)}

    def _label(self, start: datetime) -> dict[str, Any]:
        return self._event("labeled", start, label={"name": self.random.choice(_LABELS)})

    def _person(self) -> dict[str, Any]:
        share = self.random.random() ** 3  # a few do most
        return self._people[int(share * len(self._people))]

    def _few(self, mean: float) -> int:
        return int(self.random.expovariate(1 / mean) + 0.5)

    def _text(self, words: int) -> str:
        return " ".join(self.random.choices(_WORDS, k=max(1, self._few(words))))

    def _moment(self) -> datetime:
        return _BEGAN + self.random.random() * _SPAN


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
