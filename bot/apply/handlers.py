"""What is done by a function of its own, one for each kind of action: the executor looks it up here."""

from collections.abc import Callable, Mapping

from bot.apply.issues import upsert_issue
from bot.apply.job import Job, Outcome, Tools
from bot.apply.merging import merge_pull
from bot.apply.publishing import follow_release, publish_release
from bot.apply.threads import assign, retitle, set_draft
from bot.apply.updating import update_branch
from bot.apply.words import forget_word, record_word
from bot.core.action import Action
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

Handler = Callable[[Tools, Job, Action], Outcome]

HANDLERS: Mapping[str, Handler] = {
    RecordWord.kind: record_word,
    ForgetWord.kind: forget_word,
    MergePull.kind: merge_pull,
    UpdateBranch.kind: update_branch,
    Retitle.kind: retitle,
    Assign.kind: assign,
    SetDraft.kind: set_draft,
    UpsertIssue.kind: upsert_issue,
    PublishRelease.kind: publish_release,
    FollowRelease.kind: follow_release,
}
