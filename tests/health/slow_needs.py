"""What needs a person once more, as ``slow.py`` does it: loops over raw rows, nothing shared.

Beside what a row has there it says how the thread is today: ``labels``, ``locked``, ``head`` (a hash, or "")
and ``conflicts``. ``verdicts`` are tuples of the moment, the account, whether an App did it, the state of the
review and the hash of its commit, ``labelled`` those of the moment, what was done, and the label.

How checks stood is not looked at: it is not known of any of them.
"""

from datetime import datetime, timedelta
from typing import Any

from tests.health.slow import SAID, Row, closed_when, merged_when, ready_when

Waits = dict[int, tuple[datetime, ...]]
PUSHED = ("committed", "head_ref_force_pushed")
MOVED = ("head_ref_force_pushed", "ready_for_review", "reopened", "review_requested")


# How a thread stood at a moment


def before(row: Row, until: datetime, *names: str) -> list[tuple[datetime, str, Any, bool]]:
    """What was done of these names before a moment."""
    return [event for event in row["events"] if event[0] < until and event[1] in names]


def is_left_alone(row: Row, until: datetime, ignored: set[str]) -> bool:
    """Whether it was closed, locked, a draft, or had a label that says to let it lie."""
    if row["created"] >= until or closed_when(row, until):
        return True
    is_draft, is_locked, labels = row["draft"], row["locked"], set(row["labels"])
    for moment, what, _, _ in reversed(row["events"]):  # back from today
        if moment >= until:
            is_draft = {"ready_for_review": True, "convert_to_draft": False}.get(what, is_draft)
            is_locked = {"unlocked": True, "locked": False}.get(what, is_locked)
    for moment, what, label in reversed(row["labelled"]):
        if moment >= until and what == "labeled":
            labels.discard(label)
        elif moment >= until:
            labels.add(label)
    return is_draft or is_locked or any(label.lower() in ignored for label in labels)


def conflicts(row: Row, rows: list[Row], until: datetime) -> bool:
    """Whether it was known to conflict: as today, where the history ends at most two days later."""
    done = [event[0] for each in rows for event in each["events"] if event[1] != "committed"]
    end = max(*(each["created"] for each in rows), *done, row["created"])
    is_later = any(event[0] >= until for event in row["events"] if event[1] in PUSHED)
    return row["conflicts"] and end <= until + timedelta(days=2) and not is_later


def is_of_head(row: Row, until: datetime, moment: datetime, commit: str) -> bool:
    """Whether a review is of what the pull request held: by the hashes, or since nothing was pushed later."""
    is_head_known = row["head"] and not any(e[0] >= until for e in row["events"] if e[1] in PUSHED)
    if commit and is_head_known:
        return bool(commit == row["head"])
    return not any(push[0] > moment for push in before(row, until, *PUSHED))


# Who wrote


def words(row: Row, until: datetime, maintainers: set[int]) -> list[datetime]:
    """When maintainers other than the author wrote on it."""
    return [
        moment
        for moment, _, who, by_app in before(row, until, *SAID)
        if who in maintainers and who != row["author"] and not by_app
    ]


def strangers(row: Row, until: datetime) -> bool:
    """Whether anybody but the author wrote on it, programs among them."""
    return any(who != row["author"] or by_app for _, _, who, by_app in before(row, until, *SAID))


def author_acts(row: Row, until: datetime) -> list[datetime]:
    """When its author pushed, wrote, or put it forward, and that it was ready."""
    ready = ready_when(row, until)
    own = [
        moment
        for moment, _, who, by_app in before(row, until, *SAID, *MOVED)
        if who == row["author"] and not by_app
    ]
    return [*([ready] if ready else []), *own, *(push[0] for push in before(row, until, "committed"))]


# What needs somebody


def needed(
    rows: list[Row], until: datetime, bots: set[int], maintainers: set[int], ignored: set[str]
) -> dict[str, Waits]:
    """By kind, the numbers of the threads, and since when each waits and is on the list."""
    found: dict[str, Waits] = {
        "approved_unmerged": {},
        "first_timers_waiting": {},
        "prs_waiting_for_maintainers": {},
        "issues_unanswered": {},
        "answered_only_by_outsiders": {},
    }
    maintainers = maintainers - bots
    for row in rows:
        if is_left_alone(row, until, ignored):
            continue
        is_outsiders = row["author"] not in maintainers | bots and not words(row, until, maintainers)
        opened, number = (row["created"],), row["number"]
        if row["pull"] and (agreed := approved(row, rows, until, bots, maintainers)):
            found["approved_unmerged"][number] = (agreed,)
        elif is_outsiders and is_first_timers(row, rows, until, maintainers):
            found["first_timers_waiting"][number] = (ready_when(row, until) or row["created"],)
        elif row["pull"] and (turn := maintainers_turn(row, rows, until, maintainers)):
            found["prs_waiting_for_maintainers"][number] = turn
        elif not row["pull"] and is_outsiders:
            kind = "answered_only_by_outsiders" if strangers(row, until) else "issues_unanswered"
            found[kind][number] = opened
    return found


def is_first_timers(row: Row, rows: list[Row], until: datetime, maintainers: set[int]) -> bool:
    """Whether it is a person's first, of whom nothing was merged, and to whom no maintainer ever wrote."""
    own = [each for each in rows if each["author"] == row["author"] and each["created"] < until]
    first = min((each["created"], each["number"]) for each in own if each["pull"] == row["pull"])
    is_known = any(merged_when(each, until) or words(each, until, maintainers) for each in own)
    return row["author"] is not None and first[1] == row["number"] and not is_known


def maintainers_turn(
    row: Row, rows: list[Row], until: datetime, maintainers: set[int]
) -> tuple[datetime, ...]:
    """Since when it waits and since when it is the maintainers' turn; nothing where it is not theirs.

    It waits since the author acted last, and no longer than it is their turn.
    """
    acts, answers = author_acts(row, until), words(row, until, maintainers)
    if conflicts(row, rows, until):
        return ()
    forward = max(
        ready_when(row, until) or row["created"],
        *(event[0] for event in before(row, until, "ready_for_review", "reopened")),
        row["created"],
    )
    if not answers:
        return max(*acts, forward), forward
    last = max(answers)
    if max(acts) >= last:
        return max(*acts, forward), max(forward, min(act for act in acts if act >= last))
    voided = [
        is_of_head(row, until, moment, commit)
        for moment, who, by_app, state, commit in row["verdicts"]
        if moment == last and state == "approved" and who in maintainers and not by_app
    ]
    return (max(forward, last), max(forward, last)) if voided == [False] else ()


def approved(
    row: Row, rows: list[Row], until: datetime, bots: set[int], maintainers: set[int]
) -> datetime | None:
    """Since when a maintainer approves what it holds, over five days ago, and nobody asks for changes."""
    by_person: dict[Any, list[tuple[datetime, str, str]]] = {}
    for moment, who, by_app, state, commit in row["verdicts"]:
        is_persons = who != row["author"] and who not in bots and not by_app
        if moment < until and is_persons and state in {"approved", "changes_requested", "dismissed"}:
            by_person.setdefault(who, []).append((moment, state, commit))
    agreed = []
    for who, said in by_person.items():
        if said[-1][1] == "changes_requested":
            return None
        others = [n for n, each in enumerate(said) if each[1] != "approved"]
        since_then = said[others[-1] + 1 :] if others else said
        if who in maintainers:
            agreed += [at for at, _, commit in since_then if is_of_head(row, until, at, commit)]
    is_long = bool(agreed) and min(agreed) < until - timedelta(days=5)
    return min(agreed) if is_long and not conflicts(row, rows, until) else None
