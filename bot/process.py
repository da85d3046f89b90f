"""What becomes of one delivery: routed, decided, its plan saved, and the plan applied.

Nothing here knows the durable engine: the engine calls ``route`` and ``run``, and may call both again after
a crash. ``run`` finds the saved plan then, and does what is still open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot.apply import Executor
from bot.core.actions import SetCheck
from bot.core.answers import addressed
from bot.core.errors import BotError, Gone, Malformed, RetryLater
from bot.core.events import CommandGiven, Event, FilesPushed, MergeGroupFormed, ReleasePublished, ThreadEvent
from bot.core.facts import CurrentThread, Fact, LabelHistory, RepositoryLabels
from bot.core.flow import Flow, FlowItems, Item
from bot.core.parse import LOOK, RELEASE_LOOK, Route, load_json, parse, route
from bot.decision import Decision, header_of, is_a_push, is_news, is_of_a_merge, of_unknown_group, titled
from bot.follow import Follower
from bot.gather import ConfigSource, Gatherer, Situation
from bot.gather.pulls import OF_THE_COMMAND, PULL_PROVIDERS
from bot.github.answers import NOT_YET, Missing
from bot.github.client import GitHub
from bot.housekeeping import HOUSEKEEPING, Housekeeper
from bot.recheck import Recheck
from bot.rules import RULES
from bot.store.handover import Routed
from bot.store.inbox import Delivery, Inbox
from bot.store.ledger import Ledger, Plan, Planned
from bot.store.registry import Registry

MOST_ATTEMPTS = 8  # then it is a dead letter; with the waits below that is after about 35 minutes
FIRST_WAIT = timedelta(seconds=2)
WAIT_GROWS = 3
IN_LINE = timedelta(seconds=1)
LOGIN_RETRY = timedelta(seconds=30)  # while GitHub is away, not every delivery waits for it to answer
# Facts that are the same for all events of one delivery.
OF_THE_THREAD = frozenset({CurrentThread, LabelHistory, RepositoryLabels, *PULL_PROVIDERS}) - OF_THE_COMMAND
OWN_COUNT = (ReleasePublished, FilesPushed)  # what others wait for, also where Usher itself did it
HEARD = (*HOUSEKEEPING, *{kind for rule in RULES for kind in rule.on})
log = structlog.get_logger(__name__)


@dataclass
class Processor:
    """Routes deliveries, decides on them and sees to their plans.

    Args:
        github, inbox, ledger, registry, configs, gatherer, executor, follower: its tools.
        dry_run: plan and record, touch nothing, whatever the config says.
    """

    github: GitHub
    inbox: Inbox
    ledger: Ledger
    registry: Registry
    configs: ConfigSource
    gatherer: Gatherer
    executor: Executor
    follower: Follower
    dry_run: bool = False
    _ask_login_at: datetime = field(default=datetime.min.replace(tzinfo=UTC), init=False, repr=False)

    def route(self, delivery: Delivery, *, seen_before: bool) -> Routed:
        """Decide whether a delivery needs work, and in which line it stands. Touches nothing.

        Raises nothing: a delivery that breaks this must not hold up those behind it.
        """
        try:
            return self._route(delivery, seen_before=seen_before)
        except Exception as error:
            log.exception("delivery.not_routed", delivery=delivery.id, guid=delivery.guid)
            return Routed(delivery.id, "quarantined", {"note": f"{type(error).__name__}: {error}"})

    def _route(self, delivery: Delivery, *, seen_before: bool) -> Routed:
        values: dict[str, Any] = {}
        try:
            payload = load_json(delivery.body)
            where = route(delivery.event, payload)
            # Also of one that cannot be read further, so that it goes when its installation does.
            values = {
                "action": where.action and where.action[:100],
                "installation": where.installation,
                "repository": where.full_name,
            }
            events = parse(delivery.event, payload, bot_login=self._bot_login())
        except Malformed as error:
            return Routed(delivery.id, "quarantined", {**values, "note": str(error)})
        values["thread"] = _line(where, events)
        if seen_before:
            return Routed(delivery.id, "duplicate", {**values, "note": "this body came before"})
        release = self.follower.releases.concerned(delivery.event, payload, where, self._bot_login())
        if release is None and not any(isinstance(event, HEARD) for event in events):
            return Routed(delivery.id, "ignored", {**values, "note": "no rule listens to this"})
        is_told = release is not None or any(
            isinstance(e, OWN_COUNT) or is_of_a_merge(e) or is_a_push(e) for e in events
        )
        if self._is_own(where) and not is_told:
            return Routed(delivery.id, "ignored", {**values, "note": "Usher's own doing"})
        return Routed(delivery.id, "queued", {**values, "handovers": delivery.handovers + 1})

    def run(self, id_: int) -> None:
        """Work on a delivery. Whatever goes wrong is noted on it; nothing is raised."""
        delivery = self.inbox.get(id_)
        if delivery is None or delivery.state != "queued":
            return
        earlier = self.inbox.earlier_on_thread(delivery)
        if earlier is not None:
            until = max(earlier.not_before or datetime.now(UTC), datetime.now(UTC) + IN_LINE)
            note = f"waits for delivery {earlier.id} on the same thread"
            self.inbox.defer(id_, until, note, counts=False)
            return
        try:
            self._work(delivery)
        except RetryLater as error:
            self._later(delivery, error, error.until)
        except Gone as error:
            self._gone(delivery, error)
        except Malformed as error:
            self.inbox.finish(id_, "quarantined", str(error))
        except Missing as error:
            if datetime.now(UTC) - delivery.received_at < NOT_YET:
                self._later(delivery, error, None)
            else:
                self.inbox.finish(id_, "done", str(error))
        except BotError as error:
            self._later(delivery, error, None)
        except Exception as error:
            log.exception("delivery.failed", delivery=id_, guid=delivery.guid)
            self._later(delivery, error, None)

    def decide(self, delivery: Delivery) -> list[Decision]:
        """Ask the rules about a delivery. Reads GitHub, writes nothing there.

        Raises:
            Malformed: the body cannot be read.
            RetryLater, Gone: GitHub could not be asked.
        """
        events = parse(delivery.event, load_json(delivery.body), bot_login=self._bot_login())
        decisions: list[Decision] = []
        shared: dict[type[Fact], Fact] = {}
        for event in events:
            if isinstance(event, ThreadEvent):
                try:
                    self._decide(delivery, event, decisions, shared)
                except Gone:
                    if not isinstance(event, MergeGroupFormed):
                        raise
                    config = self.configs.get(event.repository)
                    decisions.append(of_unknown_group(delivery, event, config, dry_run=self.dry_run))
        return decisions

    def _work(self, delivery: Delivery) -> None:
        plan = self.ledger.of_delivery(delivery.id)
        if plan is not None:
            self._resume(delivery, plan)
            return
        payload = load_json(delivery.body)
        where = route(delivery.event, payload)
        release = self.follower.releases.concerned(delivery.event, payload, where, self._bot_login())
        if release is not None:
            self.follower.releases.look_again(release)
        events = parse(delivery.event, payload)
        self._housekeeper().keep(events)
        if self._is_own(where) and not any(map(is_of_a_merge, events)):
            self.inbox.finish(delivery.id, "done", "Usher's own doing, which others wait for")
            return
        decided = [d for d in self.decide(delivery) if d.planned]
        if not decided:
            self.inbox.finish(delivery.id, "done", "nothing to do")
            return
        plan = self._save(decided)
        config = self.configs.named(plan.repository, plan.installation)
        self._after_commands(delivery)
        self.executor.apply(plan, config, decided[-1].thread)

    def _housekeeper(self) -> Housekeeper:
        return Housekeeper(
            self.github, self.registry, self.configs, self.gatherer, self.follower, dry_run=self.dry_run
        )

    def _after_commands(self, delivery: Delivery) -> None:
        """Ask for a look at a pull request whose commands may change its flow.

        What Usher does is not told to it as an event. Asked for before it is done, so that a crash loses
        nothing; the look stands behind this delivery in the same line.
        """
        for event in parse(delivery.event, load_json(delivery.body), bot_login=self._bot_login()):
            if isinstance(event, CommandGiven):
                self.follower.releases.commanded(event)
                if event.thread.is_pull:
                    self.follower.look_again(event.repository, event.thread.number)

    def _resume(self, delivery: Delivery, plan: Plan) -> None:
        """Do what is still open in a plan that was saved earlier, and still wanted."""
        config = self.configs.named(plan.repository, plan.installation)
        events = parse(delivery.event, load_json(delivery.body), bot_login=self._bot_login())
        recheck = Recheck(self.gatherer, self.dry_run)
        self.ledger.conclude(recheck.endings(plan, delivery, events, config))
        fresh = self.ledger.get(plan.id)
        assert fresh is not None
        self.executor.apply(fresh, config, again=True)

    def _save(self, decisions: Sequence[Decision]) -> Plan:
        # All commands of one comment make one plan, so that one undo takes all of them back.
        planned = [item for decision in decisions for item in decision.planned]
        return self.ledger.save(decisions[0].header, planned)

    def _decide(
        self,
        delivery: Delivery,
        event: ThreadEvent,
        decisions: list[Decision],
        shared: dict[type[Fact], Fact],
    ) -> None:
        repository = event.repository
        if self.registry.is_suspended(repository.installation):
            return
        config = self.configs.get(repository)
        situation = self.gatherer.situation(event, delivery.received_at, config)
        situation.known.update(shared)
        is_paused = self.registry.is_paused(repository.id, event.thread.number)
        paused = is_paused and not isinstance(event, MergeGroupFormed)  # its queue waits for an answer
        decision = Decision(header_of(delivery, event))
        items: list[Item] = []
        for rule in RULES:
            if not rule.listens_to(event) or not config.enabled(rule) or (paused and not rule.ignores_pause):
                continue
            situation.known[FlowItems] = FlowItems(tuple(items))  # what the rules before have reported
            facts = self.gatherer.gather(situation, rule.needed(config.section(rule)))
            acts = config.mode_for(rule) == "act" and not self.dry_run
            for said in rule.decide(event, config.section(rule), facts):
                if isinstance(said, Item):
                    items.append(said)
                elif isinstance(said, Flow):
                    self.follower.seen(event, situation.pull, said)
                else:
                    decision.planned.append(Planned(rule.name, addressed(event, said), acts))
        if is_paused and not paused:
            decision.planned = [each for each in decision.planned if isinstance(each.action, SetCheck)]
        flows = self.follower.flows
        decision.planned = [item for item in decision.planned if is_news(self.ledger, flows, event, item)]
        decision.header = titled(decision.header, situation.known)
        decision.thread = _looked_at(situation)
        shared.update({kind: fact for kind, fact in situation.known.items() if kind in OF_THE_THREAD})
        decisions.append(decision)

    def _gone(self, delivery: Delivery, error: Gone) -> None:
        if delivery.event in {LOOK, RELEASE_LOOK}:
            self.follower.gone(delivery.thread)
        self.inbox.finish(delivery.id, "done", str(error))

    def _later(self, delivery: Delivery, error: Exception, until: datetime | None) -> None:
        note = f"{type(error).__name__}: {error}" if not isinstance(error, BotError) else str(error)
        if until is not None:
            self.inbox.defer(delivery.id, until, note, counts=False)
            return
        if delivery.attempts + 1 >= MOST_ATTEMPTS:
            log.error("delivery.dead", delivery=delivery.id, guid=delivery.guid, reason=note)
            self.inbox.finish(delivery.id, "dead", note)
            return
        wait = FIRST_WAIT * WAIT_GROWS**delivery.attempts
        self.inbox.defer(delivery.id, datetime.now(UTC) + wait, note)

    def _is_own(self, where: Route) -> bool:
        """Whether Usher itself did it."""
        return where.sender is not None and where.sender == self._bot_login()

    def _bot_login(self) -> str | None:
        if datetime.now(UTC) < self._ask_login_at:
            return None
        try:
            return self.github.bot_login
        except BotError:
            # Asked again before long; until then Usher's own events only cost a look.
            self._ask_login_at = datetime.now(UTC) + LOGIN_RETRY
            return None


def _line(where: Route, events: Sequence[Event]) -> str | None:
    """The line that a delivery stands in: its thread's, else its repository's, else its installation's."""
    if where.repository and where.number:
        return f"{where.repository}#{where.number}"
    if where.repository and events:
        return f"repository {where.repository}"
    return f"installation {where.installation}" if where.installation else None


def _looked_at(situation: Situation) -> CurrentThread | None:
    seen = situation.known.get(CurrentThread)
    return seen if isinstance(seen, CurrentThread) else None
