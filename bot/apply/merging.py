"""Merging a pull request, or putting it into the merge queue; bringing its branch up to date.

Nothing goes around what GitHub asks for. What it refuses is kept as its word on that head, so that the
checklist shows it and the same is not asked twice. The pull request is read anew before anything is sent,
and the head that was decided on goes along: what somebody pushes meanwhile is never merged.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from bot.apply.job import DONE, Job, Outcome, Tools
from bot.core.action import Action
from bot.core.errors import RetryLater
from bot.core.events import Repository
from bot.core.facts import Level
from bot.core.merging import (
    ASKED,
    GITHUB,
    QUEUED,
    REFUSED,
    UPDATED,
    MergeConfig,
    looked_at,
    obstacle,
)
from bot.core.pull_actions import MergePull, UpdateBranch
from bot.core.pull_context import Word, Words
from bot.core.pull_json import pull_from
from bot.core.pulls import PullRequest
from bot.core.sections import CommandsConfig
from bot.github import merge_reads, reads, writes
from bot.github.answers import Forbidden, Missing, Refused
from bot.github.client import RepositoryClient

ASK_AGAIN = timedelta(seconds=3)  # whether GitHub has found out by now
PATIENCE = timedelta(minutes=1)  # with GitHub finding out, or updating a branch
STALE = timedelta(minutes=5)  # what was decided so long ago is decided anew
_SHOWN = 300  # characters of what GitHub says
_WORKFLOWS = ".github/workflows/"
_NOT_LET = (
    "GitHub does not let Usher do this here. It takes the App's permission to write contents, on a branch"
    " that Usher may push to"
)
_NOT_LET_WORKFLOWS = "it changes workflow files, which GitHub lets only people merge: do it by hand"
_QUEUED = Outcome("done", "put into the merge queue")


def merge_pull(tools: Tools, job: Job, action: Action) -> Outcome:
    """Merge a pull request, or put it into the merge queue of its base.

    Raises:
        RetryLater: GitHub is still finding out whether it can be merged.
    """
    assert isinstance(action, MergePull)
    return _Merging(tools, job, job.client.for_contents, action.sha, action.seen).merge(action)


def update_branch(tools: Tools, job: Job, action: Action) -> Outcome:
    """Merge the base into a pull request's branch.

    Who asked for the merge, or approved, had seen all that is in the branch then but for the base's own
    commits. So their word goes on to the commit that this makes, and to no other.

    Raises:
        RetryLater: GitHub has accepted it and is still doing it.
    """
    assert isinstance(action, UpdateBranch)
    return _Merging(tools, job, job.client.for_contents, action.sha, action.seen).update()


@dataclass(frozen=True, slots=True)
class _Merging:
    """One pull request on its way into its base."""

    tools: Tools
    job: Job
    client: RepositoryClient
    sha: str
    seen: str

    def merge(self, action: MergePull) -> Outcome:
        pull = self._pull()
        if pull.is_merged:
            is_ours = self.job.resumed and pull.merged_by == self.client.bot_login
            return self._merged(pull, action) if is_ours else Outcome("unchanged", "it is merged")
        landing = merge_reads.landing(self.client, pull.number, pull.base)
        if landing.is_queued:
            queued = self._queued()
            return queued if self.job.resumed else Outcome("unchanged", "it is in the merge queue")
        if meanwhile := self._meanwhile(pull) or self._unwanted(pull, action):
            return Outcome("skipped", meanwhile)
        method = action.method or next(iter(landing.methods), "merge")
        if against := self._against(pull, action, landing, method):
            return self._refuse(against)
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
            if pull.merge_state == "unknown" and not isinstance(error, Forbidden):
                return Outcome("skipped", str(error))  # GitHub may know better at a later look
            return self._refused(error)
        return self._merged(pull, action)

    def _against(
        self, pull: PullRequest, action: MergePull, landing: merge_reads.Landing, method: str
    ) -> str:
        """What GitHub would say against it, or what Usher does not ask of it; "" where nothing is.

        A merge queue looks at all of this itself. A branch protection that Usher might pass by is kept to.
        """
        if not self._is_vouched_for(action):
            return "who asked for it or approved it has no write rights, or somebody changed the base"
        if landing.has_queue:
            return ""
        self._wait_until_known(pull)
        if pull.merge_state == "blocked":
            return f"the branch protection of {pull.base} wants more first"
        if landing.methods and method not in landing.methods:
            allowed = " and ".join(landing.methods)
            return f"this repository does not allow {method}; it allows {allowed}"
        return ""

    def update(self) -> Outcome:
        pull = self._pull()
        if pull.head_sha != self.sha:
            return (
                self._updated(pull) if self.job.resumed else Outcome("skipped", "somebody pushed meanwhile")
            )
        if meanwhile := self._meanwhile(pull):
            return Outcome("skipped", meanwhile)
        if (self.job.step.before or {}).get("accepted"):
            return self._still_updating()
        self.tools.ledger.start(self.job.step.id, {})
        try:
            writes.update_branch(self.client, pull.number, self.sha)
        except (Forbidden, Refused, Missing) as error:
            return self._refused(error)
        self.tools.ledger.start(self.job.step.id, {"accepted": True})
        pull = self._pull()
        return self._still_updating() if pull.head_sha == self.sha else self._updated(pull)

    def _still_updating(self) -> Outcome:
        """GitHub has accepted the update, and the branch does not show it."""
        if self._age > PATIENCE:
            return self._refuse("GitHub accepted to update the branch, and did not")
        raise RetryLater("GitHub is updating the branch", datetime.now(UTC) + ASK_AGAIN)

    def _updated(self, pull: PullRequest) -> Outcome:
        """Let what people said of the branch hold on, where nothing but the base was added to it."""
        self._look_again()
        made, parents = merge_reads.commit(self.client, pull.head_sha)
        # GitHub signs what it commits itself; nobody else can make one that is Usher's and says so.
        is_ours = made.author.login == self.client.bot_login and made.is_verified
        if not is_ours or parents[:1] != (self.sha,):
            return Outcome("done", "somebody else pushed, too, so that the merge has to be asked for again")
        before = sorted(looked_at(self._words(), self.sha))
        self._keep(Word(UPDATED, GITHUB, pull.head_sha, " ".join(before)))
        return DONE

    def _pull(self) -> PullRequest:
        return pull_from(self.client.get(f"/pulls/{self.job.plan.number}")[0])

    def _meanwhile(self, pull: PullRequest) -> str:
        """Why it is not done now, though it was decided: what happened since. "" where nothing did."""
        config = cast("CommandsConfig", self.job.config.commands)  # type: ignore[attr-defined]
        if not pull.is_open:
            return "the pull request is closed"
        if pull.head_sha != self.sha:
            return "somebody pushed meanwhile"
        if config.enabled and pull.has_label(config.hold_label):
            return "it is held meanwhile"
        found = obstacle(pull, self._config)
        if found is not None:
            return found[1].plain()
        if self._age > STALE:
            self._look_again()
            return "it was decided too long ago, so it is looked at again"
        return ""

    def _unwanted(self, pull: PullRequest, action: MergePull) -> str:
        """Why nobody wants it merged any more; "" where somebody does."""
        if action.label:
            return "" if pull.has_label(action.label) else f"the label {action.label} was taken off"
        words = self._words()
        heads = looked_at(words, pull.head_sha)
        asked = [word.detail.partition(" ")[0] for word in words.of(ASKED) if word.sha in heads]
        return "" if pull.base in asked else "nobody asks for it any more"

    def _is_vouched_for(self, action: MergePull) -> bool:
        """Whether somebody with write rights stands for it, and for the base that it goes into."""
        if not action.vouchers:
            return True
        if action.label:  # an approval does not say for which base it was
            changed_by = merge_reads.base_changes(self.client, self.job.plan.number)
            if not all(self._may_write(login) for login in changed_by):
                return False
        return any(self._may_write(login) for login in action.vouchers)

    def _may_write(self, login: str) -> bool:
        return reads.permission(self.client, login) >= Level.WRITE

    def _wait_until_known(self, pull: PullRequest) -> None:
        if pull.merge_state == "unknown" and self._age < PATIENCE:
            until = datetime.now(UTC) + ASK_AGAIN
            raise RetryLater("GitHub is finding out whether it can be merged", until)

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
        self._keep(Word(QUEUED, self.client.bot_login, self.sha))
        self._look_again()
        return _QUEUED

    def _refused(self, error: Exception) -> Outcome:
        if not isinstance(error, Forbidden):
            return self._refuse(str(error))
        files = self.client.pages(f"/pulls/{self.job.plan.number}/files", most=30)
        on_workflows = any(str(file.get("filename", "")).startswith(_WORKFLOWS) for file in files)
        return self._refuse(_NOT_LET_WORKFLOWS if on_workflows else _NOT_LET)

    def _refuse(self, said: str) -> Outcome:
        """Keep why it is not merged as it is, and look again, so that the checklist says so."""
        line = " ".join(said.split())[:_SHOWN]
        self._keep(Word(REFUSED, GITHUB, self.sha, f"{self.seen}\n{line}"))
        self._look_again()
        return Outcome("skipped", line)

    def _words(self) -> Words:
        plan = self.job.plan
        return Words(self.tools.flows.words.of(plan.repository_id, plan.number))

    def _keep(self, word: Word) -> None:
        plan = self.job.plan
        self.tools.flows.words.keep(plan.repository_id, plan.number, plan.installation, word)

    def _look_again(self) -> None:
        self.tools.flows.look_again(self._place, self.job.plan.number, datetime.now(UTC))

    @property
    def _place(self) -> Repository:
        plan = self.job.plan
        kept = self.tools.flows.get(plan.repository_id, plan.number)
        return kept.place if kept else Repository(plan.repository_id, plan.repository, plan.installation)

    @property
    def _config(self) -> MergeConfig:
        return cast("MergeConfig", self.job.config.merge)  # type: ignore[attr-defined]

    @property
    def _age(self) -> timedelta:
        return datetime.now(UTC) - self.job.plan.created_at


def _parameters(action: MergePull, method: str) -> dict[str, str]:
    """A merge as GitHub's API takes it. The commits of a rebase keep their own messages."""
    texts = {"commit_title": action.title, "commit_message": action.message}
    said = {} if method == "rebase" else {name: text for name, text in texts.items() if text}
    return {"sha": action.sha, "merge_method": method, **said}
