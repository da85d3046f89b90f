"""Bringing a pull request's branch up to date with its base.

Who asked for the merge, or approved, had seen all that is in the branch then but for the base's own commits.
So their word goes on to the commit that GitHub makes for Usher, and to no other.
"""

from datetime import UTC, datetime, timedelta

from bot.apply.attempts import ASK_AGAIN, Attempt
from bot.apply.job import DONE, Job, Outcome, Tools
from bot.core.action import Action
from bot.core.errors import RetryLater
from bot.core.heads import UPDATED, looked_at
from bot.core.merging import GITHUB
from bot.core.pull_actions import UpdateBranch
from bot.core.pull_context import Word
from bot.core.pulls import Commit, PullRequest
from bot.github import merge_reads, writes
from bot.github.answers import Forbidden, Missing, Refused

PATIENCE = timedelta(minutes=1)
_WEB_FLOW = ("web-flow", "noreply@github.com")  # the committer of what GitHub itself makes


def update_branch(tools: Tools, job: Job, action: Action) -> Outcome:
    """Merge the base into a pull request's branch; or ask for another look at it.

    Raises:
        RetryLater: GitHub has accepted it and is still doing it, or could not be asked.
    """
    assert isinstance(action, UpdateBranch)
    return _Updating(tools, job, job.client.for_contents, action.sha, action.seen).update(action)


class _Updating(Attempt):
    """A branch that takes up what its base has by now."""

    def update(self, action: UpdateBranch) -> Outcome:
        """Update the branch, or see to it that what was accepted is done."""
        pull = self.pull()
        if self.job.resumed and pull.head_sha != self.sha:
            return self._updated(pull, action)
        if (self.job.step.before or {}).get("accepted"):
            return self._still_updating(pull)
        if late := self.late():
            return self.later(late)
        meanwhile = self.meanwhile(pull)
        if meanwhile or pull.base != action.base:
            return Outcome("skipped", meanwhile or "somebody changed the base meanwhile")
        return self._sent(pull, action)

    def _sent(self, pull: PullRequest, action: UpdateBranch) -> Outcome:
        self.tools.ledger.start(self.job.step.id, {})
        try:
            writes.update_branch(self.client, pull.number, self.sha)
        except (Forbidden, Refused, Missing) as error:
            return self.refused(pull, error)
        self.tools.ledger.start(self.job.step.id, {"accepted": True})
        pull = self.pull()
        return self._still_updating(pull) if pull.head_sha == self.sha else self._updated(pull, action)

    def _still_updating(self, pull: PullRequest) -> Outcome:
        """GitHub has accepted the update, and the branch does not show it."""
        if self.age > PATIENCE:
            return self.refuse(pull, "GitHub accepted to update the branch, and did not")
        raise RetryLater("GitHub is updating the branch", datetime.now(UTC) + ASK_AGAIN)

    def _updated(self, pull: PullRequest, action: UpdateBranch) -> Outcome:
        """Let what people said of the branch hold on, where nothing but the base was added to it."""
        self.look_again()
        made, parents = merge_reads.commit(self.client, pull.head_sha)
        if not self._is_ours(made, parents, action.base):
            return Outcome("done", "somebody else pushed, too, so that the merge has to be asked for again")
        before = sorted(looked_at(self.words(), self.sha))
        self.keep(Word(UPDATED, GITHUB, pull.head_sha, " ".join(before)))
        return DONE

    def _is_ours(self, made: Commit, parents: tuple[str, ...], base: str) -> bool:
        """Whether a commit is the one that GitHub made for Usher, and adds nothing but the base.

        Anybody may write Usher's name into a commit as its author, and sign it as its committer. But only
        what GitHub commits itself has GitHub as its committer and is verified.
        """
        is_githubs = made.is_verified and (made.committer_login, made.committer_email) == _WEB_FLOW
        is_merge = len(parents) == 2 and parents[0] == self.sha
        is_ours = is_githubs and made.author.login == self.client.bot_login
        return is_ours and is_merge and merge_reads.is_within(self.client, parents[1], base)
