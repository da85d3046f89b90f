"""A plan that was saved earlier, looked at again before what is open in it is done.

Between the plan and its effect lies a crash, or a wait that GitHub asked for. Meanwhile an operator may have
asked for a dry run, a maintainer for observing, and who gave a command may have lost the right to, or have
deleted it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.config import Config
from bot.core.actions import UpsertComment
from bot.core.catalogue import command_named, may_give
from bot.core.events import CommandGiven, Event
from bot.core.facts import CommandComment, Permission
from bot.gather import Gatherer
from bot.rules import RULES
from bot.store.inbox import Delivery
from bot.store.ledger import OPEN, Ending, Plan

_RULES = {rule.name: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class Recheck:
    """Tells what of a saved plan must not be done any more.

    Args:
        gatherer: asks for the rights that hold now.
        dry_run: touch nothing, whatever was planned.
    """

    gatherer: Gatherer
    dry_run: bool

    def endings(
        self, plan: Plan, delivery: Delivery, events: Sequence[Event], config: Config
    ) -> list[Ending]:
        """Return how those open actions end that are no longer wanted.

        Args:
            plan: as it stands in the ledger.
            delivery: what led to it.
            events: what the delivery stands for.
            config: the settings in force now.

        Raises:
            RetryLater: GitHub could not be asked.
        """
        steps = [step for step in plan.steps if step.status in OPEN]
        # An answer takes no rights; whatever else a command asked for does.
        effects = [step.id for step in steps if step.kind != UpsertComment.kind]
        withdrawn = self._withdrawn(delivery, events, config) if effects and not self.dry_run else None
        found = []
        for step in steps:
            if self.dry_run:
                found.append(Ending(step.id, "skipped", "a dry run was asked for meanwhile"))
            elif not _acts(step.rule, config):
                found.append(Ending(step.id, "skipped", "the config no longer lets this rule act"))
            elif withdrawn and step.id in effects:
                found.append(Ending(step.id, "skipped", withdrawn))
        return found

    def _withdrawn(self, delivery: Delivery, events: Sequence[Event], config: Config) -> str | None:
        """Say why a command of the comment no longer counts; None where all of them do."""
        for event in events:
            if not isinstance(event, CommandGiven):
                continue
            situation = self.gatherer.situation(event, delivery.received_at, config)
            facts = self.gatherer.gather(situation, (Permission, CommandComment))
            if not facts[CommandComment].still_says:
                return "the comment was deleted, or no longer says so"
            command = command_named(event.name)
            if command is not None and not may_give(event, facts[Permission]):
                return f"/{event.name} takes {command.level.name.lower()} rights, which are gone meanwhile"
        return None


def _acts(name: str, config: Config) -> bool:
    rule = _RULES.get(name)
    return rule is not None and config.enabled(rule) and config.mode_for(rule) == "act"
