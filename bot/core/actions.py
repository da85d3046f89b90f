"""What a rule may ask to happen: data, never effects. ``bot/apply`` has one executor for each kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from bot.core.action import Action as Action  # noqa: PLC0414 - whoever takes an action takes it from here
from bot.core.pull_actions import (
    Assign,
    FollowRelease,
    ForgetWord,
    MergePull,
    PublishRelease,
    RecordWord,
    Retitle,
    SetDraft,
    UpdateBranch,
    UpsertIssue,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLabels(Action):
    """Put labels on the thread. Undone by taking off those that were not there before."""

    kind: ClassVar[str] = "add_labels"
    labels: tuple[str, ...]

    def summary(self) -> str:
        return ", ".join(self.labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveLabels(Action):
    """Take labels off the thread. Undone by putting back those that were there.

    Args:
        labels: the names.
        asked_by_human: True where a person asked for it by command; otherwise only labels that
            Usher added itself may go.
    """

    kind: ClassVar[str] = "remove_labels"
    labels: tuple[str, ...]
    asked_by_human: bool = False

    def summary(self) -> str:
        return ", ".join(f"-{label}" for label in self.labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpsertComment(Action):
    """Write the one comment that this purpose has on the thread, or edit it in place.

    Args:
        purpose: which comment it is, such as ``welcome``; one per thread for each purpose.
        template: a file in ``templates/comments`` without its ending.
        context: the template's variables. Text of users goes in here and nowhere else.
        edits_only: True leaves the thread without the comment where it has none yet.
        answers: the number of the comment whose command it answers; 0 for none.
        command: that command as it was written, without its slash, for a comment that gave several.
    """

    kind: ClassVar[str] = "upsert_comment"
    purpose: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    edits_only: bool = False
    answers: int = 0
    command: str = ""

    def summary(self) -> str:
        return f"comment: {self.purpose}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevertPlan(Action):
    """Undo what an earlier plan did on this thread."""

    kind: ClassVar[str] = "revert_plan"
    plan: int

    def summary(self) -> str:
        return f"undo plan {self.plan}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPause(Action):
    """Leave the thread alone, or take it up again."""

    kind: ClassVar[str] = "set_pause"
    paused: bool

    def summary(self) -> str:
        return "pause" if self.paused else "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberCorrection(Action):
    """Keep what a person corrected, as feedback for training. Touches nothing on GitHub.

    Args:
        label: the label concerned.
        added: True when the person put it on, False when they took it off.
        by: the person's login.
    """

    kind: ClassVar[str] = "remember_correction"
    label: str
    added: bool
    by: str

    def summary(self) -> str:
        return f"learned: {'+' if self.added else '-'}{self.label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstain(Action):
    """Decide to do nothing, on the record, so that "why not?" has an answer too.

    Args:
        about: what was left undone, such as ``type label``.
    """

    kind: ClassVar[str] = "abstain"
    about: str

    def summary(self) -> str:
        return f"no {self.about}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReviewers(Action):
    """Ask people and teams to review the pull request. Undone by withdrawing what was asked."""

    kind: ClassVar[str] = "request_reviewers"
    logins: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()

    def summary(self) -> str:
        return f"review: {', '.join(self.logins + self.teams)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCheck(Action):
    """Say how a commit stands, as the one check run of this name.

    Args:
        name: of the check run.
        sha: of the commit.
        conclusion: ``success``, ``failure``, ``neutral``, ...; "" for one that is in progress.
        title: one line of plain text.
        template: a file in ``templates/checks`` without its ending, for the summary.
        context: the template's variables.
        annotations: of ``{"path", "line", "level": "notice"|"warning"|"failure", "title", "message"}``.
        edits_only: True leaves the commit without the check run where it has none yet.
    """

    kind: ClassVar[str] = "set_check"
    name: str
    sha: str
    conclusion: str
    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    annotations: tuple[Mapping[str, Any], ...] = ()
    edits_only: bool = False

    def summary(self) -> str:
        return f"{self.name.removeprefix('usher / ')}: {self.conclusion or 'in progress'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSkip(Action):
    """Keep a maintainer's word that an item of the checklist need not be done. Undone by forgetting it.

    Args:
        item: the item's key.
        why: in the maintainer's words.
        by: their login.
        sha: the head that they looked at.
        covers: of a release's blockers, the numbers of those that were open then.
    """

    kind: ClassVar[str] = "record_skip"
    item: str
    why: str
    by: str
    sha: str = ""
    covers: tuple[int, ...] = ()

    def summary(self) -> str:
        return f"skip: {self.item}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRelease(Action):
    """Write the draft of the next release, or edit it in place. Nothing is published, no tag is made.

    Undone by writing back what the draft was before, or by deleting one that was new.

    Args:
        tag: the tag that publishing will make.
        name: the title.
        body: the notes in Markdown, complete; no more than 125,000 characters.
        prerelease: True to mark it so.
        target: the branch or commit to be tagged.
        latest: GitHub's ``make_latest`` for when it is published: ``true``, ``false`` or ``legacy``.
        draft: the number of the draft to edit; 0 to write a new one.
        seen: the seal of the draft that this follows from (``Release.seal``); "" where there was none.
    """

    kind: ClassVar[str] = "draft_release"
    tag: str
    name: str
    body: str
    prerelease: bool
    target: str
    latest: str = "true"
    draft: int = 0
    seen: str = ""

    def summary(self) -> str:
        return f"draft release: {self.tag}"


#: Comments that answer a command.
ANSWERS = frozenset({"denied", "help", "reply", "why"})
#: These, and what says how things stand: an undo of what was done leaves them.
STANDING_COMMENTS = ANSWERS | {"checklist"}

KINDS: Mapping[str, type[Action]] = {
    kind.kind: kind
    for kind in (
        AddLabels,
        RemoveLabels,
        UpsertComment,
        RequestReviewers,
        SetCheck,
        RecordSkip,
        DraftRelease,
        RecordWord,
        ForgetWord,
        MergePull,
        UpdateBranch,
        Retitle,
        Assign,
        SetDraft,
        UpsertIssue,
        PublishRelease,
        FollowRelease,
        RevertPlan,
        SetPause,
        RememberCorrection,
        Abstain,
    )
}


def action_from(kind: str, args: Mapping[str, Any], *, reason: str, confidence: float | None) -> Action:
    """Read an action back from the ledger.

    Raises:
        KeyError: the kind is not known (a ledger written by a newer version).
    """
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in args.items()}
    return KINDS[kind](**values, reason=reason, confidence=confidence)
