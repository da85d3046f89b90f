"""The life of pull requests at a real server: every state and back, out of order, lost and odd."""

import itertools
import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.actors import GHOST
from bot.core.branch_rules import BranchRules
from bot.core.events import PullRequestUpdated, Repository, Thread
from bot.core.facts import Fact, Facts, Now
from bot.core.flow import CHECK_NAME, FlowItems, Item, flow
from bot.core.merging import QueuePlace
from bot.core.pull_context import (
    CodeOwnersFile,
    PullTypePrediction,
    ReviewLoad,
    ReviewRequests,
    Skips,
    TeamMembers,
    Words,
)
from bot.core.pull_json import commit_from, file_from, pull_from, review_from
from bot.core.pulls import ChangedFiles, Checks, ChecksExpected, Commits, Reviews
from bot.rules import RULES
from bot.sandbox.deliveries import Delivery as Sent
from bot.sandbox.things import Pull
from bot.store.database import Database
from bot.store.flows import Flows
from tests.databases import shared_sqlite, sqlite_database
from tests.world import BOT, REPO, World, living

__all__ = ["shared_sqlite", "sqlite_database"]

CONFIG = "mode: act\nwelcome: {enabled: false}\nreview_sheet: {enabled: false}\n"
SOURCE = {"src/engine.py": "def start():\n    return 1\n"}
TESTS = {"tests/test_engine.py": "def test_start():\n    assert True\n"}


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


def opened(world: World, **more: object) -> int:
    fields: dict[str, object] = {"title": "fix: start", "files": SOURCE | TESTS, **more}
    number = world.open_pull(**fields)  # type: ignore[arg-type]
    settle(world)
    return number


def pull(world: World, number: int) -> Pull:
    found = world.issue(number).pull
    assert found is not None
    return found


def checklist(world: World, number: int) -> str:
    (comment,) = world.said(number)
    return comment.body


def headline(world: World, number: int) -> str:
    return checklist(world, number).split("**")[1].removeprefix("Thanks, this is at: ")


def marks(world: World, number: int) -> dict[str, str]:
    """Each item of the checklist with its mark."""
    rows = re.findall(r"^\| (\S+) \| ([^|]+) \|", checklist(world, number), re.MULTILINE)
    return {title: mark for mark, title in rows if title.strip("-")}


def conclusion(world: World, sha: str) -> str | None:
    """What the one check run of a commit has come to; None while it is in progress."""
    found = [
        run
        for run in world.sandbox.repo(REPO).check_runs.values()
        if run.head_sha == sha and run.name == CHECK_NAME
    ]
    assert len(found) == 1, [run.name for run in found]
    return found[0].conclusion


def state(world: World, number: int) -> tuple[str, str | None]:
    return headline(world, number), conclusion(world, pull(world, number).head_sha)


# From opened to merged


def test_a_pull_request_comes_to_its_merge(world: World) -> None:
    number = opened(world, files=SOURCE)
    assert state(world, number) == ("review", "failure")
    assert marks(world, number)["Tests"] == "❌"
    assert "src/engine.py" in checklist(world, number)

    world.sandbox.as_user("nia").push_to_pull(REPO, number, TESTS)
    settle(world)
    assert state(world, number) == ("review", None)
    assert (marks(world, number)["Tests"], marks(world, number)["Review"]) == ("✅", "⏳")

    world.sandbox.as_user("wes").review(REPO, number)
    settle(world)
    assert state(world, number) == ("Thanks, everything is there. This is at: merge", "success")

    world.sandbox.as_user("maya").merge(REPO, number)
    settle(world)
    assert headline(world, number).startswith("Merged, thank you")
    assert len(world.said(number)) == 1


def test_changes_that_a_reviewer_asks_for_are_the_authors_turn_and_then_the_reviewers(world: World) -> None:
    number = opened(world)
    world.sandbox.as_user("wes").review(REPO, number, "REQUEST_CHANGES", "please")
    settle(world)
    assert state(world, number) == ("review", "failure")
    assert "**review** (you)" in checklist(world, number)

    world.sandbox.as_user("nia").push_to_pull(REPO, number, {"src/more.py": "x = 1\n"}, "More")
    settle(world)
    assert "**review** (maintainers)" in checklist(world, number)

    world.sandbox.as_user("wes").review(REPO, number)
    settle(world)
    assert conclusion(world, pull(world, number).head_sha) == "success"


def test_a_push_after_the_approval_counts_only_where_the_config_says_so(world: World) -> None:
    number = opened(world)
    world.sandbox.as_user("wes").review(REPO, number)
    world.sandbox.as_user("nia").push_to_pull(REPO, number, {"src/more.py": "x = 1\n"}, "More")
    settle(world)
    assert conclusion(world, pull(world, number).head_sha) == "success"

    world.push_config(CONFIG + "review: {dismiss_stale: true}\n")
    settle(world)
    world.comment(number, "/rescan")
    settle(world)
    assert conclusion(world, pull(world, number).head_sha) is None


def test_a_draft_opens_for_review_when_it_is_ready_and_back(world: World) -> None:
    number = opened(world, draft=True)
    assert headline(world, number) == "Thanks, a draft so far. This is at: review"
    world.sandbox.as_user("nia").ready(REPO, number)
    settle(world)
    assert headline(world, number) == "review"
    world.sandbox.as_user("nia").draft(REPO, number)
    settle(world)
    assert headline(world, number).startswith("Thanks, a draft so far")


def test_a_title_that_says_it_is_not_ready_holds_it_up_until_it_is_edited(world: World) -> None:
    number = opened(world, title="WIP: fix: start")
    assert state(world, number) == ("opened", "failure")
    world.sandbox.as_user("nia").edit(REPO, number, title="fix: start")
    settle(world)
    assert state(world, number) == ("review", None)


def test_closed_and_reopened_it_goes_on_where_it_was(world: World) -> None:
    number = opened(world)
    world.sandbox.as_user("nia").close(REPO, number)
    settle(world)
    assert state(world, number) == ("Closed without merging", "neutral")
    world.sandbox.as_user("nia").reopen(REPO, number)
    settle(world)
    assert state(world, number) == ("review", None)


def test_a_new_base_is_looked_at_from_there(world: World) -> None:
    world.sandbox.as_user("maya").push(REPO, {"old.txt": "old"}, branch="stable")
    number = opened(world)
    nia = world.sandbox.as_user("nia")
    nia.request("PATCH", f"/repos/{REPO}/pulls/{number}", {"base": "stable"})
    settle(world)
    assert state(world, number) == ("review", None)


def test_what_other_services_report_on_the_head_shows(world: World) -> None:
    number = opened(world)
    sha = pull(world, number).head_sha
    report(world, sha, "pending")
    assert marks(world, number)["Checks"] == "⏳"
    report(world, sha, "failure")
    assert (marks(world, number)["Checks"], conclusion(world, sha)) == ("❌", "failure")
    report(world, sha, "success")
    assert (marks(world, number)["Checks"], conclusion(world, sha)) == ("✅", None)


# Commands


def test_a_maintainer_waives_an_item_and_takes_that_back(world: World) -> None:
    number = opened(world, files=SOURCE)
    world.comment(number, "/skip tests only a typo")
    settle(world)
    assert state(world, number) == ("review", None)
    assert "waived by maya: only a typo" in checklist(world, number)
    world.comment(number, "/usher undo")
    settle(world)
    said = {comment.body.split("**")[1] for comment in world.said(number) if "this is at" in comment.body}
    assert said == {"Thanks, this is at: review"}
    assert conclusion(world, pull(world, number).head_sha) == "failure"


def test_who_may_not_waive_changes_nothing(world: World) -> None:
    number = opened(world, files=SOURCE)
    world.comment(number, "/skip tests I do not like them", by="rea")
    settle(world)
    assert conclusion(world, pull(world, number).head_sha) == "failure"


def test_reviewers_are_asked_by_command(world: World) -> None:
    number = opened(world)
    world.comment(number, "/cc @wes")
    settle(world)
    assert [user.login for user in pull(world, number).requested_reviewers] == ["wes"]
    assert "wes" in checklist(world, number)


def test_who_may_not_review_is_named_and_the_others_are_asked(world: World) -> None:
    number = opened(world)
    world.comment(number, "/cc @wes, @nobody-here")
    world.comment(number, "/cc @stranger")
    settle(world)
    assert [user.login for user in pull(world, number).requested_reviewers] == ["wes"]
    said = [comment.body for comment in world.said(number) if "review here" in comment.body]
    assert any("`stranger`" in text for text in said)


# Out of order, repeated, lost


def test_events_in_any_order_end_in_the_same_state(world: World) -> None:
    def live(number: int) -> None:
        nia = world.sandbox.as_user("nia")
        nia.edit(REPO, number, title="WIP: fix: start")
        nia.push_to_pull(REPO, number, TESTS)
        world.sandbox.as_user("wes").review(REPO, number, "REQUEST_CHANGES", "please")
        nia.draft(REPO, number)
        nia.push_to_pull(REPO, number, {"src/more.py": "x = 1\n"}, "More")
        nia.ready(REPO, number)
        nia.edit(REPO, number, title="fix: start")
        world.sandbox.as_user("wes").review(REPO, number)

    chance, seen = random.Random(7), set()
    for _round in range(4):
        number = world.open_pull("fix: start", files=SOURCE)
        live(number)
        sent: list[Sent] = world.mail.empty()
        chance.shuffle(sent)
        for one in itertools.chain(sent, sent[:2]):  # two of them come twice
            world.receive([one])
            world.run()
        settle(world)
        rows = tuple(sorted(marks(world, number).items()))
        seen.add((*state(world, number), rows))
    ((said, check, _rows),) = seen
    assert (said, check) == ("Thanks, everything is there. This is at: merge", "success")


def test_an_event_that_was_lost_is_made_up_for(world: World) -> None:
    number = opened(world)
    world.sandbox.as_user("wes").review(REPO, number)
    world.drop_mail()
    world.run()
    assert conclusion(world, pull(world, number).head_sha) is None
    world.let_pass(6 * 60)
    assert world.processor.follower.sweep() == 1
    settle(world)
    assert conclusion(world, pull(world, number).head_sha) == "success"


def test_what_came_to_its_end_is_not_looked_at_any_more(world: World) -> None:
    number = opened(world)
    world.sandbox.as_user("nia").close(REPO, number)
    settle(world)
    world.let_pass(7 * 24 * 3600)
    assert world.processor.follower.sweep() == 0


def test_a_look_that_brings_nothing_new_writes_and_plans_nothing(world: World) -> None:
    number = opened(world)
    before = len(world.writes()), len(world.plans(number))
    world.let_pass(6 * 60)
    world.processor.follower.sweep()
    settle(world)
    assert (len(world.writes()), len(world.plans(number))) == before
    assert state(world, number) == ("review", None)


def test_what_was_only_observed_is_said_once_usher_may_act(sqlite_database: Database) -> None:
    with living(sqlite_database, config=CONFIG.replace("act", "observe")) as world:
        world.run()
        number = opened(world)
        world.comment(number, "/rescan")
        settle(world)
        assert world.writes() == []
        assert [step.status for plan in world.plans(number) for step in plan.steps].count("observed") == 3
        world.push_config(CONFIG)
        settle(world)
        world.comment(number, "/rescan please")
        settle(world)
        assert state(world, number) == ("review", None)


def test_a_check_that_was_not_allowed_is_tried_again(world: World) -> None:
    permissions = world.installation.permissions
    held = permissions.pop("checks")
    number = opened(world)
    assert world.sandbox.repo(REPO).check_runs == {}
    permissions["checks"] = held
    world.github.forget(world.installation.id)
    world.comment(number, "/rescan")
    settle(world)
    assert conclusion(world, pull(world, number).head_sha) is None


# Odd ones


def test_a_pull_request_from_a_fork_that_was_deleted_and_whose_author_is_gone(world: World) -> None:
    number = opened(world)
    issue = world.issue(number)
    pull(world, number).head_repo = None
    issue.user = world.sandbox.add_user("ghost")
    world.sandbox.as_user("wes").review(REPO, number)
    settle(world)
    assert conclusion(world, pull(world, number).head_sha) == "success"


def test_a_bot_gets_the_check_and_no_checklist(world: World) -> None:
    number = world.open_pull("Update x", by="renovate[bot]", files=SOURCE)
    settle(world)
    assert world.said(number) == []
    assert conclusion(world, pull(world, number).head_sha) in {None, "failure"}


def test_one_without_files(world: World) -> None:
    number = opened(world, by="maya", files={"README.md": "# Engine\n"})
    assert marks(world, number)["Tests"] != "❌"


def test_a_merge_commit_shows_where_the_config_forbids_them(sqlite_database: Database) -> None:
    with living(sqlite_database, config=CONFIG + "commits: {no_merge_commits: true}\n") as world:
        world.run()
        number = opened(world)
        assert marks(world, number)["No merge commits"] == "✅"
        world.sandbox.as_user("maya").push(REPO, {"docs/other.md": "x"}, "Meanwhile")
        world.sandbox.as_user("nia").request("PUT", f"/repos/{REPO}/pulls/{number}/update-branch", {})
        settle(world)
        assert marks(world, number)["No merge commits"] == "❌"
        world.comment(number, "/skip merge-commits squashed anyway")
        settle(world)
        assert marks(world, number)["No merge commits"] == "⏭️"


def test_a_revert_goes_the_same_way_and_neither_of_the_two_is_released(world: World) -> None:
    world.sandbox.as_user("maya").release(REPO, "v1.0.0", "The first")
    world.let_pass(5)
    first = opened(world)
    world.sandbox.as_user("maya").merge(REPO, first)
    settle(world)
    undo = {"title": 'Revert "fix: start"', "body": f"Reverts {REPO}#{first}"}
    second = opened(world, files={"src/engine.py": "", "tests/test_engine.py": ""}, **undo)
    assert marks(world, second)["Title"] == "✅"
    world.sandbox.as_user("wes").review(REPO, second)
    settle(world)
    world.sandbox.as_user("maya").merge(REPO, second)
    settle(world)
    for number, other in ((first, second), (second, first)):
        world.comment(number, "/rescan")
        settle(world)
        assert f"pull request {other} cancel each other out" in checklist(world, number)


def test_a_mistake_in_one_section_leaves_the_others_working(world: World) -> None:
    world.push_config(CONFIG + "title: {conventionel: true}\n")
    settle(world)
    number = opened(world, files=SOURCE)
    assert marks(world, number)["Tests"] == "❌"


def test_ushers_own_doing_leads_to_nothing_further(world: World) -> None:
    number = opened(world)
    assert len([one for one in world.deliveries() if one.note == "Usher's own doing"]) >= 1
    assert len(world.said(number)) == 1
    assert world.said(number)[0].user.login == BOT


def test_a_stored_pull_request_is_where_the_live_one_is(world: World) -> None:
    number = opened(world, files=SOURCE, title="WIP: start")
    world.sandbox.as_user("wes").review(REPO, number, "REQUEST_CHANGES", "please")
    settle(world)
    live = state(world, number)

    def backup(path: str) -> Any:
        return json.loads(json.dumps(world.sandbox.as_user("maya").request("GET", path)))

    base = f"/repos/{REPO}/pulls/{number}"
    stored = pull_from(backup(base))
    facts: list[Fact] = [
        stored,
        ChangedFiles(tuple(map(file_from, backup(f"{base}/files")))),
        Commits(tuple(map(commit_from, backup(f"{base}/commits")))),
        Reviews(tuple(review for each in backup(f"{base}/reviews") if (review := review_from(each)))),
        *(Checks(), CodeOwnersFile(), Skips(), Words(), ReviewLoad(), ReviewRequests(), TeamMembers()),
        *(PullTypePrediction("", 0.0, abstained=True), Now(datetime.now(UTC))),
        *(QueuePlace(), ChecksExpected(), BranchRules()),
    ]
    config = world.configs.named(REPO, world.installation.id)
    event = PullRequestUpdated(GHOST, Thread(where(world), number, is_pull=True), what="look")
    items: list[Item] = []
    for rule in RULES:
        known = Facts([*facts, FlowItems(tuple(items))])
        if rule.listens_to(event) and config.enabled(rule) and all(need in known for need in rule.needs):
            said = rule.decide(event, config.section(rule), known)
            items += [one for one in said if isinstance(one, Item)]
    found = flow(stored, items)
    assert (found.stage.value, found.conclusion) == live
    assert {item.title for item in found.items} == marks(world, number).keys()


def report(world: World, sha: str, result: str) -> None:
    """A service reports on a commit, as a commit status."""
    said = {"state": result, "context": "build"}
    world.sandbox.as_user("maya").request("POST", f"/repos/{REPO}/statuses/{sha}", said)
    settle(world)


def test_one_pull_request_without_statuses_does_not_hide_those_of_another(world: World) -> None:
    number = opened(world)
    sha = pull(world, number).head_sha
    report(world, sha, "failure")
    opened(world, title="fix: other", files={"src/o.py": "x = 1\n", "tests/test_o.py": "y = 1\n"})
    world.sandbox.as_user("wes").review(REPO, number)
    settle(world)
    assert conclusion(world, sha) == "failure"


def test_of_several_with_one_head_the_worst_of_the_open_ones_speaks_for_it(world: World) -> None:
    first = opened(world)
    sha = pull(world, first).head_sha
    second = world.open_pull("WIP: the same", files={"src/o.py": "x = 1\n"})
    pull(world, second).head_sha = sha
    world.mail.empty()
    world.processor.follower.flows.look_again(where(world), second, datetime.now(UTC))
    settle(world)
    assert state(world, first) == ("review", "failure")
    assert "opened" in headline(world, second)
    world.sandbox.as_user("nia").close(REPO, second)
    settle(world)
    assert conclusion(world, sha) is None
    world.sandbox.as_user("nia").reopen(REPO, second)
    settle(world)
    world.sandbox.as_user("nia").close(REPO, first)
    settle(world)
    assert conclusion(world, sha) == "failure"


def test_a_waived_secret_does_not_waive_the_next_one(sqlite_database: Database) -> None:
    token, key = "ghp_" + "a1B2c3D4e5F6" * 3, "-----BEGIN RSA " + "PRIVATE KEY-----\n" + "MIIE" * 40 + "\n"
    with living(sqlite_database, config="mode: act\nwelcome: {enabled: false}\n") as world:
        world.run()
        number = opened(world, files=SOURCE | TESTS | {"src/a.py": f'TOKEN = "{token}"\n'})
        assert marks(world, number)["Security"] == "❌"
        assert token not in checklist(world, number)
        world.comment(number, "/skip security it is a fake one")
        settle(world)
        assert "waived by maya: it is a fake one" in checklist(world, number)
        world.sandbox.as_user("nia").push_to_pull(REPO, number, {"src/b.pem": key})
        settle(world)
        assert marks(world, number)["Security"] == "❌"


def test_an_undo_leaves_what_only_says_how_things_stand(world: World) -> None:
    world.push_config("mode: act\nreview_sheet: {enabled: false}\n")
    number = opened(world)
    assert len(world.said(number)) == 2  # a welcome and the checklist
    world.comment(number, "/usher undo")
    settle(world)
    texts = [comment.body for comment in world.said(number)]
    assert any("this is at" in text for text in texts)
    assert not any("Welcome" in text for text in texts)


def test_a_repository_that_was_taken_away_is_followed_no_more(world: World) -> None:
    number = opened(world)
    world.registry.remove_repositories([REPO])
    assert Flows(world.database).get(world.repository_id, number) is None
    world.let_pass(7 * 24 * 3600)
    assert world.processor.follower.sweep() == 0


def where(world: World) -> Repository:
    return Repository(world.repository_id, REPO, world.installation.id)


def test_an_event_costs_few_requests(world: World) -> None:
    """Two or fewer on average here; GitHub does not count those whose answer had not changed."""
    number = opened(world)
    nia, maya, wes = (world.sandbox.as_user(login) for login in ("nia", "maya", "wes"))
    maya.add_label(REPO, number, "bug")
    settle(world)

    def counted() -> int:
        return len(world.requests()) - world.witness.unchanged

    before = counted()
    for happens in (
        lambda: maya.add_label(REPO, number, "question"),
        lambda: nia.edit(REPO, number, title="fix: start it"),
        lambda: wes.review(REPO, number, "COMMENT", "hm"),
        lambda: nia.edit(REPO, number, body="Because."),
        lambda: maya.remove_label(REPO, number, "question"),
        lambda: maya.assign(REPO, number, "wes"),
    ):
        happens()
        settle(world)
    assert counted() - before <= 6 * 2
