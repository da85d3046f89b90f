from bot.store.database import Database
from bot.store.editions import Editions
from bot.store.handover import Handover
from bot.store.history import Histories
from bot.store.inbox import Inbox, Incoming
from bot.store.purging import purge_repository
from bot.store.registry import Registry
from bot.store.tables import metadata
from tests.store.examples import NOON, number, put
from tests.store.traces import NOT_OF_AN_INSTALLATION, leave_a_past, leave_traces, tables_with

CANARY = "canary-in-the-mine"


def test_a_purge_leaves_no_trace_of_the_installation_and_all_of_the_others(database: Database) -> None:
    leave_traces(database, 1, CANARY)
    leave_traces(database, 2, "neighbour")
    assert tables_with(database, CANARY) == metadata.tables.keys() - NOT_OF_AN_INSTALLATION
    before = tables_with(database, "neighbour")
    Registry(database).purge(1)
    assert tables_with(database, CANARY) == set()
    assert tables_with(database, "neighbour") == before


def test_a_purge_takes_with_it_what_could_not_be_read(
    database: Database, inbox: Inbox, handover: Handover
) -> None:
    inbox.store([Incoming("a", "issues", CANARY.encode(), NOON)])
    put(handover, number(inbox, "a"), "quarantined", installation=1)
    Registry(database).purge(1)
    assert tables_with(database, CANARY) == set()


def test_an_unknown_installation_can_be_purged(registry: Registry) -> None:
    registry.installed(2, "beta")
    registry.purge(1)
    assert registry.all_installations() == {2: "beta"}


def test_the_history_of_a_repository_that_was_taken_away_is_purged_too(database: Database) -> None:
    registry = Registry(database)
    registry.add_repositories(1, ["acme/widgets"])
    leave_a_past(database, "acme/widgets", CANARY)
    registry.remove_repositories(["acme/widgets"])
    leave_a_past(database, "acme/gears", "other")
    registry.add_repositories(1, ["Acme/Gears"])
    leave_a_past(database, "beta/tools", "neighbour")
    assert registry.purge(1)
    assert tables_with(database, CANARY) == tables_with(database, "other") == set()
    assert Histories(database).find("beta/tools")


def test_what_an_import_left_behind_is_purged_too(database: Database) -> None:
    leave_a_past(database, "acme/widgets", CANARY)
    Editions(database).begin("acme/widgets")
    assert purge_repository(database, "acme/widgets")
    assert tables_with(database, CANARY) == tables_with(database, "acme/widgets") == set()


def test_a_repository_is_purged_and_its_neighbours_stay(database: Database) -> None:
    leave_traces(database, 1, CANARY)
    leave_traces(database, 2, "neighbour")
    before = tables_with(database, "neighbour")
    assert purge_repository(database, f"{CANARY}/{CANARY}".upper())
    assert tables_with(database, CANARY) == {"installations"}
    assert tables_with(database, "neighbour") == before
    assert not purge_repository(database, f"{CANARY}/{CANARY}")


def test_a_name_is_no_pattern(database: Database) -> None:
    leave_traces(database, 1, "canaryxin")
    assert not purge_repository(database, "canary_in/canary_in")
    assert "contributors" in tables_with(database, "canaryxin")
