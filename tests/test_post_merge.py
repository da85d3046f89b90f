"""After a merge at a real server: its checks are watched, and waived documentation is not forgotten."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.sandbox.things import Issue
from bot.store.database import Database
from tests.databases import shared_sqlite, sqlite_database
from tests.world import BOT, REPO, World, living

__all__ = ["shared_sqlite", "sqlite_database"]

CONFIG = """
mode: act
welcome: {enabled: false}
review_sheet: {enabled: false}
docs: {public: ["src/**"]}
"""
SOURCE = {"src/engine.py": "def start():\n    return 1\n"}


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database, config=CONFIG) as world:
        world.run()
        yield world


def settle(world: World) -> None:
    """Work off what came, and the looks that were put off for an instant."""
    world.run()
    world.let_pass(1)
    world.run()


def merged(world: World, title: str = "fix: start") -> int:
    """A pull request that was looked at and merged. Returns its number."""
    number = world.open_pull(title, files=SOURCE | {f"tests/{title}.py": title})
    settle(world)
    world.sandbox.as_user("maya").merge(REPO, number)
    settle(world)
    return number


def tip(world: World) -> str:
    """The commit that the default branch stands at."""
    return str(world.sandbox.as_user("maya").request("GET", f"/repos/{REPO}/commits")[0]["sha"])


def report(world: World, sha: str, result: str, name: str = "build") -> None:
    said = {"state": result, "context": name}
    world.sandbox.as_user("maya").request("POST", f"/repos/{REPO}/statuses/{sha}", said)
    settle(world)


def pass_and_sweep(world: World, minutes: float) -> int:
    """Let time pass without a word from GitHub, and look at what is due."""
    world.let_pass(minutes * 60)
    for issue in world.sandbox.repo(REPO).issues.values():  # so far back they lie by our clock, too
        if issue.pull is not None and issue.pull.merged_at is not None:
            issue.pull.merged_at -= timedelta(minutes=minutes)
    world.github.forget(world.installation.id)  # tokens live for an hour
    found = world.processor.follower.sweep()
    settle(world)
    return found


def checklist(world: World, number: int) -> str:
    (found,) = [each.body for each in world.said(number) if "\n| " in each.body]
    return found


def alarms(world: World, number: int) -> list[str]:
    """What was said about the default branch."""
    return [each.body for each in world.said(number) if "\n| " not in each.body]


def own_issues(world: World) -> list[Issue]:
    return [
        each
        for each in world.sandbox.repo(REPO).issues.values()
        if each.user.login == BOT and each.pull is None
    ]


def test_green_checks_bring_it_to_its_end(world: World) -> None:
    report(world, tip(world), "success")
    number = merged(world)
    sha = tip(world)
    assert "This is at: post-merge verification" in checklist(world, number)
    report(world, sha, "pending")
    assert f"checks of `{sha[:7]}` on `main` are under way" in checklist(world, number)
    report(world, sha, "success")
    assert f"the check of `{sha[:7]}` on `main` is green" in checklist(world, number)
    assert checklist(world, number).startswith("**Merged, thank you**")
    assert alarms(world, number) == []
    assert pass_and_sweep(world, 7 * 24 * 60) == 0


def test_red_after_the_merge_is_said_there_and_taken_back_once_it_is_green(world: World) -> None:
    report(world, tip(world), "success")
    number = merged(world)
    sha = tip(world)
    report(world, sha, "failure")
    (alarm,) = alarms(world, number)
    assert alarm.startswith("nia, maya, thank you for this change.")
    assert f"`main` is red at {sha}:" in alarm
    assert "- `build` failed" in alarm
    assert "All checks of the commit before passed." in alarm
    assert "`build` failed on `main`" in checklist(world, number)

    report(world, sha, "pending")
    assert alarms(world, number) == [alarm]
    report(world, sha, "success")
    (edited,) = alarms(world, number)
    assert f"All checks of `main` pass at {sha}" in edited
    assert checklist(world, number).startswith("**Merged, thank you**")


def test_what_was_red_before_is_no_matter_of_this_merge(world: World) -> None:
    report(world, tip(world), "failure")
    number = merged(world)
    report(world, tip(world), "failure")
    assert alarms(world, number) == []
    assert "which was red before this" in checklist(world, number)
    assert checklist(world, number).startswith("**Merged, thank you**")


def test_a_commit_before_that_was_never_checked_is_not_called_green(world: World) -> None:
    number = merged(world)
    report(world, tip(world), "failure")
    (alarm,) = alarms(world, number)
    assert "The commit before was not checked for all of this, so it may have begun earlier." in alarm


def test_the_commit_before_is_waited_for(world: World) -> None:
    report(world, tip(world), "pending")
    before = tip(world)
    number = merged(world)
    report(world, tip(world), "failure")
    assert alarms(world, number) == []
    assert "the commit before is still being checked" in checklist(world, number)
    report(world, before, "failure")
    assert pass_and_sweep(world, 6) == 1
    assert alarms(world, number) == []
    assert "which was red before this" in checklist(world, number)


def test_a_check_whose_event_was_lost_is_found_by_the_sweep(world: World) -> None:
    report(world, tip(world), "success")
    number = merged(world)
    said = {"state": "failure", "context": "build"}
    world.sandbox.as_user("maya").request("POST", f"/repos/{REPO}/statuses/{tip(world)}", said)
    world.drop_mail()
    settle(world)
    assert alarms(world, number) == []
    assert pass_and_sweep(world, 6) == 1
    assert len(alarms(world, number)) == 1


def test_where_nothing_runs_on_this_commit_it_ends_by_itself(world: World) -> None:
    report(world, tip(world), "success")
    number = merged(world)
    assert "are waited for" in checklist(world, number)
    assert pass_and_sweep(world, 6) == 1
    assert pass_and_sweep(world, 6) == 1
    assert "no checks ran on `main`" in checklist(world, number)
    assert checklist(world, number).startswith("**Merged, thank you**")
    assert pass_and_sweep(world, 7 * 24 * 60) == 0


def test_where_there_are_no_checks_nothing_is_waited_for(world: World) -> None:
    number = merged(world)
    assert "no checks ran on `main`" in checklist(world, number)
    assert checklist(world, number).startswith("**Merged, thank you**")


def test_what_stays_red_is_let_go_after_a_day_and_a_late_failure_is_still_seen(world: World) -> None:
    number = merged(world)
    report(world, tip(world), "success")
    report(world, tip(world), "failure", "late")
    assert "This is at: post-merge verification" in checklist(world, number)
    pass_and_sweep(world, 25 * 60)
    assert "still did after a day" in checklist(world, number)
    assert checklist(world, number).startswith("**Merged, thank you**")
    assert len(alarms(world, number)) == 1


def test_it_goes_on_to_the_release_once_it_is_green(world: World) -> None:
    report(world, tip(world), "success")
    world.sandbox.as_user("maya").release(REPO, "v1.0.0", "The first")
    world.let_pass(60)
    number = merged(world)
    assert "This is at: post-merge verification" in checklist(world, number)
    assert "in the draft of" in checklist(world, number)
    report(world, tip(world), "success")
    assert checklist(world, number).startswith("**Merged, thank you**")
    flow = world.processor.follower.flows.get(world.repository_id, number)
    assert flow is not None
    assert (flow.stage, flow.head_sha) == ("release", tip(world))


def test_documentation_that_was_waived_becomes_an_issue(world: World) -> None:
    number = world.open_pull("feat: start", files=SOURCE)
    settle(world)
    world.comment(number, "/skip docs the API may still change")
    settle(world)
    assert own_issues(world) == []
    world.sandbox.as_user("maya").merge(REPO, number)
    settle(world)
    (issue,) = own_issues(world)
    assert issue.title.replace("\u200b", "") == f"Document #{number}: feat: start"
    assert "`maya` waived it and wrote: `the API may still change`" in (issue.body or "")

    world.sandbox.as_user("maya").edit(REPO, issue.number, body=(issue.body or "").replace("[ ]", "[x]"))
    settle(world)
    assert world.plans(issue.number) == []  # it is no issue to be classified
    pass_and_sweep(world, 6)
    assert len(world.writes("POST .*/issues$")) == 1
    assert "[x]" in (issue.body or "")
    world.comment(number, "/rescan")
    settle(world)
    assert len(own_issues(world)) == 1
