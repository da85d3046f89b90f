"""What report an address asks for, and what is said where there is none."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Query

from bot.core.errors import ConfigError
from bot.making import BeingMade
from bot.reporting import Asked, Reports, Told, UnknownHistory
from bot.store.history import Histories, History

LONGEST = 40  # characters of what is asked for
AGAIN = 10  # seconds, after which to ask again where too many reports are being made
BOTS = {"": None, "with": True, "without": False}

Word = Annotated[str, Query(max_length=LONGEST)]


@dataclass
class Wanted:
    """What an address asks for, after its question mark; empty where the settings decide."""

    until: Word = ""
    window: Word = ""
    bots: Word = ""
    audience: Word = ""

    @property
    def query(self) -> str:
        """The same as an address says it."""
        given = urlencode({name: value for name, value in vars(self).items() if value})
        return f"?{given}" if given else ""

    def of(self, repository: str) -> Asked:
        """The report that is asked for.

        Raises:
            HTTPException: what is said of bots makes no sense.
        """
        if self.bots not in BOTS:
            raise HTTPException(400, f"{self.bots!r} says nothing of bots: expected with or without.")
        until, window, audience = self.until or None, self.window or None, self.audience or None
        return Asked(repository, until, window, BOTS[self.bots], audience)


Given = Annotated[Wanted, Depends()]


def told(reports: Reports, asked: Asked) -> Told:
    """Return the report that was asked for.

    Raises:
        HTTPException: there is none, what was asked for makes no sense, or too many are being made.
    """
    try:
        return reports.make(asked, waits=False)
    except BeingMade as error:
        raise come_again(error) from error
    except UnknownHistory as error:
        raise HTTPException(404, line(error)) from error
    except ConfigError as error:
        raise HTTPException(400, line(error)) from error


def come_again(error: BeingMade) -> HTTPException:
    """Return what says to ask again, and when."""
    return HTTPException(503, line(error), {"retry-after": str(AGAIN)})


def known_history(histories: Histories, repository: str) -> History:
    """Return the history of a repository.

    Raises:
        HTTPException: nothing is known of it.
    """
    history = histories.find(repository)
    if history is None:
        raise HTTPException(404, line(UnknownHistory(repository)))
    return history


def line(error: Exception) -> str:
    """Return what went wrong as a sentence."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
