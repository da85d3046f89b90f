"""How it is found out who could review a pull request, and what that costs in requests."""

from typing import cast

import pytest

from bot.core.pull_context import CodeOwnersFile, ReviewLoad, ReviewRequests, TeamMembers
from bot.github.answers import Missing
from bot.github.pull_reads import PullReader
from tests.gather.test_pulls import ASKS, ask, news, reads
from tests.world import REPO, World


@pytest.mark.parametrize("path", [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"])
def test_code_owners_are_looked_for_where_github_does(world: World, path: str) -> None:
    world.sandbox.as_user("maya").push(REPO, {path: "* @maya\n"})
    world.open_pull("Mend it")
    assert ask(world, news(world), CodeOwnersFile) == [CodeOwnersFile("* @maya\n", path)]


@pytest.mark.parametrize(("size", "is_too_large"), [(2_000_000, False), (3_200_000, True)])
def test_code_owners_are_read_up_to_the_size_that_github_reads(
    world: World, size: int, is_too_large: bool
) -> None:
    text = "* @maya\n" + "# padding\n" * (size // 10)
    world.sandbox.as_user("maya").push(REPO, {"CODEOWNERS": text})
    world.open_pull("Mend it")
    (found,) = ask(world, news(world), CodeOwnersFile)
    expected = CodeOwnersFile(None if is_too_large else text, "CODEOWNERS", is_too_large)
    assert found == expected


def test_a_repository_without_code_owners_is_not_asked_each_time(world: World) -> None:
    world.open_pull("Mend it")
    event = news(world)
    assert ask(world, event, CodeOwnersFile) == [CodeOwnersFile()]
    before = len(world.requests("CODEOWNERS"))
    assert ask(world, event, CodeOwnersFile) == [CodeOwnersFile()]
    assert len(world.requests("CODEOWNERS")) == before


class TestReviewers:
    def test_nobody_is_looked_for_unless_somebody_is_to_be_asked(self, world: World) -> None:
        world.open_pull("Mend it")
        event, before = news(world), len(reads(world))
        assert ask(world, event, ReviewLoad, ReviewRequests, TeamMembers) == [
            ReviewLoad(),
            ReviewRequests(),
            TeamMembers(),
        ]
        assert len(reads(world)) == before

    def test_people_are_known_by_what_they_changed_and_what_waits_for_them(self, world: World) -> None:
        world.push_config(ASKS)
        maya = world.sandbox.as_user("maya")
        maya.push(REPO, {"change.txt": "old"})
        waiting = world.open_pull("Another", branch="other")
        maya.request_review(REPO, waiting, "wes")
        world.open_pull("Mend it")
        (found,) = ask(world, news(world), ReviewLoad)
        assert isinstance(found, ReviewLoad)
        assert found.waiting == {"wes": 1}
        assert found.touched == {"maya": 1}
        assert {"maya", "wes"} <= found.may_review
        assert "rea" not in found.may_review

    def test_who_reviewed_what_was_merged_lately_is_one_question_an_hour(self, world: World) -> None:
        world.push_config(ASKS)
        maya, wes = world.sandbox.as_user("maya"), world.sandbox.as_user("wes")
        for number in range(2):
            merged = world.open_pull(f"Part {number}", branch=f"part{number}", by="maya")
            wes.review(REPO, merged, "COMMENT", "hm")
            wes.review(REPO, merged)
            maya.review(REPO, merged, "COMMENT", "thanks")
            maya.merge(REPO, merged)
        wes.review(REPO, world.open_pull("Open still", branch="open"))
        world.open_pull("Mend it")
        event = news(world)
        for _ in range(2):
            (found,) = ask(world, event, ReviewLoad)
            assert cast("ReviewLoad", found).reviewed == {"wes": 2}
        assert len(world.requests("/graphql")) == 1

    def test_members_of_the_owners_teams_are_known_where_usher_may_see_them(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked_for = []

        def team(_reader: PullReader, _client: object, organization: str, slug: str) -> frozenset[str]:
            asked_for.append(f"{organization}/{slug}")
            if slug == "secret":
                raise Missing("no such team")
            return frozenset({"wes"})

        monkeypatch.setattr(PullReader, "team", team)
        lines = "* @octo/core @maya @else/where\n*.txt @octo/secret @octo/Core\n/docs/ @octo/docs\n"
        world.sandbox.as_user("maya").push(REPO, {"CODEOWNERS": lines})
        world.open_pull("Mend it")
        event = news(world)
        for _ in range(2):
            assert ask(world, event, TeamMembers) == [TeamMembers({"octo/Core": frozenset({"wes"})})]
        assert asked_for == ["octo/secret", "octo/Core"]

    def test_teams_are_left_out_where_looking_into_them_was_not_granted(self, world: World) -> None:
        world.sandbox.as_user("maya").push(REPO, {"CODEOWNERS": "* @octo/core\n"})
        world.open_pull("Mend it")
        event = news(world)
        assert ask(world, event, TeamMembers) == [TeamMembers()]
        before = len(world.requests())
        assert ask(world, event, TeamMembers) == [TeamMembers()]
        assert len(world.requests()) == before

    def test_who_was_asked_and_who_no_longer_is_stands_in_the_threads_events(self, world: World) -> None:
        world.push_config(ASKS)
        number = world.open_pull("Mend it")
        maya = world.sandbox.as_user("maya")
        maya.request_review(REPO, number, "wes", "tri")
        path = f"/repos/{REPO}/pulls/{number}/requested_reviewers"
        maya.request("DELETE", path, {"reviewers": ["tri"]})
        (found,) = ask(world, news(world), ReviewRequests)
        assert isinstance(found, ReviewRequests)
        assert found.asked.keys() == {"wes"}
        assert found.withdrawn == {"tri"}
