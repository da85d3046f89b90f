"""An attempt to merge a pull request or to update its branch: what both look at, and how both end.

Nothing is sent on an old decision. Whatever was said meanwhile stands behind this delivery in the thread's
line, unread. So where anything came in between, the attempt ends, and another look decides anew.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from bot.apply.job import Job, Outcome, Tools
from bot.core.events import Repository
from bot.core.merging import DELAYED, GITHUB, REFUSED, MergeConfig, obstacle, seen_now
from bot.core.pull_context import Word, Words
from bot.core.pull_json import pull_from
from bot.core.pulls import PullRequest
from bot.core.sections import CommandsConfig
from bot.github.answers import Forbidden, Overtaken
from bot.github.client import RepositoryClient

FRESH = timedelta(seconds=10)  # what was decided earlier is decided anew: somebody may have stopped it since
ASK_AGAIN = timedelta(seconds=2)  # whether GitHub has found out by now; then twice as late each time
MOST_DELAYS = 8  # in a row that ask for a look; what is still open then is looked at in any case, but rarely
MOST_TRIES = 4  # of what GitHub refused for the moment
IN_A_ROW = timedelta(hours=1)
_SHOWN = 300  # characters of what GitHub says
_WORKFLOWS = ".github/workflows/"
_NOT_LET = (
    "GitHub does not let Usher do this here. It takes the App's permission to write contents, on a branch"
    " that Usher may push to"
)
_NOT_LET_WORKFLOWS = "it changes workflow files, which GitHub lets only people merge: do it by hand"
_PASSING = ("branch was modified", "already in progress")  # in GitHub's words, with whatever status


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to bring one pull request further on its way into its base.

    Args:
        tools: what it takes beside GitHub.
        job: the action.
        client: may write contents.
        sha: the head that was decided on.
        seen: what GitHub's answer depends on, as it was seen then.
    """

    tools: Tools
    job: Job
    client: RepositoryClient
    sha: str
    seen: str

    def pull(self) -> PullRequest:
        """The pull request as GitHub has it now."""
        return pull_from(self.client.get(f"/pulls/{self.job.plan.number}")[0])

    def meanwhile(self, pull: PullRequest) -> str:
        """Why it is not done now, though it was decided: what happened since. "" where nothing did."""
        config = cast("CommandsConfig", self.job.config.commands)  # type: ignore[attr-defined]
        if not pull.is_open:
            return "the pull request is closed"
        if pull.head_sha != self.sha:
            return "somebody pushed meanwhile"
        if config.enabled and pull.has_label(config.hold_label):
            return "it is held meanwhile"
        found = obstacle(pull, self._config)
        return found[1].plain() if found else ""

    def late(self) -> str:
        """Why it has to be decided anew; "" where nothing came between the decision and this."""
        plan = self.job.plan
        if plan.delivery and self.tools.flows.has_unread(plan.repository_id, plan.number, plan.delivery):
            return "more was said meanwhile, so it is looked at again"
        is_old = self.job.resumed or self.job.again or self.age > FRESH
        return "it was decided a while ago, so it is looked at again" if is_old else ""

    def later(self, why: str) -> Outcome:
        """Leave it as it is, and ask for a look that decides anew: soon at first, then ever later."""
        delays = self.delays()
        self.keep(Word(DELAYED, GITHUB, self.sha, str(delays + 1)))
        if delays < MOST_DELAYS:
            self.look_again(ASK_AGAIN * 2**delays)
        return Outcome("skipped", why)

    def delays(self) -> int:
        """How often in a row this head was left for later."""
        since = datetime.now(UTC) - IN_A_ROW
        said = [word for word in self.words().of(DELAYED) if word.sha == self.sha]
        return int(said[0].detail) if said and said[0].at is not None and said[0].at > since else 0

    def refused(self, pull: PullRequest, error: Exception) -> Outcome:
        """GitHub did not do it: say so, or try again where it means this moment only."""
        if _is_passing(error) and self.delays() < MOST_TRIES:
            return self.later(str(error))
        if not isinstance(error, Forbidden):
            return self.refuse(pull, str(error))
        files = self.client.pages(f"/pulls/{self.job.plan.number}/files", most=30)
        on_workflows = any(str(file.get("filename", "")).startswith(_WORKFLOWS) for file in files)
        return self.refuse(pull, _NOT_LET_WORKFLOWS if on_workflows else _NOT_LET)

    def refuse(self, pull: PullRequest, said: str) -> Outcome:
        """Keep why it is not merged as it is, and look again, so that the checklist says so."""
        line = " ".join(said.split())[:_SHOWN]
        self.keep(Word(REFUSED, GITHUB, self.sha, f"{seen_now(pull, self.seen)}\n{line}"))
        self.look_again()
        return Outcome("skipped", line)

    def words(self) -> Words:
        """What is kept of the pull request."""
        plan = self.job.plan
        return Words(self.tools.flows.words.of(plan.repository_id, plan.number))

    def keep(self, word: Word) -> None:
        """Keep something of the pull request."""
        plan = self.job.plan
        self.tools.flows.words.keep(plan.repository_id, plan.number, plan.installation, word)

    def look_again(self, after: timedelta = timedelta(0)) -> None:
        """Ask for a look at the pull request, which stands behind all that came until then."""
        self.tools.flows.look_again(self._place, self.job.plan.number, datetime.now(UTC) + after)

    @property
    def age(self) -> timedelta:
        """Since when it is decided."""
        return datetime.now(UTC) - self.job.plan.created_at

    @property
    def _place(self) -> Repository:
        plan = self.job.plan
        kept = self.tools.flows.get(plan.repository_id, plan.number)
        return kept.place if kept else Repository(plan.repository_id, plan.repository, plan.installation)

    @property
    def _config(self) -> MergeConfig:
        return cast("MergeConfig", self.job.config.merge)  # type: ignore[attr-defined]


def _is_passing(error: Exception) -> bool:
    """Whether GitHub refused it for the moment only, such as while another one is being merged."""
    return isinstance(error, Overtaken) or any(words in str(error) for words in _PASSING)
