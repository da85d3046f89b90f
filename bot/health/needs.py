"""What needs a person now: what GitHub's own filters cannot say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import get_args

from bot.core.history import ANSWERS, HeadChecks, PastThread, TimelineEvent
from bot.health.calendar import days_before
from bot.health.gathered import Activity
from bot.health.heat import heated
from bot.health.people import People
from bot.health.period import Period
from bot.health.turns import approvals, author_acted_at, is_of_head, turn_since
from bot.health.waiting import ChecksSaid, Group, Item, Need, NeedKind, OpenedBy

#: So many threads of one group are kept: those that wait for less than a year come first.
KEPT = 1_000
OLD = 365  # days, after which a wait is no news to anybody
NEW = 7  # days, in which what came onto the list is new
#: So long after a look at checks they are taken for what they were: anything may run again any day.
CHECKS_LAST = timedelta(days=2)
#: So long before the end of the history conflicts are taken for what they were then: others merge any day.
CONFLICTS_LAST = timedelta(days=2)

#: Who opened what, in the order in which it is shown.
GROUPS: tuple[OpenedBy | None, ...] = (None, *get_args(OpenedBy))


def needs(period: Period, checks: Mapping[int, HeadChecks] | None = None) -> tuple[Need, ...]:
    """Return what needs a person at the end of a period, all kinds in their order, empty or not.

    A thread stands under one kind: the first of that order, but an approved one where it can be merged. What
    a moderator should see is somebody else's task, and stands there besides.

    Args:
        checks: how the checks of pull requests stand, by their numbers, as far as it is known.
    """
    listed: dict[NeedKind, list[Item]] = {}
    seen: set[int] = set()
    finders: tuple[tuple[NeedKind, Iterable[Item]], ...] = (
        ("approved_unmerged", _approved(period, checks or {})),
        ("first_timers_waiting", _first_timers(period)),
        ("prs_waiting_for_maintainers", _waiting_pulls(period)),
        ("issues_unanswered", _unanswered(period)),
        ("answered_only_by_outsiders", _outsiders(period)),
    )
    for kind, found in finders:
        listed[kind] = [item for item in found if item.number not in seen]
        seen.update(item.number for item in listed[kind])
    listed["heated"] = list(heated(period))
    kinds: tuple[NeedKind, ...] = get_args(NeedKind)
    return tuple(_need(kind, listed[kind], period) for kind in kinds)


def _need(kind: NeedKind, items: Sequence[Item], period: Period) -> Need:
    return Need(kind, tuple(_groups(kind, items, period)), frozenset(item.number for item in items))


def _groups(kind: NeedKind, items: Sequence[Item], period: Period) -> Iterator[Group]:
    """The threads of a kind by who opened them, where it is told apart."""
    zone, until = period.gathered.zone, period.window.until
    delay = period.config.unmerged_after if kind == "approved_unmerged" else 0  # before it was listed
    old, new = days_before(until, OLD, zone), days_before(until, NEW + delay, zone)
    for opened_by in GROUPS:
        found = sorted(
            (replace(item, is_new=item.listed_since >= new) for item in items if item.opened_by == opened_by),
            key=lambda item: (item.since, item.number),
        )
        if found:
            lately = [item for item in found if item.since > old]
            ago = found[: len(found) - len(lately)]
            yield Group(
                opened_by,
                len(found),
                sum(item.is_new for item in found),
                len(ago),
                tuple(lately[:KEPT]),
                tuple(ago[: max(0, KEPT - len(lately))]),
            )


def _open(period: Period, *, pulls: bool) -> Iterator[PastThread]:
    """What is open and ready, can be written on, and has no label that says to let it lie."""
    ignored = {label.casefold() for label in period.config.ignored_labels}
    for thread in period.open(pulls=pulls):
        is_left = thread.is_locked or any(label.casefold() in ignored for label in thread.labels)
        if not (is_left or thread.is_draft):
            yield thread


def _waits_for_word(thread: PastThread, people: People) -> bool:
    """Whether it is no maintainer's nor bot's, and no maintainer wrote on it."""
    if people.is_maintainer(thread.author) or people.is_bot(thread.author):
        return False
    return not any(people.is_maintainers_answer(event, thread) for event in thread.timeline)


def _first_timers(period: Period) -> Iterator[Item]:
    """The first issue and the first pull request of people whom no maintainer has answered anywhere."""
    for thread in (*_open(period, pulls=False), *_open(period, pulls=True)):
        if thread.author is None or not _waits_for_word(thread, period.people):
            continue
        activity = period.gathered.activities[thread.author]
        first = activity.first_pull if thread.is_pull else activity.first_issue
        if first is not None and first[1] == thread.number and not _is_known(activity, period.people):
            yield Item(thread.number, thread.ready_at or thread.created_at, thread.is_pull)


def _is_known(activity: Activity, people: People) -> bool:
    """Whether somebody had something merged, or an answer from a maintainer."""
    return activity.first_merge is not None or any(map(people.is_maintainer, activity.answered_by))


def _waiting_pulls(period: Period) -> Iterator[Item]:
    """Pull requests that are ready, where the author acted after every maintainer."""
    people = period.people
    for pull in _open(period, pulls=True):
        opened_by = _opened_by(pull, people)
        if opened_by == "bot" and not period.config.threads_of_bots:
            continue
        since = author_acted_at(pull)
        answers = [event for event in pull.timeline if people.is_maintainers_answer(event, pull)]
        if answers and answers[-1].at > since:
            if answers[-1].detail != "approved" or is_of_head(answers[-1], pull):
                continue
            since = answers[-1].at  # of the push that made it void nobody knows the time
        if not _conflicts(pull, period):
            begun = turn_since(pull, answers[-1].at if answers else None)
            # A maintainer who reopens it begins the turn anew: nothing waits for longer than its turn.
            since = max(since, begun)
            yield Item(pull.number, since, is_pull=True, opened_by=opened_by, turn_since=begun)


def _conflicts(pull: PastThread, period: Period) -> bool:
    """Whether a pull request is known to have conflicted at the end of a period.

    That is known of the time at which it was read alone, which was not before the end of the history.
    """
    return pull.has_conflicts and period.gathered.ends_at <= period.window.until + CONFLICTS_LAST


def _opened_by(thread: PastThread, people: People) -> OpenedBy:
    if people.is_bot(thread.author):
        return "bot"
    return "maintainer" if people.is_maintainer(thread.author) else "outsider"


def _unanswered(period: Period) -> Iterator[Item]:
    """Issues without a word from anybody but their author."""
    for issue in _open(period, pulls=False):
        if _waits_for_word(issue, period.people) and not any(_others_words(issue)):
            yield Item(issue.number, issue.created_at, is_pull=False)


def _outsiders(period: Period) -> Iterator[Item]:
    """Issues with answers, none of them from a maintainer, for whose word they wait from the first."""
    for issue in _open(period, pulls=False):
        if _waits_for_word(issue, period.people) and any(_others_words(issue)):
            yield Item(issue.number, issue.created_at, is_pull=False)


def _others_words(thread: PastThread) -> Iterator[TimelineEvent]:
    """What was written by bots, Apps and people other than the author."""
    return (event for event in thread.of(*ANSWERS) if event.who != thread.author or event.by_app)


def _approved(period: Period, checks: Mapping[int, HeadChecks]) -> Iterator[Item]:
    """Pull requests that a maintainer approved long ago, nobody asked to change since, and no check stops."""
    limit = days_before(period.window.until, period.config.unmerged_after, period.gathered.zone)
    for pull in _open(period, pulls=True):
        verdicts = approvals(pull, period.people)
        agreed = [
            verdict.at
            for who, verdict in verdicts.items()
            if verdict.detail == "approved" and period.people.is_maintainer(who) and is_of_head(verdict, pull)
        ]
        said = _said(checks.get(pull.number), pull, period)
        is_held = _conflicts(pull, period) or any(
            verdict.detail == "changes_requested" for verdict in verdicts.values()
        )
        if said and agreed and not is_held and min(agreed) < limit:
            yield Item(pull.number, min(agreed), is_pull=True, checks=said)


def _said(known: HeadChecks | None, pull: PastThread, period: Period) -> ChecksSaid:
    """How checks stood at the end of a period; "" where they were not done, or had failed.

    What was seen only later says nothing of then, nor does what was seen long before, or of another commit.
    """
    until = period.window.until
    if known is None or known.since >= until or known.seen_at < until - CHECKS_LAST:
        return "unknown"
    if known.head and pull.head and known.head != pull.head:
        return "unknown"
    return known.state if known.state in {"green", "none"} else ""
