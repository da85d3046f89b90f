"""The commands that people may give, and who may: read by the rules, ``/usher help`` and the docs."""

from dataclasses import dataclass

from bot.core.actions import Abstain, Action, UpsertComment
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, Level, Permission


@dataclass(frozen=True, slots=True)
class CommandInfo:
    """One command that Usher takes.

    Args:
        name: as it stands in ``CommandGiven.name``.
        usage: what a person types behind the slash.
        level: the repository permission that it takes; NONE means that anyone may.
        help: what it does, in one sentence.
    """

    name: str
    usage: str
    level: Level
    help: str

    @property
    def who(self) -> str:
        """Who may give it, in words."""
        return "anyone" if self.level is Level.NONE else f"{self.level.name.lower()} rights or above"


COMMANDS: tuple[CommandInfo, ...] = (
    CommandInfo("label", "label NAME, ...", Level.TRIAGE, "Put labels on this thread."),
    CommandInfo("remove-label", "remove-label NAME, ...", Level.TRIAGE, "Take labels off this thread."),
    CommandInfo("skip", "skip ITEM REASON", Level.WRITE, "Leave out an item of a pull request's checklist."),
    CommandInfo("hold", "hold [cancel]", Level.TRIAGE, "Hold a pull request back, or let it go again."),
    CommandInfo("cc", "cc PERSON, ...", Level.TRIAGE, "Ask people or teams to review a pull request."),
    CommandInfo("rescan", "rescan", Level.NONE, "Look at a pull request anew."),
    CommandInfo("usher why", "usher why", Level.NONE, "Say what Usher did on this thread, and why."),
    CommandInfo("usher undo", "usher undo", Level.TRIAGE, "Take back what Usher did last on this thread."),
    CommandInfo("usher pause", "usher pause", Level.TRIAGE, "Make Usher leave this thread alone."),
    CommandInfo("usher resume", "usher resume", Level.TRIAGE, "Let Usher work on this thread again."),
    CommandInfo("usher help", "usher help", Level.NONE, "Show this table."),
)


def command_named(name: str) -> CommandInfo | None:
    """Return the command of that name, or None."""
    return next((command for command in COMMANDS if command.name == name), None)


def refusal(event: CommandGiven, facts: Facts) -> list[Action]:
    """Return what to do instead of a command that may not run; an empty list where it may.

    Needs the facts ``Permission`` and ``CommandComment``: what was true when the comment was written
    may have changed while the command waited.
    """
    command, known = f"/{event.name}", command_named(event.name)
    level = known.level if known else Level.NONE
    if event.actor.is_bot:
        return [
            Abstain(
                about=command,
                reason="commands are taken from people only, so that bots cannot chase each other",
            )
        ]
    if not facts[CommandComment].still_says:
        return [Abstain(about=command, reason="the comment was deleted, or no longer says so")]
    if facts[Permission].may(level):
        return []
    needed, has = level.name.lower(), facts[Permission].level.name.lower()
    return [
        UpsertComment(
            purpose="denied",
            template="denied",
            context={"login": event.actor.login, "command": event.name, "needed": needed},
            reason=f"{command} takes {needed} rights; {event.actor.login} has {has}",
        )
    ]
