"""What needs somebody, in the words in which it is shown."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.health.figures import ChecksSaid, Item, NeedKind, SignId
from bot.reporting import Told
from bot.reports.words import ago, number

#: What needs somebody: one, many, and what to say of them; ``{long}`` follows from a setting.
_NEEDS: dict[NeedKind, tuple[str, str, str, str]] = {
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
        notes: what else is known of it: how its checks stand, or the signs of heat.
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
    """One kind of thing that needs a person: so many of what, why, and those that wait longest."""

    kind: str
    count: int
    noun: str
    why: str
    items: tuple[Waiting, ...]


def need_words(kind: NeedKind, count: int, long: str) -> tuple[str, str]:
    """Return what so many of a kind are called, and why they need somebody.

    Args:
        kind: of what needs somebody.
        count: how many there are.
        long: for how long approved pull requests wait, such as ``more than 5 days``.
    """
    one, many, is_so, are_so = _NEEDS[kind]
    return (one, is_so.format(long=long)) if count == 1 else (many, are_so.format(long=long))


def needed(told: Told) -> tuple[Needed, ...]:
    """Return what needs somebody, without empty kinds."""
    found, until = list[Needed](), told.report.window.until
    for need in told.report.needs_you:
        if not need.count:
            continue
        noun, why = need_words(need.kind, need.count, f"more than {told.config.unmerged_after} days")
        items = tuple(
            Waiting(
                *(item.number, told.titles.get(item.number, ""), item.is_pull, ago(item.since, until)),
                tuple(notes(item)),
            )
            for item in need.items
        )
        found.append(Needed(need.kind, need.count, noun, why, items))
    return tuple(found)


def notes(item: Item) -> Iterator[str]:
    """Say what else is known of a thread: how its checks stand, or the signs of heat."""
    if item.checks:
        yield _CHECKS[item.checks]
    for sign in item.signs:
        yield _SIGNS[sign.id].format(n=number(sign.n))
