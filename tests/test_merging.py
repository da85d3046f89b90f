"""Merging at a real server: asked for by people, done when all is there, and never around anything."""

from collections.abc import Iterator

import pytest

from bot.core.flow import CHECK_NAME
from bot.sandbox.things import Pull
from bot.store.database import Database
from tests.databases import shared_sqlite, sqlite_database
from tests.world import BOT, REPO, World, living

__all__ = ["shared_sqlite", "sqlite_database"]

RULES = """
welcome: {enabled: false}
review_sheet: {enabled: false}
tests: {enabled: false}
docs: {enabled: false}
linked_issue: {enabled: false}
"""
CONFIG = "mode: act\n" + RULES
LABEL = CONFIG + "merge: {label: automerge}\n"
FREE = "review: {approvals: 0}\n"  # nobody has to approve


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database, config=CONFIG) as world:
        world.run()
        yield world


def settle(world: World) -> None:
    """Work off what came, and the looks that were put off for an instant."""
    for _round in range(3):
        world.run()
        world.let_pass(1)
    world.run()


def opened(world: World, *, by: str = "wes", fork: bool = False, **more: object) -> int:
    branch = {} if fork else {"branch": f"change-{len(world.sandbox.repo(REPO).issues)}"}
    fields: dict[str, object] = {"title": "fix: start", "files": {"src/a.py": "x = 1\n"}, **branch, **more}
    number = world.open_pull(by=by, **fields)  # type: ignore[arg-type]
    settle(world)
    return number


def say(world: World, number: int, text: str, *, by: str = "maya") -> None:
    world.comment(number, text, by=by)
    settle(world)


def approve(world: World, number: int, *, by: str = "maya") -> None:
    world.sandbox.as_user(by).review(REPO, number)
    settle(world)


def pull(world: World, number: int) -> Pull:
    found = world.issue(number).pull
    assert found is not None
    return found


def is_merged(world: World, number: int) -> bool:
    return pull(world, number).merged_at is not None


def row(world: World, number: int) -> str:
    """What the checklist says of the merge."""
    (line,) = [
        line
        for comment in world.said(number)
        for line in comment.body.splitlines()
        if line.startswith("| ") and "| Merge |" in line
    ]
    return line


def merges(world: World) -> int:
    return len(world.writes("PUT .*/merge$"))


def report(world: World, sha: str, state: str, context: str = "build") -> None:
    said = {"state": state, "context": context}
    world.sandbox.as_user("maya").request("POST", f"/repos/{REPO}/statuses/{sha}", said)
    settle(world)


def test_what_was_asked_for_is_merged_when_everything_is_there(world: World) -> None:
    number = opened(world)
    assert "a maintainer merges it, or says `/merge`" in row(world, number)
    say(world, number, "/merge")
    assert not is_merged(world, number)
    assert "asked for by maya; merged once everything is there" in row(world, number)

    approve(world, number)
    assert is_merged(world, number)
    assert f"merged by {BOT}" in row(world, number)
    assert merges(world) == 1


def test_a_required_check_of_ushers_own_is_green_before_it_merges(world: World) -> None:
    world.sandbox.protect(REPO, checks=[CHECK_NAME])
    number = opened(world)
    approve(world, number)
    say(world, number, "/merge")
    assert is_merged(world, number)


def test_what_somebody_pushes_after_it_was_asked_for_is_not_merged(world: World) -> None:
    number = opened(world, by="nia", fork=True)
    say(world, number, "/merge")
    world.sandbox.as_user("nia").push_to_pull(REPO, number, {"src/evil.py": "x = 2\n"}, "More")
    settle(world)
    approve(world, number)
    assert not is_merged(world, number)
    assert "asked for by maya for an earlier state: say `/merge` again" in row(world, number)

    say(world, number, "/merge now\n\n/merge")
    assert is_merged(world, number)


def test_a_push_of_which_usher_was_not_told_yet_was_not_meant(world: World) -> None:
    number = opened(world, by="nia", fork=True)
    approve(world, number)
    world.comment(number, "/merge")
    asked = world.mail.empty()
    world.sandbox.as_user("nia").push_to_pull(REPO, number, {"src/evil.py": "x = 2\n"}, "More")
    told = world.mail.empty()
    world.receive(asked)
    settle(world)
    assert not is_merged(world, number)
    world.receive(told)
    settle(world)
    assert not is_merged(world, number)
    assert any("There were new commits" in comment.body for comment in world.said(number))
    say(world, number, "/merge it\n\n/merge")
    assert is_merged(world, number)


def test_the_base_that_the_author_changes_to_was_not_meant(world: World) -> None:
    world.sandbox.as_user("maya").push(REPO, {"old.txt": "old"}, branch="stable")
    number = opened(world, by="nia", fork=True)
    say(world, number, "/merge")
    world.sandbox.as_user("nia").request("PATCH", f"/repos/{REPO}/pulls/{number}", {"base": "stable"})
    approve(world, number)
    assert not is_merged(world, number)
    assert "for an earlier state" in row(world, number)


def test_it_takes_write_rights_also_when_it_is_merged(world: World) -> None:
    number = opened(world, by="nia", fork=True)
    say(world, number, "/merge", by="tri")
    approve(world, number)
    assert not is_merged(world, number)
    world.sandbox.as_user("maya").request("PUT", f"/repos/{REPO}/collaborators/mo", {"permission": "push"})
    number = opened(world, by="nia", title="fix: stop", fork=True, files={"src/b.py": "y = 1\n"})
    say(world, number, "/merge", by="mo")
    world.sandbox.as_user("maya").request("DELETE", f"/repos/{REPO}/collaborators/mo")
    approve(world, number)
    assert not is_merged(world, number)
    assert "has no write rights" in row(world, number)


def test_taken_back_it_is_not_merged(world: World) -> None:
    number = opened(world)
    say(world, number, "/merge")
    say(world, number, "/merge cancel")
    approve(world, number)
    assert not is_merged(world, number)
    say(world, number, "/merge")
    say(world, number, "/usher undo")
    assert is_merged(world, number)


def test_undone_before_the_approval_it_is_not_merged(world: World) -> None:
    number = opened(world)
    say(world, number, "/merge")
    say(world, number, "/usher undo")
    approve(world, number)
    assert not is_merged(world, number)


def test_a_method_may_be_named_and_there_is_no_other(world: World) -> None:
    number = opened(world)
    approve(world, number)
    say(world, number, "/merge fast")
    assert any("no way to merge that is called `fast`" in comment.body for comment in world.said(number))
    assert not is_merged(world, number)
    world.sandbox.set_merge_methods(REPO, "squash", "rebase")
    say(world, number, "/merge merge")
    assert "does not allow merge; it allows squash and rebase" in row(world, number)
    assert merges(world) == 0
    say(world, number, "/merge rebase")
    assert is_merged(world, number)


def test_held_it_waits(world: World) -> None:
    number = opened(world)
    say(world, number, "/hold\n/merge")
    approve(world, number)
    assert not is_merged(world, number)
    say(world, number, "/hold cancel")
    assert is_merged(world, number)


def test_a_draft_and_a_blocking_label_wait(world: World) -> None:
    number = opened(world, draft=True)
    world.sandbox.as_user("maya").add_label(REPO, number, "do-not-merge")
    approve(world, number)
    say(world, number, "/merge")
    world.sandbox.as_user("wes").ready(REPO, number)
    settle(world)
    assert not is_merged(world, number)
    assert "held back by the label do-not-merge" in row(world, number)
    world.sandbox.as_user("maya").remove_label(REPO, number, "do-not-merge")
    settle(world)
    assert is_merged(world, number)


def test_with_conflicts_it_is_the_authors_turn(world: World) -> None:
    number = opened(world)
    approve(world, number)
    world.sandbox.as_user("maya").push(REPO, {"src/a.py": "x = 3\n"})
    settle(world)
    say(world, number, "/merge")
    assert not is_merged(world, number)
    assert "❌" in row(world, number)
    assert "conflicts with `main`" in row(world, number)
    assert "**merge** (you)" in world.said(number)[0].body
    assert merges(world) == 0


class TestLabel:
    @pytest.fixture
    def world(self, sqlite_database: Database) -> Iterator[World]:
        with living(sqlite_database, config=LABEL + FREE) as world:
            world.run()
            yield world

    def label(self, world: World, number: int) -> None:
        world.sandbox.as_user("maya").add_label(REPO, number, "automerge")
        settle(world)

    def test_it_asks_for_the_merge(self, world: World) -> None:
        number = opened(world)
        self.label(world, number)
        assert is_merged(world, number)

    def test_commits_of_strangers_take_an_approval_of_the_last_one(self, world: World) -> None:
        number = opened(world, by="nia", fork=True)
        self.label(world, number)
        assert not is_merged(world, number)
        assert "needs the approval of a maintainer first" in row(world, number)
        approve(world, number)
        assert is_merged(world, number)

    def test_an_approval_of_earlier_commits_is_none(self, world: World) -> None:
        number = opened(world, by="nia", fork=True)
        approve(world, number)
        world.sandbox.as_user("nia").push_to_pull(REPO, number, {"src/evil.py": "x = 2\n"}, "More")
        self.label(world, number)
        assert not is_merged(world, number)
        say(world, number, "/merge")
        assert is_merged(world, number)

    def test_an_approval_of_who_may_not_write_is_none(self, world: World) -> None:
        number = opened(world, by="nia", fork=True)
        self.label(world, number)
        approve(world, number, by="tri")
        assert not is_merged(world, number)

    def test_a_base_that_the_author_changed_takes_a_command(self, world: World) -> None:
        world.sandbox.as_user("maya").push(REPO, {"old.txt": "old"}, branch="stable")
        number = opened(world, by="nia", fork=True)
        approve(world, number)
        world.sandbox.as_user("nia").request("PATCH", f"/repos/{REPO}/pulls/{number}", {"base": "stable"})
        self.label(world, number)
        assert not is_merged(world, number)
        assert "who changed the base has no write rights" in row(world, number)

    def test_bots_are_merged_by_it(self, world: World) -> None:
        rights = {"permission": "push"}
        maya = world.sandbox.as_user("maya")
        maya.request("PUT", f"/repos/{REPO}/collaborators/renovate%5Bbot%5D", rights)
        number = opened(world, by="renovate[bot]", title="chore: bump it")
        self.label(world, number)
        assert is_merged(world, number)

    def test_one_of_a_fork_that_is_gone(self, world: World) -> None:
        number = opened(world, by="nia", fork=True)
        pull(world, number).head_repo = None
        self.label(world, number)
        assert not is_merged(world, number)
        approve(world, number)
        assert is_merged(world, number)

    def test_labels_that_it_needs(self, world: World) -> None:
        world.push_config(LABEL.replace("automerge}", "automerge, needs_labels: [lgtm]}") + FREE)
        number = opened(world)
        self.label(world, number)
        assert "needs the label lgtm" in row(world, number)
        world.sandbox.as_user("maya").add_label(REPO, number, "lgtm")
        settle(world)
        assert is_merged(world, number)


class TestProtection:
    def test_a_review_that_it_requires_is_not_passed_by(self, world: World) -> None:
        world.push_config(CONFIG + FREE)
        world.sandbox.protect(REPO, approvals=1)
        number = opened(world)
        say(world, number, "/merge")
        assert not is_merged(world, number)
        assert merges(world) == 0
        assert "GitHub wants an approving review on its page; `/approve` does not count" in row(world, number)
        approve(world, number)
        assert is_merged(world, number)

    def test_what_waits_is_not_asked_for_at_each_look(self, world: World) -> None:
        world.push_config(CONFIG + FREE)
        world.sandbox.protect(REPO, checks=["build"])
        number = opened(world)
        say(world, number, "/merge")
        planned = len(world.plans(number))
        for _round in range(3):
            world.let_pass(24 * 3600)
            world.processor.follower.sweep()
            settle(world)
        assert len(world.plans(number)) == planned
        report(world, pull(world, number).head_sha, "success")
        assert is_merged(world, number)

    def test_a_branch_that_is_behind_is_updated_first(self, world: World) -> None:
        world.sandbox.protect(REPO, checks=["build"], up_to_date=True)
        number = opened(world)
        report(world, pull(world, number).head_sha, "success")
        approve(world, number)
        world.sandbox.as_user("maya").push(REPO, {"other.py": "z = 1\n"})
        head = pull(world, number).head_sha
        say(world, number, "/merge")
        updated = pull(world, number).head_sha
        assert updated != head
        assert not is_merged(world, number)
        assert "asked for by maya" in row(world, number)
        report(world, updated, "success")
        assert is_merged(world, number)
        assert len(world.writes("update-branch")) == 1

    def test_what_somebody_pushes_onto_the_update_is_not_merged(self, world: World) -> None:
        world.sandbox.protect(REPO, checks=["build"], up_to_date=True)
        number = opened(world, by="nia", fork=True)
        report(world, pull(world, number).head_sha, "success")
        approve(world, number)
        world.sandbox.as_user("maya").push(REPO, {"other.py": "z = 1\n"})
        say(world, number, "/merge")
        world.sandbox.as_user("nia").push_to_pull(REPO, number, {"src/evil.py": "x = 2\n"}, "More")
        report(world, pull(world, number).head_sha, "success")
        assert not is_merged(world, number)
        assert "for an earlier state" in row(world, number)

    def test_the_branch_stays_behind_where_the_config_says_so(self, world: World) -> None:
        world.push_config(CONFIG + "merge: {update_branch: false}\n")
        world.sandbox.protect(REPO, up_to_date=True)
        number = opened(world)
        approve(world, number)
        world.sandbox.as_user("maya").push(REPO, {"other.py": "z = 1\n"})
        say(world, number, "/merge")
        assert world.writes("update-branch") == []
        assert "behind `main`: update the branch" in row(world, number)


class TestQueue:
    @pytest.fixture
    def world(self, sqlite_database: Database) -> Iterator[World]:
        with living(sqlite_database, config=CONFIG) as world:
            world.sandbox.protect(REPO, checks=[CHECK_NAME, "build"], merge_queue=True)
            world.run()
            yield world

    def queued(self, world: World) -> int:
        number = opened(world)
        report(world, pull(world, number).head_sha, "success")
        approve(world, number)
        say(world, number, "/merge")
        assert merges(world) == 0
        assert "in the merge queue" in row(world, number)
        return number

    def group(self, world: World) -> str:
        (found,) = [
            sha
            for name, sha in world.sandbox.repo(REPO).branches.items()
            if name.startswith("gh-readonly-queue/")
        ]
        return found

    def test_the_group_is_checked_and_merged(self, world: World) -> None:
        number = self.queued(world)
        sha = self.group(world)
        runs = world.sandbox.repo(REPO).check_runs.values()
        assert [run.conclusion for run in runs if run.head_sha == sha and run.name == CHECK_NAME] == [
            "success"
        ]
        report(world, sha, "success")
        assert is_merged(world, number)
        assert "merged by" in row(world, number)

    def test_a_red_group_leaves_the_queue_and_is_asked_for_again(self, world: World) -> None:
        number = self.queued(world)
        report(world, self.group(world), "failure")
        assert not is_merged(world, number)
        assert "taken out of the merge queue" in row(world, number)
        enqueued = len(world.writes("enqueuePullRequest"))
        world.let_pass(24 * 3600)
        world.processor.follower.sweep()
        settle(world)
        assert len(world.writes("enqueuePullRequest")) == enqueued == 1
        say(world, number, "/merge again\n\n/merge")
        assert "in the merge queue" in row(world, number)
        report(world, self.group(world), "success")
        assert is_merged(world, number)

    def test_news_of_the_queue_that_were_lost_are_made_up_for(self, world: World) -> None:
        number = self.queued(world)
        sha = self.group(world)
        said = {"state": "failure", "context": "build"}
        world.sandbox.as_user("maya").request("POST", f"/repos/{REPO}/statuses/{sha}", said)
        world.drop_mail()
        world.let_pass(24 * 3600)
        world.processor.follower.sweep()
        settle(world)
        assert "taken out of the merge queue" in row(world, number)


class TestOnce:
    def test_a_comment_that_is_delivered_twice_merges_once(self, world: World) -> None:
        number = opened(world)
        approve(world, number)
        world.comment(number, "/merge")
        sent = world.mail.empty()
        world.receive([*sent, *sent])
        settle(world)
        assert is_merged(world, number)
        assert merges(world) == 1

    def test_a_crash_between_the_merge_and_its_note(self, world: World) -> None:
        number = opened(world)
        approve(world, number)
        world.sandbox.faults.add("bad_gateway", match="PUT .*/merge$", times=1, after=True)
        say(world, number, "/merge")
        world.let_pass(60)
        settle(world)
        assert is_merged(world, number)
        assert merges(world) == 1
        (step,) = [s for plan in world.plans(number) for s in plan.steps if s.kind == "merge_pull"]
        assert step.status == "done"

    def test_a_crash_before_the_merge(self, world: World) -> None:
        number = opened(world)
        approve(world, number)
        world.sandbox.faults.add("bad_gateway", match="PUT .*/merge$", times=1)
        say(world, number, "/merge")
        world.let_pass(60)
        settle(world)
        assert is_merged(world, number)


@pytest.mark.parametrize("dry", [False, True])
def test_who_only_looks_on_merges_nothing(sqlite_database: Database, dry: bool) -> None:
    config = LABEL + FREE if dry else LABEL.replace("act", "observe") + FREE
    with living(sqlite_database, config=config, dry_run=dry) as world:
        world.run()
        number = opened(world)
        world.sandbox.as_user("maya").add_label(REPO, number, "automerge")
        say(world, number, "/merge")
        assert not is_merged(world, number)
        assert world.writes() == []


def test_without_the_right_to_write_contents_it_says_so(sqlite_database: Database) -> None:
    permissions = {"contents": "read", "pull_requests": "write", "issues": "write", "checks": "write"}
    with living(
        sqlite_database,
        config=CONFIG + FREE,
        permissions={**permissions, "metadata": "read", "statuses": "read"},
    ) as world:
        world.run()
        number = opened(world)
        say(world, number, "/merge")
        assert not is_merged(world, number)
        assert "GitHub does not let Usher do this here" in row(world, number)


def test_the_commit_says_what_the_config_wants_and_the_branch_goes(world: World) -> None:
    texts = 'commit_title: "$TITLE (#$NUMBER)", commit_message: "$BODY\\n\\nReviewed-by: $REVIEWED_BY"'
    world.push_config(CONFIG + f"merge: {{method: squash, delete_branch: true, {texts}}}\n")
    number = opened(world, title="fix: $BODY", body="It was $AUTHOR.")
    branch = pull(world, number).head_ref
    approve(world, number)
    say(world, number, "/merge")
    merged = world.sandbox.repo(REPO).network.commits[str(pull(world, number).merge_commit_sha)]
    assert merged.message == f"fix: $BODY (#{number})\n\nIt was $AUTHOR.\n\nReviewed-by: maya"
    assert branch not in world.sandbox.repo(REPO).branches


def test_settings_that_a_merge_brings_are_read(world: World) -> None:
    number = opened(world, files={".github/usher.yml": CONFIG + "merge: {enabled: false}\n"})
    approve(world, number)
    say(world, number, "/merge")
    assert is_merged(world, number)
    assert not world.configs.named(REPO, world.installation.id).merge.enabled  # type: ignore[attr-defined]
