"""Deliveries in any order, people who change their minds, other bots, and texts that mean harm."""

import itertools
import random
import re
from collections.abc import Iterator

import pytest

from bot.core.limits import LABELS_PER_THREAD
from bot.store.database import Database
from tests.databases import shared_sqlite, sqlite_database
from tests.world import REPO, SURE, World, living

__all__ = ["shared_sqlite", "sqlite_database"]

OTHER_BOT = "other[bot]"


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database, config=SURE) as world:
        world.run()
        yield world


def settle(world: World) -> None:
    """Let everything come to rest, also what was put back behind something else."""
    for _ in range(5):
        world.run()
        world.let_pass(5)
    assert {each.state for each in world.deliveries()} <= {"done", "ignored", "duplicate"}


# In any order


def test_whatever_the_order_a_label_that_a_person_took_off_stays_off(world: World) -> None:
    maya = world.sandbox.as_user("maya")
    for order in itertools.permutations(range(4)):
        number = world.open_issue()
        [opened] = world.mail.empty()
        world.receive([opened])
        world.run()
        [label] = world.labels(number)
        world.mail.empty()
        maya.remove_label(REPO, number, label)
        world.sandbox.as_user("nia").edit(REPO, number, title="It crashes again")
        maya.add_label(REPO, number, "wontfix")
        maya.close(REPO, number)
        sent = world.mail.empty()
        world.receive([sent[place] for place in order])
        world.run()
        assert world.labels(number) == ["wontfix"], order
        assert world.issue(number).state == "closed"


def test_whatever_the_order_a_type_that_a_person_chose_is_the_only_one(world: World) -> None:
    maya = world.sandbox.as_user("maya")
    for order in itertools.permutations(range(4)):
        number = world.open_issue()
        maya.add_label(REPO, number, "question")
        world.sandbox.as_user("nia").edit(REPO, number, title="How do I save?")
        maya.add_label(REPO, number, "wontfix")
        sent = world.mail.empty()
        world.receive([sent[place] for place in order])
        world.run()
        assert sorted(world.labels(number)) == ["question", "wontfix"], order


def test_whatever_the_order_one_type_is_given_and_only_while_open(world: World) -> None:
    maya, nia = world.sandbox.as_user("maya"), world.sandbox.as_user("nia")
    for closes, order in itertools.product((False, True), itertools.permutations(range(3))):
        number = world.open_issue("Hello")
        nia.edit(REPO, number, body="App crashes with a segfault")
        if closes:
            maya.close(REPO, number)
        else:
            nia.edit(REPO, number, body="App crashes with a segfault. Traceback: ValueError")
        sent = world.mail.empty()
        world.receive([sent[place] for place in order])
        world.run()
        assert len(world.labels(number)) == (0 if closes else 1), (closes, order)


def test_whatever_the_order_each_newcomer_is_welcomed_once(sqlite_database: Database) -> None:
    with living(sqlite_database, config="mode: act\ntriage: {enabled: false}\n") as world:
        world.run()
        for person, order in enumerate(itertools.permutations(range(3))):
            name = f"newcomer-{person}"
            numbers = []
            for _ in range(3):
                numbers.append(world.open_issue(by=name))
                world.sandbox.clock.advance(60)
            sent = world.mail.empty()
            world.receive([sent[place] for place in order])
            world.run()
            assert [len(world.said(number)) for number in numbers] == [1, 0, 0], order
            world.sandbox.clock.advance(-180)


def test_a_shuffled_day_ends_as_github_has_it(world: World) -> None:
    """Labels of people, closings and edits on many threads, delivered in any order and some of them twice."""
    dice = random.Random(7)
    maya, nia = world.sandbox.as_user("maya"), world.sandbox.as_user("nia")
    numbers = [world.open_issue() for _ in range(5)]
    for _ in range(40):
        number, label = dice.choice(numbers), dice.choice(["bug", "question", "wontfix"])
        present = label in world.labels(number)
        match dice.randrange(4):
            case 0 if present:
                maya.remove_label(REPO, number, label)
            case 0 | 1:
                maya.add_label(REPO, number, label)
            case 2:
                nia.edit(REPO, number, body=f"App crashes, try {dice.random()}")
            case _ if world.issue(number).state == "open":
                maya.close(REPO, number)
            case _:
                maya.reopen(REPO, number)
    by_people = {number: set(world.labels(number)) for number in numbers}
    removed = {
        number: {
            event.details["label"]["name"]
            for event in world.issue(number).events
            if event.kind == "unlabeled"
        }
        for number in numbers
    }
    sent = world.mail.empty()
    sent += dice.sample(sent, 10)
    dice.shuffle(sent)
    world.receive(sent)
    settle(world)
    for number in numbers:
        added = set(world.labels(number)) - by_people[number]
        assert by_people[number] <= set(world.labels(number))  # nothing of theirs was taken off
        assert not added & removed[number]  # nothing that they took off was put on
        assert len(added) <= 1
        assert not (added and world.issue(number).state == "closed")


# Commands


@pytest.mark.parametrize(
    ("login", "association", "may"),
    [
        ("wes", "NONE", True),
        ("tri", "NONE", True),
        ("nia", "CONTRIBUTOR", False),
        ("rea", "MEMBER", False),
        ("rea", "OWNER", False),
    ],
)
def test_what_counts_is_the_permission_and_not_the_association(
    world: World, login: str, association: str, may: bool
) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    world.run()
    world.sandbox.repo(REPO).associations[login] = association
    world.comment(number, "/label wontfix", by=login)
    world.run()
    assert ("wontfix" in world.labels(number)) == may
    assert len(world.said(number)) == int(not may)


def test_who_may_not_is_told_once_however_often_they_try(world: World) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    for _ in range(4):
        world.comment(number, "/label wontfix", by="nia")
        world.run()
    [comment] = world.said(number)
    assert "takes triage rights" in comment.body
    assert world.labels(number) == ["bug"]


@pytest.mark.parametrize("change", ["delete", "edit", "revoke"])
def test_a_command_that_no_longer_stands_when_its_turn_comes_is_not_done(world: World, change: str) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    world.run()
    comment = world.comment(number, "/label wontfix", by="tri")
    tri = world.sandbox.as_user("tri")
    if change == "delete":
        tri.delete_comment(REPO, comment)
    elif change == "edit":
        tri.edit_comment(REPO, comment, "never mind")
    else:
        world.sandbox.set_role(REPO, "tri", "read")
    world.receive()
    world.let_pass(60)
    settle(world)
    assert world.labels(number) == ["bug"]


def test_a_command_that_somebody_else_wrote_into_a_comment_is_theirs(world: World) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    comment = world.comment(number, "hello", by="nia")
    world.run()
    world.sandbox.as_user("maya").edit_comment(REPO, comment, "hello\n\n/label wontfix")
    world.run()
    assert "wontfix" in world.labels(number)
    assert world.plans(number)[-1].actor == "maya"


def test_an_edit_does_only_what_it_added(world: World) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    comment = world.comment(number, "/label wontfix")
    world.run()
    world.sandbox.as_user("maya").remove_label(REPO, number, "wontfix")
    world.sandbox.as_user("maya").edit_comment(REPO, comment, "/label wontfix\n/label question")
    world.run()
    assert sorted(world.labels(number)) == ["bug", "question"]


@pytest.mark.parametrize(
    "text", ["```\n/label wontfix\n```", "    /label wontfix", "> /label wontfix", "`x`"]
)
def test_what_only_looks_like_a_command_is_ignored(world: World, text: str) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    world.run()
    world.comment(number, text)
    world.run()
    assert world.plans(number) == []


# Other bots


def test_another_bot_that_echoes_usher_gets_no_answer(world: World) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    world.comment(number, "/usher help")
    world.run()
    [help_] = world.said(number)
    for _ in range(3):
        world.comment(number, f"{help_.body}\n\n/label wontfix\n\n/usher help", by=OTHER_BOT)
        world.run()
    assert len(world.said(number)) == 1
    assert world.labels(number) == ["bug"]


def test_another_bot_that_takes_off_each_label_wins(world: World) -> None:
    number = world.open_issue()
    world.run()
    [label] = world.labels(number)
    world.sandbox.set_role(REPO, OTHER_BOT, "write")
    for turn in range(5):
        if label in world.labels(number):
            world.sandbox.as_user(OTHER_BOT).remove_label(REPO, number, label)
        world.sandbox.as_user("nia").edit(REPO, number, title=f"It crashes {turn}")
        world.run()
    assert world.labels(number) == []
    assert len(world.writes("POST")) == 1


# Texts


@pytest.mark.parametrize(
    "name",
    [
        "@octo/maintainers",
        "fixes #1",
        "![pixel](http://evil.example/x.png)",
        "<img src=http://evil.example/x.png>",
        "--> <b>bold</b>",
        "<!-- usher:reply:" + "0" * 64 + " -->",
        "\u202egnp.exe",
        "[click](javascript:alert(1))",
        "http://evil.example",
        "`code` | cell",
        "/close",
    ],
)
def test_what_a_person_typed_does_nothing_where_usher_repeats_it(world: World, name: str) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    world.comment(number, f'/label "{name}"')
    world.run()
    [comment] = world.said(number)
    typed = comment.body.split("<details>")[0]
    for harm in (r"@\w", r"#\d", r"!\[", r"\]\(", r"<\w", r"<!--", r"-->", r"://", "\u202e", r"(?m)^/\w"):
        assert not re.search(harm, typed), harm
    assert comment.body.count("<!-- usher:") == 1
    assert world.labels(number) == ["bug"]


def test_a_label_that_does_not_exist_is_not_made_unless_the_config_says_so(world: World) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    world.comment(number, "/label brand-new")
    world.run()
    assert world.labels(number) == ["bug"]
    assert "brand-new" not in world.sandbox.repo(REPO).labels
    world.push_config("mode: act\ncommands: {create_labels: true}\n")
    world.run()
    world.comment(number, "/label brand-new, again")
    world.run()
    assert world.labels(number) == ["bug", "brand-new", "again"]


@pytest.mark.parametrize("length", [50, 51])
def test_a_label_is_as_long_as_github_takes_it(world: World, length: int) -> None:
    world.push_config("mode: act\ncommands: {create_labels: true}\n")
    number = world.open_issue(by="maya", labels=["bug"])
    world.comment(number, f"/label {'x' * length}")
    world.run()
    assert ("x" * length in world.labels(number)) == (length == 50)
    assert len(world.said(number)) == int(length == 51)


def test_the_hundred_and_first_label_is_left_out_and_said_so(world: World) -> None:
    number = world.open_issue(by="maya", labels=[f"label {n}" for n in range(LABELS_PER_THREAD - 1)])
    world.drop_mail()
    world.comment(number, "/label bug, question")
    world.run()
    assert len(world.labels(number)) == LABELS_PER_THREAD
    assert "`question` did not fit" in world.said(number)[0].body


def test_a_config_in_a_pull_request_gives_nobody_anything(sqlite_database: Database) -> None:
    with living(sqlite_database, config=None) as world:
        number = world.open_pull(by="nia", files={".github/usher.yml": SURE})
        world.comment(number, "/label bug", by="nia")
        world.run()
        assert world.writes() == []
