"""What Usher asks GitHub. A question about a permission that has no clear answer counts as "nothing"."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.errors import BotError, RetryLater
from bot.core.facts import Level
from bot.github import reads
from bot.github.answers import Forbidden, Missing
from bot.github.client import RepositoryClient
from bot.sandbox.things import Role
from tests.github.scripted import Answer, Scripted
from tests.world import REPO, World

PATH = "/repos/octo/engine"


# Permissions


@pytest.mark.parametrize(
    ("login", "level"),
    [
        ("octo", Level.ADMIN),
        ("maya", Level.ADMIN),
        ("wes", Level.WRITE),
        ("tri", Level.TRIAGE),
        ("rea", Level.READ),
        ("nia", Level.READ),
    ],
)
def test_a_permission_is_what_github_says_now(world: World, login: str, level: Level) -> None:
    world.sandbox.add_user("nia")
    assert reads.permission(world.client, login) is level


@pytest.mark.parametrize("role", ["none", "read", "triage", "write", "maintain", "admin"])
def test_a_permission_that_changed_is_seen_at_once(world: World, role: Role) -> None:
    world.sandbox.repo(REPO).private = True
    world.sandbox.set_role(REPO, "maya", role)
    assert reads.permission(world.client, "maya").name.lower() == role


def test_an_account_that_does_not_exist_may_do_nothing(world: World) -> None:
    assert reads.permission(world.client, "nobody-at-all") is Level.NONE


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ({"permission": "admin", "role_name": "admin"}, Level.ADMIN),
        ({"permission": "write", "role_name": "maintain"}, Level.MAINTAIN),
        ({"permission": "read", "role_name": "triage"}, Level.TRIAGE),
        # A role that an organisation made: what it may do tells.
        (
            {
                "permission": "read",
                "role_name": "helper",
                "user": {"permissions": {"pull": True, "triage": True}},
            },
            Level.TRIAGE,
        ),
        ({"permission": "write", "role_name": "deployer"}, Level.WRITE),
        # Older servers know no role.
        ({"permission": "write"}, Level.WRITE),
        ({"permission": "none"}, Level.NONE),
        # What cannot be understood is nothing.
        ({"permission": "superuser", "role_name": "superuser"}, Level.NONE),
        ({"permission": None, "role_name": None, "user": None}, Level.NONE),
        ({}, Level.NONE),
        ({"message": "Moved Permanently"}, Level.NONE),
        ({"role_name": ["admin"], "permission": {"admin": True}}, Level.NONE),
    ],
)
def test_every_answer_is_read_and_none_opens_a_door(
    client: RepositoryClient, script: Scripted, said: dict[str, Any], level: Level
) -> None:
    script.tell("GET", f"{PATH}/collaborators/maya/permission", Answer(200, said))
    assert reads.permission(client, "maya") is level


@pytest.mark.parametrize("status", [400, 401, 403, 422, 429, 500, 502])
def test_a_permission_that_cannot_be_asked_for_is_an_error(
    client: RepositoryClient, script: Scripted, status: int
) -> None:
    script.tell("GET", f"{PATH}/collaborators/maya/permission", Answer(status, {"message": "no"}))
    with pytest.raises(BotError):
        reads.permission(client, "maya")


def test_a_login_is_only_ever_a_login(client: RepositoryClient, script: Scripted) -> None:
    assert reads.permission(client, "../../maya?x=#") is Level.NONE
    assert script.lines()[-1] == f"GET {PATH}/collaborators/%2E%2E%2F%2E%2E%2Fmaya%3Fx%3D%23/permission"


# Threads and their history


def test_a_thread_is_told_as_it_is_now(world: World) -> None:
    number = world.open_issue("It crashes", "On start", by="maya", labels=["bug"])
    thread = reads.thread(world.client, number)
    assert (thread.title, thread.body, thread.labels) == ("It crashes", "On start", ("bug",))
    assert (thread.is_open, thread.is_locked) == (True, False)
    maya = world.sandbox.as_user("maya")
    maya.close(REPO, number)
    maya.lock(REPO, number)
    thread = reads.thread(world.client, number)
    assert (thread.is_open, thread.is_locked) == (False, True)


def test_a_pull_request_is_a_thread_too(world: World) -> None:
    assert reads.thread(world.client, world.open_pull("Mend it")).title == "Mend it"


def test_text_that_no_database_takes_is_cleaned(client: RepositoryClient, script: Scripted) -> None:
    said = b'{"title": "a\\u0000b\\ud800", "body": "\\udfff", "labels": [], "state": "open"}'
    script.tell("GET", f"{PATH}/issues/7", Answer(200, said))
    assert reads.thread(client, 7).title == "ab\ufffd"
    script.tell("GET", f"{PATH}/issues/comments/5", Answer(200, b'{"id": 5, "body": "/label \\ud800"}'))
    comment = reads.comment(client, 5)
    assert comment is not None
    assert comment.body == "/label \ufffd"


def test_fields_may_be_missing(client: RepositoryClient, script: Scripted) -> None:
    script.tell("GET", f"{PATH}/issues/7", Answer(200, {"title": None, "body": None, "labels": None}))
    thread = reads.thread(client, 7)
    assert (thread.title, thread.body, thread.labels, thread.is_open) == ("", "", (), True)


def test_who_put_a_label_on_and_who_took_it_off_is_told_in_order(world: World) -> None:
    number = world.open_issue()
    world.sandbox.as_user("maya").add_label(REPO, number, "bug", "question")
    world.sandbox.as_user("wes").remove_label(REPO, number, "bug")
    world.sandbox.as_user("maya").close(REPO, number)
    events = reads.label_events(world.client, number)
    assert [(each.label, each.added, each.by) for each in events] == [
        ("bug", True, "maya"),
        ("question", True, "maya"),
        ("bug", False, "wes"),
    ]
    assert all(each.at.tzinfo is not None and each.at <= datetime.now(UTC) for each in events)


def test_a_long_history_is_read_to_its_end(world: World) -> None:
    number, maya = world.open_issue(), world.sandbox.as_user("maya")
    for _ in range(60):
        maya.add_label(REPO, number, "bug")
        maya.remove_label(REPO, number, "bug")
    assert len(reads.label_events(world.client, number)) == 120


def test_an_event_of_a_deleted_account_or_label_is_read(client: RepositoryClient, script: Scripted) -> None:
    said = [{"event": "labeled", "actor": None, "label": None, "created_at": "2025-06-09T12:00:00Z"}]
    script.tell("GET", f"{PATH}/issues/7/events?page=1&per_page=100", Answer(200, said))
    [event] = reads.label_events(client, 7)
    assert (event.by, event.label) == ("ghost", "")


# Comments


def test_a_comment_is_read_until_it_is_deleted(world: World) -> None:
    number = world.open_issue()
    written = world.comment(number, "hello", by="nia")
    comment = reads.comment(world.client, written)
    assert comment is not None
    assert (comment.id, comment.author, comment.body) == (written, "nia", "hello")
    assert comment.url.endswith(f"/octo/engine/issues/{number}#issuecomment-{written}")
    world.sandbox.as_user("nia").delete_comment(REPO, written)
    assert reads.comment(world.client, written) is None


def test_the_comments_of_a_thread_come_oldest_first_from_all_pages(world: World) -> None:
    number = world.open_issue()
    for place in range(130):
        world.comment(number, f"comment {place}")
    assert [each.body for each in reads.comments(world.client, number)] == [
        f"comment {place}" for place in range(130)
    ]


# Files


def test_a_file_is_read_from_the_default_branch_alone(world: World) -> None:
    world.sandbox.as_user("maya").push(REPO, {"a b/é.txt": "other"}, branch="topic")
    world.sandbox.as_user("maya").push(REPO, {"a b/é.txt": "main\n"})
    assert reads.file_text(world.client, "a b/é.txt")[0] == b"main\n"


def test_a_file_that_has_not_changed_is_not_sent_again(world: World) -> None:
    text, tag = reads.file_text(world.client, "README.md")
    assert text == b"# Engine\n"
    assert reads.file_text(world.client, "README.md", tag) == (None, tag)


@pytest.mark.parametrize("path", ["nothing.txt", ".github"])
def test_what_is_no_file_is_missing(world: World, path: str) -> None:
    with pytest.raises(Missing):
        reads.file_text(world.client, path)


@pytest.mark.parametrize(
    "said", [{"encoding": "base64", "content": "*no base64"}, {"type": "submodule", "content": 7}, ["a"]]
)
def test_an_answer_that_holds_no_file_is_missing(
    client: RepositoryClient, script: Scripted, said: Any
) -> None:
    script.tell("GET", f"{PATH}/contents/a.txt", Answer(200, said))
    with pytest.raises(Missing):
        reads.file_text(client, "a.txt")


def test_an_empty_file_is_a_file(client: RepositoryClient, script: Scripted) -> None:
    script.tell("GET", f"{PATH}/contents/a.txt", Answer(200, {"encoding": "base64", "content": ""}))
    assert reads.file_text(client, "a.txt")[0] == b""


def test_a_file_that_github_lists_without_its_content_is_too_large(
    client: RepositoryClient, script: Scripted
) -> None:
    said = {"encoding": "none", "content": "", "size": 2_000_000}
    script.tell("GET", f"{PATH}/contents/a.txt", Answer(200, said))
    with pytest.raises(reads.TooLarge, match=r"a\.txt has 2000000 bytes"):
        reads.file_text(client, "a.txt")


def test_lines_of_base64_are_joined(client: RepositoryClient, script: Scripted) -> None:
    content = base64.encodebytes(b"x" * 200).decode()
    assert content.count("\n") > 1
    script.tell("GET", f"{PATH}/contents/a.txt", Answer(200, {"encoding": "base64", "content": content}))
    assert reads.file_text(client, "a.txt")[0] == b"x" * 200


# People


def test_a_persons_threads_are_listed_open_and_closed_the_first_one_first(world: World) -> None:
    first, pull = world.open_issue(), world.open_pull()
    world.open_issue(by="wes")
    last = world.open_issue()
    world.sandbox.as_user("nia").close(REPO, first)
    assert [item["number"] for item in reads.threads_by(world.client, "nia")] == [first, pull, last]


QUESTIONS: list[Callable[[RepositoryClient], object]] = [
    reads.labels,
    lambda client: reads.thread(client, 1),
    lambda client: reads.label_events(client, 1),
    lambda client: reads.permission(client, "maya"),
    lambda client: reads.comment(client, 1),
    lambda client: list(reads.comments(client, 1)),
    lambda client: reads.threads_by(client, "maya"),
    lambda client: reads.file_text(client, "README.md"),
]
PUBLIC = QUESTIONS[3]  # a permission may be asked for by anyone who may read the metadata


@pytest.mark.parametrize("ask", QUESTIONS)
def test_no_question_is_taken_for_answered_while_github_is_away(
    world: World, ask: Callable[[RepositoryClient], object]
) -> None:
    world.open_issue()
    world.sandbox.faults.add("bad_gateway", match="GET")
    with pytest.raises(RetryLater):
        ask(world.client)


@pytest.mark.parametrize("ask", [ask for ask in QUESTIONS if ask is not PUBLIC])
def test_no_question_is_taken_for_answered_where_the_app_may_not_ask(
    world: World, ask: Callable[[RepositoryClient], object]
) -> None:
    world.open_issue()
    reads.labels(world.client)
    [token] = world.sandbox.store.tokens.values()
    token.permissions.clear()
    with pytest.raises(Forbidden):
        ask(world.client)


# People


def test_who_was_assigned_by_whom_stands_in_the_threads_events(world: World) -> None:
    number = world.open_issue()
    maya = world.sandbox.as_user("maya")
    maya.assign(REPO, number, "Wes", "tri")
    maya.unassign(REPO, number, "tri")
    found = [(each.login, each.assigned, each.by) for each in reads.assignments(world.client, number)]
    assert found == [("wes", True, "maya"), ("tri", True, "maya"), ("tri", False, "maya")]
    assert reads.assignees(world.client, number) == {"wes"}
