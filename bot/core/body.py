"""The parts that webhook bodies of several events share, each read when it is asked for."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from bot.core.actors import GHOST, Actor
from bot.core.errors import Malformed
from bot.core.events import Repository, Thread
from bot.core.payload import items_at, mapping_at, number_at, text_at, texts_at
from bot.core.pull_json import moment_at

NO_INSTALLATION = 0  # of a delivery from a repository's own webhook, as in a saved example
FULL_NAME = re.compile(r"(?!\.+/)[A-Za-z0-9._-]{1,100}/(?!\.+\Z)[A-Za-z0-9._-]{1,100}")

_T = TypeVar("_T", int, str)


class Body:
    """The body of a delivery.

    Args:
        payload: its JSON.
        bot_login: Usher's own login; an account of this name is a bot whatever its type says.
    """

    def __init__(self, payload: Mapping[str, Any], bot_login: str | None) -> None:
        self.payload = payload
        self.bot_login = (bot_login or "").casefold()

    @property
    def action(self) -> str:
        return demand(text_at(self.payload, "action"), "action")

    def actor(self, value: object, key: str) -> Actor:
        account = mapping_at(value, key)
        login = text_at(account, "login")
        if not login:
            return GHOST
        is_bot = text_at(account, "type") == "Bot" or login.casefold() == self.bot_login
        return Actor(number_at(account, "id"), login, is_bot)

    @property
    def sender(self) -> Actor:
        return self.actor(self.payload, "sender")

    @property
    def installation(self) -> tuple[int, str]:
        """Id and account. Only bodies about the installation itself name the account; since the name of
        an event is not signed, the body of another one must not pass for an uninstallation.
        """
        installation = mapping_at(self.payload, "installation")
        account = mapping_at(installation, "account")
        login = text_at(account, "login") or text_at(account, "slug")  # an enterprise has a slug only
        number = demand(number_at(installation, "id"), "installation.id")
        return number, demand(login, "installation.account")

    @property
    def repository(self) -> Repository:
        repository = mapping_at(self.payload, "repository")
        full_name = text_at(repository, "full_name")
        if not FULL_NAME.fullmatch(full_name):
            raise Malformed("the delivery has no usable repository.full_name")
        return Repository(
            id=demand(number_at(repository, "id"), "repository.id"),
            full_name=full_name,
            installation=number_at(mapping_at(self.payload, "installation"), "id") or NO_INSTALLATION,
            default_branch=text_at(repository, "default_branch") or "main",
            is_private=repository.get("private") is True,
        )

    @property
    def former_name(self) -> str:
        """The full name that the repository had before it was renamed or given to somebody else."""
        changes = mapping_at(self.payload, "changes")
        owner, _, name = self.repository.full_name.partition("/")
        giver = mapping_at(mapping_at(changes, "owner"), "from")
        logins = (text_at(mapping_at(giver, kind), "login") for kind in ("user", "organization"))
        was = text_at(mapping_at(mapping_at(changes, "repository"), "name"), "from")
        full_name = f"{next(filter(None, logins), owner)}/{was or name}"
        if not FULL_NAME.fullmatch(full_name):
            raise Malformed("the delivery has no usable name that the repository had before")
        return full_name

    @property
    def report(self) -> tuple[Thread, str, date, int, datetime | None]:
        """A report that is due: its issue, how often one comes, when it ends, its days, when it was found."""
        said = mapping_at(self.payload, "report")
        number = number_at(mapping_at(self.payload, "issue"), "number")
        every, days = demand(text_at(said, "every"), "every"), demand(number_at(said, "days"), "days")
        try:
            until = date.fromisoformat(text_at(said, "until"))
        except ValueError:
            raise Malformed("the delivery has no usable report.until") from None
        thread = Thread(self.repository, number or 0, is_pull=False, title=f"{every.capitalize()} report")
        return thread, every, until, days, moment_at(said, "at")

    def thread(self, key: str) -> Thread:
        thread = mapping_at(self.payload, key)
        return Thread(
            repository=self.repository,
            number=demand(number_at(thread, "number"), f"{key}.number"),
            is_pull=key == "pull_request" or isinstance(thread.get("pull_request"), Mapping),
            title=text_at(thread, "title"),
            body=text_at(thread, "body"),
            author=self.actor(thread, "user"),
            association=text_at(thread, "author_association") or "NONE",
            labels=texts_at(items_at(thread, "labels"), "name"),
            is_open=text_at(thread, "state") != "closed",
        )


def demand(value: _T | None, field: str) -> _T:
    """Return a value that an event cannot exist without. Raises Malformed where it is absent."""
    if not value:
        raise Malformed(f"the delivery has no usable {field}")
    return value
