"""What changes between deliveries: installations, repositories, settings and pauses."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.sandbox.installing import change_repositories, suspend, uninstall, unsuspend
from bot.store.database import Database
from bot.store.editions import Editions
from bot.store.history import Histories
from bot.store.inbox import Delivery
from tests.databases import database, shared_database
from tests.world import BOT, REPO, SURE, World, living

__all__ = ["database", "shared_database"]


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with living(database, config=SURE) as world:
        world.run()  # the installation is announced
        yield world


def last(world: World) -> Delivery:
    return world.deliveries()[-1]


# Installations


def test_an_installation_and_its_repositories_are_known_once_announced(world: World) -> None:
    assert world.registry.all_installations() == {world.installation.id: "octo"}
    assert world.registry.repositories_of(world.installation.id) == [REPO]


def test_repositories_come_and_go(world: World) -> None:
    other, engine = world.sandbox.add_repo("octo/other").id, world.repository_id
    for chosen, expected in (
        ({engine}, [REPO]),
        ({engine, other}, [REPO, "octo/other"]),
        ({other}, ["octo/other"]),
    ):
        change_repositories(world.sandbox, world.installation, world.app.owner, chosen)
        world.run()
        assert world.registry.repositories_of(world.installation.id) == expected


def test_a_repository_is_renamed(world: World) -> None:
    config = world.registry.repository(REPO)
    Editions(world.database).keep(REPO, (), repository_id=world.repository_id, complete_at=datetime.now(UTC))
    said = {
        "action": "renamed",
        "changes": {"repository": {"name": {"from": "engine"}}},
        "repository": {"id": world.repository_id, "full_name": "octo/motor"},
        "installation": {"id": world.installation.id},
        "sender": {"id": 1, "login": "maya", "type": "User"},
    }
    world.deliver("repository", json.dumps(said).encode())
    world.run()
    assert last(world).state == "done"
    assert world.registry.repositories_of(world.installation.id) == ["octo/motor"]
    renamed = world.registry.repository("octo/motor")
    assert config is not None
    assert renamed is not None
    assert renamed.good_config == config.good_config
    assert Histories(world.database).names() == ["octo/motor"]


def test_a_suspended_installation_is_left_alone(world: World) -> None:
    number = world.open_issue()
    before = world.mail.empty()
    suspend(world.sandbox, world.installation, world.app.owner)
    world.run()
    sent = len(world.requests())
    world.receive(before)
    world.run()
    assert last(world).state == "done"
    assert world.plans(number) == []
    assert len(world.requests()) == sent
    unsuspend(world.sandbox, world.installation, world.app.owner)
    number = world.open_issue()
    world.run()
    assert len(world.labels(number)) == 1


def test_an_uninstallation_leaves_no_trace_and_no_request_follows(world: World) -> None:
    number = world.open_issue("canary-in-the-mine", "canary-in-the-mine")
    world.comment(number, "/label bug\n/usher pause")
    world.run()
    uninstall(world.sandbox, world.installation, world.app.owner)
    sent = len(world.requests())
    world.run()
    assert world.deliveries() == []
    assert world.plans(number) == []
    assert world.registry.all_repositories() == []
    assert world.registry.all_installations() == {}
    assert len(world.requests()) == sent
    kept = [world.github._tokens, world.configs._kept, world.gatherer._labels]
    assert [len(each) for each in kept] == [0, 0, 0]


def test_a_straggler_of_an_uninstalled_repository_comes_to_rest(world: World) -> None:
    number = world.open_issue()
    straggler = world.mail.empty()
    uninstall(world.sandbox, world.installation, world.app.owner)
    world.run()
    world.receive(straggler)
    world.run()
    assert last(world).state == "deferred"
    world.let_pass(600)
    world.run()
    assert last(world).state == "done"
    assert "no installation" in (last(world).note or "")
    assert world.plans(number) == []
    assert world.registry.all_repositories() == []


# What changes the settings


def test_a_push_of_the_config_counts_at_once(world: World) -> None:
    world.open_issue()
    world.run()
    world.push_config("mode: observe\n")
    world.run()
    number = world.open_issue()
    world.run()
    assert {step.status for plan in world.plans(number) for step in plan.steps} <= {"observed"}
    assert world.labels(number) == []


def test_a_new_label_counts_at_once(world: World) -> None:
    number = world.open_issue()
    world.comment(number, "/label shiny")
    world.run()
    assert "shiny" not in world.labels(number)
    world.sandbox.as_user("maya").request("POST", f"/repos/{REPO}/labels", {"name": "shiny"})
    world.comment(number, "/label shiny ")
    world.run()
    assert "shiny" in world.labels(number)


def test_a_paused_thread_is_left_alone_until_it_is_resumed(world: World) -> None:
    number = world.open_issue("...", by="maya")
    world.run()
    world.comment(number, "/usher pause")
    world.run()
    plans = len(world.plans(number))
    world.sandbox.as_user("maya").edit(REPO, number, title="App crashes with a segfault")
    world.run()
    assert len(world.plans(number)) == plans
    world.comment(number, "/usher resume")
    world.run()
    assert len(world.plans(number)) == plans + 1
    assert not world.registry.is_paused(world.repository_id, number)


def test_ushers_login_is_the_apps(world: World) -> None:
    world.run()
    assert world.github.bot_login == BOT
