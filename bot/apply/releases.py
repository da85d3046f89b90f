"""The draft of the next release at GitHub: one, never two, and never with older notes in place of newer ones.

Pull requests are worked on side by side, and each that is merged may want the draft changed. What a rule
decided holds for the draft that it saw, and only for that one:

- One action at a time writes the draft of a repository (``bot/store/drafts.py``); others come back later.
- Holding that, it looks which draft GitHub has. Where that is not what was seen, somebody has written
  meanwhile: another pull request's action, or a person. Nothing is written then, and the pull request is
  looked at again, which decides anew from what there is.
- Facts are obtained with the draft first and the pull requests after it. So an action that finds the draft
  as it was seen follows from pull requests that are as new as the draft, or newer.

Whichever of two merges comes first, the last one to write has seen what the other wrote. After a crash
between the write and its note the draft is found as it should be, and nothing is written again; until then it
is held, so that nobody else makes a second one. A draft that was made just now and is not listed yet is
waited for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from bot.apply.job import DONE, Job, Outcome
from bot.core.actions import DraftRelease
from bot.core.errors import BotError, RetryLater
from bot.core.events import Repository
from bot.core.release.draft import says
from bot.core.release.previous import open_draft
from bot.core.release.settings import ReleaseConfig
from bot.core.release.state import Release
from bot.github import writes
from bot.github.answers import Forbidden
from bot.github.client import RepositoryClient
from bot.github.release_reads import ReleaseReader, release
from bot.store.drafts import Drafts
from bot.store.flows import Flows
from bot.store.ledger import Ledger, Plan

IN_TURN = timedelta(seconds=1)  # until one who waits for the draft comes back
NOT_LET = "GitHub does not let Usher keep a draft release here: accept the App's new permissions"
_CHANGED = Outcome("skipped", "the draft was changed meanwhile, so this is looked at again")


@contextmanager
def writing(drafts: Drafts, job: Job) -> Iterator[None]:
    """Be the only one who writes a repository's draft.

    Raises:
        RetryLater: another does.
    """
    plan, holder = job.plan, job.step.id
    if not drafts.take(plan.repository_id, plan.installation, holder):
        raise RetryLater("the draft release is being written", datetime.now(UTC) + IN_TURN)
    try:
        yield
    except RetryLater:
        raise  # what was sent may have been accepted: until this is known, nobody else writes
    except BotError:
        drafts.give(plan.repository_id, holder)
        raise
    drafts.give(plan.repository_id, holder)


@dataclass(frozen=True, slots=True)
class ReleaseDrafts:
    """Keeps the draft of a repository's next release.

    Args:
        ledger: where it is noted that a write is under way.
        flows: where drafts are kept, and looks asked for.
        settle: how long GitHub may need to show what it has accepted.
    """

    ledger: Ledger
    flows: Flows
    settle: timedelta

    def set(self, job: Job, action: DraftRelease) -> Outcome:
        """Write the draft, where it still is what the action follows from.

        Raises:
            RetryLater: it is being written just now, or was and does not show yet.
        """
        with writing(self.flows.drafts, job):
            return self._set(job, action)

    def _set(self, job: Job, action: DraftRelease) -> Outcome:
        found = self._current(job, action)
        if found is not None and says(found, action):
            return self._as_it_should_be(job, found)
        if (found.seal if found else "") != action.seen:
            self._look_again(job.plan, action)
            return _CHANGED
        if not job.resumed:
            self.ledger.start(job.step.id, _kept(found))
        try:
            if found is None:
                made = writes.create_release(job.client.for_contents, {**_fields(action), "draft": True})
                self._note_made(job, made)
                return DONE
            if writes.edit_release(job.client.for_contents, found.id, _fields(action)):
                return DONE
        except Forbidden:
            return Outcome("skipped", NOT_LET)
        self._look_again(job.plan, action)
        return _CHANGED

    def _current(self, job: Job, action: DraftRelease) -> Release | None:
        """The draft that there is now, looked at by itself: lists may be behind."""
        config = cast("ReleaseConfig", job.config.release)  # type: ignore[attr-defined]
        listed = ReleaseReader().releases(job.client.for_contents)
        found = open_draft(listed, config, action.target)
        made = self.flows.drafts.made(job.plan.repository_id)
        if found is None and made is not None and made.release not in {each.id for each in listed}:
            visible = made.at + self.settle
            if datetime.now(UTC) < visible and release(job.client.for_contents, made.release) is not None:
                raise RetryLater("the draft release may not be visible yet", visible)
        return None if found is None else release(job.client.for_contents, found.id)

    def _as_it_should_be(self, job: Job, found: Release) -> Outcome:
        if not job.resumed:
            return Outcome("unchanged", "it said so already")
        if not (job.step.before or {}).get("draft"):  # made by the try that was interrupted
            self._note_made(job, found.id)
        return DONE

    def _note_made(self, job: Job, made: int) -> None:
        self.flows.drafts.keep(job.plan.repository_id, made)
        self.ledger.start(job.step.id, {"draft": 0, "made": made})

    def _look_again(self, plan: Plan, action: DraftRelease) -> None:
        kept = self.flows.get(plan.repository_id, plan.number)
        where = Repository(plan.repository_id, plan.repository, plan.installation, action.target)
        self.flows.look_again(kept.place if kept else where, plan.number, datetime.now(UTC))


def undo_draft(client: RepositoryClient, before: dict[str, Any] | None, action: DraftRelease) -> str:
    """Take back what was done to a draft, unless it was published or changed since. Returns what was done."""
    kept = before or {}
    number = kept.get("draft") or kept.get("made")
    if not number:
        return "no draft release had been made"
    client = client.for_contents
    found = release(client, number)
    if found is None:
        return "the draft release is gone already"
    if not found.is_draft:
        return "the release is published by now, and stays as it is"
    if not says(found, action):
        return "the draft release was changed since, and stays as it is"
    if kept.get("made"):
        writes.delete_release(client, number)
        return "deleted the draft release"
    writes.edit_release(client, number, {name: kept[name] for name in _KEPT})
    return "put the draft release back as it was"


_KEPT = ("tag_name", "name", "body", "prerelease", "target_commitish")


def _kept(found: Release | None) -> dict[str, Any]:
    """What stood before, for undoing."""
    if found is None:
        return {"draft": 0}
    said = (found.tag, found.name, found.body, found.is_prerelease, found.target)
    return {"draft": found.id, **dict(zip(_KEPT, said, strict=True))}


def _fields(action: DraftRelease) -> dict[str, Any]:
    """A release as GitHub's API takes it. A pre-release cannot be the latest."""
    said = (action.tag, action.name, action.body, action.prerelease, action.target)
    latest = "false" if action.prerelease else action.latest
    return {**dict(zip(_KEPT, said, strict=True)), "make_latest": latest}
