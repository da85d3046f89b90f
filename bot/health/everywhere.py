"""What needs a person in any repository of an organisation: the needs of the single reports."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from bot.health.figures import LISTED
from bot.health.needs import GROUPS
from bot.health.waiting import Group, Item, NeedKind, OpenedBy


@dataclass(frozen=True, slots=True)
class Waits:
    """A thread that needs a person, and where."""

    repository: str
    item: Item


@dataclass(frozen=True, slots=True)
class GroupEverywhere:
    """Those of one kind that belong together, in all repositories. See ``Group``.

    Args:
        opened_by: who opened them; None where all of the kind are one group.
        count, new, over_a_year: how many, how many of them since a week, as far as that is known, and how
            many for a year or more.
        repositories: in how many repositories.
        recent: those that wait for less than a year, the longest wait first; of many, the first ones.
        old: those that wait for a year or more, as well.
    """

    opened_by: OpenedBy | None
    count: int
    new: int
    over_a_year: int
    repositories: int
    recent: tuple[Waits, ...]
    old: tuple[Waits, ...]


@dataclass(frozen=True, slots=True)
class Everywhere:
    """One kind of thing that needs a person, in all repositories.

    Args:
        kind: what it is.
        repositories: in how many repositories.
        groups: those that there are, in the order in which they are shown.
    """

    kind: NeedKind
    repositories: int
    groups: tuple[GroupEverywhere, ...]

    @property
    def count(self) -> int:
        """How many threads it is."""
        return sum(group.count for group in self.groups)

    @property
    def items(self) -> tuple[Waits, ...]:
        """Those that are listed, by group, the longest wait first."""
        return tuple(each for group in self.groups for each in (*group.old, *group.recent))

    def without(self, gone: Collection[tuple[str, int]]) -> "Everywhere":
        """Return the same without threads that are no longer there, by their repositories and numbers."""
        groups = tuple(left for group in self.groups if (left := _left(group, gone)).count)
        count = sum(group.count for group in groups)
        return replace(self, repositories=min(count, self.repositories), groups=groups)


def _left(group: GroupEverywhere, gone: Collection[tuple[str, int]]) -> GroupEverywhere:
    def kept(items: Sequence[Waits]) -> tuple[Waits, ...]:
        return tuple(each for each in items if (each.repository, each.item.number) not in gone)

    recent, old = kept(group.recent), kept(group.old)
    dropped = {*group.recent, *group.old} - {*recent, *old}
    count = group.count - len(dropped)
    return replace(
        group,
        count=count,
        new=group.new - sum(each.item.is_new for each in dropped),
        over_a_year=group.over_a_year - (len(group.old) - len(old)),
        repositories=min(count, group.repositories),
        recent=recent,
        old=old,
    )


@dataclass(slots=True)
class Gathering:
    """What needs a person for one reason, from one repository after the other."""

    repositories: int = 0
    groups: dict[OpenedBy | None, GroupEverywhere] = field(default_factory=dict)

    def add(self, repository: str, groups: Sequence[Group], *, has_ended: bool = False) -> None:
        """Take in what one repository has of the kind.

        Args:
            repository: its full name.
            groups: what it has.
            has_ended: whether nothing is known of its last week, so that nothing is called new.
        """
        self.repositories += bool(groups)
        for group in map(_without_news, groups) if has_ended else groups:
            known = self.groups.get(group.opened_by, GroupEverywhere(group.opened_by, 0, 0, 0, 0, (), ()))
            self.groups[group.opened_by] = GroupEverywhere(
                group.opened_by,
                known.count + group.count,
                known.new + group.new,
                known.over_a_year + group.over_a_year,
                known.repositories + 1,
                _longest(known.recent, repository, group.recent),
                _longest(known.old, repository, group.old),
            )

    def shown(self) -> tuple[GroupEverywhere, ...]:
        """The groups in the order in which they are shown."""
        return tuple(self.groups[each] for each in GROUPS if each in self.groups)


def _without_news(group: Group) -> Group:
    def seen(items: Sequence[Item]) -> tuple[Item, ...]:
        return tuple(replace(item, is_new=False) for item in items)

    return replace(group, new=0, recent=seen(group.recent), old=seen(group.old))


def _longest(known: Sequence[Waits], repository: str, items: Sequence[Item]) -> tuple[Waits, ...]:
    found = [*known, *(Waits(repository, item) for item in items)]
    found.sort(key=lambda each: (each.item.since, each.repository.lower(), each.item.number))
    return tuple(found[:LISTED])
