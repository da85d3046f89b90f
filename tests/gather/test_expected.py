"""Whether checks are expected: as seen in the repository lately, or on the base, and since when."""

from dataclasses import replace
from datetime import timedelta

from bot.core.actors import GHOST
from bot.core.events import PullRequestUpdated, Repository, Thread
from bot.core.pulls import Checks, ChecksExpected
from bot.store.marks import Marks, checks_of
from tests.gather.test_pulls import ask, news
from tests.world import REPO, World


def report(world: World, sha: str) -> None:
    said = {"state": "success", "context": "ci"}
    world.sandbox.as_user("maya").request("POST", f"/repos/{REPO}/statuses/{sha}", said)


def expected(world: World) -> ChecksExpected:
    number = world.open_pull("Mend it")
    event = replace(news(world), pull=None)
    assert event.thread.number == number
    _checks, found = ask(world, event, Checks, ChecksExpected)
    assert isinstance(found, ChecksExpected)
    return found


def test_where_nothing_was_ever_checked_nothing_is_expected_and_the_base_is_asked_once(world: World) -> None:
    base = world.sandbox.repo(REPO).branches["main"]
    assert not expected(world).is_so
    assert expected(world).until is None
    assert len(world.requests(f"/commits/{base}/")) == 2  # runs, and statuses


def test_the_checks_of_the_base_tell(world: World) -> None:
    report(world, world.sandbox.repo(REPO).branches["main"])
    found = expected(world)
    assert found.is_so
    assert found.since is not None
    assert found.until == found.since + timedelta(minutes=10)


def test_what_was_seen_is_remembered_for_a_while(world: World) -> None:
    report(world, world.sandbox.repo(REPO).branches["main"])
    expected(world)
    marks, name = Marks(world.database), checks_of(world.repository_id)
    at = marks.get(name)
    assert at is not None
    world.sandbox.as_user("maya").push(REPO, {"a.txt": "a"})  # the new tip was never checked
    assert expected(world).is_so
    marks.set(name, at - timedelta(days=91))
    assert not expected(world).is_so


def test_an_issue_has_no_commit(world: World) -> None:
    thread = Thread(
        Repository(world.repository_id, REPO, world.installation.id), world.open_issue(), is_pull=False
    )
    assert ask(world, PullRequestUpdated(GHOST, thread), ChecksExpected) == [ChecksExpected()]
