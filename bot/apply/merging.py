"""Merging a pull request, or putting it into the merge queue.

Nothing goes around what GitHub asks for. What it refuses is kept as its word on that head, so that the
checklist shows it and the same is not asked twice. The pull request is read anew before anything is sent,
and the head that was decided on goes along: what somebody pushes meanwhile is never merged.
"""

from bot.apply.attempts import Attempt
from bot.apply.job import DONE, Job, Outcome, Tools
from bot.core.action import Action
from bot.core.facts import Level
from bot.core.heads import looked_at
from bot.core.merging import ASKED, QUEUED, is_known
from bot.core.phrases import names
from bot.core.pull_actions import MergePull
from bot.core.pull_context import Word
from bot.core.pulls import PullRequest
from bot.github import merge_reads, reads, writes
from bot.github.answers import Forbidden, Missing, Refused

_QUEUED = Outcome("done", "put into the merge queue")


def merge_pull(tools: Tools, job: Job, action: Action) -> Outcome:
    """Merge a pull request, or put it into the merge queue of its base; or ask for another look at it.

    Raises:
        RetryLater: GitHub could not be asked, or it is not known whether it has done it.
    """
    assert isinstance(action, MergePull)
    return _Merging(tools, job, job.client.for_contents, action.sha, action.seen).merge(action)


class _Merging(Attempt):
    """A pull request on its way into its base."""

    def merge(self, action: MergePull) -> Outcome:
        pull = self.pull()
        if pull.is_merged:
            is_ours = self.job.resumed and pull.merged_by == self.client.bot_login
            return self._merged(pull, action) if is_ours else Outcome("unchanged", "it is merged")
        try:
            return self._landed(pull, action)
        except (Forbidden, Refused, Missing) as error:  # such as a server without GraphQL
            return self.refuse(pull, str(error))

    def _landed(self, pull: PullRequest, action: MergePull) -> Outcome:
        landing = merge_reads.landing(self.client, pull.number, pull.base)
        if landing.is_queued:
            queued = self._queued()
            return queued if self.job.resumed else Outcome("unchanged", "it is in the merge queue")
        if late := self.late():
            return self.later(late)
        if meanwhile := self.meanwhile(pull) or self._unwanted(pull, action):
            return Outcome("skipped", meanwhile)
        if unready := _unready(pull, landing):
            return self.later(unready)
        method = action.method or next(iter(landing.methods), "merge")
        if against := self._against(pull, action, landing, method):
            return self.refuse(pull, against)
        return self._sent(pull, action, landing, method)

    def _sent(
        self, pull: PullRequest, action: MergePull, landing: merge_reads.Landing, method: str
    ) -> Outcome:
        self.tools.ledger.start(self.job.step.id, {"head": pull.head_sha})
        try:
            if landing.has_queue:
                writes.enqueue(self.client, landing.node, self.sha)
                return self._queued()
            writes.merge_pull(self.client, pull.number, _parameters(action, method))
        except (Forbidden, Refused, Missing) as error:
            return self.refused(pull, error)
        return self._merged(pull, action)

    def _against(
        self, pull: PullRequest, action: MergePull, landing: merge_reads.Landing, method: str
    ) -> str:
        """What GitHub would say against it, or what Usher does not ask of it; "" where nothing is.

        A merge queue looks at all of this itself. A branch protection that Usher might pass by is kept to.
        """
        if unvouched := self._unvouched(action):
            return unvouched
        if landing.has_queue:
            return ""
        if pull.merge_state == "blocked":
            return f"the branch protection of {pull.base} wants more first"
        if landing.methods and method not in landing.methods:
            allowed = " and ".join(landing.methods)
            return f"this repository does not allow {method}; it allows {allowed}"
        return ""

    def _unwanted(self, pull: PullRequest, action: MergePull) -> str:
        """Why nobody wants it merged any more; "" where somebody does."""
        if action.label:
            return "" if pull.has_label(action.label) else f"the label {action.label} was taken off"
        words = self.words()
        heads = looked_at(words, pull.head_sha)
        said = [word for word in words.of(ASKED) if word.sha in heads]
        asking = [word for word in said if word.detail.partition(" ")[0] == pull.base]
        if gone := [word.by for word in asking if not self._still_says(word)]:
            plan = self.job.plan
            for login in gone:
                self.tools.flows.words.forget(plan.repository_id, plan.number, ASKED, login)
            self.look_again()
            return f"{names(gone).plain()} deleted the comment that asked for it"
        return "" if asking else "nobody asks for it any more"

    def _still_says(self, word: Word) -> bool:
        """Whether the comment that asked for it is still there."""
        return word.at is not None and merge_reads.still_asks(
            self.client, self.job.plan.number, word.by, word.at
        )

    def _unvouched(self, action: MergePull) -> str:
        """Who of those that it takes has no write rights; "" where all have them."""
        if action.label:  # neither a label nor an approval says for which base it was
            way = merge_reads.way(self.client, self.job.plan.number, action.label)
            if not self._may_write(way.labelled_by):
                return f"who put the label {action.label} on it has no write rights"
            if not way.is_complete or not all(map(self._may_write, set(way.base_changed_by))):
                return "who changed the base has no write rights, so that it takes a /merge"
        if action.vouchers and not any(map(self._may_write, action.vouchers)):
            return "who asked for it or approved it has no write rights"
        return ""

    def _may_write(self, login: str) -> bool:
        """Whether a person has write rights now. What Usher does itself, it does for anybody."""
        is_person = bool(login) and login != self.client.bot_login
        return is_person and reads.permission(self.client, login) >= Level.WRITE

    def _merged(self, pull: PullRequest, action: MergePull) -> Outcome:
        if not action.delete_branch or pull.is_fork:
            return DONE
        try:
            return Outcome("done", self._branch_deleted(pull))
        except (Forbidden, Refused, Missing) as error:
            return Outcome("done", f"the branch stays: {error}")

    def _branch_deleted(self, pull: PullRequest) -> str:
        """Delete the branch, where it is of no more use to anybody. Returns what was done."""
        place = self._place
        found = merge_reads.branch(self.client, pull.head)
        if found is None:
            return "the branch is gone already"
        if found.is_protected or pull.head in {place.default_branch, pull.base}:
            return "the branch stays: it is protected"
        if found.sha != self.sha or merge_reads.others_need(self.client, pull.head):
            return "the branch stays: there is more on it, or it is used by another pull request"
        writes.delete_branch(self.client, pull.head)
        return "the branch is deleted"

    def _queued(self) -> Outcome:
        self.keep(Word(QUEUED, self.client.bot_login, self.sha))
        self.look_again()
        return _QUEUED


def _unready(pull: PullRequest, landing: merge_reads.Landing) -> str:
    """What has to be found out or done first, and will be without anybody's doing; "" for nothing."""
    if not is_known(pull):
        return "GitHub is finding out whether it can be merged"
    is_behind = pull.merge_state == "behind" and not landing.has_queue
    return f"it is behind {pull.base} by now" if is_behind else ""


def _parameters(action: MergePull, method: str) -> dict[str, str]:
    """A merge as GitHub's API takes it. The commits of a rebase keep their own messages."""
    texts = {"commit_title": action.title, "commit_message": action.message}
    said = {} if method == "rebase" else {name: text for name, text in texts.items() if text}
    return {"sha": action.sha, "merge_method": method, **said}
