"""What is done for pull requests alone: check runs, requests for review, waived items, releases."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.apply.job import DONE, Job, Outcome
from bot.apply.releases import ReleaseDrafts
from bot.core.actions import Action, DraftRelease, RecordSkip, RequestReviewers, SetCheck
from bot.core.pull_context import Skip
from bot.core.pull_json import pull_from
from bot.core.release.gate import CHECK_NAME as RELEASE_CHECK
from bot.github import reads, writes
from bot.github.answers import Forbidden, Refused
from bot.render import render_check
from bot.store.flows import Flows
from bot.store.ledger import Ledger

ANNOTATIONS_AT_ONCE = 50  # GitHub takes no more in one request
_BAD = {"failure": 2, "": 1}  # how much a conclusion stands in the way of a merge; others do not
_NOT_LET = "GitHub does not let Usher write checks here: accept the App's new permissions"


@dataclass(frozen=True, slots=True)
class CheckRuns:
    """Writes check runs, one of each name for each commit.

    Args:
        ledger: where it is noted that a write is under way.
        flows: where check runs are kept.
    """

    ledger: Ledger
    flows: Flows

    def set(self, job: Job, action: SetCheck) -> Outcome:
        """Say how a commit stands: make the check run, or change it where it says something else.

        A commit has one check run of a name, and may be the head of several open pull requests. What is
        worst for any of them is said, of several the oldest's, so that what one has does not let another
        into its base. What the others have is taken from the ledger. A release is no matter of theirs,
        although a pull request may begin at its commit.
        """
        others = self._others(job, action)
        own = {} if others and action.edits_only else {job.plan.number: action}
        told = {number: each for number, each in (others | own).items() if each is not None}
        first = min(others | own)
        number = min(told, key=lambda each: (-_BAD.get(told[each].conclusion, 0), each), default=first)
        outcome = self._say(job, told[number], number) if number in told else DONE
        if number == job.plan.number or outcome.status == "skipped":
            return outcome
        return Outcome("skipped", f"the check of this commit is that of pull request {number}")

    def _others(self, job: Job, action: SetCheck) -> dict[int, SetCheck | None]:
        """What was last to be said at this commit of the other pull requests; None where nothing was yet."""
        plan, step = job.plan, job.step
        if action.name == RELEASE_CHECK:
            return {}
        found: dict[int, SetCheck | None] = {}
        for number in self.flows.open_at(plan.repository_id, action.sha):
            if number != plan.number:
                last = self.ledger.latest(plan.repository_id, number, step.rule, step.kind, sha=action.sha)
                said = last.action() if last else None
                found[number] = said if isinstance(said, SetCheck) and not said.edits_only else None
        return found

    def _say(self, job: Job, action: SetCheck, number: int) -> Outcome:
        """Say what a commit has by one of its pull requests."""
        plan, name, sha = job.plan, action.name, action.sha
        body = _body(action, f"{plan.repository}#{number}")
        said, noted = _digest(body), _digest(action.annotations)
        kept = self.flows.run(plan.repository_id, sha, name)
        if kept is not None and kept.digest == said + noted:
            return DONE if job.resumed else Outcome("unchanged", "it said so already")
        if kept is None and action.edits_only:
            return Outcome("unchanged", "there is no check run to change")
        run = kept.run if kept else self._made_before(job, action)
        annotate = action.annotations if kept is None or not kept.digest.endswith(noted) else ()
        if not job.resumed:
            self.ledger.start(job.step.id, {"run": run})
        try:
            run = self._write(job, action, body, run, annotate)
        except Forbidden:
            return Outcome("skipped", _NOT_LET)
        self.flows.keep_run(
            plan.repository_id,
            sha,
            name,
            number=number,
            installation=plan.installation,
            run=run,
            said=said + noted,
        )
        return DONE

    def _made_before(self, job: Job, action: SetCheck) -> int | None:
        """The check run that an interrupted try has made, if it did."""
        if not job.resumed:
            return None
        app = job.client.bot_login.removesuffix("[bot]")
        return reads.check_run(job.client, action.sha, action.name, app)

    def _write(
        self,
        job: Job,
        action: SetCheck,
        body: dict[str, Any],
        run: int | None,
        annotations: tuple[Mapping[str, Any], ...],
    ) -> int:
        rest = [_annotation(one) for one in annotations]
        output = {**body["output"], "annotations": rest[:ANNOTATIONS_AT_ONCE]} if rest else body["output"]
        first = {**body, "output": output}
        if run is None or not writes.edit_check_run(job.client, run, first):
            run = writes.create_check_run(job.client, {**first, "head_sha": action.sha})
        for start in range(ANNOTATIONS_AT_ONCE, len(rest), ANNOTATIONS_AT_ONCE):
            more = {**body["output"], "annotations": rest[start : start + ANNOTATIONS_AT_ONCE]}
            writes.edit_check_run(job.client, run, {"output": more})
        return run


def _body(action: SetCheck, key: str) -> dict[str, Any]:
    """A check run as GitHub's API takes it, without its annotations.

    Args:
        action: what it says.
        key: the thread that it is about, such as ``acme/widgets#12``.
    """
    done = {"status": "completed", "conclusion": action.conclusion}
    summary = render_check(action.template, action.context, reason=action.reason)
    return {
        "name": action.name,
        "external_id": key,
        **(done if action.conclusion else {"status": "in_progress"}),
        "output": {"title": action.title, "summary": summary},
    }


def _annotation(one: Mapping[str, Any]) -> dict[str, Any]:
    line = max(1, int(one["line"]))
    return {
        "path": one["path"],
        "start_line": line,
        "end_line": line,
        "annotation_level": one["level"],
        "title": one["title"],
        "message": one["message"],
    }


def _digest(value: object) -> str:
    """32 hexadecimal digits that stand for a value."""
    text = json.dumps(value, sort_keys=True, default=list)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def request_reviewers(ledger: Ledger, job: Job, action: RequestReviewers) -> Outcome:
    """Ask for reviews, where they have not been asked for yet."""
    pull = pull_from(job.client.get(f"/pulls/{job.plan.number}")[0])
    if not pull.is_open or pull.is_draft:
        return Outcome("skipped", "the pull request is closed, or a draft again")
    asked = {login.casefold() for login in pull.requested_reviewers}
    logins = tuple(login for login in action.logins if login.casefold() not in asked)
    teams = tuple(team for team in action.teams if team not in pull.requested_teams)
    if not logins and not teams:
        return DONE if job.resumed else Outcome("unchanged", "they were asked already")
    if not job.resumed:
        ledger.start(job.step.id, {"logins": list(logins), "teams": list(teams)})
    try:
        writes.request_reviewers(job.client, job.plan.number, logins, teams)
    except Refused as error:
        return Outcome("skipped", f"GitHub does not let them review here: {error}")
    return DONE


def record_skip(flows: Flows, job: Job, action: RecordSkip) -> Outcome:
    """Keep that an item was waived."""
    plan, skip = job.plan, Skip(action.item, action.why, action.by, action.sha, tuple(action.covers))
    if skip in flows.skips(plan.repository_id, plan.number):
        return DONE if job.resumed else Outcome("unchanged", "it was waived already")
    flows.keep_skip(plan.repository_id, plan.number, plan.installation, skip)
    return DONE


PULL_ACTIONS = (RequestReviewers.kind, SetCheck.kind, RecordSkip.kind, DraftRelease.kind)


def pull_action(ledger: Ledger, flows: Flows, settle: timedelta, job: Job, action: Action) -> Outcome:
    """Do one of ``PULL_ACTIONS``."""
    match action:
        case SetCheck():
            return CheckRuns(ledger, flows).set(job, action)
        case RequestReviewers():
            return request_reviewers(ledger, job, action)
        case RecordSkip():
            return record_skip(flows, job, action)
        case DraftRelease():
            return ReleaseDrafts(ledger, flows, settle).set(job, action)
        case _:
            raise TypeError(f"{action.kind} is not done to pull requests alone")
