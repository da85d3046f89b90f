"""A release is published: the draft that was looked at, on the commit that was, and no other.

Nobody else writes the draft meanwhile. After a crash between the publication and its note the release is
found published, and nothing is done again.
"""

from typing import cast

from bot.apply.job import DONE, Job, Outcome, Tools
from bot.apply.releases import NOT_LET, writing
from bot.core.action import Action
from bot.core.events import Repository
from bot.core.pull_actions import FollowRelease, PublishRelease
from bot.core.release.gate_state import Checklist
from bot.core.release.settings import ReleaseConfig
from bot.core.release.state import Release
from bot.github import writes
from bot.github.answers import Forbidden
from bot.github.release_reads import release
from bot.store.gates import GateRecord

_CHANGED = Outcome("failed", "the draft was changed meanwhile: nothing is published")
_GONE = Outcome("failed", "the draft is gone: nothing is published")


def publish_release(tools: Tools, job: Job, action: Action) -> Outcome:
    """Publish a draft, where it still is what was looked at.

    Raises:
        RetryLater: it is being written just now.
    """
    assert isinstance(action, PublishRelease)
    with writing(tools.flows.drafts, job):
        return _publish(tools, job, action)


def _publish(tools: Tools, job: Job, action: PublishRelease) -> Outcome:
    client = job.client.for_contents
    found = release(client, action.draft)
    if found is None:
        return _GONE
    if not found.is_draft:
        return _published(job, action, found)
    if found.seal != action.seen:
        return _CHANGED
    if not job.resumed:
        tools.ledger.start(job.step.id, {"target": found.target})
    latest = "false" if found.is_prerelease else str(_config(job).latest).lower()
    changes = {"tag_name": action.tag, "target_commitish": action.sha, "make_latest": latest, "draft": False}
    try:
        if not writes.edit_release(client, found.id, changes):
            return _GONE
    except Forbidden:
        return Outcome("failed", NOT_LET)
    _name_branch(job, found, found.target)
    return DONE


def _published(job: Job, action: PublishRelease, found: Release) -> Outcome:
    if found.tag != action.tag:
        return _CHANGED
    if not job.resumed:
        return Outcome("unchanged", "it was published meanwhile")
    _name_branch(job, found, (job.step.before or {}).get("target", ""))
    return DONE


def _name_branch(job: Job, found: Release, branch: str) -> None:
    """Let a release name its branch again, where only those of a branch count; the tag stays where it is."""
    if branch and _config(job).filter_by_commitish:
        writes.edit_release(job.client.for_contents, found.id, {"target_commitish": branch})


def _config(job: Job) -> ReleaseConfig:
    return cast("ReleaseConfig", job.config.release)  # type: ignore[attr-defined]


def follow_release(tools: Tools, job: Job, action: Action) -> Outcome:
    """Keep which checklist is to be kept current, or forget it."""
    assert isinstance(action, FollowRelease)
    plan, gates = job.plan, tools.flows.gates
    if not action.is_open:
        was_followed = gates.forget(plan.repository_id)
        return DONE if was_followed or job.resumed else Outcome("unchanged", "it was not followed")
    own = tools.flows.own_issues.of(plan.repository_id, action.purpose)
    if own is None:
        return Outcome("skipped", "there is no checklist to keep current")
    place = Repository(plan.repository_id, plan.repository, plan.installation, action.default_branch)
    names = set(Checklist.__slots__) - {"issue"}
    kept = Checklist(own.number, **{name: getattr(action, name) for name in names})
    gates.keep(GateRecord(place, kept))
    return DONE
