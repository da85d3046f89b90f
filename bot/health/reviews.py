"""Reviews: how long a pull request waits for one, how many rounds it takes, and what was merged without."""

from collections import Counter
from collections.abc import Iterator

from bot.core.history import PastThread, TimelineEvent
from bot.health.figures import Metric, Part, count, distribution, spread
from bot.health.people import People
from bot.health.period import Period
from bot.health.responses import waiting_time, waits
from bot.health.turns import is_review, rounds

TO_REVIEW = (
    "From when a pull request opened in the window was ready to the first review or review comment by a"
    " person who is not the author. Those merged without are counted apart."
)
CYCLES = (
    "The rounds of review of pull requests that were closed in the window after one: reviews with nothing by"
    " the author between them are one round."
)
UNREVIEWED = (
    "Of the pull requests merged in the window, those that nobody but the author reviewed. Reviews written as"
    " plain comments are not seen here; those that nobody else wrote a word on are counted beside."
)
SELF_MERGED = "Of the pull requests merged in the window, those merged by their author without an approval."
TOP_SHARE = (
    "The share of the reviews handed in in the window that one person gave. Reviews of what was merged or"
    " closed already do not count, nor approvals without a word by people who do not maintain the project."
)


def reviews(period: Period) -> Iterator[Metric]:
    """The figures of reviews."""
    people = period.people

    def by_reviewer(event: TimelineEvent, thread: PastThread) -> bool:
        return is_review(event, thread, people) and _is_in_time(event, thread)

    found = waits(period.waiting(pulls=True), by_reviewer)
    asked = [wait for wait in found if wait.end is not None or not wait.thread.is_merged]
    yield waiting_time("time_to_first_review", asked, period, TO_REVIEW)
    yield from _cycles(period)
    merged = period.merged()
    unreviewed = [t.number for t in merged if not any(by_reviewer(event, t) for event in t.timeline)]
    silent = {"without_a_word": len(without_a_word(period))}
    yield count("merged_unreviewed", unreviewed, UNREVIEWED, of=len(merged), details=silent)
    alone = [t.number for t in merged if _is_by_author(t) and not _is_approved(t, people)]
    yield count("self_merged", alone, SELF_MERGED, of=len(merged))


def without_a_word(period: Period) -> list[int]:
    """Return the pull requests merged in the window on which nobody else wrote anything before.

    Many projects review in plain comments: what has one was looked at, as far as anybody can tell.
    """
    return [
        thread.number
        for thread in period.merged()
        if not any(
            period.people.is_answer(event, thread) and _is_in_time(event, thread) for event in thread.timeline
        )
    ]


def _is_in_time(event: TimelineEvent, thread: PastThread) -> bool:
    """Whether it came before the merge, if there was one."""
    return thread.merged_at is None or event.at <= thread.merged_at


def _is_work(event: TimelineEvent, thread: PastThread, people: People) -> bool:
    """Whether a review helped: somebody else's, while it could, and more than a stranger's bare approval."""
    is_late = thread.closed_at is not None and event.at > thread.closed_at
    if is_late or not people.is_answer(event, thread):
        return False
    has_words = bool(event.text) or any(said.who == event.who for said in thread.of("review_commented"))
    return event.detail != "approved" or has_words or people.is_maintainer(event.who)


def _is_by_author(thread: PastThread) -> bool:
    return thread.author is not None and thread.merged_by == thread.author


def _is_approved(thread: PastThread, people: People) -> bool:
    return any(
        event.detail == "approved" and people.is_answer(event, thread) and _is_in_time(event, thread)
        for event in thread.of("reviewed")
    )


def _cycles(period: Period) -> Iterator[Metric]:
    people = period.people
    closed = [
        (thread, rounds(thread, thread.closed_at, people))
        for thread in period.closed(pulls=True)
        if thread.closed_at
    ]
    reviewed = [each for each in closed if each[1].cycles]
    items = [thread.number for thread, _ in sorted(reviewed, key=lambda each: -each[1].cycles)]
    yield distribution("review_cycles", "cycles", (each.cycles for _, each in reviewed), CYCLES, items=items)
    for id_, seconds, whose in (
        ("time_with_author", [each.with_author for _, each in reviewed], "the author's"),
        ("time_with_reviewers", [each.with_reviewers for _, each in reviewed], "the reviewers'"),
    ):
        definition = f"For how long it was {whose} turn, of the same pull requests, until they were closed."
        yield distribution(id_, "seconds", seconds, definition)


def review_load(period: Period) -> Iterator[Metric]:
    """How the reviews of the window were spread over people."""
    given, ghosts = review_counts(period)
    total, most = sum(given.values()) + ghosts, max(given.values(), default=0)
    ranked = sorted(given.items(), key=lambda each: (-each[1], each[0]))
    maintaining = [number for who, number in ranked if period.people.is_maintainer(who)]
    median, p90 = spread(maintaining)
    yield Metric(
        "review_load_top_share",
        "share",
        total,
        TOP_SHARE,
        value=most / total if total else None,
        details={
            "reviewers": len(given),
            "maintainers": len(maintaining),
            "per_maintainer_median": median,
            "per_maintainer_p90": p90,
        },
        breakdown=tuple(Part(period.people.login(who), number, who=who) for who, number in ranked),
    )


def review_counts(period: Period) -> tuple[Counter[int], int]:
    """How many reviews of others' pull requests people gave in the window, by person; and ghosts."""
    given = Counter(
        event.who
        for thread in period.threads
        for event in thread.of("reviewed")
        if event.at in period.window and _is_work(event, thread, period.people)
    )
    ghosts = given.pop(None, 0)
    return Counter({who: number for who, number in given.items() if who is not None}), ghosts
