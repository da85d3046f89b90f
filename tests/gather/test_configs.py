"""Where the settings of a repository come from, and what holds while they cannot be used."""

from datetime import timedelta

import pytest

from bot.config import SOURCE, Config, defaults
from bot.core.errors import RetryLater
from bot.core.events import Repository
from bot.gather import ConfigSource
from bot.github.answers import NotInstalled
from bot.rules import RULES
from bot.store.database import Database
from bot.store.pace import Pace
from bot.store.registry import Registry, RepositoryRecord
from tests.github.scripted import Answer, github_at, scripted
from tests.world import OWNER, REPO, World, living

TRIAGE = next(rule for rule in RULES if rule.name == "triage")
WELCOME = next(rule for rule in RULES if rule.name == "welcome")


def settings(world: World, name: str = REPO) -> Config:
    """The settings as they are now, not as they were kept."""
    world.configs.forget(name)
    return world.configs.get(Repository(id=1, full_name=name, installation=world.installation.id))


def record(world: World) -> RepositoryRecord:
    found = world.registry.repository(REPO)
    assert found is not None
    return found


@pytest.fixture
def bare(sqlite_database: Database) -> World:
    """A repository without a file."""
    with living(sqlite_database, config=None) as world:
        yield world


# Which file


def test_without_a_file_everything_is_planned_and_nothing_touched(bare: World) -> None:
    assert settings(bare) == defaults()
    assert settings(bare).mode == "observe"
    assert record(bare).config_problems is None


def test_the_file_on_the_default_branch_holds(bare: World) -> None:
    bare.push_config("mode: act\nwelcome: {enabled: false}\n")
    assert settings(bare).mode == "act"
    assert not settings(bare).enabled(WELCOME)


def test_a_file_on_another_branch_or_in_a_pull_request_does_not(bare: World) -> None:
    bare.sandbox.as_user("maya").push(REPO, {SOURCE: "mode: act\n"}, branch="topic")
    bare.open_pull(by="nia", files={SOURCE: "mode: act\n"})
    assert settings(bare).mode == "observe"


def test_the_default_branch_may_have_any_name(bare: World) -> None:
    repo = bare.sandbox.repo(REPO)
    bare.sandbox.as_user("maya").push(REPO, {SOURCE: "mode: act\n"}, branch="trunk")
    repo.default_branch = "trunk"
    assert settings(bare).mode == "act"


def test_the_owners_own_repository_stands_in_for_a_missing_file(bare: World) -> None:
    bare.sandbox.add_repo(f"{OWNER}/.github", files={SOURCE: "mode: act\n"})
    assert settings(bare).mode == "act"
    bare.push_config("version: 1\n")
    assert settings(bare).mode == "observe"


def test_an_owners_repository_that_the_app_was_not_given_does_not_stand_in(sqlite_database: Database) -> None:
    with living(sqlite_database, config=None) as world:
        world.sandbox.add_repo(f"{OWNER}/.github", files={SOURCE: "mode: act\n"})
        world.installation.repositories = {world.repository_id}
        assert settings(world).mode == "observe"


def test_a_file_may_extend_another_repositorys(bare: World) -> None:
    bare.sandbox.add_repo(f"{OWNER}/shared", files={SOURCE: "mode: act\nbudget: {comments_per_thread: 3}\n"})
    bare.push_config(f"extends: {OWNER}/shared\nbudget: {{comments_per_day: 7}}\n")
    found = settings(bare)
    assert (found.mode, found.budget.comments_per_thread, found.budget.comments_per_day) == ("act", 3, 7)


def test_what_the_file_itself_says_wins_over_what_it_extends(bare: World) -> None:
    bare.sandbox.add_repo(f"{OWNER}/shared", files={SOURCE: "mode: act\n"})
    bare.push_config(f"extends: {OWNER}/shared\nmode: observe\n")
    assert settings(bare).mode == "observe"


@pytest.mark.parametrize("base", [f"{OWNER}/nothing", "elsewhere/private", REPO])
def test_a_base_that_cannot_be_read_is_left_out(bare: World, base: str) -> None:
    bare.sandbox.add_repo("elsewhere/private", private=True, files={SOURCE: "mode: act\n"})
    bare.push_config(f"extends: {base}\nbudget: {{comments_per_day: 7}}\n")
    assert settings(bare).budget.comments_per_day == 7
    assert settings(bare).mode == "observe"


def test_a_base_that_breaks_leaves_the_settings_as_they_were(bare: World) -> None:
    bare.sandbox.add_repo(f"{OWNER}/shared", files={SOURCE: "triage: {enabled: false}\n"})
    bare.sandbox.set_role(f"{OWNER}/shared", "maya", "admin")
    bare.push_config(f"extends: {OWNER}/shared\nmode: act\n")
    assert not settings(bare).triage.enabled  # type: ignore[attr-defined]
    bare.push_config("triage: [", repo=f"{OWNER}/shared")
    assert not settings(bare).triage.enabled  # type: ignore[attr-defined]
    found = bare.registry.repository(REPO)
    assert found is not None
    assert "extends" in (found.config_problems or "")
    bare.push_config("mode: [")
    assert not settings(bare).triage.enabled  # type: ignore[attr-defined]


def test_a_base_that_was_never_readable_lets_nothing_act(bare: World) -> None:
    bare.push_config(f"extends: {OWNER}/nothing\nmode: act\n")
    assert settings(bare).mode == "observe"


def test_one_404_on_a_file_that_was_there_is_not_believed(world: World) -> None:
    world.sandbox.add_repo(f"{OWNER}/.github", files={SOURCE: "mode: observe\n"})
    assert settings(world).mode == "act"
    world.sandbox.as_user("maya").push(REPO, {SOURCE: None})
    for expected in ("act", "observe"):  # as when what is kept has grown old, without a word of a push
        world.configs._kept.clear()
        assert world.configs.named(REPO, world.installation.id).mode == expected


# While it is wrong


def test_the_last_good_settings_hold_while_the_file_is_wrong(world: World) -> None:
    world.push_config("mode: act\nbudget: {comments_per_thread: 3}\n")
    settings(world)
    world.push_config("mode: act\nbudget: {comments_per_thread: lots}\n")
    assert settings(world).budget.comments_per_thread == 3
    assert "line 2" in (record(world).config_problems or "")
    assert record(world).good_config == '{"mode": "act", "budget": {"comments_per_thread": 3}}'
    world.push_config("mode: act\nbudget: {comments_per_thread: 4}\n")
    assert settings(world).budget.comments_per_thread == 4
    assert record(world).config_problems is None


def test_what_is_right_in_a_wrong_file_holds(world: World) -> None:
    settings(world)
    world.push_config("mode: observe\nwelcome: {enabled: maybe}\n")
    assert settings(world).mode == "observe"


def test_a_part_that_was_never_right_only_observes(bare: World) -> None:
    bare.push_config("mode: act\nwelcome: {enabled: maybe}\n")
    found = settings(bare)
    assert found.mode_for(WELCOME) == "observe"
    assert found.mode_for(TRIAGE) == "act"


@pytest.mark.parametrize(
    "text",
    [
        "\tmode: act",
        "mode: act\nmode: act\n",
        "- a list",
        "mode: [act",
        "a: &a [1,1]\nb: &b [*a,*a]\n" + "c: &c [*b,*b,*b,*b,*b,*b,*b,*b]\n" * 3,
        "x" * 300_000,
        "mode: !!python/object/apply:os.system ['true']",
    ],
    ids=["tab", "twice", "list", "open", "aliases", "large", "tag"],
)
def test_a_file_that_cannot_be_read_changes_nothing(world: World, text: str) -> None:
    before = settings(world)
    world.push_config(text)
    assert settings(world) == before
    assert record(world).config_problems
    assert record(world).good_config == '{"mode": "act"}'


def test_a_file_too_large_for_github_to_send_along_is_refused(sqlite_database: Database) -> None:
    registry = Registry(sqlite_database)
    registry.keep_config(REPO, 1, good="mode: act\n", problems=None)
    with scripted() as script:
        hub = github_at(script, Pace(sqlite_database, timedelta(0)))
        said = {"encoding": "none", "content": "", "size": 10_000_000}
        script.tell("GET", f"/repos/{REPO}/contents/{SOURCE}", Answer(200, said))
        assert ConfigSource(hub, registry).named(REPO, 1).mode == "act"
        hub.close()
    kept = registry.repository(REPO)
    assert kept is not None
    assert "larger than 256 KiB" in (kept.config_problems or "")


def test_a_problem_names_the_file_it_is_in(bare: World) -> None:
    bare.sandbox.add_repo(f"{OWNER}/.github", files={SOURCE: "mode: maybe\n"})
    settings(bare)
    assert f"{OWNER}/.github" in (record(bare).config_problems or "")


def test_a_file_that_was_deleted_is_forgotten(world: World) -> None:
    settings(world)
    world.sandbox.as_user("maya").push(REPO, {SOURCE: None})
    assert settings(world) == defaults()
    world.push_config("mode: [")
    assert settings(world).mode == "observe"


# When it is asked for


def test_settings_are_kept_for_a_while(world: World) -> None:
    before = settings(world)
    sent = len(world.requests())
    world.push_config("mode: observe\n")
    assert world.configs.named(REPO, world.installation.id) is before
    assert len(world.requests()) == sent
    world.configs.forget(REPO)
    assert world.configs.named(REPO, world.installation.id).mode == "observe"


def test_settings_of_the_owner_are_forgotten_for_all_who_fall_back_on_them(bare: World) -> None:
    bare.sandbox.add_repo(f"{OWNER}/.github", files={SOURCE: "mode: act\n"})
    assert settings(bare).mode == "act"
    bare.sandbox.set_role(f"{OWNER}/.github", "maya", "admin")
    bare.push_config("mode: observe\n", repo=f"{OWNER}/.github")
    bare.configs.forget("octoboss/.github")
    assert bare.configs.named(REPO, bare.installation.id).mode == "act"
    bare.configs.forget(f"{OWNER}/.github")
    assert bare.configs.named(REPO, bare.installation.id).mode == "observe"


def test_while_github_is_away_no_settings_are_made_up(world: World) -> None:
    world.sandbox.faults.add("bad_gateway", match="contents", times=1)
    with pytest.raises(RetryLater):
        settings(world)
    assert settings(world).mode == "act"


def test_nothing_is_noted_of_an_installation_that_is_no_more(world: World) -> None:
    with pytest.raises(NotInstalled):
        world.configs.named(REPO, 999)
    assert world.registry.repository(REPO) is None
