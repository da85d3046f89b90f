"""How the facts about a pull request are obtained, and what that costs in requests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.core.actors import GHOST
from bot.core.errors import RetryLater
from bot.core.events import (
    CommandGiven,
    PullEvent,
    PullRequestUpdated,
    Repository,
    Thread,
    ThreadEvent,
)
from bot.core.facts import Fact, LabelHistory
from bot.core.parse import load_json, parse
from bot.core.pull_context import PushedSince, Skip, Skips
from bot.core.pulls import ChangedFiles, Checks, Commits, ParentChecks, PullRequest, Reviews
from bot.gather import Gatherer, Situation
from bot.sandbox.things import Pull
from bot.store.flows import Flows
from tests.store.examples import RECORD
from tests.world import REPO, World, classifier

ASKS = "mode: observe\nreview: {reviewers: 1}\n"


def news(world: World) -> PullEvent:
    """The last thing that happened to a pull request, from what GitHub sent."""
    events = [
        event
        for sent in world.mail.empty()
        for event in parse(sent.event, load_json(sent.body))
        if isinstance(event, PullEvent)
    ]
    return events[-1]


def situation(world: World, event: ThreadEvent, *, age: timedelta = timedelta(0)) -> Situation:
    config = world.configs.named(REPO, world.installation.id)
    return world.gatherer.situation(event, datetime.now(UTC) - age, config)


def ask(world: World, event: ThreadEvent, *kinds: type[Fact], age: timedelta = timedelta(0)) -> list[Fact]:
    about = situation(world, event, age=age)
    facts = world.gatherer.gather(about, kinds)
    return [facts[kind] for kind in kinds]


def reads(world: World) -> list[str]:
    return [line for line in world.requests("GET ") if "/contents/" not in line]


class TestThePullRequest:
    def test_is_what_the_delivery_says_while_that_is_fresh(self, world: World) -> None:
        world.open_pull("Mend it")
        event, before = news(world), len(reads(world))
        (found,) = ask(world, event, PullRequest)
        assert isinstance(found, PullRequest)
        assert (found.title, found.changed_files) == ("Mend it", 1)
        assert len(reads(world)) == before

    def test_is_asked_of_github_when_the_delivery_is_old(self, world: World) -> None:
        number = world.open_pull("Mend it")
        event = news(world)
        world.sandbox.as_user("nia").edit(REPO, number, title="fix: mend it")
        (found,) = ask(world, event, PullRequest, age=timedelta(minutes=10))
        assert isinstance(found, PullRequest)
        assert found.title == "fix: mend it"

    def test_is_asked_of_github_when_something_as_new_was_seen_before(self, world: World) -> None:
        number = world.open_pull("Mend it")
        event = news(world)
        assert event.pull is not None
        seen = replace(RECORD, repository_id=world.repository_id, number=number)
        Flows(world.database).keep(replace(seen, pull_updated_at=event.pull.updated_at))
        world.sandbox.as_user("nia").edit(REPO, number, title="fix: mend it")
        (found,) = ask(world, event, PullRequest)
        assert isinstance(found, PullRequest)
        assert found.title == "fix: mend it"

    def test_is_asked_of_github_where_the_delivery_holds_a_part_of_it(self, world: World) -> None:
        number = world.open_pull("Mend it")
        world.drop_mail()
        world.sandbox.as_user("wes").review(REPO, number)
        (found,) = ask(world, news(world), PullRequest)
        assert isinstance(found, PullRequest)
        assert found.changed_files == 1

    def test_of_an_issue_is_little_more_than_its_number(self, world: World) -> None:
        number = world.open_issue()
        thread = Thread(Repository(world.repository_id, REPO, world.installation.id), number, is_pull=False)
        event = CommandGiven(GHOST, thread, name="cc")
        assert ask(world, event, PullRequest, ChangedFiles, Commits, Reviews, Checks) == [
            PullRequest(number),
            ChangedFiles(),
            Commits(),
            Reviews(),
            Checks(),
        ]


def test_files_and_commits_are_asked_for_once_for_each_head(world: World) -> None:
    number = world.open_pull("Mend it")
    first = news(world)
    ask(world, first, ChangedFiles, Commits)
    before = len(reads(world))
    files, commits = ask(world, first, ChangedFiles, Commits)
    assert len(reads(world)) == before
    assert isinstance(files, ChangedFiles)
    assert isinstance(commits, Commits)
    assert files.paths == ("change.txt",)
    assert [commit.subject for commit in commits.commits] == ["Mend it"]
    world.sandbox.as_user("nia").push_to_pull(REPO, number, {"b.txt": "b"})
    (files,) = ask(world, news(world), ChangedFiles)
    assert isinstance(files, ChangedFiles)
    assert set(files.paths) == {"b.txt", "change.txt"}


def test_reviews_are_asked_for_each_time_and_cost_nothing_while_they_are_the_same(world: World) -> None:
    number = world.open_pull("Mend it")
    event = news(world)
    assert ask(world, event, Reviews) == [Reviews()]
    world.sandbox.as_user("wes").review(REPO, number, "REQUEST_CHANGES", "no")
    (found,) = ask(world, event, Reviews)
    assert isinstance(found, Reviews)
    assert found.latest()["wes"].state == "changes_requested"
    assert ask(world, event, Reviews) == [found]


def test_checks_are_those_of_others_run_or_status(world: World) -> None:
    number = world.open_pull("Mend it")
    event, pull = news(world), world.issue(number).pull
    assert pull is not None
    maya = world.sandbox.as_user("maya")
    maya.request("POST", f"/repos/{REPO}/statuses/{pull.head_sha}", {"state": "failure", "context": "build"})
    (found,) = ask(world, event, Checks)
    assert isinstance(found, Checks)
    assert [(check.name, check.conclusion) for check in found.checks] == [("build", "failure")]
    assert found.sha == pull.head_sha


class TestTheChecksOfTheCommitBefore:
    def merged(self, world: World, result: str, **more: Any) -> PullEvent:
        """A pull request that was merged; the commit before passed, and that of the merge ended like this."""
        number = world.open_pull("Mend it", **more)
        maya = world.sandbox.as_user("maya")
        maya.merge(REPO, number)
        event = news(world)
        merge = situation(world, event).pull.merge_sha
        before = world.sandbox.repo(REPO).network.commits[merge].parents[0]
        for sha, state in ((before, "success"), (merge, result)):
            said = {"state": state, "context": "build"}
            maya.request("POST", f"/repos/{REPO}/statuses/{sha}", said)
        return event

    def test_are_obtained_where_a_check_of_the_merge_has_failed(self, world: World) -> None:
        (found,) = ask(world, self.merged(world, "failure"), ParentChecks)
        assert isinstance(found, ParentChecks)
        assert [(check.name, check.conclusion) for check in found.checks] == [("build", "success")]

    def test_are_not_asked_for_where_none_has(self, world: World) -> None:
        event = self.merged(world, "success")
        assert ask(world, event, Checks, ParentChecks)[1] == ParentChecks()
        assert [line for line in reads(world) if "/commits?" in line] == []

    def test_are_not_asked_for_on_other_branches(self, world: World) -> None:
        world.sandbox.as_user("maya").push(REPO, {"old.txt": "old"}, branch="stable")
        assert ask(world, self.merged(world, "failure", base="stable"), ParentChecks) == [ParentChecks()]


class TestKeptChecks:
    """A check that changes leads to a look, and until then nothing has to be asked again."""

    def test_are_not_asked_for_again_by_an_event_that_is_none_of_checks(self, world: World) -> None:
        number = world.open_pull("Mend it")
        (found,) = ask(world, news(world), Checks)
        world.sandbox.as_user("maya").add_label(REPO, number, "bug")
        event, before = news(world), len(reads(world))
        assert ask(world, event, Checks) == [found]
        assert len(reads(world)) == before

    def test_are_asked_for_again_by_a_look(self, world: World) -> None:
        number = world.open_pull("Mend it")
        event = news(world)
        ask(world, event, Checks)
        self.report(world, number)
        (found,) = ask(world, PullRequestUpdated(event.actor, event.thread, what="look"), Checks)
        assert [check.name for check in cast("Checks", found).checks] == ["build"]

    def test_are_asked_for_again_after_a_look_in_another_process(self, world: World) -> None:
        number = world.open_pull("Mend it")
        event = news(world)
        ask(world, event, Checks)
        self.report(world, number)
        world.gatherer, kept = replaced_gatherer(world), world.gatherer
        world.processor.follower.look_again(event.repository, number)
        world.let_pass(1)
        world.run()
        world.gatherer = kept
        (found,) = ask(world, event, Checks)
        assert [check.name for check in cast("Checks", found).checks] == ["build"]

    def test_statuses_of_what_was_just_pushed_are_asked_for_only_where_there_were_some(
        self, world: World
    ) -> None:
        number = world.open_pull("Mend it")
        ask(world, news(world), Checks)
        nia, asked = world.sandbox.as_user("nia"), len(world.requests("/status"))
        nia.push_to_pull(REPO, number, {"a.txt": "a"})
        pushed = news(world)
        ask(world, pushed, Checks)
        assert len(world.requests("/status")) == asked
        self.report(world, number)
        ask(world, PullRequestUpdated(pushed.actor, pushed.thread, what="look"), Checks)
        nia.push_to_pull(REPO, number, {"b.txt": "b"})
        ask(world, news(world), Checks)
        assert len(world.requests("/status")) == asked + 2

    @staticmethod
    def report(world: World, number: int) -> None:
        head = cast("Pull", world.issue(number).pull).head_sha
        said = {"state": "failure", "context": "build"}
        world.sandbox.as_user("maya").request("POST", f"/repos/{REPO}/statuses/{head}", said)


def replaced_gatherer(world: World) -> Gatherer:
    """What another process has instead of this one's."""
    reports = world.processor.gatherer._reports
    flows = Flows(world.database)
    found = Gatherer(world.github, world.registry, world.ledger, flows, classifier(), reports=reports)
    world.processor.gatherer = found
    return found


class TestLabelHistory:
    """Who put which label on a pull request matters only for labels that rules set."""

    def test_is_not_asked_for_where_the_repository_has_no_label_that_rules_set(self, world: World) -> None:
        number = world.open_pull("Mend it")
        world.sandbox.as_user("maya").add_label(REPO, number, "bug")
        assert ask(world, news(world), LabelHistory) == [LabelHistory()]
        assert world.requests("/events") == []

    def test_is_asked_for_where_it_has_one(self, world: World) -> None:
        maya = world.sandbox.as_user("maya")
        maya.request("POST", f"/repos/{REPO}/labels", {"name": "size/S"})
        number = world.open_pull("Mend it")
        maya.add_label(REPO, number, "size/S")
        (found,) = ask(world, news(world), LabelHistory)
        assert cast("LabelHistory", found).set_by_humans == {"size/S"}


def test_what_was_waived_comes_from_the_database(world: World) -> None:
    number = world.open_pull("Mend it")
    Flows(world.database).keep_skip(world.repository_id, number, 1, Skip("tests", "a typo", "maya"))
    assert ask(world, news(world), Skips) == [Skips((Skip("tests", "a typo", "maya"),))]


def test_a_look_of_its_own_asks_github(world: World) -> None:
    number = world.open_pull("Mend it")
    event = news(world)
    look = PullRequestUpdated(event.actor, event.thread, what="look")
    world.sandbox.as_user("nia").edit(REPO, number, title="fix: mend it")
    (found,) = ask(world, look, PullRequest)
    assert isinstance(found, PullRequest)
    assert found.title == "fix: mend it"


class TestWhatAWriterSaw:
    def asked(self, world: World, name: str, text: str = "", *, by_time: bool = True) -> bool:
        number = world.open_pull("Mend it")
        thread = replace(news(world).thread, number=number)
        at = datetime.now(UTC) - timedelta(hours=1) if by_time else None
        event = CommandGiven(GHOST, thread, name=name, text=text, at=at)
        (found,) = ask(world, event, PushedSince, age=timedelta(minutes=1))
        assert isinstance(found, PushedSince)
        return found.is_so

    def test_is_asked_of_commands_about_commits_alone(self, world: World) -> None:
        before = len(reads(world))
        assert not self.asked(world, "label", "bug")
        assert not self.asked(world, "merge", "Cancel")
        assert len(reads(world)) == before
        assert self.asked(world, "merge", "squash")

    def test_cannot_be_known_without_the_time(self, world: World) -> None:
        assert self.asked(world, "approve", by_time=False)

    def test_waits_a_little_for_what_was_not_announced(self, world: World) -> None:
        world.open_pull("Mend it")
        event = CommandGiven(GHOST, news(world).thread, name="merge", at=datetime.now(UTC))
        with pytest.raises(RetryLater) as later:
            ask(world, event, PushedSince)
        assert later.value.until is not None
