"""What is done by a function of its own, one for each kind of action: the executor looks it up here."""

from collections.abc import Callable, Mapping

from bot.apply.issues import upsert_issue
from bot.apply.job import Job, Outcome, Tools
from bot.apply.threads import assign, retitle, set_draft
from bot.apply.words import forget_word, record_word
from bot.core.action import Action
from bot.core.pull_actions import Assign, ForgetWord, RecordWord, Retitle, SetDraft, UpsertIssue

Deed = Callable[[Tools, Job, Action], Outcome]

DEEDS: Mapping[str, Deed] = {
    RecordWord.kind: record_word,
    ForgetWord.kind: forget_word,
    Retitle.kind: retitle,
    Assign.kind: assign,
    SetDraft.kind: set_draft,
    UpsertIssue.kind: upsert_issue,
}
