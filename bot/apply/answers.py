"""The answer to the commands of one comment: one comment of Usher's, the newest, right below who asked.

It says at once what came of all of them, after what they asked for was done. One answer to each kind of
question stands on a thread: with a new one, that to an earlier comment goes. It is known by its marker,
which names the comment that it answers, so that there are never two to one. Whoever asks too often gets an
answer as well, in the place of the one before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.apply.job import DELETED, DONE, Job, Outcome, Tools
from bot.core.actions import UpsertComment
from bot.core.errors import RetryLater
from bot.github import reads, writes
from bot.render import find_marker, marker, render_answers
from bot.store.registry import digest

ANSWERS_PER_HOUR = 6  # new ones on one thread; those beyond are written in the place of the last
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Answers:
    """Writes answers.

    Args:
        tools: what it takes.
    """

    tools: Tools

    def write(self, job: Job, parts: Sequence[tuple[UpsertComment, str]]) -> Outcome:
        """Answer a comment: with a new comment, or in the one that answers it already.

        Args:
            job: the first of the answers in the making.
            parts: what there is to say, each with its section of the config file.

        Raises:
            RetryLater: the last answer may not be visible yet.
        """
        plan, purpose = job.plan, parts[0][0].purpose if len(parts) == 1 else "reply"
        key = f"{plan.key}@{parts[0][0].answers}"
        body = f"{render_answers(parts)}\n{marker(purpose, key, self.tools.secret)}"
        last = self._last(job, purpose)
        if last is not None and find_marker(last.body, purpose, key, self.tools.secret):
            return self._edit(job, purpose, last, body)
        own = self._find(job, purpose, key) if job.resumed or last is None else None
        if own is not None:
            if last is not None:
                writes.delete_comment(job.client, last.id)
            return self._edit(job, purpose, own, body)
        if against := self._against_a_new_one(job, purpose):
            return Outcome("skipped", against) if last is None else self._edit(job, purpose, last, body)
        if not job.resumed:
            self.tools.ledger.start(job.step.id, {"comment": None, "instead": last.id if last else None})
        written = writes.create_comment(job.client, plan.number, body)
        if last is not None:  # before the new one is kept: a try that is taken up again finds both
            writes.delete_comment(job.client, last.id)
        self._keep(job, purpose, written, digest(body))
        return DONE

    def _last(self, job: Job, purpose: str) -> reads.Comment | None:
        """The answer that stands; None without one, also where a person deleted it."""
        known = self.tools.registry.comment(job.plan.repository_id, job.plan.number, purpose)
        found = reads.comment(job.client, known.id) if known else None
        if known and found is None:
            visible = known.written_at + self.tools.settle
            if datetime.now(UTC) < visible:
                raise RetryLater("the comment may not be visible yet", visible)
        return found

    def _edit(self, job: Job, purpose: str, comment: reads.Comment, body: str) -> Outcome:
        if comment.body.strip() == body.strip():
            self._keep(job, purpose, comment.id, digest(body))
            return DONE if job.resumed else Outcome("unchanged", "it said so already")
        self._keep(job, purpose, comment.id, None)
        if not job.resumed:
            self.tools.ledger.start(job.step.id, {"comment": comment.id, "body": comment.body})
        if not writes.edit_comment(job.client, comment.id, body):
            return Outcome("skipped", DELETED)
        self._keep(job, purpose, comment.id, digest(body))
        return DONE

    def _against_a_new_one(self, job: Job, purpose: str) -> str:
        """Say why there may be no further comment; "" where there may."""
        if job.now().is_locked:
            return "the thread is locked"
        plan, budget, now = job.plan, job.config.budget, datetime.now(UTC)
        here, lately = self.tools.registry.comments_written(plan.repository_id, plan.number, now - DAY)
        others = here - (self.tools.registry.comment(plan.repository_id, plan.number, purpose) is not None)
        made = [
            one for one in self.tools.ledger.answers(plan.repository_id, now - DAY) if one.plan != plan.id
        ]
        gone = sum(one.replaced for one in made)  # these were written as well
        asked = sum(one.number == plan.number and one.at >= now - HOUR for one in made)
        if others >= budget.comments_per_thread or lately + gone >= budget.comments_per_day:
            return "the budget for comments is used up (budget in the config)"
        return "there were many answers within the hour" if asked >= ANSWERS_PER_HOUR else ""

    def _find(self, job: Job, purpose: str, key: str) -> reads.Comment | None:
        for comment in reads.comments(job.client, job.plan.number):
            ours = comment.author == job.client.bot_login
            if ours and find_marker(comment.body, purpose, key, self.tools.secret):
                return comment
        return None

    def _keep(self, job: Job, purpose: str, comment: int, said: str | None) -> None:
        plan = job.plan
        self.tools.registry.keep_comment(
            plan.repository_id, plan.number, purpose, comment, plan.installation, said=said
        )
