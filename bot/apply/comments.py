"""The comments of Usher's own: one on a thread for each purpose, edited in place."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.apply.job import DELETED, DONE, Job, Outcome, Tools
from bot.core.actions import UpsertComment
from bot.core.errors import RetryLater
from bot.core.events import CommandGiven, PullRequestUpdated
from bot.github import reads, writes
from bot.render import find_marker, marker, render_comment
from bot.store.registry import KeptComment, digest

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Comments:
    """Writes comments.

    Args:
        tools: what it takes.
    """

    tools: Tools

    def upsert(self, job: Job, action: UpsertComment, section: str) -> Outcome:
        """Write the comment of a purpose, or change it where it says something else.

        Args:
            job: the action in the making.
            action: the comment.
            section: of the config file, named in the comment's fold.

        Raises:
            RetryLater: it may not be visible yet.
        """
        plan = job.plan
        sign = marker(action.purpose, plan.key, self.tools.secret)
        text = render_comment(action.template, action.context, reason=action.reason, section=section)
        body = f"{text}\n{sign}"
        known, said = (
            self.tools.registry.comment(plan.repository_id, plan.number, action.purpose),
            digest(body),
        )
        if known and known.digest and plan.event == PullRequestUpdated.__name__:
            return self._bring_up_to_date(job, action, known, body)
        existing = reads.comment(job.client, known.id) if known else self._find_comment(job, action.purpose)
        if known and existing is None:
            visible = known.written_at + self.tools.settle
            if datetime.now(UTC) < visible:
                raise RetryLater("the comment may not be visible yet", visible)
            if plan.event != CommandGiven.__name__:
                return Outcome("skipped", DELETED)
        if existing is None:
            return self._create_comment(job, action, body)
        if existing.body.strip() == body.strip():
            self._keep(job, action.purpose, existing.id, said)
            return DONE if job.resumed else Outcome("unchanged", "it said so already")
        self._keep(job, action.purpose, existing.id, None)
        if not job.resumed:
            self.tools.ledger.start(job.step.id, {"comment": existing.id, "body": existing.body})
        if not writes.edit_comment(job.client, existing.id, body):
            return Outcome("skipped", DELETED)
        self._keep(job, action.purpose, existing.id, said)
        return DONE

    def _bring_up_to_date(self, job: Job, action: UpsertComment, known: KeptComment, body: str) -> Outcome:
        """Change a comment that says how things stand, without reading it: pull requests change often.

        It is known by its digest what it said. That is lost by the change, which is no harm: the next look
        says it anew.
        """
        said = digest(body)
        if known.digest == said:
            return DONE if job.resumed else Outcome("unchanged", "it said so already")
        self._keep(job, action.purpose, known.id, None)  # so that a resumed try looks
        if not job.resumed:
            self.tools.ledger.start(job.step.id, {"comment": known.id})
        if not writes.edit_comment(job.client, known.id, body):
            return Outcome("skipped", DELETED)
        self._keep(job, action.purpose, known.id, said)
        return DONE

    def _create_comment(self, job: Job, action: UpsertComment, body: str) -> Outcome:
        plan, budget, now = job.plan, job.config.budget, datetime.now(UTC)
        if action.edits_only:
            return Outcome("unchanged", "there is no comment to edit")
        if job.now().is_locked:
            return Outcome("skipped", "the thread is locked")
        here, lately = self.tools.registry.comments_written(plan.repository_id, plan.number, now - DAY)
        if here >= budget.comments_per_thread or lately >= budget.comments_per_day:
            return Outcome("skipped", "the budget for comments is used up (budget in the config)")
        if not job.resumed:
            self.tools.ledger.start(job.step.id, {"comment": None})
        comment = writes.create_comment(job.client, plan.number, body)
        self._keep(job, action.purpose, comment, digest(body))
        return DONE

    def _find_comment(self, job: Job, purpose: str) -> reads.Comment | None:
        for comment in reads.comments(job.client, job.plan.number):
            ours = comment.author == job.client.bot_login
            if ours and find_marker(comment.body, purpose, job.plan.key, self.tools.secret):
                return comment
        return None

    def _keep(self, job: Job, purpose: str, comment: int, said: str | None) -> None:
        plan = job.plan
        self.tools.registry.keep_comment(
            plan.repository_id, plan.number, purpose, comment, plan.installation, said=said
        )
