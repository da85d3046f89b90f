"""What there is to know about a release that is to go out. Asked for only where somebody asks for it."""

import re
from typing import cast

from bot.core.events import CommandGiven
from bot.core.flow import Stage
from bot.core.globs import first_match
from bot.core.pull_context import Skips
from bot.core.pulls import ChangedFiles, Checks
from bot.core.release.draft import target
from bot.core.release.gate import milestone_titles
from bot.core.release.gate_settings import ReleaseGateConfig
from bot.core.release.gate_state import Checklist, GateState, OpenChecklist, purpose_after
from bot.core.release.plan import is_set
from bot.core.release.settings import ReleaseConfig
from bot.core.release.state import ReleaseState
from bot.gather.releases import ReleaseGatherer
from bot.gather.situation import Situation
from bot.github import reads
from bot.github.gate_reads import GateReader
from bot.github.pull_reads import PullReader
from bot.store.flows import Flows

FOLLOW_UP = "docs-follow-up"  # what the purposes of issues about documentation left for later begin with
_SHA = re.compile(r"[0-9a-f]{40}")


class GateGatherer:
    """Obtains what there is to know about a release that is to go out.

    Args:
        flows: where the checklist, what was waived and the stages of pull requests are kept.
        releases: knows the draft, and what was merged.
        pulls: asks about checks.
    """

    def __init__(self, flows: Flows, releases: ReleaseGatherer, pulls: PullReader) -> None:
        self._flows = flows
        self._releases = releases
        self._pulls = pulls
        self._reader = GateReader()

    def checklist(self, situation: Situation) -> OpenChecklist:
        """The checklist that is followed, as it was kept; where an item is waived, with the blockers."""
        record = self._flows.gates.of(situation.event.repository.id)
        known, event = record.checklist if record else None, situation.event
        is_waived = isinstance(event, CommandGiven) and event.name == "skip"
        if known is None or known.issue != event.thread.number or not is_waived:
            return OpenChecklist(known)
        return OpenChecklist(known, self._blockers(situation, self._releases.current(situation), known))

    def state(self, situation: Situation) -> GateState:
        """How the next release stands; empty, and unasked, where a command is about something else.

        The draft is read first, for the reason that ``bot/gather/releases.py`` gives.
        """
        client, where, event = situation.client, situation.event.repository, situation.event
        if isinstance(event, CommandGiven) and not event.name.startswith("release "):
            return GateState()
        release = self._releases.current(situation)
        config = cast("ReleaseConfig", situation.config.release)  # type: ignore[attr-defined]
        branch = target(release, config)
        sha = branch if _SHA.fullmatch(branch) else self._reader.commit(client, f"heads/{branch}")
        last, known = release.last, self.checklist(situation).known
        changed = self._reader.changed(client, last.tag, sha) if last and sha else ChangedFiles()
        skips = self._flows.skips(where.id, known.issue) if known else ()
        own_app = client.bot_login.removesuffix("[bot]")
        unverified = self._unverified(situation, release)
        return GateState(
            release=release,
            settings=config.model_copy(update={"mode": config.mode or situation.config.mode}),
            branch=branch,
            sha=sha,
            tagged=self._tagged(situation, release),
            checks=self._pulls.checks(client, sha, own_app) if sha else Checks(),
            changed=changed,
            changelogs=self._changelogs(situation, sha),
            blockers=self._blockers(situation, release, known),
            follow_ups=self._follow_ups(situation),
            unverified=unverified,
            broken=tuple(number for number in unverified if self._is_broken(situation, number)),
            skips=Skips(tuple(skips)),
            checklist=known,
            closed=0 if known else self._closed(situation, release),
        )

    def _tagged(self, situation: Situation, release: ReleaseState) -> str:
        draft = release.draft
        if draft is None or not is_set(draft.tag):
            return ""
        return self._reader.commit(situation.client, f"tags/{draft.tag}")

    def _changelogs(self, situation: Situation, sha: str) -> tuple[str, ...]:
        if not sha:
            return ()
        names = self._reader.root_files(situation.client, sha)
        return tuple(name for name in names if first_match(_config(situation).changelog, name))

    def _blockers(
        self, situation: Situation, release: ReleaseState, known: Checklist | None
    ) -> tuple[int, ...]:
        """The open issues and pull requests of the milestone and with the labels; the checklist is none."""
        client, config = situation.client, _config(situation)
        settings = cast("ReleaseConfig", situation.config.release)  # type: ignore[attr-defined]
        titles = milestone_titles(release.draft, config, settings)
        found = set(self._reader.in_milestones(client, titles)) if titles else set()
        for label in config.blocking_labels:
            found.update(self._reader.labelled(client, label))
        return tuple(sorted(found - {known.issue if known else 0}))

    def _follow_ups(self, situation: Situation) -> tuple[int, ...]:
        ours = self._flows.own_issues.of_kind(situation.event.repository.id, FOLLOW_UP)
        if not ours:
            return ()
        is_open = set(self._reader.opened_by(situation.client, situation.client.bot_login))
        return tuple(number for number in ours if number in is_open)

    def _unverified(self, situation: Situation, release: ReleaseState) -> tuple[int, ...]:
        """The pull requests of this release that were at the stage after the merge when last seen."""
        stage, since = Stage.VERIFICATION.value, {pull.number for pull in release.pulls}
        waiting = self._flows.at_stage(situation.event.repository.id, stage)
        return tuple(number for number in waiting if number in since)

    def _is_broken(self, situation: Situation, number: int) -> bool:
        """Whether a check failed on the commit that a merge made; the answers are kept."""
        client, known = situation.client, self._flows.get(situation.event.repository.id, number)
        own_app = client.bot_login.removesuffix("[bot]")
        return known is not None and bool(self._pulls.checks(client, known.head_sha, own_app).failed)

    def _closed(self, situation: Situation, release: ReleaseState) -> int:
        """The number of the checklist that a person closed; what Usher closed, it may open again."""
        purpose = purpose_after(release.last.tag if release.last else "")
        known = self._flows.own_issues.of(situation.event.repository.id, purpose)
        found = reads.issue(situation.client, known.number) if known else None
        ours = situation.client.bot_login, "completed"
        if found is None or found.is_open or (found.closed_by, found.state_reason) == ours:
            return 0
        return found.number


def _config(situation: Situation) -> ReleaseGateConfig:
    return cast("ReleaseGateConfig", situation.config.release_gate)  # type: ignore[attr-defined]
