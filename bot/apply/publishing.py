"""A release is published: the draft that was looked at, on the commit that was, soon, and no other.

Nobody else writes the draft meanwhile. After a crash between the publication and its note the release is
found published, and nothing is done again. What had to wait is not published any more: nobody knows whether
it is still what it was, so that it has to be asked for again. Where it fails, the answer says why.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

from bot.apply.job import DONE, Job, Outcome, Tools
from bot.apply.releases import NOT_LET, writing
from bot.core.action import Action
from bot.core.actions import UpsertComment
from bot.core.errors import Gone
from bot.core.events import Repository
from bot.core.phrases import Phrase
from bot.core.pull_actions import FollowRelease, PublishRelease
from bot.core.release.gate_state import Checklist
from bot.core.release.settings import ReleaseConfig
from bot.core.release.state import Release
from bot.github import writes
from bot.github.answers import Forbidden, Refused
from bot.github.gate_reads import GateReader
from bot.github.release_reads import release
from bot.store.gates import GateRecord

HOLDS = timedelta(minutes=1)  # how long what was decided about a release is acted upon
_CHANGED = Outcome("failed", "the draft was changed meanwhile: nothing is published")
_GONE = Outcome("failed", "the draft is gone: nothing is published")
_LATE = Outcome("failed", "it had to wait, and much may have changed meanwhile: nothing is published")


def publish_release(tools: Tools, job: Job, action: Action) -> Outcome:
    """Publish a draft, where it still is what was looked at just now; say so where it is not.

    Raises:
        RetryLater: it is being written just now, or GitHub asked for patience.
    """
    assert isinstance(action, PublishRelease)
    try:
        with writing(tools.flows.drafts, job):
            outcome = _publish(tools, job, action)
    except Forbidden:
        outcome = Outcome("failed", NOT_LET)
    except (Refused, Gone) as error:
        outcome = Outcome("failed", str(error))
    if outcome.status == "failed":
        outcome = replace(outcome, answer=_why_not(action, outcome.detail or ""))
    return outcome


def _publish(tools: Tools, job: Job, action: PublishRelease) -> Outcome:
    client = job.client.for_contents
    found = release(client, action.draft)
    if found is None:
        return _GONE
    if not found.is_draft:
        return _published(job, action, found)
    if against := _against(job, action, found):
        return against
    tools.ledger.start(job.step.id, {"target": found.target})
    latest = "false" if found.is_prerelease else str(_config(job).latest).lower()
    changes = {"tag_name": action.tag, "target_commitish": action.sha, "make_latest": latest, "draft": False}
    if not writes.edit_release(client, found.id, changes):
        return _GONE
    return _out(job, action, found, found.target)


def _against(job: Job, action: PublishRelease, found: Release) -> Outcome | None:
    """What has happened since it was decided that stands against it."""
    if found.seal != action.seen:
        return _CHANGED
    if job.resumed or datetime.now(UTC) - job.plan.created_at > HOLDS:
        return _LATE
    tagged = _elsewhere(job, action)
    if tagged:
        return Outcome("failed", f"the tag was made meanwhile, on {tagged[:7]}: nothing is published")
    return None


def _published(job: Job, action: PublishRelease, found: Release) -> Outcome:
    if found.tag != action.tag:
        return _CHANGED
    if not job.resumed:
        return Outcome("unchanged", "it was published meanwhile")
    return _out(job, action, found, (job.step.before or {}).get("target", ""))


def _out(job: Job, action: PublishRelease, found: Release, branch: str) -> Outcome:
    """End well, unless somebody made the tag elsewhere in that very moment: GitHub then leaves it there."""
    if tagged := _elsewhere(job, action):
        detail = f"it is out, but somebody made its tag on {tagged[:7]} in that very moment: look at both"
        return Outcome("failed", detail)
    _name_branch(job, found, branch)
    return DONE


def _elsewhere(job: Job, action: PublishRelease) -> str:
    """The commit that the tag names, where it is another than the one to be released; else ""."""
    tagged = GateReader().commit(job.client.for_contents, f"tags/{action.tag}")
    return "" if tagged == action.sha else tagged


def _why_not(action: PublishRelease, why: str) -> UpsertComment:
    """The answer that says why a release was not published."""
    text = "Sorry, this did not go well for `{tag}`: {why}. `/release check` tells how it stands,"
    text += " and `/release publish` tries again."
    said = Phrase(text, {"tag": action.tag, "why": why})
    context = {"said": said.as_json(), "rows": (), "checklist": 0, "closed": 0, "opens": False}
    return UpsertComment(
        purpose="reply",
        template="release",
        context=context,
        answers=action.answers,
        command="release publish",
        reason=action.reason,
    )


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
    names = set(Checklist.__slots__) - {"issue", "since"}
    kept = Checklist(own.number, **{name: getattr(action, name) for name in names})
    gates.keep(GateRecord(place, kept))
    return DONE
