"""One thing to try, where the figures speak for it. Too few cases, or figures that are fine: silence."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.phrases import Phrase
from bot.health.calendar import days_before
from bot.health.documents import lacks
from bot.health.figures import LISTED, Advice, Metric, Topic
from bot.health.period import Period
from bot.health.reviews import without_a_word

#: Labels that projects put on questions.
QUESTIONS = frozenset(
    {"question", "c-question", "kind/question", "support", "type/question", "type: question"}
)
FEW, SOME, MANY = 5, 10, 20  # cases without which there is no advice, by how much the figure varies
A_WHILE = 60  # days in which somebody who comes back had the time to
YEAR = 365  # days

Figures = Mapping[str, Metric]


def advice(figures: Figures, period: Period, heated: int = 0) -> tuple[Advice, ...]:
    """Return what may help, each with the figures that it rests on; what keeps newcomers away comes first.

    Args:
        figures: the metrics of the window by their ids, with their previous values.
        period: the window.
        heated: how many threads a moderator should see.
    """
    return (
        *_attraction(figures, period),
        *_guidance(figures),
        *_visibility(figures, period),
        *_disputes(figures, heated),
        *_sustainability(figures, period),
    )


def _try(
    id_: str,
    topic: Topic,
    figure: tuple[Metric | str, float],
    text: str,
    items: Sequence[int] = (),
    **said: float,
) -> Advice:
    """A piece of advice that rests on one figure; ``n`` of what is said is over how many cases.

    Of the threads that are its evidence, the latest are listed.
    """
    metric, value = figure
    name = metric if isinstance(metric, str) else metric.id
    words = {key: f"{number:,.0f}" for key, number in said.items()}
    return Advice(id_, topic, int(said["n"]), {name: value}, Phrase(text, words), tuple(items[-LISTED:]))


def _attraction(figures: Figures, period: Period) -> Iterator[Advice]:
    answered = figures["first_timer_answered"]
    if answered.n >= FEW and (answered.value or 0) < 0.5:
        yield _try(
            "first_answers_late",
            "attraction",
            (answered, answered.value or 0),
            "{late} of {n} first pull requests had no answer in time. One maintainer a week could look at"
            " first pull requests; a line that says when somebody will review it is an answer, too.",
            late=answered.n - answered.detail("in_time"),
            n=answered.n,
        )
    merged = figures["first_timer_merged"]
    lost = merged.detail("closed_unmerged")
    if merged.n >= FEW and lost > 0.6 * merged.n:
        yield _try(
            "first_pulls_unmerged",
            "attraction",
            (merged, merged.value or 0),
            "{lost} of {n} first pull requests were closed unmerged. Mark issues for which you would"
            " take a change as good first issues, and name a mentor in each.",
            lost=lost,
            n=merged.n,
        )
    back = figures["returning_contributors"]
    if back.n >= SOME and period.config.window >= A_WHILE and (back.value or 0) < 0.2 * back.n:
        yield _try(
            "few_return",
            "attraction",
            (back, back.value or 0),
            "{back} of the {n} people of the quarter before came back. When a change is in, say thank"
            " you, and propose one next task that fits.",
            back=back.value or 0,
            n=back.n,
        )


def _guidance(figures: Figures) -> Iterator[Advice]:
    merged = figures["first_timer_merged"]
    left, opened = merged.detail("abandoned"), merged.n + (merged.pending or 0)
    if opened >= FEW and left > 0.3 * opened and lacks(figures["documents_present"], "contributing"):
        yield _try(
            "no_contributing",
            "attraction",
            (merged, left),
            "{left} of {n} first pull requests were left by their authors, and there is no CONTRIBUTING file."
            " Write down how to build, how to test and what a review asks for; half a page is enough.",
            left=left,
            n=opened,
        )


def _visibility(figures: Figures, period: Period) -> Iterator[Advice]:
    waiting, since = figures["unreleased_prs"], figures["days_since_release"]
    days, gap = since.value, since.detail("usual_gap")
    if waiting.n >= SOME and days is not None and days > max(2 * gap, 30):
        yield _try(
            "release_waits",
            "visibility",
            (since, days),
            "{n} merged pull requests wait for a release, the last of which is {days} days old. A small"
            " release now shows people that their work arrives.",
            days=days,
            n=waiting.n,
        )
    opened = period.opened(pulls=False)
    asked = [t.number for t in opened if any(label.lower() in QUESTIONS for label in t.labels)]
    if len(opened) >= SOME and len(asked) >= 0.3 * len(opened):
        yield _try(
            "many_questions",
            "visibility",
            ("questions_opened", len(asked)),
            "{asked} of {n} new issues were questions. Where several ask the same, a few lines in the README"
            " would answer them.",
            asked,
            asked=len(asked),
            n=len(opened),
        )


def _disputes(figures: Figures, heated: int) -> Iterator[Advice]:
    if heated >= 3 and lacks(figures["documents_present"], "code_of_conduct"):
        yield _try(
            "no_code_of_conduct",
            "disputes",
            ("heated", heated),
            "{n} threads became heated, and there is no code of conduct. Agree on who moderates, and adopt"
            " one that says whom to turn to.",
            n=heated,
        )
    elif heated >= 3:
        yield _try(
            "heated_threads",
            "disputes",
            ("heated", heated),
            "{n} threads show signs of heat. Agree on who moderates, and point to the code of conduct early,"
            " before it takes a lock.",
            n=heated,
        )
    cycles = figures["review_cycles"]
    if cycles.n >= SOME and (cycles.p90 or 0) >= 5:
        yield _try(
            "long_reviews",
            "disputes",
            (cycles, cycles.p90 or 0),
            "One in ten of the {n} reviewed pull requests took {p90} rounds or more. Settle the design in"
            " the issue first, and write down what a review asks for.",
            p90=cycles.p90 or 0,
            n=cycles.n,
        )


def _sustainability(figures: Figures, period: Period) -> Iterator[Advice]:
    merged = figures["absence_factor_merged_prs"]
    most = max((part.value for part in merged.breakdown), default=0)
    if merged.n >= MANY and 2 * most >= merged.n:
        yield _try(
            "one_author",
            "sustainability",
            (merged, merged.value or 0),
            "{most} of the {n} merged pull requests, without those of bots, are one person's. A few good"
            " first issues with a name to ask would help somebody else to begin.",
            most=most,
            n=merged.n,
        )
    load = figures["review_load_top_share"]
    if load.n >= MANY and (load.value or 0) > 0.6:
        yield _try(
            "one_reviewer",
            "sustainability",
            (load, load.value or 0),
            "One person gave {most} of the {n} reviews. Ask a second person for each part of the code: name"
            " two in CODEOWNERS, or let two people take turns, a week each.",
            most=max(part.value for part in load.breakdown),
            n=load.n,
        )
    yield from _backlog(figures, period)
    merges = figures["merged_unreviewed"]
    alone = merges.detail("without_a_word")
    if merges.n >= SOME and alone > 0.3 * merges.n:
        yield _try(
            "merged_unreviewed",
            "sustainability",
            (merges, alone),
            "{alone} of {n} pull requests were merged without a word by anybody but their author. Asking one"
            " person to look, at least where behaviour changes, lets two people know the code.",
            without_a_word(period),
            alone=alone,
            n=merges.n,
        )


def _backlog(figures: Figures, period: Period) -> Iterator[Advice]:
    ratio = figures["closure_ratio_issues"]
    was_low = ratio.previous is not None and ratio.previous < 0.7
    if ratio.n >= MANY and (ratio.value or 0) < 0.7 and was_low:
        yield _try(
            "backlog_grows",
            "sustainability",
            (ratio, ratio.value or 0),
            "{closed} issues were closed and {n} opened, and it was no better in the period before."
            " Close what nobody will do, with a kind word; an honest no helps people more than silence.",
            closed=ratio.detail("closed"),
            n=ratio.n,
        )
        return
    before, now = _open_a_year_ago(period), figures["issues_open"]
    if before is not None and now.n - before >= MANY and now.n > 1.25 * before:
        yield _try(
            "backlog_grew",
            "sustainability",
            (now, now.n),
            "{n} issues are open; twelve months ago {before} were. Look at the oldest ten together, and close"
            " what nobody will do, with a kind word; an honest no helps people more than silence.",
            before=before,
            n=now.n,
        )


def _open_a_year_ago(period: Period) -> int | None:
    """How many issues were open twelve months before the end; None where nothing was there yet.

    What was closed and reopened since counts as open.
    """
    outlines = period.gathered.outlines
    ended = days_before(period.window.until, YEAR, period.gathered.zone)
    day = ended.astimezone(period.gathered.zone).toordinal()
    if not any(each.opened < day for each in outlines):
        return None
    return sum(
        not each.is_pull and each.opened < day and (not each.closed or each.closed >= day)
        for each in outlines
    )
