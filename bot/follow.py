"""Following pull requests: what is kept of each, and when to look at one again without being told.

GitHub tells a repository, not a pull request, that checks changed, and an event may be lost. So everything
that bears on a flow asks for a look at it, and whatever is still open is looked at again from time to time.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.core.events import (
    ChecksChanged,
    PullEvent,
    PullRequestUpdated,
    ReleasePublished,
    Repository,
    ThreadEvent,
)
from bot.core.flow import BEFORE_MERGE, Flow, Stage
from bot.core.pulls import PullRequest
from bot.follow_release import ReleaseFollower
from bot.store.flows import FlowRecord, Flows
from bot.store.marks import release_of

FIRST_LOOK = timedelta(minutes=5)
LONGEST_REST = timedelta(days=1)
EARLIER_MERGES = timedelta(days=365)  # what a first release may hold goes back so far
ENDED = frozenset({Stage.DONE, Stage.CLOSED})
LOOKED = "look"  # what a look of Usher's own is called


@dataclass(frozen=True, slots=True)
class Follower:
    """Keeps up with pull requests.

    Args:
        flows: where they are kept.
    """

    flows: Flows

    @property
    def releases(self) -> ReleaseFollower:
        """Keeps up with the checklists of releases."""
        return ReleaseFollower(self.flows)

    def seen(self, event: ThreadEvent, pull: PullRequest, flow: Flow) -> None:
        """Keep what was seen of a pull request just now."""
        earlier = self.flows.get(event.repository.id, pull.number)
        now = datetime.now(UTC)
        self.flows.keep(record_of(event, pull, flow, earlier, now))
        self.flows.heads.told(event.repository.id, event.repository.installation, pull)
        if not pull.is_open and (earlier is None or earlier.stage in BEFORE_MERGE):
            for other in self.flows.open_at(
                event.repository.id, pull.head_sha
            ):  # it may speak for the commit now
                self.look_again(event.repository, other)

    def announced(self, event: PullEvent) -> None:
        """Keep where a pull request stands, as a delivery says."""
        if event.pull is not None:
            self.flows.heads.told(event.repository.id, event.repository.installation, event.pull)

    def told(self, event: ChecksChanged | ReleasePublished) -> int:
        """Ask for a look at the pull requests that an event bears on. Returns how many there are."""
        return self.checks_changed(event) if isinstance(event, ChecksChanged) else self.released(event)

    def checks_changed(self, event: ChecksChanged) -> int:
        """Ask for a look at the pull requests at a commit. Returns how many there are."""
        numbers = {*event.pulls, *self.flows.at_commit(event.repository.id, event.sha)}
        for number in sorted(numbers):
            self.look_again(event.repository, number)
        self.releases.checks_changed(event)
        return len(numbers)

    def released(self, event: ReleasePublished) -> int:
        """Ask for a look at the pull requests that a release may hold. Returns how many there are.

        Before the first draft nothing waits for a release, so those at their end are looked at, too, where
        they changed since the release before.
        """
        where, marks = event.repository, self.flows.marks
        stages = (Stage.VERIFICATION, Stage.RELEASE)
        numbers = {each for stage in stages for each in self.flows.at_stage(where.id, stage.value)}
        now = datetime.now(UTC)
        before = marks.get(release_of(where.id)) or now - EARLIER_MERGES
        numbers.update(self.flows.done_since(where.id, before))
        marks.set(release_of(where.id), now)
        for number in sorted(numbers):
            self.look_again(where, number)
        return len(numbers)

    def gone(self, line: str | None) -> None:
        """Follow no longer what GitHub does not find any more.

        Args:
            line: that of the pull request, or of a release's checklist, in the inbox: ``1021#12``, by the
                repository's number.
        """
        repository, _, number = (line or "").partition("#")
        if repository.isdigit() and number.isdigit():
            self.flows.forget(int(repository), int(number))
            self.flows.heads.forget(int(repository), int(number))
            self.flows.gates.forget(int(repository), int(number))

    def look_again(self, where: Repository, number: int) -> None:
        """Ask for a look within seconds; several that are asked for at once become one."""
        self.flows.look_again(where, number, datetime.now(UTC))

    def sweep(self) -> int:
        """Ask for a look at all that is still open and was not looked at for long. Returns how many."""
        now = datetime.now(UTC)
        records = self.flows.due(now)
        for record in records:
            self.flows.look_again(record.place, record.number, now)
            self.flows.keep(replace(record, looks=record.looks + 1, look_at=now + rest(record.looks + 1)))
        return len(records) + self.releases.sweep()


def record_of(
    event: ThreadEvent, pull: PullRequest, flow: Flow, earlier: FlowRecord | None, now: datetime
) -> FlowRecord:
    """What to keep of a pull request.

    Args:
        event: what led to the look.
        pull: as it was seen.
        flow: where it is.
        earlier: what was kept so far.
        now: the time (UTC).
    """
    by_itself = isinstance(event, PullRequestUpdated) and event.what == LOOKED
    nothing_new = by_itself and earlier is not None and earlier.stage == flow.stage
    looks = earlier.looks if earlier is not None and nothing_new else 0
    stamps = (pull.updated_at, earlier.pull_updated_at if earlier else None)
    known = [at for at in stamps if at is not None]
    repository = event.repository
    return FlowRecord(
        repository_id=repository.id,
        number=pull.number,
        installation=repository.installation,
        repository=repository.full_name,
        default_branch=repository.default_branch,
        head_sha=pull.merge_sha or pull.head_sha,
        stage=flow.stage.value,
        pull_updated_at=max(known, default=None),
        looks=looks,
        look_at=None if flow.stage in ENDED else min(now + rest(looks), *_turns(flow, now)),
    )


def _turns(flow: Flow, now: datetime) -> tuple[datetime, ...]:
    """When time alone changes an item; one moment at least."""
    turns = (item.until for item in flow.items if item.until is not None and item.is_open)
    return (now + LONGEST_REST, *(at for at in turns if at > now))


def rest(looks: int) -> timedelta:
    """How long to wait for the next look, after so many in a row that brought nothing new."""
    return min(FIRST_LOOK * (1 << min(looks, 20)), LONGEST_REST)
