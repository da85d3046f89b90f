"""Words count for what their writers saw, however late, twice or out of order the deliveries come."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pytest

from bot.sandbox.deliveries import Delivery as Sent
from bot.store.database import Database
from tests import test_release_gate as releases
from tests.databases import shared_sqlite, sqlite_database
from tests.test_merging import CONFIG, FREE, approve, is_merged, opened, pull, row, say, settle
from tests.world import REPO, World, living

__all__ = ["shared_sqlite", "sqlite_database"]

EVIL = {"src/evil.py": "x = 2\n"}
TOKEN = "t = 'ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'\n"
LGTM = CONFIG + FREE + "merge: {label: automerge, needs_labels: [lgtm]}\n"
STRICT = CONFIG + "merge: {commit_title: '$TITLE', commit_message: 'Reviewed-by: $REVIEWED_BY'}\n"


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database, config=CONFIG) as world:
        world.run()
        yield world


def strange(world: World) -> int:
    """A pull request from a fork, which a maintainer has approved."""
    number = opened(world, by="nia", fork=True)
    approve(world, number)
    return number


def comment(world: World, number: int, text: str, by: str = "maya") -> list[Sent]:
    """Give a command. Returns the delivery, which has not arrived yet."""
    world.comment(number, text, by=by)
    return world.mail.empty()


def push(world: World, number: int, by: str = "nia") -> list[Sent]:
    """Push a commit that nobody has seen. Returns the delivery."""
    world.sandbox.as_user(by).push_to_pull(REPO, number, EVIL, "More")
    return world.mail.empty()


def retarget(world: World, number: int) -> list[Sent]:
    repo = world.sandbox.repo(REPO)
    repo.branches.setdefault("stable", repo.branches["main"])
    world.sandbox.as_user("nia").request("PATCH", f"/repos/{REPO}/pulls/{number}", {"base": "stable"})
    return world.mail.empty()


def work(world: World, sent: Sequence[Sent]) -> None:
    """Work on what has arrived, and on nothing that comes of it."""
    world.receive(sent)
    for item in world.route():
        if item.state == "queued":
            world.processor.run(item.id)


def is_asked_again(world: World, number: int) -> bool:
    return any("it does not count yet" in comment.body for comment in world.said(number))


def test_a_push_that_arrives_after_the_comment_was_worked_on(world: World) -> None:
    number = strange(world)
    asked = comment(world, number, "/merge")
    world.let_pass(5)
    pushed = push(world, number)
    work(world, asked)
    assert not is_asked_again(world, number)  # it may well have been before the comment
    world.receive(pushed)
    settle(world)
    assert not is_merged(world, number)
    assert is_asked_again(world, number)
    say(world, number, "/merge")
    assert is_merged(world, number)


@pytest.mark.parametrize("change", [push, retarget])
def test_a_comment_that_arrives_after_what_came_later(
    world: World, change: Callable[[World, int], list[Sent]]
) -> None:
    number = strange(world)
    asked = comment(world, number, "/merge")
    world.let_pass(5)
    world.receive(change(world, number))
    settle(world)
    world.let_pass(60)
    world.receive(asked)
    settle(world)
    assert not is_merged(world, number)
    assert is_asked_again(world, number)


def test_a_new_base_in_the_right_order(world: World) -> None:
    number = strange(world)
    world.receive([*comment(world, number, "/merge"), *retarget(world, number)])
    settle(world)
    assert not is_merged(world, number)
    assert is_asked_again(world, number)


def test_a_push_that_came_before_the_comment_and_arrives_after_it(world: World) -> None:
    number = strange(world)
    pushed = push(world, number)
    world.let_pass(2)
    work(world, comment(world, number, "/merge"))
    world.receive(pushed)
    settle(world)
    assert not is_asked_again(world, number)
    assert is_merged(world, number)


def test_a_push_of_which_nobody_ever_tells(world: World) -> None:
    number = strange(world)
    push(world, number)
    world.let_pass(5)
    say(world, number, "/merge")
    world.let_pass(30)
    settle(world)
    assert not is_merged(world, number)
    assert is_asked_again(world, number)
    say(world, number, "/merge")
    assert is_merged(world, number)


def test_people_who_may_push_here_need_not_say_it_again(world: World) -> None:
    number = opened(world)
    approve(world, number)
    push(world, number, by="wes")
    world.let_pass(5)
    say(world, number, "/merge")
    world.let_pass(30)
    settle(world)
    assert is_merged(world, number)


def test_a_pull_request_from_before_usher_came(world: World) -> None:
    numbers = [world.open_pull("fix: start", branch="old", by="wes", files=EVIL), world.open_pull("fix: it")]
    world.drop_mail()
    for number in numbers:
        world.sandbox.as_user("maya").review(REPO, number)
        world.drop_mail()
        say(world, number, "/merge")
    assert [is_merged(world, number) for number in numbers] == [True, False]
    world.let_pass(30)
    settle(world)
    say(world, numbers[1], "/merge")
    assert is_merged(world, numbers[1])


def test_an_approval_that_arrives_late(world: World) -> None:
    number = opened(world, by="nia", fork=True)
    approved = comment(world, number, "/approve")
    world.let_pass(5)
    world.receive(push(world, number))
    settle(world)
    world.receive(approved)
    settle(world)
    assert "approved by maya" not in world.said(number)[0].body
    assert is_asked_again(world, number)


def test_a_command_that_was_edited_in_counts_from_then(world: World) -> None:
    number = strange(world)
    note = world.comment(number, "Hm.")
    settle(world)
    world.receive(push(world, number))
    settle(world)
    world.sandbox.as_user("maya").edit_comment(REPO, note, "Hm.\n\n/merge")
    edited = world.mail.empty()
    world.let_pass(5)
    world.sandbox.as_user("nia").push_to_pull(REPO, number, {"src/worse.py": "1\n"}, "More")
    settle(world)
    world.sandbox.as_user("maya").edit_comment(REPO, note, "Hm!\n\n/merge")
    world.receive(edited)
    settle(world)
    assert not is_merged(world, number)
    world.sandbox.as_user("maya").edit_comment(REPO, note, "Hm!\n\n/merge squash")
    settle(world)
    assert is_merged(world, number)


def test_a_command_before_it_in_the_comment_hides_nothing(world: World) -> None:
    number = strange(world)
    asked = comment(world, number, "/label nothing\n/merge")
    world.let_pass(5)
    world.receive(push(world, number))
    settle(world)
    world.receive(asked)
    settle(world)
    assert not is_merged(world, number)


def test_an_lgtm_that_arrives_before_the_push(sqlite_database: Database) -> None:
    with living(sqlite_database, config=LGTM) as world:
        world.run()
        number = opened(world)
        world.sandbox.as_user("maya").add_label(REPO, number, "automerge")
        settle(world)
        said = comment(world, number, "/lgtm")
        world.let_pass(5)
        pushed = push(world, number, by="wes")
        work(world, said)
        world.receive(pushed)
        settle(world)
        assert not is_merged(world, number)
        assert "lgtm" not in world.labels(number)


def test_a_secret_that_was_pushed_later_is_not_waived(sqlite_database: Database) -> None:
    with living(
        sqlite_database, config=(CONFIG + FREE).replace("review_sheet: {enabled: false}\n", "")
    ) as world:
        world.run()
        number = opened(world, by="nia", fork=True, files={"src/a.py": TOKEN})
        waived = comment(world, number, "/skip security it is fake")
        files = {"src/b.py": TOKEN.replace("a1B2", "Z9Y8")}
        world.let_pass(5)
        world.sandbox.as_user("nia").push_to_pull(REPO, number, files, "More")
        world.receive([*waived, *world.mail.empty()])
        settle(world)
        assert "| ❌ | Security |" in world.said(number)[0].body
        say(world, number, "/skip security it is fake as well")
        assert "waived by maya: it is fake as well" in world.said(number)[0].body


def test_a_later_release_commit_is_not_waived(sqlite_database: Database) -> None:
    with living(sqlite_database, config=releases.CONFIG) as world:
        releases.begin(world)
        releases.check(world, "failure")
        releases.say(world, world.open_issue("Soon?"), "/release check")
        number = releases.checklist(world)
        ahead = (world.sandbox.clock.now() - datetime.now(UTC)).total_seconds() + 60
        world.sandbox.clock.advance(-ahead)  # the checklist goes by Usher's clock, the comment by GitHub's
        late = comment(world, number, "/skip tests it is flaky", by="wes")
        world.sandbox.clock.advance(ahead)
        releases.merge(world, "Second", {"second.py": "2\n"})
        releases.check(world, "failure")
        world.receive(late)
        releases.settle(world)
        assert releases.conclusion(world) != "success"
        assert "waived by wes" not in releases.text(world)
        assert is_asked_again(world, number)


# What Usher updated itself


@pytest.mark.parametrize(
    ("config", "word"),
    [
        (CONFIG, "/approve"),
        (CONFIG + FREE + "merge: {needs_labels: [lgtm]}\n", "/lgtm"),
        (CONFIG + "review: {dismiss_stale: true}\n", ""),
    ],
)
def test_its_own_update_voids_no_review(sqlite_database: Database, config: str, word: str) -> None:
    with living(sqlite_database, config=config) as world:
        world.run()
        world.sandbox.protect(REPO, up_to_date=True)
        number = opened(world)
        if word:
            say(world, number, word)
        else:
            approve(world, number)
        world.sandbox.as_user("maya").push(REPO, {"other.py": "z = 1\n"})
        say(world, number, "/merge")
        settle(world)
        assert is_merged(world, number), row(world, number)


def test_a_word_on_its_own_update_counts(world: World) -> None:
    world.sandbox.protect(REPO, up_to_date=True)
    number = opened(world, by="nia", fork=True)
    approve(world, number)
    world.sandbox.as_user("maya").push(REPO, {"other.py": "z = 1\n"})
    say(world, number, "/hold")
    say(world, number, "/merge")
    say(world, number, "/hold cancel")
    assert not is_asked_again(world, number)
    settle(world)
    assert is_merged(world, number)


# Whose approval it is


def test_an_approval_by_word_takes_an_association_that_counts(sqlite_database: Database) -> None:
    with living(sqlite_database, config=CONFIG + "review: {associations: [OWNER, MEMBER]}\n") as world:
        world.run()
        number = opened(world, by="nia", fork=True)
        say(world, number, "/approve", by="wes")
        assert "approved by wes" not in world.said(number)[0].body


def test_the_commit_names_who_approved_this_head(sqlite_database: Database) -> None:
    with living(sqlite_database, config=STRICT) as world:
        world.run()
        number = opened(world, by="nia", fork=True)
        approve(world, number)
        world.receive(push(world, number))
        settle(world)
        say(world, number, "/approve", by="wes")
        say(world, number, "/merge")
        made = world.sandbox.repo(REPO).network.commits[str(pull(world, number).merge_commit_sha)]
        assert made.message.endswith("Reviewed-by: wes")
