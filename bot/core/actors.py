"""Who acts: GitHub accounts, as events and answers name them."""

from dataclasses import dataclass

MAINTAINER_ASSOCIATIONS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})


@dataclass(frozen=True, slots=True)
class Actor:
    """A GitHub account.

    Args:
        id: the numeric account id; None for a deleted ("ghost") account.
        login: the login at the time of the event.
        is_bot: True for App actors and accounts of type Bot. Never guessed from the name.
    """

    id: int | None
    login: str
    is_bot: bool = False


GHOST = Actor(None, "ghost")
