"""GitHub's limits: what its answers ask for is kept to by all workers; nothing is sent before its time."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from github import GithubException

from bot.core.errors import RetryLater
from bot.github import reads, writes
from bot.github.answers import LONGEST_WAIT, Forbidden, Missing, limit_of, nearly_used_up
from bot.github.limits import LONGEST_IN_LINE
from bot.sandbox.faults import Kind
from bot.store.database import Database
from bot.store.pace import FIRST_PAUSE, POINTS, Allowance, Pace
from tests.github.scripted import TOKEN, Answer, Scripted, github_at
from tests.world import REPO, World, living

CLOSE = timedelta(seconds=30)  # how near two moments are that a slow machine may take apart
MINUTE = timedelta(minutes=1)


def refused(world: World, do: Callable[[], object]) -> datetime:
    """Do what GitHub refuses for now. Returns until when."""
    with pytest.raises(RetryLater) as raised:
        do()
    assert raised.value.until is not None
    return raised.value.until


# What an answer says


def answer(status: int, message: str = "no", **headers: str) -> GithubException:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return GithubException(status, {"message": message}, named)


def wait_of(error: GithubException) -> timedelta | None:
    """How long an answer asks to wait; None where it does not say."""
    limit = limit_of(error)
    assert limit is not None
    return limit.until and limit.until - datetime.now(UTC)


def stamp(moment: datetime) -> str:
    return str(int(moment.timestamp()))


@pytest.mark.parametrize("status", [403, 429])
def test_retry_after_is_kept_to(status: int) -> None:
    wait = wait_of(answer(status, retry_after="120"))
    assert wait is not None
    assert abs(wait - 2 * MINUTE) < CLOSE


@pytest.mark.parametrize("status", [403, 429])
def test_a_used_up_hour_ends_when_github_says(status: int) -> None:
    reset = stamp(datetime.now(UTC) + 10 * MINUTE)
    wait = wait_of(answer(status, x_ratelimit_remaining="0", x_ratelimit_reset=reset))
    assert wait is not None
    assert abs(wait - 10 * MINUTE) < CLOSE


@pytest.mark.parametrize("drift", [timedelta(hours=-3), timedelta(hours=3)])
def test_a_time_that_github_gives_is_meant_by_githubs_clock(drift: timedelta) -> None:
    at_github = datetime.now(UTC) + drift
    headers = {
        "date": format_datetime(at_github, usegmt=True),
        "x_ratelimit_remaining": "0",
        "x_ratelimit_reset": stamp(at_github + 10 * MINUTE),
    }
    wait = wait_of(answer(403, **headers))
    assert wait is not None
    assert abs(wait - 10 * MINUTE) < CLOSE


def test_retry_after_comes_before_the_end_of_the_hour() -> None:
    reset = stamp(datetime.now(UTC) + 60 * MINUTE)
    wait = wait_of(answer(403, retry_after="120", x_ratelimit_remaining="0", x_ratelimit_reset=reset))
    assert wait is not None
    assert abs(wait - 2 * MINUTE) < CLOSE


@pytest.mark.parametrize(
    "error",
    [
        answer(429),
        answer(429, "Too Many Requests", x_ratelimit_remaining="12"),
        answer(403, "You have exceeded a secondary rate limit. Please wait a few minutes."),
        answer(403, "API rate limit exceeded for installation ID 1."),
        answer(403, "You have triggered an abuse detection mechanism."),
        answer(403, retry_after="soon"),
        answer(403, retry_after="Fri, 31 Dec 1999 23:59:59 GMT"),
        answer(403, retry_after="-1"),
        answer(403, retry_after="\u00b2"),
        answer(403, retry_after="9" * 40),
    ],
    ids=str,
)
def test_a_limit_without_a_time_that_can_be_read_is_a_limit(error: GithubException) -> None:
    assert wait_of(error) is None


@pytest.mark.parametrize(
    "error",
    [
        answer(403, "Resource not accessible by integration"),
        answer(403, "Resource not accessible by integration", x_ratelimit_remaining="4999"),
        answer(404, "Not Found", retry_after="60"),
        answer(422, "Validation Failed: rate limit"),
        answer(500, "rate limit"),
    ],
    ids=str,
)
def test_other_refusals_are_no_limits(error: GithubException) -> None:
    assert limit_of(error) is None


@pytest.mark.parametrize("after", ["0", "000"])
def test_there_is_always_some_pause(after: str) -> None:
    now = datetime.now(UTC)
    limit = limit_of(answer(403, retry_after=after))
    assert limit is not None
    assert limit.until is not None
    assert limit.until > now


def test_no_pause_is_longer_than_a_day() -> None:
    wait = wait_of(answer(403, retry_after="9" * 11))
    assert wait is not None
    assert wait <= LONGEST_WAIT


# What the client does then


@pytest.mark.parametrize("kind", ["forbidden_with_retry_after", "too_many", "exhausted"])
def test_nothing_is_sent_before_the_time_that_github_gave(world: World, kind: Kind) -> None:
    number = world.open_issue()
    reads.labels(world.client)
    world.sandbox.faults.add(kind, match="labels", times=1, seconds=90)
    until = refused(world, lambda: reads.labels(world.client))
    assert abs(until - datetime.now(UTC) - timedelta(seconds=90)) < CLOSE
    sent = len(world.requests())
    for do in (
        lambda: reads.labels(world.client),
        lambda: writes.add_labels(world.client, number, ("bug",)),
        lambda: reads.labels(world.github.repository(world.installation.id, "octo/other")),
    ):
        assert refused(world, do) == until
    assert len(world.requests()) == sent
    world.let_pass(95)
    assert "bug" in reads.labels(world.client)
    assert world.sandbox.violations == []


def test_a_secondary_limit_without_a_time_takes_a_minute_then_two_then_four(world: World) -> None:
    world.sandbox.faults.add("secondary_limit", match="labels", times=3)
    for minutes in (1, 2, 4):
        until = refused(world, lambda: reads.labels(world.client))
        assert abs(until - datetime.now(UTC) - minutes * MINUTE) < CLOSE
        world.let_pass(minutes * 60)
    assert "bug" in reads.labels(world.client)
    assert world.sandbox.violations == []


def test_once_a_write_went_through_the_next_pause_is_a_minute_again(world: World) -> None:
    number = world.open_issue()
    world.sandbox.faults.add("secondary_limit", match="POST .*labels", times=3)
    for minutes in (1, 2):
        until = refused(world, lambda: writes.add_labels(world.client, number, ("bug",)))
        assert abs(until - datetime.now(UTC) - minutes * MINUTE) < CLOSE
        world.let_pass(minutes * 60)
        reads.labels(world.client)  # a read that is answered says nothing of the limits on writes
    world.sandbox.faults.clear()
    writes.add_labels(world.client, number, ("bug",))
    world.sandbox.faults.add("secondary_limit", match="labels", times=1)
    until = refused(world, lambda: reads.labels(world.client))
    assert abs(until - datetime.now(UTC) - FIRST_PAUSE) < CLOSE


def test_requests_under_way_that_are_refused_together_make_one_pause(world: World) -> None:
    reads.labels(world.client)
    world.sandbox.faults.add("secondary_limit", match="labels")
    waits = []

    def ask() -> None:
        waits.append(refused(world, lambda: reads.labels(world.client)) - datetime.now(UTC))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waits) == 6
    assert max(waits) < MINUTE + CLOSE


def test_one_installation_does_not_wait_for_another(world: World) -> None:
    world.sandbox.add_repo("beta/tools", labels=[{"name": "theirs"}])
    other = world.sandbox.install(world.app, "beta")
    world.sandbox.faults.add("too_many", match="octo", times=1)
    refused(world, lambda: reads.labels(world.client))
    assert reads.labels(world.github.repository(other.id, "beta/tools")) == ("theirs",)


def test_a_limit_on_asking_for_a_token_is_kept_to_as_well(world: World) -> None:
    world.sandbox.faults.add("forbidden_with_retry_after", match="access_tokens", times=1, seconds=90)
    until = refused(world, lambda: reads.labels(world.client))
    assert refused(world, lambda: reads.labels(world.client)) == until
    assert len(world.requests()) == 1


def test_another_workers_pause_that_began_while_waiting_in_line_is_kept_to(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with living(sqlite_database, spacing=1) as world:
        number = world.open_issue()
        writes.add_labels(world.client, number, ("bug",))
        hour = datetime.now(UTC) + timedelta(hours=1)
        monkeypatch.setattr(
            "bot.github.limits.time.sleep", lambda _seconds: world.pace.block(world.installation.id, hour)
        )
        sent = len(world.requests())
        assert refused(world, lambda: writes.add_labels(world.client, number, ("question",))) == hour
        assert len(world.requests()) == sent


def fill_line(world: World) -> None:
    """Let others stand in line for writes."""
    for _ in range(30):
        world.pace.reserve(world.installation.id, writes=True, creates=False, longest=timedelta(hours=1))


def test_a_write_that_would_wait_long_in_line_is_put_back_unsent(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with living(sqlite_database, spacing=1) as world:
        number = world.open_issue()
        reads.labels(world.client)
        fill_line(world)
        monkeypatch.setattr("bot.github.limits.time.sleep", lambda _seconds: pytest.fail("it waits"))
        until = refused(world, lambda: writes.add_labels(world.client, number, ("bug",)))
        assert until - datetime.now(UTC) > LONGEST_IN_LINE
        assert world.labels(number) == []


def test_reads_and_tokens_do_not_wait_in_line(sqlite_database: Database) -> None:
    with living(sqlite_database, spacing=1) as world:
        fill_line(world)
        assert "bug" in reads.labels(world.client)


def test_githubs_own_limits_are_met_once_and_not_again(world: World) -> None:
    """Eighty things may be created in a minute; the spacing that keeps below that is off here."""
    number = world.open_issue()
    world.sandbox.limits.enforced = True

    def write_on() -> None:
        while True:
            writes.create_comment(world.client, number, "another")

    refused(world, write_on)
    assert 70 < len(world.said(number)) <= 80
    sent = len(world.requests())
    for _ in range(5):
        refused(world, lambda: writes.create_comment(world.client, number, "one more"))
    assert len(world.requests()) == sent
    world.let_pass(61)
    writes.create_comment(world.client, number, "and on")
    assert world.sandbox.violations == []


# Keeping a distance, so that nothing has to be refused


@pytest.fixture
def paced(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world where writes are spaced and GitHub's limits count; waiting takes no time."""
    with living(sqlite_database, spacing=1) as world:
        monkeypatch.setattr("bot.github.limits.time.sleep", world.let_pass)
        reads.labels(world.client)
        world.sandbox.limits.enforced = True
        yield world
        assert world.witness.refusals == []


def patiently(world: World, do: Callable[[], object]) -> None:
    """Do it, and where it is put back, come back in time."""
    while True:
        try:
            do()
        except RetryLater as later:
            until = later.until
        else:
            return
        assert until is not None
        world.let_pass((until - datetime.now(UTC)).total_seconds())


def test_many_writes_meet_no_limit(paced: World) -> None:
    """Of 80 things that may be created in a minute."""
    number = paced.open_issue()
    for place in range(100):
        patiently(paced, lambda place=place: writes.create_comment(paced.client, number, f"comment {place}"))
    assert len(paced.said(number)) == 100


def test_many_reads_meet_no_limit(paced: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the points that may be used in a minute; a tenth of GitHub's, to be quicker."""
    monkeypatch.setattr("bot.sandbox.limits.POINTS_PER_MINUTE", 90)
    monkeypatch.setattr("bot.store.pace.POINTS", Allowance(POINTS.burst // 10, POINTS.every * 10))
    monkeypatch.setattr("bot.store.pace.SLICE", 2)
    paced.sandbox.clock.advance(61)
    paced.pace._in_hand.clear()  # what was used or taken before is forgotten
    for _ in range(150):
        patiently(paced, lambda: paced.client.get("/labels"))


def test_the_last_requests_of_an_hour_are_left_alone(paced: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sandbox.limits.PER_HOUR", 100)
    sent = len(paced.requests())

    def ask_on() -> None:
        for _ in range(200):
            paced.client.get("/labels")

    wait = refused(paced, ask_on) - datetime.now(UTC)
    assert timedelta(minutes=50) < wait < timedelta(minutes=61)
    assert 90 < len(paced.requests()) - sent < 100


def test_what_is_left_for_the_app_itself_says_nothing_of_an_installation(
    script: Scripted, sqlite_database: Database
) -> None:
    pace = Pace(sqlite_database, timedelta(seconds=1))
    hub = github_at(script, pace)
    low = {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "1",
        "x-ratelimit-reset": stamp(datetime.now(UTC) + MINUTE),
    }
    script.tell("POST", "/app/installations/1/access_tokens", Answer(201, TOKEN, low))
    script.tell("GET", "/repos/octo/engine/labels", Answer(200, []))
    hub.repository(1, "octo/engine").get("/labels")
    assert pace.blocked_until(1) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-ratelimit-remaining": "0"},
        {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "51", "x-ratelimit-reset": "4102444800"},
        {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "none", "x-ratelimit-reset": "4102444800"},
        {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "1"},
    ],
)
def test_as_long_as_enough_is_left_nothing_waits(headers: dict[str, str]) -> None:
    assert nearly_used_up(headers) is None


@pytest.mark.parametrize("left", ["50", "1", "0"])
def test_where_little_is_left_the_rest_of_the_hour_is_waited_for(left: str) -> None:
    now = datetime.now(UTC)
    headers = {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": left,
        "x-ratelimit-reset": stamp(now + 10 * MINUTE),
    }
    until = nearly_used_up(headers)
    assert until is not None
    assert abs(until - now - 10 * MINUTE) < CLOSE


# What is no limit


def test_a_bad_gateway_is_tried_later_and_nobody_else_waits(world: World) -> None:
    world.sandbox.faults.add("bad_gateway", match="labels", times=2)
    for _ in range(2):
        with pytest.raises(RetryLater, match="502") as raised:
            reads.labels(world.client)
        assert raised.value.until is None
    assert "bug" in reads.labels(world.client)


@pytest.mark.parametrize("after", [False, True])
def test_a_write_is_never_repeated_by_itself(world: World, after: bool) -> None:
    """Not even where the first one was not accepted: that cannot be known here."""
    number = world.open_issue()
    world.sandbox.faults.add("bad_gateway", match="POST .*/comments", after=after)
    with pytest.raises(RetryLater, match="502"):
        writes.create_comment(world.client, number, "hello")
    assert len(world.requests("POST /repos")) == 1
    assert len(world.said(number)) == int(after)


def test_what_was_just_created_may_not_be_there_yet(world: World) -> None:
    world.sandbox.faults.add("not_found_after_create", seconds=30)
    number = world.open_issue()
    with pytest.raises(Missing):
        reads.thread(world.client, number)
    world.sandbox.clock.advance(31)
    assert reads.thread(world.client, number).title == "It crashes"


def test_a_missing_permission_makes_nobody_wait(sqlite_database: Database) -> None:
    with living(sqlite_database, permissions={"metadata": "read"}) as world:
        for _ in range(2):
            with pytest.raises(Forbidden):
                reads.labels(world.client)
        assert len(world.requests(f"GET /repos/{REPO}/labels")) == 2
        assert Pace(sqlite_database, timedelta(0)).blocked_until(world.installation.id) is None
