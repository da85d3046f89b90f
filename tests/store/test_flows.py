import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.core.events import Repository
from bot.core.pull_context import Skip
from bot.store.flows import SLOT, Flows
from bot.store.inbox import Inbox
from tests.store.examples import HOUR, NOON, RECORD

WIDGETS = Repository(10, "acme/widgets", 1, "trunk", is_private=True)


def test_what_is_kept_of_a_pull_request_is_replaced_by_what_is_seen_later(flows: Flows) -> None:
    assert flows.get(10, 7) is None
    flows.keep(RECORD)
    assert flows.get(10, 7) == RECORD
    later = replace(RECORD, head_sha="b" * 40, looks=3, look_at=None, pull_updated_at=None)
    flows.keep(later)
    assert flows.get(10, 7) == later
    assert flows.get(10, 8) is None


def test_pull_requests_are_found_by_the_commit_whose_checks_count(flows: Flows) -> None:
    for number, sha in ((7, "a" * 40), (8, "b" * 40), (9, "a" * 40)):
        flows.keep(replace(RECORD, number=number, head_sha=sha))
    flows.keep(replace(RECORD, repository_id=11))
    assert flows.at_commit(10, "a" * 40) == [7, 9]
    assert flows.at_commit(10, "c" * 40) == []


def test_pull_requests_are_found_by_their_stage(flows: Flows) -> None:
    for number, stage in ((9, "release"), (7, "release"), (8, "done")):
        flows.keep(replace(RECORD, number=number, stage=stage))
    flows.keep(replace(RECORD, repository_id=11, stage="release"))
    assert flows.at_stage(10, "release") == [7, 9]
    assert flows.at_stage(10, "merge") == []


def test_those_are_due_whose_time_has_come_the_most_urgent_first(flows: Flows) -> None:
    for number, look_at in ((7, NOON), (8, NOON - HOUR), (9, NOON + HOUR), (10, None)):
        flows.keep(replace(RECORD, number=number, look_at=look_at))
    assert [record.number for record in flows.due(NOON)] == [8, 7]


class TestLooks:
    def test_a_look_is_a_delivery_that_waits_for_its_time(self, flows: Flows, inbox: Inbox) -> None:
        flows.look_again(WIDGETS, 7, NOON)
        (found,) = inbox.recent()
        assert (found.event, found.state, found.installation) == ("pull_request_look", "deferred", 1)
        assert found.not_before is not None
        assert NOON < found.not_before <= NOON + SLOT
        whole = inbox.get(found.id)
        assert whole is not None
        assert json.loads(whole.body) == {
            "action": "look",
            "guid": found.guid,
            "installation": {"id": 1},
            "repository": {
                "id": 10,
                "full_name": "acme/widgets",
                "default_branch": "trunk",
                "private": True,
            },
            "pull_request": {"number": 7},
        }

    def test_many_looks_within_seconds_become_one(self, flows: Flows, inbox: Inbox) -> None:
        for _ in range(30):
            flows.look_again(WIDGETS, 7, NOON)
        flows.look_again(WIDGETS, 8, NOON)
        flows.look_again(WIDGETS, 7, NOON + SLOT)
        assert len(inbox.recent()) == 3

    def test_it_is_known_when_the_last_one_was(self, flows: Flows, inbox: Inbox) -> None:
        start = datetime.now(UTC)
        flows.look_again(WIDGETS, 7, NOON)
        assert not flows.looked_since(10, 7, start)
        (found,) = inbox.recent()
        inbox._update(found.id, thread="10#7")
        inbox.finish(found.id, "done")
        assert flows.looked_since(10, 7, start)
        assert not flows.looked_since(10, 8, start)
        assert not flows.looked_since(10, 7, start + HOUR)

    def test_what_waits_behind_a_delivery_is_known(self, flows: Flows, inbox: Inbox) -> None:
        flows.look_again(WIDGETS, 7, NOON)
        (found,) = inbox.recent()
        assert not flows.has_unread(10, 7, found.id - 1)  # it has not been routed
        inbox._update(found.id, thread="10#7")
        assert flows.has_unread(10, 7, found.id - 1)
        assert not flows.has_unread(10, 7, found.id)
        assert not flows.has_unread(10, 8, found.id - 1)
        inbox.finish(found.id, "done")
        assert not flows.has_unread(10, 7, found.id - 1)

    def test_each_has_a_body_of_its_own_so_that_none_passes_for_a_replay(
        self, flows: Flows, inbox: Inbox
    ) -> None:
        for place in range(3):
            flows.look_again(WIDGETS, 7, NOON + place * timedelta(minutes=1))
        bodies = {found.body for each in inbox.recent() if (found := inbox.get(each.id))}
        assert len(bodies) == 3


def test_a_check_run_is_known_by_commit_and_name(flows: Flows) -> None:
    assert flows.run(10, "a" * 40, "flow") is None
    flows.keep_run(10, "a" * 40, "flow", number=7, installation=1, run=2**40, said="x")
    flows.keep_run(10, "a" * 40, "sheet", number=7, installation=1, run=5, said="y")
    flows.keep_run(10, "a" * 40, "flow", number=7, installation=1, run=2**40, said="z")
    kept = flows.run(10, "a" * 40, "flow")
    assert kept is not None
    assert (kept.run, kept.digest) == (2**40, "z")
    assert flows.run(10, "b" * 40, "flow") is None


def test_what_was_waived_is_kept_until_it_is_taken_back(flows: Flows) -> None:
    flows.keep_skip(10, 7, 1, Skip("tests", "a typo", "maya"))
    flows.keep_skip(10, 7, 1, Skip("docs", "internal", "wes"))
    flows.keep_skip(10, 7, 1, Skip("tests", "only a typo", "wes"))
    assert flows.skips(10, 7) == (Skip("docs", "internal", "wes"), Skip("tests", "only a typo", "wes"))
    assert flows.skips(10, 8) == ()
    assert flows.forget_skip(10, 7, "tests")
    assert not flows.forget_skip(10, 7, "tests")
    assert flows.skips(10, 7) == (Skip("docs", "internal", "wes"),)
