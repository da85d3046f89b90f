"""Threads for a moderator: each sign alone, what is over, and how rare they are in a real project."""

import gzip
import json
from typing import Any

from bot.core.history import EventKind, PastThread
from bot.core.history_json import snapshot_from
from bot.health.heat import heated, signs_of
from tests.health.examples import BO, BOT, MAINT, MAX, NIA, at, event, issue, period, pull
from tests.shared import shared


def found(*threads: PastThread, **how: Any) -> dict[int, list[tuple[str, int, str]]]:
    """The signs of each thread that is listed, with when they were there."""
    return {
        item.number: [(sign.id, sign.n, f"{sign.at:%m-%d}") for sign in item.signs]
        for item in heated(period(*threads, **how))
    }


def said(moment: str, who: int | None = NIA, detail: str = "", **more: Any) -> Any:
    return event(moment, "commented", who, detail, **more)


# The signs


def test_a_lock_as_too_heated_is_a_sign_once_people_write_again() -> None:
    lock, unlock = event("2026-03-10", "locked", MAINT, "too heated"), event("2026-03-12", "unlocked")
    assert found(issue(1, "2026-03-02", lock, unlock)) == {1: [("locked_as_too_heated", 1, "03-10")]}
    assert found(issue(1, "2026-03-02", lock, is_locked=True)) == {}, "it was moderated"
    words = said("2026-03-11", MAINT)
    assert found(issue(1, "2026-03-02", lock, words, is_locked=True)) == {
        1: [("locked_as_too_heated", 1, "03-10")]
    }
    spam = event("2026-03-10", "locked", MAINT, "spam")
    assert (
        found(issue(1, "2026-03-02", spam, unlock), issue(2, "2026-03-02", event("2026-03-03", "locked")))
        == {}
    )


def test_comments_hidden_as_abuse_are_a_sign() -> None:
    hidden = [said("2026-03-04", BO, "abuse"), event("2026-03-05", "review_commented", BO, "abuse")]
    other = [said("2026-03-04", BO, reason) for reason in ("off-topic", "spam", "outdated", "resolved", "")]
    review = event("2026-03-05", "reviewed", BO, "commented")
    assert found(pull(1, "2026-03-02", *hidden), pull(2, "2026-03-02", *other, review)) == {
        1: [("hidden_as_abuse", 2, "03-05")]
    }


def test_back_and_forth_between_people_is_a_sign() -> None:
    def turns(*acts: int | None, **more: Any) -> list[Any]:
        kinds: tuple[EventKind, ...] = ("closed", "reopened")
        return [event(f"2026-03-{3 + n:02}", kinds[n % 2], who, **more) for n, who in enumerate(acts)]

    twice, once = turns(MAINT, NIA, MAINT, NIA), turns(MAINT, NIA)
    alone = turns(NIA, NIA, NIA, NIA, NIA, NIA)  # how people start checks again
    bots, ghosts = turns(BOT, NIA, BOT, NIA), turns(None, NIA, MAINT, None)
    app = turns(MAINT, NIA, MAINT, NIA, by_app=True)
    acts = (twice, once, alone, bots, ghosts, app)
    threads = [issue(n, "2026-03-02", *events) for n, events in enumerate(acts, 1)]
    assert found(*threads) == {1: [("reopened_against", 2, "03-06")]}


def test_two_people_who_reopen_once_each_are_a_sign_too() -> None:
    events = [event("2026-03-03", "closed", MAINT), event("2026-03-04", "reopened", NIA)]
    events += [event("2026-03-05", "closed", MAINT), event("2026-03-06", "reopened", BO)]
    assert found(issue(1, "2026-03-02", *events)) == {1: [("reopened_against", 2, "03-06")]}


def test_what_is_older_than_thirty_days_counts_for_no_sign() -> None:
    lock, unlock = event("2025-03-06", "locked", MAINT, "too heated"), event("2025-03-07", "unlocked")
    turns = [event("2025-03-02", "closed", MAINT), event("2025-03-03", "reopened", NIA)]
    turns += [event("2026-03-04", "closed", MAINT), event("2026-03-05", "reopened", NIA)]
    again = event("2026-03-06", "locked", MAINT, "too heated"), event("2026-03-07", "unlocked")
    threads = [
        issue(1, "2025-03-01", *turns),
        issue(2, "2025-03-01", lock, unlock, *again),
        issue(3, "2025-03-01", said("2025-03-02", BO, "abuse"), said("2026-03-02", BO, "abuse")),
        issue(4, "2025-03-01", said("2025-03-02", disliked=9), said("2026-03-02", disliked=6)),
    ]
    assert found(*threads) == {
        2: [("locked_as_too_heated", 1, "03-06")],
        3: [("hidden_as_abuse", 1, "03-02")],
        4: [("disliked_comment", 6, "03-02")],
    }


def test_five_thumbs_down_on_one_text_are_a_sign() -> None:
    threads = [
        issue(1, "2026-03-02", disliked=5),
        issue(2, "2026-03-02", disliked=4),
        issue(
            3,
            "2026-03-02",
            said("2026-03-03", disliked=7),
            said("2026-03-04", disliked=5),
            said("2026-03-05"),
        ),
        issue(4, "2026-03-02", said("2026-03-03", disliked=4), said("2026-03-04", disliked=4)),
    ]
    assert found(*threads) == {1: [("disliked_opening", 5, "03-02")], 3: [("disliked_comment", 7, "03-04")]}


def test_many_comments_in_a_day_are_no_sign() -> None:
    talk = [said(f"2026-03-03 10:{n:02}", (NIA, BO, MAX, MAINT)[n % 4]) for n in range(40)]
    assert found(issue(1, "2026-03-02", *talk)) == {}


# Which are listed


def test_a_thread_is_listed_with_all_its_signs_since_the_latest() -> None:
    events = [said("2026-03-09", disliked=6), said("2026-03-05", BO, "abuse")]
    (item,) = heated(period(pull(7, "2026-03-02", *events)))
    assert (item.number, item.since, item.is_pull) == (7, at("2026-03-09"), True)
    assert [sign.id for sign in item.signs] == ["hidden_as_abuse", "disliked_comment"]


def test_what_is_closed_is_over_unless_a_person_wrote_since() -> None:
    bad, closed = said("2026-03-05", BO, "abuse"), event("2026-03-06", "closed")
    threads = [
        issue(1, "2026-03-02", bad, closed),
        issue(2, "2026-03-02", bad, closed, said("2026-03-07", BO)),
        issue(3, "2026-03-02", bad, closed, said("2026-03-07", BOT)),
        issue(4, "2026-03-02", bad, closed, said("2026-03-07", MAINT, by_app=True)),
        issue(5, "2026-03-02", bad, closed, said("2026-03-07", BO), is_locked=True),
        issue(6, "2026-03-02", bad, is_locked=True),  # when is not known
        issue(
            7,
            "2026-03-02",
            bad,
            closed,
            said("2026-03-07", BO),
            event("2026-03-08", "locked"),
            is_locked=True,
        ),
    ]
    assert sorted(found(*threads)) == [2, 5]


def test_signs_of_the_last_thirty_days_count_whatever_the_window_is() -> None:
    threads = [issue(1, "2026-03-01", disliked=9), issue(2, "2026-03-02", disliked=9)]
    for window in (7, 31, 90):
        assert sorted(found(*threads, window=window)) == [2]


def test_a_report_of_the_past_knows_what_was_done_then() -> None:
    lock, unlock = event("2026-03-10", "locked", MAINT, "too heated"), event("2026-03-12", "unlocked")
    thread = issue(1, "2026-03-02", lock, unlock)
    assert found(thread, until="2026-03-10") == found(thread, until="2026-03-12") == {}
    assert found(thread, until="2026-03-13") == {1: [("locked_as_too_heated", 1, "03-10")]}


def test_signs_are_rare_in_a_real_project() -> None:
    folder, people = shared("data/history/secp256k1"), period().people
    found, number = [], 0
    for name, kind in (("issues", "issue"), ("pulls", "pull")):
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                number += 1
                parts = line["events"], line.get("comments", ())
                thread = snapshot_from(line[kind], *parts, is_pull=kind == "pull").thread
                found += [thread.number] if list(signs_of(thread, people, at("1970-01-01"))) else []
    assert (number, found) == (1825, []), "31 locks, most of them for spam, and 38 reopenings"
