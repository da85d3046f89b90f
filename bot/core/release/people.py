"""Who took part in a release, under the names that they have now."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.core.actors import Actor
from bot.core.release.harmless import harmless_line
from bot.core.release.state import MergedPull, Person

_BOT = "[bot]"
_NAME_SIGNS = "\\<*_&`[]"
_TRAILER = re.compile(
    r"^co-authored-by:[ \t]*(?P<name>[^<\n]{0,200})<(?P<mail>[^>\s]{1,300})>[ \t\r]*$",
    re.IGNORECASE | re.MULTILINE,
)
# https://docs.github.com/account-and-profile/reference/email-addresses-reference
_NO_REPLY = re.compile(
    r"(?:(?P<id>\d{1,18})\+)?(?P<login>[A-Za-z0-9_-]+(?:\[bot\])?)@users\.noreply\.[\w.-]+", re.IGNORECASE
)


def named_in(message: str) -> tuple[Person, ...]:
    """The people whom a commit's message names with ``Co-authored-by``.

    GitHub's own no-reply addresses tell the account; of any other address only the name is kept.
    """
    found = []
    for trailer in _TRAILER.finditer(message):
        name = trailer["name"].strip()
        account = _NO_REPLY.fullmatch(trailer["mail"])
        if account is None:
            found.append(Person(name=name))
            continue
        login = account["login"]
        id_ = int(account["id"]) if account["id"] else None
        found.append(Person(id_, login, name, login.endswith(_BOT)))
    return tuple(person for person in found if person.login or person.name)


@dataclass(frozen=True, slots=True)
class Credit:
    """Somebody as the notes name them.

    Args:
        person: with the latest login.
        server: where accounts have their pages.
    """

    person: Person
    server: str

    @property
    def url(self) -> str:
        """The page of the account; "" where only a name is known."""
        login = self.person.login
        return login and f"{self.server}/{'apps/' if self._is_bot else ''}{login.removesuffix(_BOT)}"

    @property
    def name(self) -> str:
        """The login, or the name of who has none."""
        return self.person.login or harmless_line(self.person.name, _NAME_SIGNS)

    @property
    def plain(self) -> str:
        """The name; for a bot a link, so that an ``@`` in front of it mentions nobody."""
        login = self.person.login
        return f"[{login.removesuffix(_BOT)}{_BOT}]({self.url})" if self._is_bot and login else self.name

    @property
    def mention(self) -> str:
        """As GitHub mentions people; an App by a link, since a mention would mean a person of that name."""
        login = self.person.login
        if self._is_bot and login:
            return f"[@{login.removesuffix(_BOT)}{_BOT}]({self.url})"
        return f"@{login}" if login else self.name

    @property
    def order(self) -> tuple[bool, str, str]:
        """People before bots, each by name."""
        name = self.person.login or self.person.name
        return self._is_bot, name.casefold(), name

    @property
    def _is_bot(self) -> bool:
        return self.person.is_bot or self.person.login.endswith(_BOT)


class Roster:
    """Everybody in a release. An account is one person, by its number, however often it was renamed.

    Args:
        pulls: the changes, in the order in which they were merged.
        server: where accounts have their pages.
        excluded: logins that are not named; those of Apps with or without ``[bot]``.
    """

    def __init__(self, pulls: Sequence[MergedPull], server: str, excluded: Collection[str] = ()) -> None:
        self._server = server
        self._excluded = {name.casefold() for name in excluded}
        self._latest: dict[int, str] = {}
        self._ids: dict[str, int] = {}
        for pull in pulls:
            for person in (*pull.coauthors, _person(pull.author)):
                if person.id is not None and person.login:
                    self._latest[person.id] = person.login
                    self._ids[person.login.casefold()] = person.id

    def author(self, pull: MergedPull) -> Credit:
        """Who opened a pull request."""
        return self._credit(_person(pull.author))

    def authors(self, pull: MergedPull) -> list[Credit]:
        """Everybody who worked on a pull request: its author first, bots last."""
        first = self.author(pull)
        return [first, *(c for c in self._sorted(pull.coauthors) if _key(c.person) != _key(first.person))]

    def contributors(self, pulls: Iterable[MergedPull]) -> list[Credit]:
        """Everybody who worked on some changes, without those who are not to be named."""
        everybody = list(pulls)
        authors = self._sorted(_person(pull.author) for pull in everybody)
        own = {_key(credit.person) for credit in authors}
        others = self._sorted(person for pull in everybody for person in pull.coauthors)
        joined = [*authors, *(credit for credit in others if _key(credit.person) not in own)]
        return [credit for credit in joined if self._is_named(credit)]

    def newcomers(
        self, pulls: Iterable[MergedPull], first_timers: Collection[int]
    ) -> list[tuple[Credit, MergedPull]]:
        """Each person who had nothing merged before, with their first change, in the order of these."""
        firsts: dict[int, MergedPull] = {}
        for pull in sorted(pulls, key=lambda each: (each.merged_at, each.number)):
            if pull.author.id in first_timers and pull.author.id is not None and not pull.author.is_bot:
                firsts.setdefault(pull.author.id, pull)
        found = [(self.author(pull), pull) for pull in firsts.values()]
        return [(credit, pull) for credit, pull in found if self._is_named(credit)]

    def _sorted(self, people: Iterable[Person]) -> list[Credit]:
        known = {_key(credit.person): credit for credit in map(self._credit, people)}
        return sorted(known.values(), key=lambda credit: credit.order)

    def _credit(self, person: Person) -> Credit:
        id_ = self._ids.get(person.login.casefold()) if person.id is None and person.login else person.id
        login = person.login if id_ is None else self._latest.get(id_, person.login)
        return Credit(replace(person, id=id_, login=login), self._server)

    def _is_named(self, credit: Credit) -> bool:
        login = credit.person.login.casefold()
        return not {login, login.removesuffix(_BOT)} & self._excluded


def sentence(credits_: Sequence[Credit], nobody: str) -> str:
    """``@a, @b and @c``; or what is said where there is nobody."""
    said = [credit.mention for credit in credits_]
    if not said:
        return nobody
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]


def _person(author: Actor) -> Person:
    return Person(author.id, author.login, "", author.is_bot)


def _key(person: Person) -> tuple[str, str]:
    """What makes two mentions of somebody the same person."""
    if person.id is not None:
        return "id", str(person.id)
    return ("login", person.login.casefold()) if person.login else ("name", person.name.casefold())
