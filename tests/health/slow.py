"""The figures once more, written from their definitions by another way: loops over raw rows, nothing shared.

A row is a dictionary: ``number``, ``pull``, ``author``, ``created``, ``closed`` and ``merged`` (as of
today), ``draft`` (is it one today?) and ``events``: tuples of the moment, what GitHub's timeline calls it,
the account's number, and whether an App did it. Slow, and easy to check by eye. What else a row has is
for ``slow_needs.py``.
"""

import gzip
import itertools
import json
import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, Any]
SAID = ("commented", "reviewed", "line-commented")
GHOST = 10137  # what GitHub shows in the place of deleted accounts


# Rows


def read_backup(folder: Path) -> tuple[list[Row], dict[int, str], set[int]]:
    """The rows of a backup, the logins of the accounts, and which of these are bots."""
    rows, logins, bots = [], {}, set()

    def account(user: Any) -> int | None:
        if not user or user["id"] == GHOST:
            return None
        logins[user["id"]] = user["login"]
        if user["type"] == "Bot" or user["login"].endswith("[bot]"):
            bots.add(user["id"])
        return int(user["id"])

    for line in itertools.chain.from_iterable(
        _lines(folder / name) for name in ("issues.jsonl.gz", "pulls.jsonl.gz")
    ):
        entry = json.loads(line)
        data, events = entry[entry["type"]], []
        for event in entry["events"]:
            moment = event.get("submitted_at") or event.get("created_at")
            if event["event"] == "committed":
                moment = event["committer"]["date"]
            by_app = bool(event.get("performed_via_github_app"))
            if event["event"] == "line-commented":
                entry.setdefault("comments", []).extend(event.get("comments", ()))
            elif moment and event.get("state") != "pending":
                who = account(event.get("user") or event.get("actor"))
                events.append((_moment(moment), event["event"], who, by_app))
        events += [
            (_moment(comment["created_at"]), "line-commented", account(comment["user"]), False)
            for comment in entry.get("comments", ())
        ]
        rows.append(
            {
                "number": data["number"],
                "pull": entry["type"] == "pull",
                "author": account(data["user"]),
                "created": _moment(data["created_at"]),
                "closed": _moment(data["closed_at"]) if data.get("closed_at") else None,
                "merged": _moment(data["merged_at"]) if data.get("merged_at") else None,
                "draft": data.get("draft", False),
                "events": sorted(events, key=lambda event: event[0]),
                **_for_needs(entry, account),
            }
        )
    return rows, logins, bots


def _for_needs(entry: Any, account: Callable[[Any], int | None]) -> Row:
    """What ``slow_needs.py`` asks of a row besides."""
    data = entry[entry["type"]]
    return {
        "labels": [label["name"] for label in data.get("labels", ())],
        "locked": data.get("locked", False),
        "head": data.get("head", {}).get("sha", ""),
        "conflicts": data.get("mergeable_state") == "dirty" and not data.get("closed_at"),
        "verdicts": [
            (
                _moment(event["submitted_at"]),
                account(event.get("user") or event.get("actor")),
                bool(event.get("performed_via_github_app")),
                event["state"].lower(),
                event["commit_id"] or "",
            )
            for event in entry["events"]
            if event["event"] == "reviewed" and event["state"] != "pending"
        ],
        "labelled": [
            (_moment(event["created_at"]), event["event"], event["label"]["name"])
            for event in entry["events"]
            if event["event"] in {"labeled", "unlabeled"}
        ],
    }


def _lines(file: Path) -> Iterator[str]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from lines


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


# How a thread stood at a moment


def closed_when(row: Row, until: datetime) -> datetime | None:
    """When it was closed last, if it was closed at that moment: what GitHub says today, or else replayed."""
    closed: datetime | None = row["closed"]
    if closed and closed < until:
        return closed
    closed = None
    for moment, what, _, _ in row["events"]:
        if moment < until and what in {"closed", "merged"} and closed is None:
            closed = moment
        if moment < until and what == "reopened":
            closed = None
    return closed


def merged_when(row: Row, until: datetime) -> datetime | None:
    merged: datetime | None = row["merged"]
    return merged if merged and merged < until else None


def ready_when(row: Row, until: datetime) -> datetime | None:
    """When it could be looked at first; None for a draft that was not ready by then."""
    created: datetime = row["created"]
    turns = [
        (event[0], event[1]) for event in row["events"] if "ready_for" in event[1] or "draft" in event[1]
    ]
    opened_as_draft = turns[0][1] == "ready_for_review" if turns else row["draft"]
    if not row["pull"] or not opened_as_draft:
        return created
    return turns[0][0] if turns and turns[0][0] < until else None


# Whose threads


def of_audience(
    rows: list[Row], name: str, until: datetime, bots: set[int], maintainers: set[int]
) -> list[Row]:
    """The rows of an audience: by who opened them and, for newcomers, when that was."""
    chosen = []
    for row in rows:
        who = row["author"]
        is_new = who is not None and row["created"] - first_seen(rows, who, until) <= timedelta(days=90)
        is_person = who not in bots
        if (
            (name == "maintainers" and who in maintainers and is_person)
            or (name == "outsiders" and who not in maintainers and is_person)
            or (name == "newcomers" and is_new and is_person)
        ):
            chosen.append(row)
    return chosen


def first_seen(rows: list[Row], who: int, until: datetime) -> datetime:
    """When somebody opened or wrote something first."""
    moments = [row["created"] for row in rows if row["author"] == who]
    for row in rows:
        for moment, what, writer, by_app in row["events"]:
            if what in SAID and writer == who and not by_app and row["created"] < until:
                moments.append(moment)
    return min(moments)


# Counts


def next_month(moment: datetime) -> datetime:
    return (moment.replace(day=1) + timedelta(days=32)).replace(day=1)


def by_month(rows: list[Row], until: datetime) -> dict[str, list[tuple[str, int]]]:
    """Opened, closed, merged and open at the end, for each month of UTC."""
    rows = [row for row in rows if row["created"] < until]
    start = min(row["created"] for row in rows)
    month = datetime(start.year, start.month, 1, tzinfo=UTC)
    found: dict[str, list[tuple[str, int]]] = {}
    while month < until:
        end, name = next_month(month), month.strftime("%Y-%m")
        for pull, kind in ((False, "issues"), (True, "prs")):
            opened = closed = merged = standing = 0
            for row in rows:
                if row["pull"] != pull:
                    continue
                closing, merging = closed_when(row, until), merged_when(row, until)
                opened += month <= row["created"] < end
                closed += closing is not None and month <= closing < end
                merged += merging is not None and month <= merging < end
                standing += row["created"] < end and (closing is None or closing >= end)
            for id_, number in (("opened", opened), ("closed", closed), ("open", standing)):
                found.setdefault(f"{kind}_{id_}", []).append((name, number))
            if pull:
                found.setdefault("prs_merged", []).append((name, merged))
        month = end
    return found


# Times


def summary(times: list[float], waiting: int) -> list[float]:
    """n, still waiting, median, p90; in place of the two the values themselves where there are few."""
    if len(times) < 5:
        return [len(times), waiting, *sorted(times)]
    p90 = statistics.quantiles(times, n=10, method="inclusive")[8]
    return [len(times), waiting, statistics.median(times), p90]


def first_response(
    rows: list[Row], start: datetime, until: datetime, bots: set[int], *, pull: bool
) -> list[float]:
    times, waiting = [], 0
    for row in rows:
        ready = ready_when(row, until)
        if row["pull"] != pull or not start <= row["created"] < until or ready is None:
            continue
        answers = []
        for moment, what, who, by_app in row["events"]:
            by_person_other_than_author = who not in bots and not by_app and who != row["author"]
            if what in SAID and by_person_other_than_author and ready <= moment < until:
                answers.append(moment)
        if answers:
            times.append((min(answers) - ready).total_seconds())
        else:
            waiting += 1
    return summary(times, waiting)


def time_to_close(rows: list[Row], start: datetime, until: datetime) -> list[float]:
    cohort = [row for row in rows if not row["pull"] and start <= row["created"] < until]
    closings = [(row, closed_when(row, until)) for row in cohort]
    times = [(closing - row["created"]).total_seconds() for row, closing in closings if closing]
    return summary(times, sum(closing is None for _, closing in closings))


def time_to_merge(rows: list[Row], start: datetime, until: datetime) -> list[float]:
    cohort = [row for row in rows if row["pull"] and start <= row["created"] < until]
    times = [(m - row["created"]).total_seconds() for row in cohort if (m := merged_when(row, until))]
    return summary(times, sum(closed_when(row, until) is None for row in cohort))


# People


def absence_factor(rows: list[Row], start: datetime, until: datetime, bots: set[int]) -> int | None:
    """The smallest group that wrote half of what was merged, found by trying all groups."""
    merged: dict[Any, int] = {}
    for row in rows:
        merging = merged_when(row, until)
        if merging and start <= merging and row["author"] not in bots:
            author = f"ghost of {row['number']}" if row["author"] is None else row["author"]
            merged[author] = merged.get(author, 0) + 1
    for size in range(1, len(merged) + 1):
        groups = itertools.combinations(merged.values(), size)
        if any(2 * sum(group) >= sum(merged.values()) for group in groups):
            return size
    return None


def new_authors(rows: list[Row], start: datetime, until: datetime, bots: set[int]) -> tuple[int, int, int]:
    """People with a first issue, a first pull request, a first merged one."""
    people = {row["author"] for row in rows} - bots - {None}
    found = [0, 0, 0]
    for person in people:
        own = [row for row in rows if row["author"] == person]
        firsts = (
            [row["created"] for row in own if not row["pull"]],
            [row["created"] for row in own if row["pull"]],
            [m for row in own if (m := merged_when(row, until))],
        )
        for stage, moments in enumerate(firsts):
            found[stage] += bool(moments) and start <= min(moments) < until
    return found[0], found[1], found[2]


def returning(rows: list[Row], start: datetime, until: datetime, bots: set[int]) -> tuple[int, int]:
    """Who took part in the 90 days before, and how many of these did so again."""

    def took_part(begin: datetime, end: datetime) -> set[Any]:
        people = {row["author"] for row in rows if begin <= row["created"] < end}
        for row in rows:
            for moment, what, who, by_app in row["events"]:
                if what in SAID and begin <= moment < end and not by_app:
                    people.add(who)
        return people - bots - {None}

    before = took_part(start - timedelta(days=90), start)
    return len(before), len(before & took_part(start, until))
