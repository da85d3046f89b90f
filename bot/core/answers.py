"""Answers to commands: each knows the comment that it answers, so that it is written right below that."""

from dataclasses import replace

from bot.core.actions import ANSWERS, Action, UpsertComment
from bot.core.events import CommandGiven, Event
from bot.core.pull_actions import Assign, PublishRelease

_SHOWN = 60  # characters of a command that are shown above its answer


def addressed(event: Event, action: Action) -> Action:
    """Return an action with the comment that it answers, where it answers one or may have to.

    Args:
        event: what led to it.
        action: as a rule asks for it.
    """
    if not isinstance(event, CommandGiven):
        return action
    if isinstance(action, UpsertComment) and action.purpose in ANSWERS:
        return replace(action, answers=event.comment, command=f"{event.name} {event.text}".strip()[:_SHOWN])
    if isinstance(action, Assign | PublishRelease):
        return replace(action, answers=event.comment)
    return action
