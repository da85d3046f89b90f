"""What needs somebody, in the words in which it is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.health.waiting import ChecksSaid, Group, Item, NeedKind, OpenedBy, SignId
from bot.reporting import Told
from bot.reports.words import UNTITLED, ago, legible, number

#: So many threads of a group are listed, of those that wait for a year or more as well.
LISTED = 100
#: So much longer than its author has been still must a pull request lie with maintainers for it to be said.
LONGER = timedelta(days=7)
#: What needs somebody, of a kind or one group of it: one, many, what to say of them; ``{long}`` is a setting.
_NEEDS: dict[NeedKind | OpenedBy, tuple[str, str, str, str]] = {
    "first_timers_waiting": (
        "first-time contributor",
        "first-time contributors",
        "has had no answer from a maintainer",
        "have had no answer from a maintainer",
    ),
    "prs_waiting_for_maintainers": (
        "pull request",
        "pull requests",
        "waits for a maintainer since its author acted",
        "wait for a maintainer since their authors acted",
    ),
    "outsider": (
        "pull request from outside",
        "pull requests from outside",
        "waits for a maintainer since its author acted",
        "wait for a maintainer since their authors acted",
    ),
    "maintainer": (
        "maintainer's own pull request",
        "maintainers' own pull requests",
        "waits for another maintainer since its author acted",
        "wait for another maintainer since their authors acted",
    ),
    "bot": (
        "pull request by a bot",
        "pull requests by bots",
        "waits for a maintainer",
        "wait for a maintainer",
    ),
    "issues_unanswered": (
        "issue",
        "issues",
        "has had no answer from anybody",
        "have had no answer from anybody",
    ),
    "answered_only_by_outsiders": (
        "issue",
        "issues",
        "has answers, but none from a maintainer",
        "have answers, but none from a maintainer",
    ),
    "approved_unmerged": (
        "pull request",
        "pull requests",
        "is approved, and unmerged for {long}",
        "are approved, and unmerged for {long}",
    ),
    "heated": (
        "thread",
        "threads",
        "shows signs of heat: a moderator should look",
        "show signs of heat: a moderator should look",
    ),
}
_CHECKS: dict[ChecksSaid, str] = {
    "green": "checks green",
    "none": "no checks",
    "unknown": "checks not known",
}
#: What a thread is listed for; it names nobody.
_SIGNS: dict[SignId, str] = {
    "locked_as_too_heated": "locked as too heated",
    "hidden_as_abuse": "comments hidden as abuse: {n}",
    "reopened_against": "reopened {n} times after somebody else had closed it",
    "disliked_opening": "{n} \N{THUMBS DOWN SIGN} on its first text",
    "disliked_comment": "{n} \N{THUMBS DOWN SIGN} on one comment",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thread that needs somebody; its title is other people's text.

    Args:
        notes: what else is known of it: how long it lies with maintainers, how its checks stand, or the
            signs of heat.
    """

    number: int
    title: str
    is_pull: bool
    since: str
    notes: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        """For how long it has waited, and what else is known of it."""
        return "; ".join((self.since, *self.notes))


@dataclass(frozen=True, slots=True)
class Needed:
    """Things that need a person: so many of what, and why.

    Args:
        kind: the kind, and the group where there are several.
        count: how many.
        noun, why: what they are, and what is the matter.
        new: how many were not listed a week earlier, in words; "" for none.
        recent: those that wait for less than a year, the longest wait first.
        old: the others, the longest wait first.
        over_a_year: how many of these there are, listed or not.
    """

    kind: str
    count: int
    noun: str
    why: str
    new: str
    recent: tuple[Waiting, ...]
    old: tuple[Waiting, ...]
    over_a_year: int

    @property
    def within_a_year(self) -> int:
        """How many wait for less than a year, listed or not."""
        return self.count - self.over_a_year

    def named(self, most: int) -> tuple[Waiting, ...]:
        """Those to name at once: so many at most of less than a year; and one more, if it is the last."""
        first = self.recent[:most]
        is_last = self.count == len(first) + 1
        return (*first, *self.recent[most:], *self.old) if is_last else first

    def others(self, most: int) -> str:
        """What to say of all that ``named`` leaves out."""
        if len(self.named(most)) == self.count:
            return ""
        left = max(0, self.within_a_year - most)
        if left and self.over_a_year:
            return f"and {left + self.over_a_year} more, {self.over_a_year} of them for over a year"
        if left:
            return f"and {left} more"
        if not self.over_a_year:
            return ""
        if self.within_a_year:
            return f"and {self.over_a_year} for over a year"
        return "all for over a year"


def need_words(kind: NeedKind | OpenedBy, count: int, long: str) -> tuple[str, str]:
    """Return what so many of a kind are called, and why they need somebody.

    Args:
        kind: of what needs somebody; or who opened the pull requests of a group.
        count: how many there are.
        long: for how long approved pull requests wait, such as ``more than 5 days``.
    """
    one, many, is_so, are_so = _NEEDS[kind]
    return (one, is_so.format(long=long)) if count == 1 else (many, are_so.format(long=long))


def needed(told: Told) -> tuple[Needed, ...]:
    """Return what needs somebody, without empty kinds."""
    return tuple(_needed(need.kind, group, told) for need in told.report.needs_you for group in need.groups)


def _needed(kind: NeedKind, group: Group, told: Told) -> Needed:
    long = f"more than {told.config.unmerged_after} days"
    return Needed(
        f"{kind}-{group.opened_by}" if group.opened_by else kind,
        group.count,
        *need_words(group.opened_by or kind, group.count, long),
        f"{group.new} new this week" if group.new else "",
        tuple(_waiting(item, told) for item in group.recent[:LISTED]),
        tuple(_waiting(item, told) for item in group.old[:LISTED]),
        group.over_a_year,
    )


def _waiting(item: Item, told: Told) -> Waiting:
    until = told.report.window.until
    title = legible(told.titles.get(item.number, ""), UNTITLED)
    return Waiting(item.number, title, item.is_pull, ago(item.since, until), tuple(notes(item, until)))


def notes(item: Item, until: datetime) -> Iterator[str]:
    """Say what else is known of a thread: how long it lies with maintainers, its checks, or signs of heat.

    Args:
        until: the end of the report (UTC).
    """
    if item.turn_since and item.since - item.turn_since >= LONGER:
        turn = ago(item.turn_since, until)
        if turn != ago(item.since, until):
            yield f"with maintainers for {turn}"
    if item.checks:
        yield _CHECKS[item.checks]
    for sign in item.signs:
        yield _SIGNS[sign.id].format(n=number(sign.n))
