"""A history over the API: the same over GraphQL and REST, cheap, and never lost or repeated."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import sqlalchemy as sa

from bot.backfill import Backfill, Read
from bot.backfill_threads import PageSize
from bot.core.errors import RetryLater, UsherError
from bot.core.history import PastThread, Person
from bot.github.answers import Refused
from bot.github.history_reads import HistoryReader
from bot.github.thread_reads import ThreadReader
from bot.sandbox.shapes.pulls import pull_of
from bot.store.database import Database
from bot.store.head_checks import Checked
from bot.store.history import Histories
from bot.store.history_tables import histories, threads
from bot.store.progress import Places
from tests.databases import database, shared_database, shared_sqlite, sqlite_database
from tests.past import BEGINNING, Past, expected
from tests.world import REPO, World, living, stage

__all__ = ["database", "shared_database", "shared_sqlite", "sqlite_database"]


class Killed(BaseException):
    """The process died."""


class Watched:
    """Waits for nothing, and remembers what it was told."""

    def __init__(self, then: Callable[[RetryLater], object] = lambda _: None) -> None:
        self.waits: list[RetryLater] = []
        self.portions: list[int] = []
        self.total: int | None = None
        self._then = then

    def began(self, start: datetime | None, total: int) -> None:
        del start
        self.total = total

    def kept(self, threads: int) -> None:
        self.portions.append(threads)

    def met(self, commits: int, total: int) -> None:
        assert commits <= total

    def wait(self, error: RetryLater, tries: int) -> None:
        if tries > 30:
            raise error
        self.waits.append(error)
        self._then(error)


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database) as made:
        yield made


def read(
    world: World, since: datetime | None = None, *, watch: Watched | None = None, graphql: bool = True
) -> Read:
    reader = HistoryReader(world.client, with_graphql=graphql)
    return Backfill(world.database, reader, watch).run(since)


def known(world: World) -> dict[int, PastThread]:
    kept, id_ = histories_of(world)
    return {thread.number: thread for thread in kept.threads(id_)}


def histories_of(world: World) -> tuple[Histories, int]:
    kept = Histories(world.database)
    found = kept.find(REPO)
    assert found is not None
    return kept, found.id


def at_github(world: World) -> dict[int, PastThread]:
    repo = world.sandbox.repo(REPO)
    return {issue.number: expected(repo, issue) for issue in repo.issues.values()}


def plain(threads: dict[int, PastThread]) -> dict[int, PastThread]:
    """Without what only a text, a token or GraphQL tells."""
    return {
        number: replace(
            thread,
            head="",
            timeline=tuple(replace(event, text="", by_app=False) for event in thread.timeline),
        )
        for number, thread in threads.items()
    }


def tags(world: World) -> list[str]:
    kept, id_ = histories_of(world)
    return [each.tag for each in kept.releases(id_)]


def people_of(world: World) -> dict[int, Person]:
    kept, id_ = histories_of(world)
    return kept.people(id_)


def without_apps(thread: PastThread) -> PastThread:
    return replace(thread, head="", timeline=tuple(replace(event, by_app=False) for event in thread.timeline))


# What is read


def test_what_is_read_is_what_there_is(world: World) -> None:
    Past(world.sandbox, REPO, busy=12).make(120)
    done = read(world)
    assert plain(known(world)) == at_github(world)
    assert (done.issues + done.pulls, done.is_complete, done.repository) == (120, True, REPO)
    assert done.pulls == 40
    assert world.requests("/timeline") == []


def test_rest_and_graphql_tell_the_same(world: World) -> None:
    Past(world.sandbox, REPO, busy=12).make(60)
    read(world)
    over_graphql, people = known(world), people_of(world)
    with world.database.engine.begin() as connection:
        connection.execute(sa.delete(histories))
    read(world, graphql=False)
    over_rest = known(world)
    assert people_of(world) == people
    assert "renovate[bot]" in {person.login for person in people.values() if person.is_bot}
    # But for where an App acted for somebody, which REST alone says, and for the head, which GraphQL does.
    for number, thread in over_graphql.items():
        assert without_apps(thread) == without_apps(over_rest[number])


def test_long_threads_are_read_to_their_end(world: World) -> None:
    past = Past(world.sandbox, REPO)
    past.thread(1, events=250)
    past.thread(3, events=70, lines=25)
    past.make(10)
    assert read(world).is_complete
    assert plain(known(world)) == at_github(world)
    assert len(world.requests("/pulls/3/comments")) == 1, "more threads on lines than fit"


def test_without_graphql_it_is_asked_for_over_rest(world: World) -> None:
    Past(world.sandbox, REPO).make(9)
    world.sandbox.faults.add("no_graphql")
    done = read(world)
    assert plain(known(world)) == at_github(world)
    assert (done.graphql_calls, len(world.requests("/graphql"))) == (1, 1)


def test_people_who_are_gone_have_no_number(world: World) -> None:
    world.open_issue("Mine", by="ghost")
    world.comment(1, "Thanks", by="ghost")
    read(world)
    thread = known(world)[1]
    assert (thread.author, [event.who for event in thread.timeline]) == (None, [None])


def test_releases_or_else_tags_are_read(world: World) -> None:
    world.open_issue()
    repo = world.sandbox.repo(REPO)
    repo.tags["v0.1"] = repo.branches["main"]
    assert read(world).releases == 1
    assert tags(world) == ["v0.1"]
    asked = len(world.requests("/git/commits/"))
    read(world)
    assert len(world.requests("/git/commits/")) == asked, "what is known of a tag stays so"
    world.sandbox.as_user("maya").release(REPO, "v1.0")
    world.sandbox.as_user("maya").release(REPO, "v2.0", draft=True)
    read(world)
    assert tags(world) == ["v1.0"]


def approved(world: World, title: str) -> int:
    """Open a pull request that a maintainer approves."""
    number = world.open_pull(title)
    world.sandbox.as_user("maya").review(REPO, number)
    return number


def test_a_review_is_read_with_its_commit_and_the_head_with_it(world: World) -> None:
    number = approved(world, "One")
    read(world)
    thread = known(world)[number]
    (review,) = thread.of("reviewed")
    assert review.of_commit == thread.head == pull_of(world.issue(number)).head_sha


def say(world: World, number: int, state: str) -> None:
    """Report a status of a pull request's head."""
    maya = world.sandbox.as_user("maya")
    sha = pull_of(world.issue(number)).head_sha
    maya.request("POST", f"/repos/{REPO}/statuses/{sha}", {"state": state, "context": "ci"})


def test_the_checks_of_what_is_approved_are_known_and_kept_current(world: World) -> None:
    green, red, bare = (approved(world, title) for title in ("One", "Two", "Three"))
    unapproved = world.open_pull("Four")
    for number, state in ((green, "success"), (red, "failure"), (unapproved, "success")):
        say(world, number, state)
    read(world)
    assert states(world) == {green: "green", red: "red", bare: "none"}
    say(world, red, "success")  # which changes no thread
    say(world, green, "pending")
    read(world)
    assert states(world) == {green: "pending", red: "green", bare: "none"}
    read(world, graphql=False)
    assert states(world) == {}, "REST asks nobody"


def test_checks_that_the_app_may_not_see_are_not_known(world: World) -> None:
    approved(world, "One")
    world.installation.permissions.pop("checks")
    assert read(world).is_complete
    assert states(world) == {}


def states(world: World) -> dict[int, str]:
    known = Checked(world.database).of(histories_of(world)[1])
    return {number: each.state for number, each in known.items()}


def test_what_people_thought_of_what_was_said_is_read(world: World) -> None:
    number = world.open_issue("Drop the old interface")
    comment = world.comment(number, "You should have known")
    opening, said = f"/repos/{REPO}/issues/{number}", f"/repos/{REPO}/issues/comments/{comment}"
    for login in ("nia", "lee", "wes"):
        for url in (opening, said):
            world.sandbox.as_user(login).request("POST", f"{url}/reactions", {"content": "-1"})
    world.sandbox.as_user("maya").request("POST", f"{opening}/reactions", {"content": "+1"})
    world.issue(number).comments[0].hidden = "abuse"
    for graphql in (True, False):
        with world.database.engine.begin() as connection:
            connection.execute(sa.delete(histories))
        read(world, graphql=graphql)
        thread = known(world)[number]
        assert (thread.disliked, thread.timeline[0].disliked, thread.timeline[0].detail) == (3, 3, "abuse")


# What it costs


def test_a_thousand_threads_cost_few_calls(world: World) -> None:
    Past(world.sandbox, REPO).make(1000)
    done = read(world)
    assert done.issues + done.pulls == 1000
    assert done.calls - done.commit_calls <= 30, "the bar is 40"
    assert done.points == done.graphql_calls <= 16
    again = read(world)
    assert again.calls - again.commit_calls <= 7, "and to be up to date costs next to nothing"
    assert again.commit_calls == 1


# Again and again


def test_the_next_time_only_what_changed_is_read(world: World) -> None:
    past = Past(world.sandbox, REPO)
    past.make(150)
    read(world)
    world.sandbox.clock.advance(3 * 86_400)
    world.comment(7, "Once more", by="nia")
    new = world.open_issue("New")
    done = read(world)
    assert (done.issues, done.pulls) == (2, 0)
    assert plain(known(world)) == at_github(world)
    assert new in known(world)


def test_only_what_changed_since_a_day_is_read(world: World) -> None:
    Past(world.sandbox, REPO).make(30)
    since = BEGINNING + timedelta(minutes=200)
    done = read(world, since)
    numbers = sorted(known(world))
    assert 0 < len(numbers) < 30
    assert done.start == since
    assert all(world.issue(number).updated_at >= since for number in numbers)
    assert read(world, since).issues <= 1, "what is asked for again is known"
    read(world)
    assert plain(known(world)) == at_github(world), "without a day, all of it"


def test_a_thread_that_changes_meanwhile_is_read_as_it_is_then(world: World) -> None:
    Past(world.sandbox, REPO).make(260)
    watch = Watched()

    def kept(threads: int) -> None:
        watch.portions.append(threads)
        for number in (1, 130, 250):  # read already, under way, still to come
            world.comment(number, f"After {len(watch.portions)}")

    watch.kept = kept  # type: ignore[method-assign]
    read(world, watch=watch)
    found = plain(known(world))
    assert found.keys() == at_github(world).keys()
    world.sandbox.clock.advance(60)
    read(world)
    assert plain(known(world)) == at_github(world)


def test_threads_that_go_meanwhile_are_left_out(world: World) -> None:
    Past(world.sandbox, REPO).make(20)
    listed = HistoryReader(world.client).listed(None)
    repo = world.sandbox.repo(REPO)
    del repo.issues[3], repo.issues[5]
    for graphql in (True, False):
        reader = HistoryReader(world.client, with_graphql=graphql)
        assert len(ThreadReader(reader).snapshots(listed)) == 18
        assert reader.with_graphql is graphql


def test_killed_at_random_it_goes_on_without_loss_or_repetition(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PageSize, "now", 20, raising=False)
    monkeypatch.setattr(PageSize, "took", lambda *_: None)
    monkeypatch.setattr(PageSize, "__init__", lambda _: None)
    dice = Random(7)
    with living(database) as world:
        Past(world.sandbox, REPO).make(220)
        deaths = kept = 0
        while not is_complete(world):
            stage().died = dying_after(dice.randrange(9, 16))
            try:
                read(world)
            except Killed:
                deaths += 1
            finally:
                stage().died = None
            assert len(stored(world)) >= kept, "what was kept stays"
            kept = len(stored(world))
        assert deaths > 3
        assert plain(known(world)) == at_github(world)
        assert len(world.requests("/graphql")) < 11 + 2 * deaths, "hardly anything was read twice"


def dying_after(steps: int) -> Callable[[str], None]:
    """Die at so many requests and answers from now."""
    left = iter(range(steps))

    def dies(_when: str) -> None:
        if next(left, None) is None:
            raise Killed

    return dies


def is_complete(world: World) -> bool:
    place = Places(world.database).find(REPO)
    return bool(place and place.progress and place.progress.complete_at)


def stored(world: World) -> set[int]:
    """The threads that are kept, whether anybody sees them yet or not."""
    with world.database.engine.connect() as connection:
        return set(connection.execute(sa.select(threads.c.number)).scalars())


# Two at once


def test_what_is_complete_stays_so_beside_another_reading(world: World) -> None:
    Past(world.sandbox, REPO).make(250)
    watch = Watched()

    def kept(threads: int) -> None:
        watch.portions.append(threads)
        if len(watch.portions) == 1:
            read(world)
        assert is_complete(world)
        assert Histories(world.database).find(REPO) is not None
        if len(watch.portions) == 3:
            raise Killed

    watch.kept = kept  # type: ignore[method-assign]
    with pytest.raises(Killed):
        read(world, watch=watch)
    assert plain(known(world)) == at_github(world)
    assert read(world).issues == 0, "nor is anything read twice"


def test_a_narrower_reading_takes_nothing_from_a_wider_one(world: World) -> None:
    Past(world.sandbox, REPO).make(150)
    watch = Watched()

    def kept(threads: int) -> None:
        watch.portions.append(threads)
        if len(watch.portions) == 1:
            read(world)

    watch.kept = kept  # type: ignore[method-assign]
    read(world, BEGINNING + timedelta(minutes=300), watch=watch)
    place = Places(world.database).find(REPO)
    assert place is not None
    assert place.progress is not None
    assert (place.progress.since, place.progress.reached) == (None, None)


# What goes wrong


@pytest.mark.parametrize("fault", ["went_wrong", "bad_gateway"])
def test_what_is_too_much_is_asked_for_in_smaller_portions(world: World, fault: str) -> None:
    Past(world.sandbox, REPO).make(60)
    world.sandbox.faults.add(fault, match="POST /graphql nodes", times=2)  # type: ignore[arg-type]
    watch = Watched()
    read(world, watch=watch)
    assert (len(watch.waits), watch.portions) == (2, [12, 24, 24])
    assert plain(known(world)) == at_github(world)


def test_a_thread_that_is_always_too_much_is_asked_for_over_rest(world: World) -> None:
    Past(world.sandbox, REPO).make(2)
    world.sandbox.faults.add("went_wrong")
    watch = Watched()
    read(world, watch=watch)
    assert plain(known(world)) == at_github(world)
    assert len(world.requests("/timeline")) == 2


def test_a_limit_is_waited_for(world: World) -> None:
    Past(world.sandbox, REPO).make(120)
    world.sandbox.faults.add("exhausted", match="POST /graphql", times=1, seconds=900)
    watch = Watched(lambda _: world.let_pass(1000))
    read(world, watch=watch)
    [error] = watch.waits
    assert error.until is not None
    assert error.until > datetime.now(UTC) + timedelta(seconds=600)
    assert world.sandbox.violations == []
    assert plain(known(world)) == at_github(world)


def test_much_of_the_hour_is_left_to_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sandbox.limits.PER_HOUR", 100)
    world.sandbox.limits.enforced = True
    Past(world.sandbox, REPO).make(60)
    watch = Watched(lambda _: world.sandbox.clock.advance(3700))
    read(world, watch=watch, graphql=False)
    assert "the rest is for the bot itself" in str(watch.waits[0])
    assert world.sandbox.violations == []
    assert plain(known(world)) == at_github(world)


def test_who_does_not_wait_keeps_what_was_read(world: World) -> None:
    Past(world.sandbox, REPO).make(120)
    world.sandbox.faults.add("exhausted", match="GET .*page=1.*|GET .*/issues$", times=1, seconds=900)
    with pytest.raises(RetryLater):
        read(world)
    place = Places(world.database).find(REPO)
    assert place is None or place.progress is None or not place.progress.complete_at


def test_a_repository_that_is_gone_is_an_error(world: World) -> None:
    client = world.github.repository(world.installation.id, "octo/none")
    with pytest.raises(Refused):
        Backfill(world.database, HistoryReader(client)).run()


def test_another_repository_of_the_same_name_is_an_error(world: World) -> None:
    world.open_issue()
    read(world)
    world.sandbox.repo(REPO).id += 1000
    with pytest.raises(UsherError, match=f"usher purge {REPO} first"):
        read(world)


# Another name


def test_under_a_new_name_it_goes_on(world: World) -> None:
    Past(world.sandbox, REPO).make(30)
    world.sandbox.as_user("maya").release(REPO, "v1.0")
    read(world)
    kept, id_ = histories_of(world)
    kept.mark(id_, 7, is_bot=True, by="maya")
    repo, known_by_name = world.sandbox.repo(REPO), world.sandbox.store.repositories
    repo.name = "motor"
    world.sandbox.urls.fixed.clear()
    known_by_name[repo.full_name.lower()] = known_by_name.pop(REPO)
    client = world.github.repository(world.installation.id, repo.full_name)
    done = Backfill(world.database, HistoryReader(client)).run()
    assert (done.repository, done.issues + done.pulls) == ("octo/motor", 0)
    assert kept.names() == ["octo/motor"]
    found = kept.find("octo/motor")
    assert found is not None
    assert (found.id, list(kept.marks(id_)), len(kept.releases(id_))) == (id_, [7], 1)
    assert kept.find(REPO) is None


# In words


def test_it_is_told_in_words_and_for_scripts() -> None:
    done = Read(REPO, None, True, 1200, 30, 9000, 4, 31, 12, 12, 3000, 8)
    assert done.in_words() == (
        "octo/engine: 1,200 issues and 30 pull requests, with 9,000 events, 4 releases and 3,000 commits "
        "(31 requests, 12 of them GraphQL for 12 points)"
    )
    later = replace(done, start=BEGINNING, is_complete=False)
    assert "that changed since 2024-01-01 00:00 UTC" in later.in_words()
    assert later.as_json()["start"] == "2024-01-01T00:00:00+00:00"
