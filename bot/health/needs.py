"""What needs a person now: what GitHub's own filters cannot say."""

from collections.abc import Iterable, Iterator, Mapping

from bot.core.history import ANSWERS, HeadChecks, PastThread
from bot.health.calendar import days_before
from bot.health.figures import LISTED, ChecksSaid, Item, Need, NeedKind
from bot.health.heat import heated
from bot.health.period import Period
from bot.health.turns import approvals, author_acted_at


def needs(period: Period, checks: Mapping[int, HeadChecks] | None = None) -> tuple[Need, ...]:
    """Return what needs a person at the end of a period, the five kinds in their order, empty or not.

    Args:
        checks: how the checks of pull requests stand, by their numbers, as far as it is known.
    """
    found: tuple[tuple[NeedKind, Iterable[Item]], ...] = (
        ("first_timers_waiting", _first_timers(period)),
        ("prs_waiting_for_maintainers", _waiting_pulls(period)),
        ("answered_only_by_outsiders", _outsiders(period)),
        ("approved_unmerged", _approved(period, checks or {})),
        ("heated", heated(period)),
    )
    sorted_ = [(kind, sorted(items, key=lambda item: (item.since, item.number))) for kind, items in found]
    return tuple(
        Need(kind, len(items), tuple(items[:LISTED]), frozenset(item.number for item in items))
        for kind, items in sorted_
    )


def _waits_for_maintainer(thread: PastThread, period: Period) -> bool:
    """Whether it is open and ready, is no maintainer's nor bot's, and no maintainer wrote on it."""
    people = period.people
    if not thread.is_open or thread.is_draft or thread.ready_at is None:
        return False
    if people.is_maintainer(thread.author) or people.is_bot(thread.author):
        return False
    return not any(people.is_maintainers_answer(deed, thread) for deed in thread.deeds)


def _first_timers(period: Period) -> Iterator[Item]:
    """A person's first issue or first pull request, without a word from a maintainer."""
    for thread in period.threads:
        if thread.author is None or not _waits_for_maintainer(thread, period):
            continue
        activity = period.gathered.activities[thread.author]
        first = activity.first_pull if thread.is_pull else activity.first_issue
        if first is not None and first[1] == thread.number:
            yield Item(thread.number, thread.ready_at or thread.created_at, thread.is_pull)


def _waiting_pulls(period: Period) -> Iterator[Item]:
    """Pull requests that are ready, where the author acted after every maintainer."""
    people = period.people
    for pull in period.open(pulls=True):
        if pull.is_draft:
            continue
        acted_at = author_acted_at(pull)
        answers = (d.at for d in pull.deeds if people.is_maintainers_answer(d, pull))
        if max(answers, default=pull.created_at) <= acted_at:
            yield Item(pull.number, acted_at, is_pull=True)


def _outsiders(period: Period) -> Iterator[Item]:
    """Issues with answers, none of them from a maintainer: since the first of those answers."""
    for issue in period.open(pulls=False):
        answers = [deed.at for deed in issue.deeds if deed.kind in ANSWERS and deed.who != issue.author]
        if answers and _waits_for_maintainer(issue, period):
            yield Item(issue.number, min(answers), is_pull=False)


def _approved(period: Period, checks: Mapping[int, HeadChecks]) -> Iterator[Item]:
    """Pull requests that a maintainer approved long ago, nobody asked to change since, and no check stops."""
    limit = days_before(period.window.until, period.config.unmerged_after, period.gathered.zone)
    for pull in period.open(pulls=True):
        verdicts = approvals(pull, period.people)
        agreed = [
            verdict.at
            for who, verdict in verdicts.items()
            if verdict.detail == "approved" and period.people.is_maintainer(who)
        ]
        said = _said(checks.get(pull.number), period)
        is_held = any(verdict.detail == "changes_requested" for verdict in verdicts.values())
        if said and not pull.is_draft and agreed and not is_held and max(agreed) < limit:
            yield Item(pull.number, max(agreed), is_pull=True, checks=said)


def _said(known: HeadChecks | None, period: Period) -> ChecksSaid:
    """How checks stood at the end of a period; "" where they were not done, or had failed.

    What was seen only later says nothing of then.
    """
    if known is None or known.since > period.window.until:
        return "unknown"
    return known.state if known.state in {"green", "none"} else ""
