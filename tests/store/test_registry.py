from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.registry import Registry
from tests.store.examples import HOUR


def test_an_installation_is_known_until_it_is_purged(registry: Registry) -> None:
    registry.installed(2, "beta")
    registry.installed(1, "acme")
    assert registry.all_installations() == {1: "acme", 2: "beta"}
    registry.purge(1)
    assert registry.all_installations() == {2: "beta"}


def test_an_account_that_was_renamed_is_known_by_its_new_name(registry: Registry) -> None:
    registry.installed(1, "acme")
    registry.installed(1, "acme-inc")
    assert registry.all_installations() == {1: "acme-inc"}


def test_an_installation_is_suspended_and_taken_up_again(registry: Registry) -> None:
    assert not registry.is_suspended(1)
    registry.installed(1, "acme", suspended=True)
    assert registry.is_suspended(1)
    assert not registry.is_suspended(2)
    registry.installed(1, "acme")
    assert not registry.is_suspended(1)


def test_repositories_are_given_and_taken_away(registry: Registry) -> None:
    registry.add_repositories(1, ["acme/widgets", "acme/gears"])
    registry.add_repositories(1, ["acme/widgets"])
    registry.add_repositories(2, ["beta/tools"])
    assert registry.repositories_of(1) == ["acme/gears", "acme/widgets"]
    assert [each.full_name for each in registry.all_repositories()] == [
        "acme/gears",
        "acme/widgets",
        "beta/tools",
    ]
    registry.remove_repositories(["acme/widgets"])
    assert registry.repositories_of(1) == ["acme/gears"]
    assert registry.repository("acme/widgets") is None


def test_a_repository_that_moved_belongs_to_its_new_installation(registry: Registry) -> None:
    registry.add_repositories(1, ["acme/widgets"])
    registry.add_repositories(2, ["acme/widgets"])
    assert registry.repositories_of(1) == []
    assert registry.repositories_of(2) == ["acme/widgets"]


def test_a_bad_config_leaves_the_last_good_one_in_place(registry: Registry) -> None:
    registry.keep_config("acme/widgets", 1, good="mode: act", problems=None)
    registry.keep_config("acme/widgets", 1, good=None, problems="line 1: no")
    kept = registry.repository("Acme/WIDGETS")
    assert kept is not None
    assert (kept.good_config, kept.config_problems) == ("mode: act", "line 1: no")
    registry.keep_config("acme/widgets", 1, good="", problems=None)
    kept = registry.repository("acme/widgets")
    assert kept is not None
    assert (kept.good_config, kept.config_problems) == ("", None)


def test_a_repository_keeps_its_config_when_it_is_given_again(registry: Registry) -> None:
    registry.keep_config("acme/widgets", 1, good="mode: act", problems=None)
    registry.add_repositories(1, ["acme/widgets"])
    kept = registry.repository("acme/widgets")
    assert kept is not None
    assert kept.good_config == "mode: act"


def test_a_thread_is_paused_and_taken_up_again(registry: Registry) -> None:
    assert not registry.is_paused(10, 7)
    assert registry.set_paused(10, 7, 1, paused=True)
    assert not registry.set_paused(10, 7, 1, paused=True)
    assert registry.is_paused(10, 7)
    assert not registry.is_paused(10, 8)
    assert not registry.is_paused(11, 7)
    assert registry.set_paused(10, 7, 1, paused=False)
    assert not registry.set_paused(10, 7, 1, paused=False)
    assert not registry.is_paused(10, 7)


def test_each_purpose_has_one_comment_on_a_thread(registry: Registry) -> None:
    registry.keep_comment(10, 7, "welcome", 2**40, 1)
    registry.keep_comment(10, 7, "help", 102, 1)
    registry.keep_comment(10, 8, "welcome", 103, 1)
    kept = {
        (number, purpose): registry.comment(10, number, purpose)
        for number in (7, 8)
        for purpose in ("welcome", "help")
    }
    assert {key: each.id for key, each in kept.items() if each} == {
        (7, "welcome"): 2**40,
        (7, "help"): 102,
        (8, "welcome"): 103,
    }
    registry.forget_comment(10, 7, "welcome")
    assert registry.comment(10, 7, "welcome") is None
    assert registry.comment(10, 7, "help") is not None


def test_a_comment_that_is_seen_again_keeps_the_time_when_it_was_new(registry: Registry) -> None:
    registry.keep_comment(10, 7, "help", 101, 1)
    first = registry.comment(10, 7, "help")
    registry.keep_comment(10, 7, "help", 101, 1)
    assert registry.comment(10, 7, "help") == first
    registry.keep_comment(10, 7, "help", 102, 1)
    again = registry.comment(10, 7, "help")
    assert first is not None
    assert again is not None
    assert again.id == 102
    assert again.written_at >= first.written_at


def test_the_comments_on_a_thread_and_the_late_ones_of_a_repository_are_counted(registry: Registry) -> None:
    for number_, purpose in ((7, "welcome"), (7, "help"), (8, "welcome")):
        registry.keep_comment(10, number_, purpose, number_ * 100 + len(purpose), 1)
    registry.keep_comment(11, 7, "welcome", 300, 1)
    now = datetime.now(UTC)
    assert registry.comments_written(10, 7, now - HOUR) == (2, 3)
    assert registry.comments_written(10, 7, now + HOUR) == (2, 0)
    assert registry.comments_written(10, 9, now - HOUR) == (0, 3)
    assert registry.comment_purposes(10, 7) == {"welcome", "help"}
    assert registry.comment_purposes(10, 9) == registry.comment_purposes(11, 8) == frozenset()


def test_a_persons_first_of_each_kind_is_kept_under_the_owner(registry: Registry) -> None:
    registry.keep_milestone("Acme", 5, "issue", "acme/widgets#1", 1)
    registry.keep_milestone("acme", 5, "issue", "acme/widgets#2", 1)
    registry.keep_milestone("acme", 5, "merge", "acme/gears#9", 1)
    assert registry.milestones("ACME", 5) == {"issue": "acme/widgets#1", "merge": "acme/gears#9"}
    assert registry.milestones("acme", 6) == {}
    assert registry.milestones("beta", 5) == {}


def test_a_correction_is_kept_once_for_each_action(registry: Registry, database: Database) -> None:
    said: dict[str, Any] = {"installation": 1, "repository": "acme/widgets", "number": 7, "added": False}
    registry.keep_correction(action=1, label="bug", by="maya", **said)
    registry.keep_correction(action=1, label="bug", by="maya", **said)
    registry.keep_correction(action=2, label="bug", by="maya", **said)
    with database.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM corrections")).scalar() == 2
