"""What happened, as typed values: one webhook body becomes zero or more events.

Real payloads miss fields that the official schemas require, so only what is used is read, and only
what an event cannot do without is demanded.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.core.actors import GHOST, Actor
from bot.core.pulls import PullRequest


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository that the App is installed on."""

    id: int
    full_name: str
    installation: int
    default_branch: str = "main"
    is_private: bool = False

    @property
    def owner(self) -> str:
        return self.full_name.split("/", 1)[0]

    def as_payload(self) -> dict[str, object]:
        """The repository as a delivery of Usher's own names it, in the words of GitHub's."""
        return {
            "installation": {"id": self.installation},
            "repository": {
                "id": self.id,
                "full_name": self.full_name,
                "default_branch": self.default_branch,
                "private": self.is_private,
            },
        }


@dataclass(frozen=True, slots=True)
class Thread:
    """An issue or a pull request, as the delivery described it."""

    repository: Repository
    number: int
    is_pull: bool
    title: str = ""
    body: str = ""
    author: Actor = GHOST
    association: str = "NONE"
    labels: tuple[str, ...] = ()
    is_open: bool = True

    @property
    def key(self) -> str:
        """The name that people and logs use: ``owner/name#7``; without a number ``owner/name``."""
        return f"{self.repository.full_name}#{self.number}" if self.number else self.repository.full_name


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, and who did it."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class ThreadEvent(Event):
    """Something that happened on one thread."""

    thread: Thread

    @property
    def repository(self) -> Repository:
        return self.thread.repository


@dataclass(frozen=True, slots=True)
class IssueOpened(ThreadEvent):
    """An issue was opened."""


@dataclass(frozen=True, slots=True)
class IssueEdited(ThreadEvent):
    """The title or body of an issue changed."""


@dataclass(frozen=True, slots=True)
class PullEvent(ThreadEvent):
    """Something that happened on a pull request, or to what it depends on: its flow is looked at again.

    Args:
        pull: the pull request as the delivery described it, where it did so in full.
    """

    pull: PullRequest | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PullRequestOpened(PullEvent):
    """A pull request was opened."""


@dataclass(frozen=True, slots=True)
class PullRequestMerged(PullEvent):
    """A pull request was merged. The actor is who merged it; the thread's author wrote it."""


@dataclass(frozen=True, slots=True)
class PullRequestUpdated(PullEvent):
    """A pull request changed in any other way.

    Args:
        what: what changed, in GitHub's own word: ``synchronize``, ``edited``, ``converted_to_draft``,
            ``ready_for_review``, ``closed``, ``reopened``, ``labeled``, ``submitted`` (a review), ``checks``
            and so on; ``look`` where Usher looks by itself.
    """

    what: str = ""


@dataclass(frozen=True, slots=True)
class MergeGroupFormed(PullEvent):
    """A merge queue wants to know whether a pull request may be merged together with those before it.

    Args:
        sha: the commit that the queue made of them; required checks are expected on it.
    """

    sha: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseLook(ThreadEvent):
    """Usher looks by itself at how the next release stands; the thread is its checklist."""


@dataclass(frozen=True, slots=True)
class ReportDue(ThreadEvent):
    """A report that comes by itself is due. The thread is its issue, number 0 before there is one.

    Args:
        every: how often one comes: ``weekly``, ``monthly`` or ``quarterly``.
        until: the day before which it ends.
        days: how many days it looks back.
        at: when it was found to be due (UTC): what needs somebody is said as of then; None where the
            delivery does not say.
    """

    every: str
    until: date
    days: int
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LabelChanged(ThreadEvent):
    """A label was put on or taken off a thread."""

    label: str = ""
    added: bool = True


@dataclass(frozen=True, slots=True)
class CommandGiven(ThreadEvent):
    """A command in a comment. The actor is who wrote (or edited) the comment.

    Args:
        name: the command, such as ``label`` or ``usher why``.
        args: the rest of the line, split at commas and blanks where the command takes several.
        text: the rest of the line as it was written.
        comment: the id of the comment.
        at: when it was given (UTC), by GitHub's clock: when the comment was written, or edited so.
        association: of who gave it, such as ``MEMBER``; "" where GitHub does not say.
    """

    name: str = ""
    args: tuple[str, ...] = ()
    text: str = ""
    comment: int = 0
    at: datetime | None = None
    association: str = ""


@dataclass(frozen=True, slots=True)
class InstallationChanged(Event):
    """The App was installed, removed, suspended or unsuspended on an account."""

    installation: int
    account: str
    action: str
    repositories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RepositoriesChanged(Event):
    """Repositories were added to or removed from an installation."""

    installation: int
    account: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RepositoryRenamed(Event):
    """A repository has another name, or another owner.

    Args:
        repository: as it is called now.
        before: its full name until now.
    """

    repository: Repository
    before: str


@dataclass(frozen=True, slots=True)
class FilesPushed(Event):
    """Commits reached the default branch.

    Args:
        repository: where.
        paths: the files that they change.
        sha: the last of them; "" where the branch was deleted.
    """

    repository: Repository
    paths: frozenset[str] = field(default_factory=frozenset)
    sha: str = ""


@dataclass(frozen=True, slots=True)
class ChecksChanged(Event):
    """A check or a status of a commit changed.

    Args:
        repository: where.
        sha: the commit.
        pulls: numbers of pull requests at that commit; GitHub names none that come from a fork.
    """

    repository: Repository
    sha: str
    pulls: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleasePublished(Event):
    """A release was published.

    Args:
        repository: where.
        tag: its tag.
    """

    repository: Repository
    tag: str


@dataclass(frozen=True, slots=True)
class LabelsEdited(Event):
    """The repository's set of labels changed."""

    repository: Repository
