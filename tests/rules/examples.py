"""People, a repository and threads that the rules' tests share."""

from typing import Any

from bot.core.actors import Actor
from bot.core.events import CommandGiven, Repository, Thread

REPOSITORY = Repository(id=1, full_name="acme/widgets", installation=7)
NEWCOMER = Actor(10, "nia")
MAINTAINER = Actor(20, "maint")
BOT = Actor(30, "other[bot]", is_bot=True)


def issue(**changes: Any) -> Thread:
    """An open issue of a newcomer."""
    return Thread(**{"repository": REPOSITORY, "number": 12, "is_pull": False, "author": NEWCOMER, **changes})


def pull(**changes: Any) -> Thread:
    """An open pull request of a newcomer."""
    return issue(**{"number": 15, "is_pull": True, **changes})


def command(line: str, actor: Actor = MAINTAINER) -> CommandGiven:
    """The command of one line: ``/label area: ui``."""
    words = line.removeprefix("/").split(" ")
    size = 2 if words[0] in {"usher", "release"} else 1
    name, text = " ".join(words[:size]), " ".join(words[size:])
    args = tuple(text.replace(",", " ").split())
    return CommandGiven(actor, issue(), name=name, args=args, text=text, comment=99)
