"""The made-up project on the local GitHub: what its report says of a thread is what its page shows."""

import html
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from bot.core.history import PastThread
from bot.demo.history import NAME, made_up
from bot.demo.threads import GREETING, OPENING, place
from bot.sandbox import Sandbox
from bot.sandbox.app import create_app
from tests.reports.examples import UNTIL

MADE = made_up(UNTIL)


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    made = Sandbox()
    place(MADE, made)
    return made


def test_every_thread_is_there_as_it_is_in_the_history(sandbox: Sandbox) -> None:
    issues = sandbox.repo(NAME).issues
    logins = {person.id: person.login for person in MADE.people}
    assert list(issues) == [thread.number for thread in MADE.threads]
    for thread in MADE.threads:
        issue = issues[thread.number]
        assert (issue.title, issue.created_at) == (thread.title, thread.created_at)
        assert issue.user.login == logins[thread.author or 0]
        assert (issue.state == "open") == thread.is_open
        assert (issue.pull is not None) == thread.is_pull
        assert len(issue.comments) == sum(1 for _ in thread.of("commented"))
        if issue.pull is not None:
            assert issue.pull.merged_at == thread.merged_at
            assert len(issue.pull.reviews) == sum(1 for _ in thread.of("reviewed"))


def test_nobody_is_told(sandbox: Sandbox) -> None:
    assert sandbox.writes == []
    assert dict(sandbox.hooks.log) == {}


def page_of(sandbox: Sandbox, thread: PastThread) -> str:
    return page_at(sandbox, f"issues/{thread.number}")


def page_at(sandbox: Sandbox, path: str) -> str:
    with TestClient(create_app(sandbox), headers={"accept": "text/html"}) as client:
        answer = client.get(f"/{NAME}/{path}")
    assert answer.status_code == 200
    return html.unescape(answer.text)


def test_the_page_of_a_pull_request_tells_what_happened(sandbox: Sandbox) -> None:
    pull = next(thread for thread in MADE.threads if thread.title == "Keep the zoom level of each tab")
    text = page_of(sandbox, pull)
    parts = ("Open", "aroha", OPENING.strip("*"), GREETING, "sam", "Do what the review asked for", "sam")
    places = [text.index(parts[0])]
    for part in parts[1:]:
        places.append(text.index(part, places[-1]))
    for said in ("changes requested", "approved"):
        assert said in text


def test_the_page_of_an_issue_has_its_label_and_its_end(sandbox: Sandbox) -> None:
    issue = next(
        thread for thread in MADE.threads if not thread.is_pull and thread.labels and thread.closed_at
    )
    text = page_of(sandbox, issue)
    for said in (issue.title, "Closed", f"labeled {issue.labels[0]}"):
        assert said in text


def test_what_a_deleted_account_wrote_is_shown_as_on_github() -> None:
    made, sandbox = made_up(UNTIL), Sandbox()
    first = made.snapshots[0]
    ghost = replace(first, thread=replace(first.thread, author=None))
    place(replace(made, snapshots=(ghost,)), sandbox)
    assert "ghost" in page_of(sandbox, ghost.thread)


def test_its_community_page_says_which_documents_are_there(sandbox: Sandbox) -> None:
    text = page_at(sandbox, "community")
    for said in ("README: there", "CODE_OF_CONDUCT: there", "LICENSE: there", "SECURITY: not there"):
        assert said in text
