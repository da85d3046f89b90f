"""Following pull requests: what is kept, and when a look is due without anybody saying so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.actors import Actor
from bot.core.events import (
    ChecksChanged,
    PullRequestUpdated,
    ReleasePublished,
    Repository,
    Thread,
)
from bot.core.flow import Flow, Item, Stage, Status
from bot.core.phrases import Phrase
from bot.core.pulls import PullRequest
from bot.follow import FIRST_LOOK, LONGEST_REST, Follower, record_of, rest
from bot.store.database import Database
from bot.store.flows import Flows
from bot.store.inbox import Inbox
from tests.databases import database, shared_database
from tests.store.examples import NOON, RECORD

__all__ = ["database", "shared_database"]

WIDGETS = Repository(10, "acme/widgets", 1)
MAYA = Actor(1, "maya")
PUSH = PullRequestUpdated(MAYA, Thread(WIDGETS, 7, is_pull=True), what="synchronize")
LOOK = replace(PUSH, what="look")
PULL = PullRequest(7, head_sha="a" * 40, updated_at=NOON)
REVIEW, DONE = Flow(Stage.REVIEW, (), ""), Flow(Stage.DONE, (), "success")


@pytest.fixture
def follower(database: Database) -> Follower:
    return Follower(Flows(database))


class TestWhatIsKept:
    def test_of_a_new_one(self) -> None:
        expected = replace(RECORD, look_at=NOON + FIRST_LOOK)
        assert record_of(PUSH, PULL, REVIEW, None, NOON) == expected

    def test_looks_that_bring_nothing_new_come_less_and_less_often(self) -> None:
        record = replace(RECORD, looks=3)
        assert record_of(LOOK, PULL, REVIEW, record, NOON).look_at == NOON + rest(3)
        assert record_of(PUSH, PULL, REVIEW, record, NOON).looks == 0
        assert record_of(LOOK, PULL, Flow(Stage.TESTS, (), ""), record, NOON).looks == 0

    def test_one_that_came_to_its_end_is_not_looked_at_again(self) -> None:
        assert record_of(PUSH, PULL, DONE, None, NOON).look_at is None
        assert record_of(PUSH, PULL, Flow(Stage.CLOSED, (), "neutral"), None, NOON).look_at is None

    def test_what_time_alone_changes_is_looked_at_when_it_does(self) -> None:
        waits = Item("checks", "Checks", Stage.TESTS, Status.WAITING, Phrase("not yet"), "checks")
        soon, late = NOON + timedelta(minutes=2), NOON + timedelta(minutes=40)
        for until, expected in ((soon, soon), (late, NOON + FIRST_LOOK), (NOON, NOON + FIRST_LOOK)):
            flow = Flow(Stage.TESTS, (replace(waits, until=until),), "")
            assert record_of(PUSH, PULL, flow, None, NOON).look_at == expected

    def test_once_merged_the_checks_of_the_merge_count(self) -> None:
        merged = replace(PULL, is_merged=True, merge_sha="c" * 40)
        assert record_of(PUSH, merged, DONE, None, NOON).head_sha == "c" * 40

    def test_what_is_seen_late_does_not_pass_for_news(self) -> None:
        later = NOON + timedelta(minutes=5)
        record = replace(RECORD, pull_updated_at=later)
        assert record_of(PUSH, PULL, REVIEW, record, NOON).pull_updated_at == later


def test_rests_grow_to_a_day_and_no_further() -> None:
    assert [rest(looks) for looks in range(3)] == [FIRST_LOOK, 2 * FIRST_LOOK, 4 * FIRST_LOOK]
    assert rest(10**9) == LONGEST_REST


def test_checks_of_a_commit_lead_to_all_its_pull_requests(follower: Follower, database: Database) -> None:
    for number in (7, 8):
        follower.flows.keep(replace(RECORD, number=number))
    assert follower.checks_changed(ChecksChanged(MAYA, WIDGETS, "a" * 40, (7, 9))) == 3
    assert follower.checks_changed(ChecksChanged(MAYA, WIDGETS, "b" * 40)) == 0
    assert len(Inbox(database).recent()) == 3


def test_a_release_leads_to_the_pull_requests_that_were_merged_and_have_not_come_to_their_end(
    follower: Follower, database: Database
) -> None:
    stages = ((7, "release"), (8, "done"), (9, "post-merge verification"), (10, "review"))
    for number, stage in stages:
        follower.flows.keep(replace(RECORD, number=number, stage=stage))
    follower.flows.keep(replace(RECORD, repository_id=11, stage="release"))
    assert follower.told(ReleasePublished(MAYA, WIDGETS, "v1.0.0")) == 2
    assert len(Inbox(database).recent()) == 2
    assert follower.told(ChecksChanged(MAYA, WIDGETS, "b" * 40, (7,))) == 1


def test_a_release_is_told_to_what_was_merged_before_there_was_a_draft_once(follower: Follower) -> None:
    now = datetime.now(UTC)
    for number, changed in ((3, now - timedelta(days=30)), (4, now - timedelta(days=900)), (5, None)):
        follower.flows.keep(replace(RECORD, number=number, stage="done", pull_updated_at=changed))
    assert follower.told(ReleasePublished(MAYA, WIDGETS, "v1.0.0")) == 1
    assert follower.told(ReleasePublished(MAYA, WIDGETS, "v1.1.0")) == 0


@pytest.mark.parametrize("stage", [Stage.VERIFICATION, Stage.RELEASE, Stage.DONE])
def test_another_one_at_its_head_is_looked_at_once_it_is_merged(
    follower: Follower, database: Database, stage: Stage
) -> None:
    for number in (7, 8):
        follower.flows.keep(replace(RECORD, number=number))
    follower.seen(PUSH, replace(PULL, is_open=False, is_merged=True), Flow(stage, (), "success"))
    (look,) = Inbox(database).recent()
    assert look.guid.startswith("look:10#8:")


def test_what_is_gone_is_followed_no_more(follower: Follower) -> None:
    for number in (7, 8):
        follower.flows.keep(replace(RECORD, number=number))
    for line in (None, "installation 1", "x#7", "10#7"):
        follower.gone(line)
    assert follower.flows.get(10, 7) is None
    assert follower.flows.get(10, 8) is not None


def test_a_sweep_asks_for_looks_and_then_rests(follower: Follower, database: Database) -> None:
    now = datetime.now(UTC)
    follower.flows.keep(replace(RECORD, look_at=now - timedelta(seconds=1)))
    follower.flows.keep(replace(RECORD, number=8, look_at=now + timedelta(hours=1)))
    assert follower.sweep() == 1
    assert follower.sweep() == 0
    assert len(Inbox(database).recent()) == 1
    kept = follower.flows.get(10, 7)
    assert kept is not None
    assert kept.looks == 1
    assert kept.look_at is not None
    assert kept.look_at > now
