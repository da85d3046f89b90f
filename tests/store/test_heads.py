"""Where pull requests stand, and what of it waits in the line."""

from dataclasses import replace

from bot.core.heads import Standing
from bot.core.pulls import PullRequest
from bot.store.flows import Flows
from bot.store.inbox import Inbox, Incoming
from tests.store.examples import HOUR, NOON

PULL = PullRequest(7, head_sha="a" * 40, base="main", updated_at=NOON)


def test_what_was_told_last_is_kept_until_it_is_forgotten(flows: Flows) -> None:
    assert flows.heads.of(10, 7) is None
    flows.heads.told(10, 1, PULL)
    flows.heads.told(10, 1, replace(PULL, head_sha="b" * 40, updated_at=NOON + HOUR))
    flows.heads.told(10, 1, PULL)
    assert flows.heads.of(10, 7) == Standing("b" * 40, NOON + HOUR, "main", NOON, NOON + HOUR)
    assert flows.heads.of(10, 8) is flows.heads.of(11, 7) is None
    flows.heads.forget(10, 7)
    assert flows.heads.of(10, 7) is None


def test_what_cannot_be_placed_is_not_kept(flows: Flows) -> None:
    flows.heads.told(10, 1, replace(PULL, updated_at=None))
    assert flows.heads.of(10, 7) is None


def test_what_waits_in_the_line_of_a_pull_request(flows: Flows, inbox: Inbox) -> None:
    for guid, event in (("one", "pull_request"), ("two", "issue_comment"), ("three", "pull_request")):
        inbox.store([Incoming(guid, event, guid.encode(), NOON)])
    assert flows.heads.in_line(10, 7) == []
    for found in inbox.recent():
        inbox._update(found.id, thread="10#7")
    assert flows.heads.in_line(10, 7) == [b"one", b"three"]
    assert flows.heads.in_line(10, 8) == []
    for found in inbox.recent():
        inbox.finish(found.id, "done")
    assert flows.heads.in_line(10, 7) == []
