"""A release at a real server: from the first question to its publication, and what may come between."""

from collections.abc import Iterator

import pytest

from bot.core.release.gate import CHECK_NAME
from bot.sandbox.things import Release
from bot.store.database import Database
from tests.databases import shared_sqlite, sqlite_database
from tests.world import BOT, REPO, World, living

__all__ = ["shared_sqlite", "sqlite_database"]

CONFIG = """
mode: act
welcome: {enabled: false}
triage: {enabled: false}
review_sheet: {enabled: false}
review: {enabled: false}
tests: {enabled: false}
docs: {enabled: false}
linked_issue: {enabled: false}
post_merge: {enabled: false}
release:
  categories:
    - {title: Features, labels: [enhancement], semver_increment: minor}
"""
FILES = {"theme.py": "dark = True\n", "docs/theme.md": "# Dark\n"}


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database, config=CONFIG) as world:
        begin(world)
        yield world


def begin(world: World) -> None:
    """A first release, and a change since: the draft of v1.2.0."""
    maya = world.sandbox.as_user("maya")
    maya.merge(REPO, world.open_pull("Begin", by="wes", branch="begin"))
    world.let_pass(60)
    maya.release(REPO, "v1.1.0", "The first")
    world.let_pass(60)
    world.drop_mail()
    merge(world, "Add a dark mode", FILES)


def merge(world: World, title: str, files: dict[str, str]) -> int:
    number = world.open_pull(title, by="wes", branch=title.replace(" ", "-"), files=files)
    maya = world.sandbox.as_user("maya")
    maya.add_label(REPO, number, "enhancement")
    maya.merge(REPO, number)
    world.let_pass(1)
    settle(world)
    return number


def settle(world: World) -> None:
    """Work off what came, and the looks that were put off for an instant."""
    for _round in range(3):
        world.run()
        world.let_pass(1)
    world.run()


def say(world: World, number: int, text: str, by: str = "maya") -> str:
    """Give a command. Returns what Usher answers."""
    world.comment(number, text, by=by)
    settle(world)
    said = world.said(number)
    return said[-1].body if said else ""


def tip(world: World) -> str:
    return world.sandbox.repo(REPO).branches["main"]


def check(world: World, conclusion: str = "success", name: str = "ci") -> None:
    """Let a check of the newest commit end."""
    path, sha = f"/repos/{REPO}/statuses/{tip(world)}", conclusion
    world.sandbox.as_user("maya").request("POST", path, {"state": sha, "context": name})
    settle(world)


def checklist(world: World) -> int:
    """The number of the checklist; it is the only issue that Usher has opened."""
    issues = world.sandbox.repo(REPO).issues.values()
    (number,) = [issue.number for issue in issues if issue.user.login == BOT]
    return number


def text(world: World) -> str:
    return world.issue(checklist(world)).body or ""


def conclusion(world: World) -> str:
    """What the check of the newest commit says."""
    runs = world.sandbox.as_user("maya").request("GET", f"/repos/{REPO}/commits/{tip(world)}/check-runs")
    found = [run for run in runs["check_runs"] if run["name"] == CHECK_NAME]
    return found[0]["conclusion"] or "in progress" if found else "none"


def releases(world: World) -> list[Release]:
    return list(world.sandbox.repo(REPO).releases.values())


def draft(world: World) -> Release:
    (found,) = [release for release in releases(world) if release.draft]
    return found


def test_from_the_first_question_to_the_publication(world: World) -> None:
    ask = world.open_issue("When is the next release?")
    answer = say(world, ask, "/release check")
    assert "`v1.2.0` is not ready yet. This is open:" in answer
    assert "**Tests**: no checks ran on" in answer
    number = checklist(world)
    assert world.issue(number).title == "Release v1.2.0"
    assert f"Asked for by `maya` in #{ask}" in text(world)
    assert conclusion(world) == "failure"

    assert "`v1.2.0` is not published yet" in say(world, ask, "/release publish")
    assert f"The checklist is #{number}, where" in world.said(ask)[-1].body
    assert draft(world).draft

    check(world)
    assert "**Everything is there for `v1.2.0`**" in text(world)
    assert conclusion(world) == "success"

    answer = say(world, ask, "/release publish")
    assert "/releases/tag/v1.2.0) is out, on" in answer
    assert [release.draft for release in releases(world)] == [False, False]
    assert world.sandbox.repo(REPO).tags["v1.2.0"] == tip(world)
    assert world.issue(number).state == "closed"
    assert "**`v1.2.0` is out.**" in text(world)
    assert world.executor.flows.gates.of(world.repository_id) is None


def test_the_first_release_of_a_project(sqlite_database: Database) -> None:
    config = CONFIG.partition("release:")[0] + "release_gate: {require_checks: false}\n"
    with living(sqlite_database, config=config) as world:
        ask = world.open_issue("Is this ever released?")
        assert "there is none yet" in say(world, ask, "/release check")
        assert world.issue(checklist(world)).title == "First release"
        say(world, ask, "/release prepare")
        assert (draft(world).tag, draft(world).target) == ("v0.1.0", "main")
        assert world.issue(checklist(world)).title == "Release v0.1.0"
        say(world, ask, "/release publish")
        assert world.sandbox.repo(REPO).tags["v0.1.0"] == tip(world)
        assert "**`v0.1.0` is out.**" in text(world)


def test_a_release_of_another_branch(sqlite_database: Database) -> None:
    config = CONFIG + "  commitish: 1.x\nrelease_gate: {require_checks: false}\n"
    with living(sqlite_database, config=config) as world:
        world.sandbox.repo(REPO).branches["1.x"] = tip(world)
        maya = world.sandbox.as_user("maya")
        said = {"tag_name": "v1.0.1", "target_commitish": "1.x", "name": "v1.0.1", "body": "Mine"}
        maya.request("POST", f"/repos/{REPO}/releases", {**said, "draft": True})
        ask = world.open_issue("Is the leak mended in 1.x?")
        say(world, ask, "/release check")
        assert "`v1.0.1`, on" in text(world)
        before = text(world)
        maya.push(REPO, {"leak.py": "none\n"}, branch="1.x")
        settle(world)
        assert text(world) != before  # it is another commit now
        branch = world.sandbox.repo(REPO).branches["1.x"]
        say(world, checklist(world), "/release publish")
        assert world.sandbox.repo(REPO).tags["v1.0.1"] == branch != tip(world)
        assert world.issue(checklist(world)).state == "closed"


def test_who_waits_for_a_release_hears_of_one_that_usher_published(world: World) -> None:
    (pull,) = [n for n, issue in world.sandbox.repo(REPO).issues.items() if issue.title == "Add a dark mode"]
    assert "in the draft of v1.2.0" in world.said(pull)[0].body
    check(world)
    say(world, pull, "/release publish")
    assert "released in [v1.2.0](http" in world.said(pull)[0].body


def test_it_is_kept_current_by_what_happens(world: World) -> None:
    check(world)
    blocker = world.open_issue("Data is lost", by="wes")
    say(world, blocker, "/release check")
    assert conclusion(world) == "success"
    maya = world.sandbox.as_user("maya")
    maya.request("POST", f"/repos/{REPO}/labels", {"name": "release-blocker", "color": "ff0000"})
    say(world, blocker, "/label release-blocker")  # which Usher does itself
    assert f"open: #{blocker}" in text(world)
    assert conclusion(world) == "failure"
    maya.close(REPO, blocker)
    settle(world)
    assert conclusion(world) == "success"

    merge(world, "Second", {"second.py": "2\n"})
    assert "no checks ran on" in text(world)
    assert conclusion(world) == "failure"
    check(world)
    assert conclusion(world) == "success"
    written = len(world.writes(f"/issues/{checklist(world)}"))
    check(world, name="other")
    assert len(world.writes(f"/issues/{checklist(world)}")) == written + 1  # two checks passed


def test_a_milestone_of_the_version_holds_it_up(world: World) -> None:
    maya = world.sandbox.as_user("maya")
    made = maya.request("POST", f"/repos/{REPO}/milestones", {"title": "1.2"})
    wanted = world.open_issue("A light mode, too")
    maya.request("PATCH", f"/repos/{REPO}/issues/{wanted}", {"milestone": made["number"]})
    say(world, wanted, "/release check")
    assert f"open: #{wanted}" in text(world)


def test_an_item_is_waived_on_the_checklist(world: World) -> None:
    ask = world.open_issue("Soon?")
    say(world, ask, "/release check")
    say(world, checklist(world), "/skip tests there is no machine for them")
    assert "waived by maya: there is no machine for them" in text(world)
    assert conclusion(world) == "success"
    merge(world, "Second", {"second.py": "2\n"})  # which nobody waived
    assert conclusion(world) == "failure"


def test_who_waives_the_blockers_waives_those_that_there_are(world: World) -> None:
    check(world)
    maya = world.sandbox.as_user("maya")
    maya.request("POST", f"/repos/{REPO}/labels", {"name": "release-blocker", "color": "ff0000"})
    small = world.open_issue("A typo")
    maya.add_label(REPO, small, "release-blocker")
    say(world, small, "/release check")
    say(world, checklist(world), f"/skip blockers #{small} is cosmetic")
    assert conclusion(world) == "success"
    big = world.open_issue("Data is lost")
    maya.add_label(REPO, big, "release-blocker")
    settle(world)
    assert conclusion(world) == "failure"
    assert f"open: #{big}" in text(world)
    say(world, checklist(world), "/skip blockers nor does this matter")
    assert conclusion(world) == "success"


def test_a_draft_that_lags_behind_is_brought_up_to_date(world: World) -> None:
    check(world)
    maya = world.sandbox.as_user("maya")
    body = (draft(world).body or "").replace("Add a dark mode", "Something")
    maya.request("PATCH", f"/repos/{REPO}/releases/{draft(world).id}", {"body": body})
    ask = world.open_issue("Soon?")
    assert "does not have everything yet" in say(world, ask, "/release check")
    assert "The draft is brought up to date" in say(world, ask, "/release prepare")
    assert "Add a dark mode" in (draft(world).body or "")
    assert conclusion(world) == "success"


@pytest.mark.parametrize(
    ("line", "by", "needed"),
    [
        ("/release check", "rea", "triage"),
        ("/release prepare", "tri", "write"),
        ("/release publish", "wes", "maintain"),
    ],
)
def test_it_takes_rights(world: World, line: str, by: str, needed: str) -> None:
    check(world)
    ask = world.open_issue("Soon?")
    assert f"`{needed}`" in say(world, ask, line, by=by) or needed in world.said(ask)[-1].body
    assert draft(world).draft
    assert [issue for issue in world.sandbox.repo(REPO).issues.values() if issue.user.login == BOT] == []


def test_while_observing_nothing_is_published(sqlite_database: Database) -> None:
    config = CONFIG + "release_gate: {mode: observe, require_checks: false}\n"
    with living(sqlite_database, config=config) as world:
        begin(world)
        ask = world.open_issue("Soon?")
        assert say(world, ask, "/release publish") == ""
        (plan,) = world.plans(ask)
        assert [step.status for step in plan.steps] == ["observed", "observed"]
        assert draft(world).draft


def test_while_drafts_are_only_observed_none_is_written(sqlite_database: Database) -> None:
    observing = CONFIG.replace("release:\n", "release:\n  mode: observe\n")
    with living(sqlite_database, config=observing + "release_gate: {require_checks: false}\n") as world:
        begin(world)
        ask = world.open_issue("Soon?")
        answer = say(world, ask, "/release prepare")
        assert "The section `release` of the settings leaves the draft to people" in answer
        assert "there is none yet: somebody has to write it" in answer
        assert [release.draft for release in releases(world)] == [False]


def test_nor_where_the_whole_file_observes_but_for_the_gate(sqlite_database: Database) -> None:
    observing = CONFIG.replace("mode: act", "mode: observe") + "release_gate: {mode: act}\n"
    with living(sqlite_database, config=observing) as world:
        begin(world)
        say(world, world.open_issue("Soon?"), "/release prepare")
        assert [release.draft for release in releases(world)] == [False]


def test_a_checklist_that_a_person_closed_stays_closed(world: World) -> None:
    ask = world.open_issue("Soon?")
    say(world, ask, "/release check")
    number, maya = checklist(world), world.sandbox.as_user("maya")
    maya.close(REPO, number)
    settle(world)
    assert world.executor.flows.gates.of(world.repository_id) is None
    answer = say(world, ask, "/release check")
    assert f"Somebody closed the checklist, #{number}" in answer
    assert world.issue(number).state == "closed"
    maya.request("PATCH", f"/repos/{REPO}/issues/{number}", {"state": "open"})
    say(world, ask, "/release check")
    check(world)
    assert conclusion(world) == "success"


def test_a_release_that_a_person_publishes_ends_it(world: World) -> None:
    ask = world.open_issue("Soon?")
    say(world, ask, "/release check")
    path = f"/repos/{REPO}/releases/{draft(world).id}"
    world.sandbox.as_user("maya").request("PATCH", path, {"draft": False})
    settle(world)
    assert world.issue(checklist(world)).state == "closed"
    assert "**`v1.2.0` is out.**" in text(world)


def test_a_patch_of_an_older_version_does_not_end_it(world: World) -> None:
    ask = world.open_issue("Soon?")
    say(world, ask, "/release check")
    world.sandbox.as_user("maya").release(REPO, "v1.1.1", "A patch")
    settle(world)
    assert world.issue(checklist(world)).state == "open"
    assert world.executor.flows.gates.of(world.repository_id) is not None


def test_a_tag_that_is_taken_is_not_released_over(world: World) -> None:
    check(world)
    world.sandbox.repo(REPO).tags["v1.2.0"] = world.sandbox.repo(REPO).tags["v1.1.0"]
    ask = world.open_issue("Soon?")
    assert "the tag `v1.2.0` exists already" in say(world, ask, "/release publish")
    assert draft(world).draft


def test_what_had_to_wait_is_judged_anew(world: World) -> None:
    check(world)
    ask = world.open_issue("Soon?")
    path = "PATCH .*/releases/"
    world.sandbox.faults.add("forbidden_with_retry_after", match=path, times=1, seconds=1200)
    say(world, ask, "/release publish")
    check(world, "failure")
    world.let_pass(1300)
    settle(world)
    assert draft(world).draft
    assert "it had to wait" in world.said(ask)[-1].body
    assert "`v1.2.0` is not published yet" in say(world, ask, "/release publish")
    check(world)
    say(world, ask, "/release publish")
    assert world.sandbox.repo(REPO).tags["v1.2.0"] == tip(world)


def test_the_hourly_look_finds_what_was_missed(world: World) -> None:
    ask = world.open_issue("Soon?")
    say(world, ask, "/release check")
    check_without_news = f"/repos/{REPO}/statuses/{tip(world)}"
    world.sandbox.as_user("maya").request("POST", check_without_news, {"state": "success", "context": "ci"})
    world.drop_mail()
    settle(world)
    assert conclusion(world) == "failure"
    world.let_pass(3601)
    assert world.processor.follower.releases.sweep() == 1
    settle(world)
    assert conclusion(world) == "success"


def test_a_look_that_finds_nothing_new_leaves_no_trace(world: World) -> None:
    ask = world.open_issue("Soon?")
    say(world, ask, "/release check")
    for _each in range(2):
        plans, written = len(world.plans(checklist(world))), len(world.writes())
        world.let_pass(3601)
        world.processor.follower.releases.sweep()
        settle(world)
    assert len(world.plans(checklist(world))) == plans
    assert len(world.writes()) == written


def test_a_checklist_that_is_gone_is_followed_no_more(world: World) -> None:
    ask = world.open_issue("Soon?")
    say(world, ask, "/release check")
    del world.sandbox.repo(REPO).issues[checklist(world)]
    world.let_pass(3601)
    world.processor.follower.sweep()
    settle(world)
    world.let_pass(600)
    settle(world)
    assert world.executor.flows.gates.of(world.repository_id) is None


def test_where_nobody_asked_nothing_is_asked_of_github(world: World) -> None:
    world.witness.requests.clear()
    world.open_issue("It crashes")
    world.sandbox.as_user("maya").push(REPO, {"a.txt": "a"})
    settle(world)
    assert world.requests("/milestones") == []
    assert world.requests("/compare/") == []
