"""Actions that the executor's tests share."""

from typing import Any

from bot.core.actions import AddLabels, RemoveLabels, UpsertComment

BUG = AddLabels(labels=("bug",), reason="94% sure it is a bug")
BUG_OFF = RemoveLabels(labels=("bug",), reason="the type is known now")
ASKED_OFF = RemoveLabels(labels=("bug",), reason="maya asked for it", asked_by_human=True)
WELCOME = UpsertComment(
    purpose="welcome",
    template="welcome",
    context={"author": "nia", "first": "issue", "message": ""},
    reason="the first issue of nia here",
)


def reply(template: str = "paused", purpose: str = "reply", **context: Any) -> UpsertComment:
    return UpsertComment(purpose=purpose, template=template, context=context, reason="maya asked")
