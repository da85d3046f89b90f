"""Webhook bodies become typed events, whatever they hold."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

import pytest

from bot.core.actors import GHOST, Actor
from bot.core.body import NO_INSTALLATION
from bot.core.commands import MAX_COMMANDS
from bot.core.errors import Malformed
from bot.core.events import (
    ChecksChanged,
    CommandGiven,
    FilesPushed,
    InstallationChanged,
    IssueEdited,
    IssueOpened,
    LabelChanged,
    LabelsEdited,
    MergeGroupFormed,
    PullRequestMerged,
    PullRequestOpened,
    PullRequestUpdated,
    ReleaseLook,
    ReleasePublished,
    ReportDue,
    RepositoriesChanged,
    Repository,
    RepositoryRenamed,
    Thread,
)
from bot.core.parse import LOOK, RELEASE_LOOK, REPORT_DUE, Route, parse, route
from tests.core.payloads import HUBOT, ISSUE, MONA, ROBOT, body, comment, edit

WIDGETS = Repository(10, "acme/widgets", 99, "trunk", is_private=True)
THREAD = Thread(
    repository=WIDGETS,
    number=7,
    is_pull=False,
    title="It crashes",
    body="On start",
    author=Actor(2, "hubot"),
    association="MEMBER",
    labels=("bug", "area: ui"),
)


def commands(payload: dict[str, Any], **options: Any) -> list[tuple[str, str, str]]:
    events = [
        event for event in parse("issue_comment", payload, **options) if isinstance(event, CommandGiven)
    ]
    return [(event.actor.login, event.name, event.text) for event in events]


class TestThreads:
    def test_an_issue_is_opened(self) -> None:
        assert parse("issues", body("opened", issue=ISSUE)) == (IssueOpened(Actor(1, "mona"), THREAD),)

    def test_an_issue_is_edited_only_when_its_text_changes(self) -> None:
        changed = body("edited", issue=ISSUE, changes={"title": {"from": "Crash"}})
        assert parse("issues", changed) == (IssueEdited(Actor(1, "mona"), THREAD),)
        assert parse("issues", changed, bot_login=THREAD.author.login) == ()  # an issue of Usher's own
        assert parse("issues", body("edited", issue=ISSUE, changes={})) == ()
        assert parse("issues", body("edited", issue=ISSUE)) == ()

    def test_a_pull_request_is_opened(self) -> None:
        (event,) = parse("pull_request", body("opened", pull_request=ISSUE))
        assert isinstance(event, PullRequestOpened)
        assert event.thread.is_pull

    def test_a_pull_request_is_merged_by_who_merged_it(self) -> None:
        pull = {**ISSUE, "state": "closed", "merged": True, "merged_by": ROBOT}
        (event,) = parse("pull_request", body("closed", pull_request=pull))
        assert isinstance(event, PullRequestMerged)
        assert (event.actor.login, event.actor.is_bot) == ("helper[bot]", True)
        assert not event.thread.is_open

    @pytest.mark.parametrize("action", ["synchronize", "edited", "converted_to_draft", "closed", "reopened"])
    def test_whatever_else_happens_to_a_pull_request_is_an_update(self, action: str) -> None:
        (event,) = parse("pull_request", body(action, pull_request={**ISSUE, "merged": False}))
        assert isinstance(event, PullRequestUpdated)
        assert event.what == action

    def test_a_pull_request_comes_along_where_it_is_described_in_full(self) -> None:
        whole = {**ISSUE, "mergeable_state": "clean", "changed_files": 2}
        (event,) = parse("pull_request", body("synchronize", pull_request=whole))
        assert isinstance(event, PullRequestUpdated)
        assert event.pull is not None
        assert event.pull.changed_files == 2
        (event,) = parse("pull_request", body("synchronize", pull_request=ISSUE))
        assert isinstance(event, PullRequestUpdated)
        assert event.pull is None

    def test_a_review_and_a_look_update_a_pull_request(self) -> None:
        for event, action in (("pull_request_review", "submitted"), (LOOK, "look")):
            (found,) = parse(event, body(action, pull_request=ISSUE))
            assert isinstance(found, PullRequestUpdated)
            assert (found.what, found.thread.is_pull, found.pull) == (action, True, None)

    @pytest.mark.parametrize(("action", "added"), [("labeled", True), ("unlabeled", False)])
    @pytest.mark.parametrize(("event", "key"), [("issues", "issue"), ("pull_request", "pull_request")])
    def test_a_label_changes(self, event: str, key: str, action: str, added: bool) -> None:
        change, *more = parse(event, body(action, label={"name": "bug"}, sender=ROBOT, **{key: ISSUE}))
        assert isinstance(change, LabelChanged)
        assert (change.label, change.added, change.actor.is_bot) == ("bug", added, True)
        assert [type(one) for one in more] == ([PullRequestUpdated] if event == "pull_request" else [])

    def test_a_label_that_was_deleted_altogether_is_not_named_and_not_missed(self) -> None:
        assert parse("issues", body("unlabeled", issue=ISSUE)) == ()

    def test_a_deleted_account_is_a_ghost(self) -> None:
        (event,) = parse("issues", body("opened", issue={**ISSUE, "user": None}, sender=None))
        assert isinstance(event, IssueOpened)
        assert (event.actor, event.thread.author) == (GHOST, GHOST)

    def test_ushers_own_account_is_a_bot_whatever_its_type_says(self) -> None:
        (event,) = parse("issues", body("opened", issue=ISSUE), bot_login="Mona")
        assert event.actor.is_bot


class TestCommands:
    def test_a_comment_gives_its_commands_as_its_author(self) -> None:
        assert parse("issue_comment", comment('/label bug, "p 1"\n/close', user=HUBOT)) == (
            CommandGiven(Actor(2, "hubot"), THREAD, "label", ("bug", "p 1"), 'bug, "p 1"', 5),
            CommandGiven(Actor(2, "hubot"), THREAD, "close", (), "", 5),
        )

    def test_a_command_is_as_old_as_the_comment_or_the_edit_that_gave_it(self) -> None:
        times = {"created_at": "2025-06-09T12:00:00Z", "updated_at": "2025-06-09T12:30:00Z"}
        payloads = (comment("/close"), edit("Hm.", "/close"))
        found = []
        for payload in payloads:
            payload["comment"] |= {**times, "author_association": "MEMBER"}
            (event,) = parse("issue_comment", payload)
            assert isinstance(event, CommandGiven)
            assert event.at is not None
            found.append((event.at.minute, event.association))
        assert found == [(0, "MEMBER"), (30, "MEMBER")]

    def test_of_who_edits_somebody_elses_comment_the_association_is_not_known(self) -> None:
        payload = edit("Hm.", "/close", user=HUBOT)
        payload["comment"]["author_association"] = "MEMBER"
        (event,) = parse("issue_comment", payload)
        assert isinstance(event, CommandGiven)
        assert (event.actor.login, event.association) == ("mona", "")

    def test_a_comment_on_a_pull_request_belongs_to_a_pull_request(self) -> None:
        payload = comment("/close", issue={**ISSUE, "pull_request": {"url": "x"}})
        (event,) = parse("issue_comment", payload)
        assert isinstance(event, CommandGiven)
        assert event.thread.is_pull

    def test_bots_give_no_commands(self) -> None:
        assert commands(comment("/close", user=ROBOT)) == []
        assert commands(comment("/close"), bot_login="mona") == []
        assert commands(edit("", "/close", sender=ROBOT)) == []
        assert commands(edit("", "/close", user=ROBOT)) == []

    def test_an_edit_gives_only_what_it_added_as_the_editor(self) -> None:
        payload = edit("/label bug\n/close", "/close\n/label bug\n/label p1", user=HUBOT)
        assert commands(payload) == [("mona", "label", "p1")]

    def test_an_edit_that_repeats_a_command_gives_it_once_more(self) -> None:
        assert commands(edit("/label a", "/label a\n\n/label a")) == [("mona", "label", "a")]

    def test_an_edit_that_takes_a_command_out_of_a_fence_adds_it(self) -> None:
        assert commands(edit("```\n/close\n```", "/close")) == [("mona", "close", "")]

    def test_an_edit_behind_the_most_commands_of_one_comment_still_counts(self) -> None:
        old = "/close\n" * (MAX_COMMANDS + 5)
        assert commands(edit(old, old + "/reopen")) == [("mona", "reopen", "")]
        assert commands(edit(old, old.replace("/close\n", "", 5))) == []

    def test_an_edit_that_does_not_say_what_was_there_before_gives_nothing(self) -> None:
        assert commands(comment("/close", action="edited")) == []
        assert commands(comment("/close", action="edited", changes={"body": {"from": None}})) == []

    def test_a_deleted_comment_gives_nothing(self) -> None:
        assert commands(comment("/close", action="deleted")) == []


class TestChecks:
    @pytest.mark.parametrize("event", ["check_run", "check_suite"])
    def test_a_check_belongs_to_a_commit_and_names_pull_requests_at_it(self, event: str) -> None:
        check = {"head_sha": "a" * 40, "pull_requests": [{"number": 7}, {}, {"number": 8}]}
        (found,) = parse(event, body("completed", **{event: check}))
        assert isinstance(found, ChecksChanged)
        assert (found.sha, found.pulls) == ("a" * 40, (7, 8))

    def test_a_status_names_the_commit_alone(self) -> None:
        (found,) = parse("status", body("", sha="a" * 40))
        assert isinstance(found, ChecksChanged)
        assert (found.sha, found.pulls) == ("a" * 40, ())


class TestTheRest:
    def test_a_release_is_published(self) -> None:
        (found,) = parse("release", body("published", release={"tag_name": "v1.2.0"}))
        assert isinstance(found, ReleasePublished)
        assert (found.repository.full_name, found.tag) == ("acme/widgets", "v1.2.0")

    def test_usher_tells_itself_to_look_at_a_release(self) -> None:
        look = body("look", issue={"number": 30})
        (found,) = parse(RELEASE_LOOK, look)
        assert isinstance(found, ReleaseLook)
        assert (found.thread.number, found.thread.is_pull) == (30, False)
        assert route(RELEASE_LOOK, look).number == 30

    @pytest.mark.parametrize("issue", [{"number": 30}, {"number": None}])
    def test_usher_tells_itself_that_a_report_is_due(self, issue: dict[str, int | None]) -> None:
        due = body("due", issue=issue, report={"every": "weekly", "until": "2026-06-15", "days": 7})
        (found,) = parse(REPORT_DUE, due)
        assert isinstance(found, ReportDue)
        assert (found.every, found.until, found.days) == ("weekly", date(2026, 6, 15), 7)
        number, key = (30, "acme/widgets#30") if issue["number"] else (0, "acme/widgets")
        assert (found.thread.number, found.thread.key, found.thread.title) == (number, key, "Weekly report")
        assert route(REPORT_DUE, due).number == issue["number"]

    @pytest.mark.parametrize(
        ("said", "at"),
        [
            ({"at": "2026-06-16T09:30:00+00:00"}, datetime(2026, 6, 16, 9, 30, tzinfo=UTC)),
            ({"at": "soon"}, None),
            ({}, None),
        ],
    )
    def test_what_needs_somebody_is_of_when_it_was_found_due(
        self, said: dict[str, str], at: datetime | None
    ) -> None:
        report = {"every": "weekly", "until": "2026-06-15", "days": 7, **said}
        (found,) = parse(REPORT_DUE, body("due", report=report))
        assert isinstance(found, ReportDue)
        assert found.at == at

    @pytest.mark.parametrize("wrong", [{"every": ""}, {"until": "Monday"}, {"days": 0}])
    def test_a_report_of_no_time_is_none(self, wrong: dict[str, object]) -> None:
        said = {"every": "weekly", "until": "2026-06-15", "days": 7, **wrong}
        with pytest.raises(Malformed):
            parse(REPORT_DUE, body("due", report=said))

    @pytest.mark.parametrize("action", ["created", "edited", "released", "deleted", "unpublished"])
    def test_whatever_else_happens_to_a_release_is_of_no_interest(self, action: str) -> None:
        assert parse("release", body(action, release={"tag_name": "v1.2.0"})) == ()

    def test_an_installation_changes(self) -> None:
        installation = {"id": 99, "account": {"login": "acme"}}
        payload = body("created", installation=installation, repositories=[{"full_name": "acme/widgets"}])
        assert parse("installation", payload) == (
            InstallationChanged(Actor(1, "mona"), 99, "acme", "created", ("acme/widgets",)),
        )

    def test_repositories_come_and_go(self) -> None:
        installation = {"id": 99, "account": {"slug": "acme-inc"}}
        payload = body("added", installation=installation, repositories_added=[{"full_name": "acme/a"}])
        assert parse("installation_repositories", payload) == (
            RepositoriesChanged(Actor(1, "mona"), 99, "acme-inc", ("acme/a",), ()),
        )

    @pytest.mark.parametrize(
        ("action", "changes", "before"),
        [
            ("renamed", {"repository": {"name": {"from": "gadgets"}}}, "acme/gadgets"),
            ("transferred", {"owner": {"from": {"user": {"login": "mona"}}}}, "mona/widgets"),
            ("transferred", {"owner": {"from": {"organization": {"login": "octo"}}}}, "octo/widgets"),
        ],
    )
    def test_a_repository_has_another_name(self, action: str, changes: dict[str, Any], before: str) -> None:
        assert parse("repository", body(action, changes=changes)) == (
            RepositoryRenamed(Actor(1, "mona"), WIDGETS, before),
        )

    @pytest.mark.parametrize(
        ("action", "changes"),
        [("renamed", {}), ("transferred", {"new_repository": {"full_name": "a/b"}}), ("archived", {})],
    )
    def test_whatever_else_happens_to_a_repository_is_of_no_interest(
        self, action: str, changes: dict[str, Any]
    ) -> None:
        assert parse("repository", body(action, changes=changes)) == ()

    def test_a_name_that_is_none_is_not_taken(self) -> None:
        changes = {"repository": {"name": {"from": "../../etc"}}}
        with pytest.raises(Malformed, match="name that the repository had before"):
            parse("repository", body("renamed", changes=changes))

    def test_a_push_to_the_default_branch_names_every_path(self) -> None:
        commits = [{"added": ["a"], "modified": ["b"]}, {"removed": ["c", 3], "modified": ["b"]}, None]
        assert parse("push", body(ref="refs/heads/trunk", commits=commits)) == (
            FilesPushed(Actor(1, "mona"), WIDGETS, frozenset("abc")),
        )

    @pytest.mark.parametrize("ref", ["refs/heads/main", "refs/tags/trunk"])
    def test_a_push_elsewhere_is_of_no_interest(self, ref: Any) -> None:
        assert parse("push", body(ref=ref, commits=[])) == ()

    def test_the_set_of_labels_changes(self) -> None:
        assert parse("label", body("deleted", label={"name": "bug"})) == (
            LabelsEdited(Actor(1, "mona"), WIDGETS),
        )

    @pytest.mark.parametrize("event", ["ping", "star", "", "issues\n", "\ud800"])
    def test_other_events_are_of_no_interest(self, event: str) -> None:
        assert parse(event, body("opened", issue=ISSUE)) == ()


class TestMissingFields:
    def test_little_is_needed(self) -> None:
        payload = {"action": "opened", "issue": {"number": 1}, "repository": {"id": 10, "full_name": "a/b"}}
        thread = Thread(Repository(10, "a/b", NO_INSTALLATION), 1, is_pull=False)
        assert parse("issues", payload) == (IssueOpened(GHOST, thread),)

    @pytest.mark.parametrize(
        ("event", "payload", "field"),
        [
            ("issues", body(issue=ISSUE), "action"),
            ("issues", body("opened"), "issue.number"),
            ("issues", body("opened", issue={"number": "7"}), "issue.number"),
            ("issues", body("opened", issue={"number": True}), "issue.number"),
            ("issues", body("opened", issue={"number": 10**30}), "issue.number"),
            ("issues", body("opened", issue=ISSUE, repository=None), "repository.full_name"),
            ("issues", body("opened", issue=ISSUE, repository={"full_name": "a/b"}), "repository.id"),
            ("issue_comment", comment("/close", comment={"body": "/close", "user": MONA}), "comment.id"),
            ("installation", {"action": "deleted"}, "installation.id"),
            ("push", body(ref=None), "ref"),
            ("label", body("created"), "label.name"),
        ],
    )
    def test_what_an_event_cannot_exist_without_is_named(self, event: str, payload: Any, field: str) -> None:
        with pytest.raises(Malformed, match=field):
            parse(event, payload)

    @pytest.mark.parametrize(
        "event", ["pull_request", "installation", "installation_repositories", "push", "label"]
    )
    def test_the_body_of_another_event_is_noticed(self, event: str) -> None:
        with pytest.raises(Malformed):
            parse(event, body("deleted", issue=ISSUE))

    @pytest.mark.parametrize("name", ["../..", "a/..", "a/b/c", "a", "a/b?x", "a/b\n", "@a/b", "", 7])
    def test_a_name_that_would_lead_elsewhere_is_refused(self, name: Any) -> None:
        payload = body("opened", issue=ISSUE, repository={"id": 10, "full_name": name})
        with pytest.raises(Malformed, match=r"repository\.full_name"):
            parse("issues", payload)

    def test_texts_are_made_safe_for_a_database(self) -> None:
        issue = {
            **ISSUE,
            "title": "a\0b\ud800c",
            "body": None,
            "labels": [{"name": 3}, "x", {"name": "\0ok"}],
        }
        (event,) = parse("issues", body("opened", issue=issue))
        assert isinstance(event, IssueOpened)
        assert (event.thread.title, event.thread.body, event.thread.labels) == ("ab\ufffdc", "", ("ok",))


class TestMergeGroups:
    GROUP: ClassVar[dict[str, str]] = {
        "head_sha": "a" * 40,
        "head_ref": f"refs/heads/gh-readonly-queue/release/1.x/pr-12-{'b' * 40}",
    }

    def test_a_group_is_about_the_pull_request_that_its_branch_names(self) -> None:
        (event,) = parse("merge_group", body("checks_requested", merge_group=self.GROUP))
        assert isinstance(event, MergeGroupFormed)
        assert (event.thread.number, event.thread.is_pull, event.sha) == (12, True, "a" * 40)

    def test_one_that_is_gone_or_named_in_another_way_is_nothing(self) -> None:
        assert parse("merge_group", body("destroyed", merge_group=self.GROUP)) == ()
        for name in ("refs/heads/main", "", f"refs/heads/pr-x-{'b' * 40}", f"x/pr-12-{'b' * 40}/y"):
            group = {**self.GROUP, "head_ref": name}
            assert parse("merge_group", body("checks_requested", merge_group=group)) == ()

    def test_without_its_commit_it_is_none(self) -> None:
        with pytest.raises(Malformed, match="head_sha"):
            parse("merge_group", body("checks_requested", merge_group={**self.GROUP, "head_sha": 7}))


class TestRoute:
    def test_it_says_where_a_delivery_belongs(self) -> None:
        assert route("issues", body("opened", issue=ISSUE)) == Route(
            99, "acme/widgets", 10, 7, "opened", "mona"
        )

    def test_a_pull_requests_number_is_a_threads_number(self) -> None:
        assert route("pull_request_review", body("submitted", pull_request={"number": 8})).number == 8

    def test_what_the_body_does_not_say_is_none(self) -> None:
        assert route("ping", {}) == Route()
        assert route("issues", body(repository={"full_name": "../.."}, issue=[])).full_name is None
