"""How it is known what was merged since the last release, and what that costs in requests."""

from datetime import timedelta
from typing import Any

from bot.core.events import PullEvent
from bot.core.release.state import Person, ReleaseState
from bot.store.database import Database
from tests.gather.test_pulls import ask, news, reads
from tests.world import REPO, World, living

SET_UP = "mode: observe\nrelease: {scheme: semver}\n"


def merge(world: World, title: str = "Mend it", *, by: str = "wes", **more: Any) -> int:
    """Open a pull request and merge it. Returns its number."""
    how: dict[str, Any] = {name: more.pop(name) for name in ("merge_method", "commit_title") if name in more}
    fields = {"branch": f"b{len(world.sandbox.repo(REPO).issues)}", "files": {f"{title}.txt": title}, **more}
    number = world.open_pull(title, by=by, **fields)
    path = f"/repos/{REPO}/pulls/{number}/merge"
    world.sandbox.as_user("maya").request("PUT", path, how)
    world.let_pass(60)
    return number


def publish(world: World, tag: str = "v1.0.0") -> None:
    world.sandbox.as_user("maya").release(REPO, tag)
    world.let_pass(60)


def state(world: World, event: PullEvent | None = None) -> ReleaseState:
    (found,) = ask(world, event or last(world), ReleaseState)
    assert isinstance(found, ReleaseState)
    return found


def last(world: World) -> PullEvent:
    return news(world)


class TestWhenItIsAsked:
    def test_before_the_merge_nothing_is(self, world: World) -> None:
        publish(world)
        world.open_pull()
        event, before = news(world), len(reads(world))
        assert state(world, event) == ReleaseState()
        assert len(reads(world)) == before

    def test_a_project_without_releases_is_asked_for_those_alone(self, world: World) -> None:
        merge(world)
        event, before = last(world), len(reads(world))
        assert state(world, event) == ReleaseState()
        assert len(reads(world)) == before + 1

    def test_one_that_wants_its_first_has_everything_in_it(self, world: World) -> None:
        world.push_config(SET_UP)
        numbers = [merge(world, "One"), merge(world, "Two")]
        found = state(world)
        assert sorted(pull.number for pull in found.pulls) == numbers
        assert (found.repository, found.default_branch, found.last) == (REPO, "main", None)
        assert found.first_timers == frozenset()

    def test_what_is_known_already_is_not_asked_for_again(self, world: World) -> None:
        publish(world)
        merge(world, by="nia")
        event = last(world)
        found, before = state(world, event), len(world.requests("GET "))
        assert state(world, event) == found
        lines = world.requests("GET ")[before:]
        assert not [line for line in lines if "creator=" in line]
        assert len(lines) <= 3  # releases, the comparison, closed pull requests: all of them conditional


class TestWhatWasMergedSince:
    def test_is_what_the_tag_has_not(self, world: World) -> None:
        merge(world, "Old")
        publish(world)
        number = merge(world, "New", body="Because.")
        found = state(world)
        (pull,) = found.pulls
        assert (pull.number, pull.title, pull.body, pull.base) == (number, "New", "Because.", "main")
        assert pull.author.login == "wes"
        assert pull.messages == ("New",)
        assert found.last is not None
        assert found.last.tag == "v1.0.0"
        assert pull.url.startswith(found.server)

    def test_changes_to_what_is_released_bring_it_back_into_no_release(self, world: World) -> None:
        old = merge(world, "Old")
        publish(world)
        new = merge(world, "New")
        event = last(world)
        world.sandbox.as_user("maya").edit(REPO, old, title="Old, renamed")
        assert [pull.number for pull in state(world, event).pulls] == [new]

    def test_what_was_merged_elsewhere_is_not_in_it(self, world: World) -> None:
        publish(world)
        maya = world.sandbox.as_user("maya")
        maya.push(REPO, {"x.txt": "x"}, "Begin next", "next")
        merge(world, "Elsewhere", base="next")
        assert state(world).pulls == ()

    def test_without_the_tag_the_time_counts(self, world: World) -> None:
        merge(world, "Old")
        publish(world)
        del world.sandbox.repo(REPO).tags["v1.0.0"]
        number = merge(world, "New")
        assert [pull.number for pull in state(world).pulls] == [number]

    def test_files_are_read_where_settings_ask_for_them(self, world: World) -> None:
        publish(world)
        merge(world, "New")
        event = last(world)
        assert state(world, event).pulls[0].paths == ()
        world.push_config("mode: observe\nrelease: {exclude_paths: [docs/**]}\n")
        world.run()
        assert state(world, event).pulls[0].paths == ("New.txt",)


class TestPeople:
    def test_those_are_new_who_had_nothing_merged_before(self, world: World) -> None:
        merge(world, "Old", by="tri")
        merge(world, "Older", by="nia")
        publish(world)
        merge(world, "New", by="nia")
        merge(world, "Newer", by="ola")
        found = state(world)
        assert found.first_timers == {pull.author.id for pull in found.pulls if pull.author.login == "ola"}

    def test_nobody_asks_where_nobody_is_thanked(self, world: World) -> None:
        world.push_config("mode: observe\nrelease: {new_contributors: false}\n")
        publish(world)
        merge(world, "New", by="nia")
        assert state(world).first_timers == frozenset()
        assert world.requests("creator=") == []

    def test_who_wrote_commits_of_it_took_part(self, world: World) -> None:
        publish(world)
        named = ("Ada <ada@example.org>", "Wes <wes@users.noreply.github.com>")
        message = "\n".join(["Mend it", "", *(f"Co-authored-by: {each}" for each in named)])
        merge(world, "New", message=message)
        (pull,) = state(world).pulls
        assert pull.coauthors == (Person(name="Ada"),)

    def test_a_squash_says_all_there_is_to_say(self, world: World) -> None:
        publish(world)
        number = merge(world, "New", merge_method="squash")
        event, before = last(world), len(world.requests("/commits"))
        assert state(world, event).pulls[0].messages == (f"New (#{number})",)
        assert len(world.requests("/commits")) == before

    def test_of_one_that_may_have_been_rebased_the_commits_are_asked_for_once(self, world: World) -> None:
        publish(world)
        number = merge(world, "New", merge_method="squash", commit_title="As I say")
        event = last(world)
        assert state(world, event).pulls[0].messages == ("New", "As I say")
        assert state(world, event).pulls[0].messages == ("New", "As I say")
        assert len(world.requests(f"/pulls/{number}/commits")) == 1


class TestReleasedIn:
    def test_names_the_first_release_that_has_it(self, world: World) -> None:
        publish(world)
        merge(world, "New")
        event = last(world)
        assert state(world, event).released_in == ""
        publish(world, "v1.1.0")
        publish(world, "v1.2.0")
        assert state(world, event).released_in == "v1.1.0"

    def test_a_pre_release_counts_where_it_is_to(self, world: World) -> None:
        publish(world)
        merge(world, "New")
        event = last(world)
        path = f"/repos/{REPO}/releases"
        early = {"tag_name": "v2.0.0-rc.1", "prerelease": True}
        world.sandbox.as_user("maya").request("POST", path, early)
        assert state(world, event).released_in == ""
        world.push_config("mode: observe\nrelease: {include_pre_releases: true}\n")
        world.run()
        assert state(world, event).released_in == "v2.0.0-rc.1"


def test_where_releases_are_not_to_be_seen_there_are_none(sqlite_database: Database) -> None:
    with living(sqlite_database, config=None, permissions={"pull_requests": "write"}) as world:
        publish(world)
        merge(world)
        assert state(world) == ReleaseState()


def test_one_that_github_does_not_list_yet_is_in_it(world: World) -> None:
    publish(world)
    number = merge(world)
    event = last(world)
    issue = world.issue(number)
    issue.updated_at -= timedelta(days=1)  # so the list ends before it
    assert [pull.number for pull in state(world, event).pulls] == [number]
