"""The executor: does what a saved plan says, one function per kind of action, each at most once in effect.

An action is looked up at GitHub before it is done, noted as started, done, and noted as done. If the process
dies in between, the next try finds it started, waits until GitHub shows what was accepted, looks, and does
only what is missing.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.apply.answers import Answers
from bot.apply.comments import Comments
from bot.apply.handlers import HANDLERS
from bot.apply.job import CLOCKS, DONE, Job, Outcome, Tools
from bot.apply.pulls import PULL_ACTIONS, pull_action
from bot.apply.undo import Undoing, undo_step
from bot.config import Config
from bot.core.actions import (
    Abstain,
    Action,
    AddLabels,
    RememberCorrection,
    RemoveLabels,
    RevertPlan,
    SetPause,
    UpsertComment,
)
from bot.core.errors import Gone, RetryLater
from bot.core.facts import CurrentThread
from bot.core.limits import LABELS_PER_THREAD
from bot.core.undoing import is_left
from bot.github import reads, writes
from bot.github.answers import NOT_YET, Forbidden, Missing, Refused
from bot.github.client import GitHub
from bot.rules import RULES
from bot.store.flows import Flows
from bot.store.ledger import OPEN, Ending, Ledger, Plan, Step
from bot.store.registry import Registry

SECTIONS = {rule.name: rule.section for rule in RULES}
SAID_LAST = Outcome("planned")  # of an answer, whose turn comes once all else is done


@dataclass
class Executor:
    """Applies plans.

    Args:
        github: the App at GitHub.
        ledger: where each action's state is kept.
        registry: where comments, pauses and corrections are kept.
        flows: where check runs and waived items are kept.
        secret: signs the hidden markers, so that nobody can forge one.
        settle: how long GitHub may need to show what it has accepted.
    """

    github: GitHub
    ledger: Ledger
    registry: Registry
    flows: Flows
    secret: bytes = field(repr=False)
    settle: timedelta

    @property
    def tools(self) -> Tools:
        """What handlers take."""
        return Tools(self.ledger, self.registry, self.flows, self.secret, self.settle)

    def apply(
        self, plan: Plan, config: Config, thread: CurrentThread | None = None, *, again: bool = False
    ) -> None:
        """Do what is still open in a plan, and note it together with the end of its delivery.

        Args:
            plan: as it stands in the ledger.
            config: the settings in force.
            thread: the thread, where it was looked at just now.
            again: True where the plan was taken up before.

        Raises:
            RetryLater: GitHub asked for patience, or could not be reached; what is done is noted.
        """
        endings: list[Ending] = []
        try:
            self._apply(plan, config, thread, endings, again=again)
        except BaseException:
            self.ledger.conclude(endings)
            raise
        # Together with the delivery: should the process die before, what was done is looked up again.
        self.ledger.conclude(endings, plan.delivery)

    def undo(self, action: int) -> str:
        """Undo one action of the ledger. Returns what was done, in one line.

        Raises:
            LookupError: there is no such action.
            RetryLater: GitHub asked for patience, or could not be reached.
        """
        step = self.ledger.step(action)
        plan = self.ledger.get(step.plan) if step else None
        if step is None or plan is None:
            raise LookupError(f"there is no action {action}")
        if step.status != "done":
            return f"nothing to undo: action {action} is {step.status}"
        return self._undo(plan, step)

    def _undo(self, plan: Plan, step: Step) -> str:
        client = self.github.repository(plan.installation, plan.repository)
        return undo_step(self.ledger, Undoing(client, self.registry, self.flows, plan, step))

    def _apply(
        self,
        plan: Plan,
        config: Config,
        thread: CurrentThread | None,
        endings: list[Ending],
        *,
        again: bool,
    ) -> None:
        client = self.github.repository(plan.installation, plan.repository)
        failed = [step for step in plan.steps if step.status == "failed"]
        late: list[tuple[Job, Outcome]] = []
        for step in sorted(plan.steps, key=_is_answer):  # these say what came of the others
            if step.status not in OPEN:
                continue
            # What a rule asks for belongs together: no "done" after a failure.
            if any(each.rule == step.rule and each.position < step.position for each in failed):
                endings.append(Ending(step.id, "skipped", "what comes before it failed"))
                continue
            job = Job(plan, step, client, config, thread, step.status == "started", again)
            if job.resumed:
                job.thread = None
                self._let_settle(step)
            outcome = SAID_LAST if _is_answer(step) else self._outcome(job)
            if outcome.status == "failed":
                failed.append(step)
            thread = None if outcome.status == "done" else job.thread
            if outcome.answer is not None or outcome is SAID_LAST:
                late.append((job, outcome))
            else:
                endings.append(Ending(step.id, outcome.status, outcome.detail))
        if late:
            self._answer(late, endings)

    def _answer(self, late: Sequence[tuple[Job, Outcome]], endings: list[Ending]) -> None:
        """Say in one comment all that is to be said to the commands of one; with that they are done."""
        parts = []
        for job, outcome in late:
            said = outcome.answer or job.step.action()
            assert isinstance(said, UpsertComment)
            parts.append((said, SECTIONS[job.step.rule]))
        own = [job for job, outcome in late if outcome is SAID_LAST]
        # What was there before is noted for an answer, not for a comment that has something to say.
        first = own[0] if own else late[0][0]
        first.resumed = not own or any(job.resumed for job in own)
        written = self._tried(first, lambda: Answers(self.tools).write(first, parts))
        for job, outcome in late:
            ended = written if outcome is SAID_LAST else outcome
            endings.append(Ending(job.step.id, ended.status, ended.detail))

    def _outcome(self, job: Job) -> Outcome:
        return self._tried(job, lambda: EXECUTORS[job.step.kind](self, job, job.step.action()))

    def _tried(self, job: Job, do: Callable[[], Outcome]) -> Outcome:
        try:
            return do()
        except (Forbidden, Refused, Gone) as error:
            return Outcome("failed", str(error))
        except Missing as error:
            if datetime.now(UTC) - job.plan.created_at < NOT_YET:
                raise RetryLater(f"{job.plan.key} is not visible yet") from error
            return Outcome("failed", str(error))

    def _let_settle(self, step: Step) -> None:
        """Wait until GitHub shows whether the write that was under way has been accepted."""
        ready = step.changed_at + self.settle
        wait = (ready - datetime.now(UTC)).total_seconds()
        if wait > 1:
            raise RetryLater("looking whether the write before went through", ready)
        time.sleep(max(0.0, wait))

    def _add_labels(self, job: Job, action: Action) -> Outcome:
        assert isinstance(action, AddLabels)
        present = job.now().labels
        held = {label.casefold() for label in present}
        wanted = [label for label in action.labels if label.casefold() not in held]
        if not wanted:
            return DONE if job.resumed else Outcome("unchanged", "it was there already")
        if job.resumed:
            events = reads.label_events(job.client, job.plan.number)
            since = job.plan.created_at - CLOCKS
            ours = {e.label for e in events if e.added and e.by == job.client.bot_login and e.at >= since}
            wanted = [label for label in wanted if label not in ours]
            if not wanted:
                return Outcome("skipped", "a person took it off meanwhile")
        room = max(0, LABELS_PER_THREAD - len(present))
        if not room:
            return Outcome("skipped", f"the thread has {LABELS_PER_THREAD} labels, which is GitHub's limit")
        if not job.resumed:
            self.ledger.start(job.step.id, {"labels": list(present)})
        writes.add_labels(job.client, job.plan.number, tuple(wanted[:room]))
        left_out = wanted[room:]
        return Outcome("done", f"no room for {', '.join(left_out)}") if left_out else DONE

    def _remove_labels(self, job: Job, action: Action) -> Outcome:
        assert isinstance(action, RemoveLabels)
        held = {label.casefold(): label for label in job.now().labels}
        going = [held[label.casefold()] for label in action.labels if label.casefold() in held]
        if going and not action.asked_by_human:
            last = {e.label: e for e in reads.label_events(job.client, job.plan.number)}
            going = [name for name in going if name in last and last[name].by == job.client.bot_login]
        if not going:
            return DONE if job.resumed else Outcome("unchanged", "there was nothing to take off")
        if not job.resumed:
            self.ledger.start(job.step.id, {"labels": going})
        for label in going:
            writes.remove_label(job.client, job.plan.number, label)
        return DONE

    def _upsert_comment(self, job: Job, action: Action) -> Outcome:
        assert isinstance(action, UpsertComment)
        return Comments(self.tools).upsert(job, action, SECTIONS[job.step.rule])

    def _revert_plan(self, job: Job, action: Action) -> Outcome:
        assert isinstance(action, RevertPlan)
        earlier = self.ledger.get(action.plan)
        if earlier is None or (earlier.repository_id, earlier.number) != (
            job.plan.repository_id,
            job.plan.number,
        ):
            return Outcome("failed", f"plan {action.plan} is not one of this thread")
        if not job.resumed:
            self.ledger.start(job.step.id, None)
        steps = [step for step in reversed(earlier.steps) if not is_left(step.kind, step.summary)]
        done = [self._undo(earlier, step) for step in steps if step.status == "done"]
        return Outcome("done", "; ".join(done)) if done or job.resumed else Outcome("unchanged")

    def _set_pause(self, job: Job, action: Action) -> Outcome:
        assert isinstance(action, SetPause)
        plan = job.plan
        changed = self.registry.set_paused(
            plan.repository_id, plan.number, plan.installation, paused=action.paused
        )
        return DONE if changed or job.resumed else Outcome("unchanged")

    def _remember_correction(self, job: Job, action: Action) -> Outcome:
        assert isinstance(action, RememberCorrection)
        self.registry.keep_correction(
            action=job.step.id,
            installation=job.plan.installation,
            repository=job.plan.repository,
            number=job.plan.number,
            label=action.label,
            added=action.added,
            by=action.by,
        )
        return DONE

    def _pull_action(self, job: Job, action: Action) -> Outcome:
        return pull_action(self.ledger, self.flows, self.settle, job, action)

    def _handle(self, job: Job, action: Action) -> Outcome:
        return HANDLERS[action.kind](self.tools, job, action)

    def _abstain(self, _job: Job, action: Action) -> Outcome:
        assert isinstance(action, Abstain)
        return DONE


def _is_answer(step: Step) -> bool:
    return step.kind == UpsertComment.kind and bool(step.args.get("answers"))


# ruff: noqa: SLF001 - the tables stand beside the class whose methods they list
EXECUTORS: Mapping[str, Callable[[Executor, Job, Action], Outcome]] = {
    AddLabels.kind: Executor._add_labels,
    RemoveLabels.kind: Executor._remove_labels,
    UpsertComment.kind: Executor._upsert_comment,
    **dict.fromkeys(PULL_ACTIONS, Executor._pull_action),
    **dict.fromkeys(HANDLERS, Executor._handle),
    RevertPlan.kind: Executor._revert_plan,
    SetPause.kind: Executor._set_pause,
    RememberCorrection.kind: Executor._remember_correction,
    Abstain.kind: Executor._abstain,
}
