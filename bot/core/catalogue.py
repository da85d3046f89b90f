"""The commands that people may give, and who may: read by the rules, ``/usher help`` and the docs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.actions import Abstain, Action, UpsertComment
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, Level, Permission


class Also(StrEnum):
    """Who may give a command although they lack the rights, because the matter is their own."""

    AUTHOR = "the author"
    SELF = "anyone for themselves"


@dataclass(frozen=True, slots=True)
class CommandInfo:
    """One command that Usher takes.

    Args:
        name: as it stands in ``CommandGiven.name``.
        usage: what a person types behind the slash.
        level: the repository permission that it takes; NONE means that anyone may.
        help: what it does, in one sentence.
        also: who may give it without that permission; None for nobody.
        section: of the config file; where that is switched off, so is the command.
        rests: whether it does nothing on a thread on which Usher is paused.
        for_pulls: whether it is for pull requests alone, and does nothing elsewhere.
    """

    name: str
    usage: str
    level: Level
    help: str
    also: Also | None = None
    section: str = "commands"
    rests: bool = False
    for_pulls: bool = False

    @property
    def who(self) -> str:
        """Who may give it, in words."""
        if self.level is Level.NONE:
            return "anyone"
        others = f", or {self.also}" if self.also else ""
        return f"{self.level.name.lower()} rights or above{others}"


COMMANDS: tuple[CommandInfo, ...] = (
    CommandInfo("label", "label NAME, ...", Level.TRIAGE, "Put labels on this thread."),
    CommandInfo("remove-label", "remove-label NAME, ...", Level.TRIAGE, "Take labels off this thread."),
    CommandInfo("assign", "assign [PERSON, ...]", Level.TRIAGE, "Assign people to this thread, or yourself."),
    CommandInfo("unassign", "unassign [PERSON, ...]", Level.TRIAGE, "Take them off again.", Also.SELF),
    CommandInfo("retitle", "retitle TEXT", Level.TRIAGE, "Give this thread another title.", Also.AUTHOR),
    CommandInfo("ready", "ready", Level.TRIAGE, "Make a draft ready for review.", Also.AUTHOR),
    CommandInfo("lgtm", "lgtm [cancel]", Level.TRIAGE, "Say a pull request looks good, or take it back."),
    CommandInfo("approve", "approve [cancel]", Level.WRITE, "Approve a pull request, or take it back."),
    CommandInfo("skip", "skip ITEM REASON", Level.WRITE, "Leave out an item of this checklist, and say why."),
    CommandInfo(
        "merge",
        "merge [METHOD]",
        Level.WRITE,
        "Merge a pull request once ready; or `cancel`.",
        section="merge",
        rests=True,
        for_pulls=True,
    ),
    CommandInfo("hold", "hold [cancel]", Level.TRIAGE, "Hold a pull request back, or let it go again."),
    CommandInfo("cc", "cc PERSON, ...", Level.TRIAGE, "Ask people or teams to review a pull request."),
    CommandInfo("rescan", "rescan", Level.NONE, "Look at a pull request anew."),
    CommandInfo(
        "release check",
        "release check",
        Level.TRIAGE,
        "Say how the next release stands.",
        section="release_gate",
    ),
    CommandInfo(
        "release prepare",
        "release prepare",
        Level.WRITE,
        "The same, and update its draft.",
        section="release_gate",
    ),
    CommandInfo(
        "release publish",
        "release publish",
        Level.MAINTAIN,
        "Publish it, if all is there.",
        section="release_gate",
    ),
    CommandInfo("usher why", "usher why", Level.NONE, "Say what Usher did on this thread, and why."),
    CommandInfo("usher undo", "usher undo", Level.TRIAGE, "Take back what Usher did last on this thread."),
    CommandInfo("usher pause", "usher pause", Level.TRIAGE, "Make Usher leave this thread alone."),
    CommandInfo("usher resume", "usher resume", Level.TRIAGE, "Let Usher work on this thread again."),
    CommandInfo("usher help", "usher help", Level.NONE, "Show this table."),
)


def command_named(name: str) -> CommandInfo | None:
    """Return the command of that name, or None."""
    return next((command for command in COMMANDS if command.name == name), None)


def may_give(event: CommandGiven, permission: Permission) -> bool:
    """Return whether a person may give their command with the rights that they have."""
    known = command_named(event.name)
    if known is None or permission.may(known.level):
        return True
    return known.also is not None and _IS_OWN_MATTER[known.also](event)


def _is_author(event: CommandGiven) -> bool:
    author = event.thread.author
    return author.id is not None and author.id == event.actor.id


def _names_nobody_else(event: CommandGiven) -> bool:
    own = event.actor.login.casefold()
    return all(name.removeprefix("@").casefold() == own for name in event.args)


_IS_OWN_MATTER: Mapping[Also, Callable[[CommandGiven], bool]] = {
    Also.AUTHOR: _is_author,
    Also.SELF: _names_nobody_else,
}


def refusal(event: CommandGiven, facts: Facts) -> list[Action]:
    """Return what to do instead of a command that may not run; an empty list where it may.

    Needs the facts ``Permission`` and ``CommandComment``: what was true when the comment was written
    may have changed while the command waited.
    """
    command, known = f"/{event.name}", command_named(event.name)
    if event.actor.is_bot:
        return [
            Abstain(
                about=command,
                reason="commands are taken from people only, so that bots cannot chase each other",
            )
        ]
    if not facts[CommandComment].still_says:
        return [Abstain(about=command, reason="the comment was deleted, or no longer says so")]
    if known is None or may_give(event, facts[Permission]):
        return []
    needed, has = known.level.name.lower(), facts[Permission].level.name.lower()
    return [
        UpsertComment(
            purpose="denied",
            template="denied",
            context={"login": event.actor.login, "command": event.name, "needed": needed},
            reason=f"{command} takes {needed} rights; {event.actor.login} has {has}",
        )
    ]
