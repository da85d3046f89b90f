from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from statistics import median

from bot.core.history import EventKind, PastThread, TimelineEvent
from bot.health.people import People
from bot.health.responses import responses
from bot.health.suspicion import TEXTS, Habits
from tests.health.examples import BO, GREETER, MAINT, NIA, PERSONS, at, generated, period, pull


def suspects(threads: Iterable[PastThread], humans: frozenset[int] = frozenset()) -> set[int]:
    habits = Habits()
    for thread in threads:
        habits.add(thread)
    return {suspect.who for suspect in habits.suspects(humans, {MAINT}, {})}


def pulls(
    number: int, who: int, seconds: int, text: str = "", *, kind: EventKind = "commented", detail: str = ""
) -> list[PastThread]:
    """Pull requests that an account answers after so many seconds; ``{n}`` in the text is the number."""
    found = []
    for n in range(1, number + 1):
        opened = at("2026-03-02") + timedelta(hours=n)
        answer = TimelineEvent(
            opened + timedelta(seconds=seconds), kind, who, detail=detail, text=text.format(n=n)
        )
        found.append(pull(n, f"{opened:%Y-%m-%d %H:%M}", answer))
    return found


def test_an_account_that_greets_every_pull_request_within_seconds_is_suspected() -> None:
    assert suspects(pulls(5, GREETER, 13, "welcome")) == {GREETER}
    assert suspects(pulls(4, GREETER, 13, "welcome")) == set()
    assert suspects(pulls(5, GREETER, 60, "welcome")) == {GREETER}
    assert suspects(pulls(5, GREETER, 61, "welcome")) == set()


def test_the_texts_of_a_greeter_may_be_a_few() -> None:
    threads = [thread for text in ("first", "again") for thread in pulls(4, GREETER, 13, text)]
    assert suspects(threads) == {GREETER}


def test_who_answers_ten_within_a_minute_and_none_later_needs_no_like_texts() -> None:
    assert suspects(pulls(10, GREETER, 13, "text {n}")) == {GREETER}
    assert suspects(pulls(9, GREETER, 13, "text {n}")) == set()


def test_a_person_who_is_quick_now_and_then_is_none() -> None:
    quick, thoughtful = pulls(6, BO, 30, "on it"), pulls(7, BO, 5000, "answer {n}")
    assert suspects([*quick, *thoughtful]) == set()


def test_a_maintainer_who_merges_quickly_is_none() -> None:
    assert suspects(pulls(50, MAINT, 20, kind="merged")) == set()
    assert suspects(pulls(50, MAINT, 20, kind="reviewed", detail="approved")) == set()
    assert suspects(pulls(19, MAINT, 20, "LGTM", kind="reviewed", detail="approved")) == set()


def test_a_maintainers_account_that_greets_is_found_by_more_evidence() -> None:
    assert suspects(pulls(9, MAINT, 13, "welcome")) == set()
    assert suspects(pulls(10, MAINT, 13, "welcome")) == {MAINT}


def test_who_only_ever_says_one_thing_is_suspected_however_slow() -> None:
    assert suspects(pulls(30, GREETER, 90_000, "sign the agreement")) == {GREETER}
    assert suspects(pulls(29, GREETER, 90_000, "sign the agreement")) == set()
    assert suspects([*pulls(30, BO, 90_000, "ACK"), pull(99, "2026-03-09", author=BO)]) == set()


def test_what_authors_say_on_their_own_threads_is_no_evidence() -> None:
    assert suspects(pulls(30, NIA, 5, "details follow")) == set()


def test_what_an_app_says_in_a_persons_name_is_no_evidence_against_the_person() -> None:
    threads = [
        replace(each, timeline=tuple(replace(said, by_app=True) for said in each.timeline))
        for each in pulls(30, BO, 13, "welcome")
    ]
    assert suspects(threads) == set()


def test_who_was_cleared_is_not_suspected_again() -> None:
    assert suspects(pulls(30, GREETER, 13, "welcome"), humans=frozenset({GREETER})) == set()


def test_a_frequent_text_is_counted_among_rare_ones() -> None:
    habits = Habits()
    always = pulls(350, GREETER, 90_000, "sign the agreement")
    for thread in (*always, *pulls(TEXTS - 1, GREETER, 90_000, "rare {n}"), *always):
        habits.add(thread)
    (found,) = habits.suspects(frozenset(), frozenset(), {GREETER: "greeter"})
    assert found.alike == 700 / (700 + TEXTS - 1)


def test_any_number_of_rare_texts_takes_no_memory() -> None:
    habits = Habits()
    for thread in pulls(300, GREETER, 90_000, "rare {n}"):
        habits.add(thread)
    assert len(habits._habits[GREETER].texts) <= TEXTS


def test_random_people_are_not_suspected() -> None:
    threads, _ = generated(600, seed=11)
    assert suspects(threads, frozenset({90, 91})) == set()


def test_a_greeter_no_longer_makes_responses_look_fast() -> None:
    waits = [40_000, 150_000, 3_000, 90_000, 260_000, 700]
    threads = [
        pull(
            n,
            f"2026-03-{n + 1:02}",
            TimelineEvent(
                at(f"2026-03-{n + 1:02}") + timedelta(seconds=13), "commented", GREETER, text="welcome"
            ),
            TimelineEvent(
                at(f"2026-03-{n + 1:02}") + timedelta(seconds=wait), "commented", MAINT, text=f"{n}"
            ),
        )
        for n, wait in enumerate(waits, 1)
    ]
    march = period(*threads)
    assert [(s.login, s.threads, s.instant, s.alike) for s in march.people.suspects] == [("greeter", 6, 6, 1)]
    assert {figure.id: figure.median for figure in responses(march)}["time_to_first_response_pr"] == median(
        waits
    )
    cleared = march.gathered.people(PERSONS, {GREETER: False}, [MAINT])
    assert cleared.suspects == ()
    assert not People.is_bot(cleared, GREETER)
