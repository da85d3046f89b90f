"""What a rule may ask to happen to a pull request or a release beside labels and comments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from bot.core.action import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWord(Action):
    """Keep what a person said about a pull request by command. Undone by forgetting it.

    Args:
        word: which one, such as ``merge`` or ``approve``; one per person, pull request and word.
        by: their login.
        sha: the head that they looked at.
        detail: what they added, such as the way to merge.
        at: when they said it, as ISO 8601, by GitHub's clock; "" for when it is kept.
    """

    kind: ClassVar[str] = "record_word"
    word: str
    by: str
    sha: str
    detail: str = ""
    at: str = ""

    def summary(self) -> str:
        return f"{self.word}: {self.by}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetWord(Action):
    """Forget what people said about a pull request by command. Undone by keeping it again.

    Args:
        word: which one.
        by: the login of who said it; "" for whoever did.
    """

    kind: ClassVar[str] = "forget_word"
    word: str
    by: str = ""

    def summary(self) -> str:
        return f"{self.word}: taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePull(Action):
    """Merge the pull request, or put it into the merge queue where its branch has one. Cannot be undone.

    Args:
        sha: the head to merge; where it has moved since, nothing is merged.
        method: ``merge``, ``squash`` or ``rebase``; "" for the first that the repository allows.
        title, message: of the commit that is made; "" for GitHub's own.
        delete_branch: True to delete the head branch afterwards, where it is one of this repository.
        label: the label that asks for it and must still be there; "" where a person's word does.
        vouchers: logins one of whom must have write rights when it is done; none asks for no rights.
        seen: what GitHub's answer depends on, so that it is asked the same only once.
        at: when it was asked for, as ISO 8601 in UTC; "" where a label does.
    """

    kind: ClassVar[str] = "merge_pull"
    sha: str
    method: str = ""
    title: str = ""
    message: str = ""
    delete_branch: bool = False
    label: str = ""
    vouchers: tuple[str, ...] = ()
    seen: str = ""
    at: str = ""

    def summary(self) -> str:
        return f"merge ({self.method})" if self.method else "merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateBranch(Action):
    """Merge the base branch into the pull request's own. Cannot be undone.

    Args:
        sha: the head to update; where it has moved since, nothing is done.
        base: the branch that it takes up; where the pull request has another by now, nothing is done.
        seen: what GitHub's answer depends on, so that it is asked the same only once.
    """

    kind: ClassVar[str] = "update_branch"
    sha: str
    base: str = ""
    seen: str = ""

    def summary(self) -> str:
        return "update branch"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpsertIssue(Action):
    """Open the one issue that this purpose has in the repository, or edit it in place. Undone by closing it.

    Args:
        purpose: which issue it is, such as ``docs-follow-up 7``; one per repository for each purpose.
        title: plain text.
        template: a file in ``templates/issues`` without its ending.
        context: the template's variables. Text of users goes in here and nowhere else.
        labels: for a new issue; those that the repository has are put on.
        assignees: for a new issue; those who may be assigned are.
        is_open: False closes it, as completed. One that a person closed stays closed.
        edits_only: True opens no issue where there is none yet.
        is_pinned: True pins a new issue, where the repository has room for one more.
    """

    kind: ClassVar[str] = "upsert_issue"
    purpose: str
    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    is_open: bool = True
    edits_only: bool = False
    is_pinned: bool = False

    def summary(self) -> str:
        return f"issue: {self.purpose}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishRelease(Action):
    """Publish the draft of a release, which makes its tag. Cannot be undone.

    Args:
        draft: the draft's number.
        tag: the tag that is made.
        sha: the commit that is tagged.
        seen: the seal of the draft that was looked at (``Release.seal``); another is not published.
        answers: the number of the comment that asks for it, where it is said if that fails; 0 for none.
    """

    kind: ClassVar[str] = "publish_release"
    draft: int
    tag: str
    sha: str
    seen: str
    answers: int = 0

    def summary(self) -> str:
        return f"publish release: {self.tag}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowRelease(Action):
    """Keep the checklist of the next release current from now on, or no longer. Undone by the latter.

    Args:
        purpose: the issue's, as ``UpsertIssue`` has it.
        after: the tag of the release before; "" for the first.
        default_branch: of the repository.
        branch: what is released.
        sha: the release commit.
        draft: the draft's number; 0 without one.
        asked_in, asked_by: the thread and the login of who asked for it.
        is_open: False once the release is out, or a person closed the checklist.
    """

    kind: ClassVar[str] = "follow_release"
    purpose: str
    after: str = ""
    default_branch: str = "main"
    branch: str = "main"
    sha: str = ""
    draft: int = 0
    asked_in: int = 0
    asked_by: str = ""
    is_open: bool = True

    def summary(self) -> str:
        return "follow the release" if self.is_open else "follow the release no longer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retitle(Action):
    """Give the thread another title. Undone by giving it the one before, unless it was changed since."""

    kind: ClassVar[str] = "retitle"
    title: str

    def summary(self) -> str:
        return f"title: {self.title}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Action):
    """Assign people to the thread, or no longer. Undone for those for whom it changed something.

    Args:
        logins: whom.
        assigned: False to take them off.
        answers: the number of the comment that asks for it, where it is said who cannot be; 0 for none.
    """

    kind: ClassVar[str] = "assign"
    logins: tuple[str, ...]
    assigned: bool = True
    answers: int = 0

    def summary(self) -> str:
        return ("assign: " if self.assigned else "unassign: ") + ", ".join(self.logins)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDraft(Action):
    """Make the pull request ready for review, or a draft again. Undone by the other of the two."""

    kind: ClassVar[str] = "set_draft"
    draft: bool = False

    def summary(self) -> str:
        return "draft" if self.draft else "ready for review"
