"""What Usher asks GitHub about releases, and what it keeps of the answers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.release.state import Release
from bot.github.client import PER_PAGE, RepositoryClient
from bot.github.release_reads import ReleaseReader as Reader
from bot.github.release_reads import Since, release, release_from
from tests.github.scripted import Answer, Scripted

PATH = "/repos/octo/engine"
LIST = "/pulls?base=main&direction=desc&page={}&per_page=100&sort=updated&state=closed"
NOON = "2025-06-02T12:00:00Z"
DRAFT = {"id": 5, "tag_name": "v2", "name": "Two", "body": "* x", "draft": True, "target_commitish": "main"}
LAST = {"id": 4, "tag_name": "v1", "body": "long", "draft": False, "prerelease": True, "published_at": NOON}


def tell(script: Scripted, path: str, *answers: Answer) -> None:
    """Answer questions for a path one after the other."""
    waiting = iter(answers)
    script.tell("GET", PATH + path, lambda _asked: next(waiting))


def commit(sha: str, *parents: str, message: str = "") -> dict[str, Any]:
    said = {"message": message or sha, "author": {"name": "Nia"}}
    return {"sha": sha, "commit": said, "parents": [{"sha": each} for each in parents]}


def compared(*commits: dict[str, Any], total: int | None = None) -> Answer:
    base = {"commit": {"committer": {"date": NOON}}}
    count = len(commits) if total is None else total
    return Answer(200, {"commits": list(commits), "total_commits": count, "merge_base_commit": base})


def closed(number: int, updated_at: str, *, merged: bool = True) -> dict[str, Any]:
    merged_at = updated_at if merged else None
    page = f"https://github.com/octo/engine/pull/{number}"
    return {"number": number, "html_url": page, "merged_at": merged_at, "updated_at": updated_at}


@pytest.fixture
def reader() -> Reader:
    return Reader()


class TestReleases:
    def test_of_a_published_one_the_notes_are_of_no_use(self) -> None:
        noon = datetime(2025, 6, 2, 12, tzinfo=UTC)
        assert release_from(LAST) == Release("v1", id=4, is_prerelease=True, published_at=noon)
        assert release_from(DRAFT) == Release("v2", "Two", "* x", 5, is_draft=True, target="main")

    def test_they_are_read_page_by_page_and_asked_for_conditionally(
        self, client: RepositoryClient, script: Scripted, reader: Reader
    ) -> None:
        first = Answer(200, [LAST] * PER_PAGE, {"etag": '"1"'})
        tell(script, "/releases?page=1&per_page=100", first, Answer(304))
        tell(script, "/releases?page=2&per_page=100", Answer(200, [DRAFT], {"etag": '"2"'}), Answer(304))
        found = reader.releases(client)
        assert len(found) == PER_PAGE + 1
        assert found[-1] == release_from(DRAFT)
        assert reader.releases(client) == found

    def test_one_that_is_gone(self, client: RepositoryClient, script: Scripted) -> None:
        tell(script, "/releases/5", Answer(200, DRAFT))
        assert release(client, 5) == release_from(DRAFT)
        assert release(client, 6) is None


class TestWhatABranchHasAndATagHasNot:
    def test_is_read_until_all_of_it_is_there(
        self, client: RepositoryClient, script: Scripted, reader: Reader
    ) -> None:
        path = "/compare/v1%2Fx...main?page={}&per_page=100"
        tell(script, path.format(1), compared(commit("a", "0"), total=2))
        tell(script, path.format(2), compared(commit("b", "a"), total=2))
        found = reader.since(client, "v1/x", "main")
        assert found is not None
        assert list(found.commits) == ["a", "b"]
        assert found.parted_at == datetime(2025, 6, 2, 12, tzinfo=UTC)
        assert found.is_complete

    def test_says_where_there_is_more(
        self, client: RepositoryClient, script: Scripted, reader: Reader
    ) -> None:
        tell(script, "/compare/v1...main?page=1&per_page=100", compared(commit("a"), total=9))
        tell(script, "/compare/v1...main?page=2&per_page=100", compared(total=9))
        found = reader.since(client, "v1", "main")
        assert found is not None
        assert not found.is_complete

    def test_is_not_known_of_a_tag_that_is_gone(self, client: RepositoryClient, reader: Reader) -> None:
        assert reader.since(client, "v1", "main") is None


def since(*commits: dict[str, Any]) -> Since:
    class One:
        full_name = "octo/engine"

        def get(self, _path: str, _etag: str | None) -> tuple[Any, None]:
            return compared(*commits).body, None

    found = Reader().since(One(), "v1", "main")  # type: ignore[arg-type]
    assert found is not None
    return found


def messages(of: Since, sha: str) -> list[str]:
    return [each.message for each in of.brought_by(sha)]


def test_a_merge_brought_what_was_merged_without_itself() -> None:
    known = since(commit("a", "0"), commit("b", "0"), commit("c", "b"), commit("m", "a", "c"))
    assert messages(known, "m") == ["b", "c"]
    assert messages(known, "a") == ["a"]
    assert messages(known, "x") == []


def test_what_a_branch_took_over_from_the_main_one_is_not_its_own() -> None:
    known = since(
        commit("a", "0"),
        commit("b", "0"),
        commit("up", "b", "a", message="Merge main"),
        commit("m", "a", "up"),
    )
    assert messages(known, "m") == ["b", "Merge main"]


class TestMerged:
    def test_closed_ones_that_were_not_merged_are_left_out(
        self, client: RepositoryClient, script: Scripted, reader: Reader
    ) -> None:
        items = [closed(2, NOON), closed(1, NOON, merged=False)]
        tell(script, LIST.format(1), Answer(200, items))
        (found,) = reader.merged(client, "main", None)
        assert (found.pull.number, found.url) == (2, "https://github.com/octo/engine/pull/2")

    def test_nothing_is_read_that_was_not_changed_since(
        self, client: RepositoryClient, script: Scripted, reader: Reader
    ) -> None:
        old = "2025-06-01T12:00:00Z"
        tell(script, LIST.format(1), Answer(200, [closed(2, NOON)] + [closed(1, old)] * (PER_PAGE - 1)))
        moment = datetime(2025, 6, 2, tzinfo=UTC)
        assert [each.pull.number for each in reader.merged(client, "main", moment)] == [2]
        assert len([line for line in script.lines() if "/pulls?" in line]) == 1

    def test_there_is_an_end_to_reading(
        self, client: RepositoryClient, script: Scripted, reader: Reader
    ) -> None:
        for page in range(1, 12):
            tell(script, LIST.format(page), Answer(200, [closed(page, NOON)] * PER_PAGE))
        assert len(list(reader.merged(client, "main", None))) == 10 * PER_PAGE


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(200, {"status": "behind"}), True),
        (Answer(200, {"status": "identical"}), True),
        (Answer(200, {"status": "ahead"}), False),
        (Answer(404, {"message": "no"}), False),
    ],
)
def test_whether_a_tag_has_a_commit(
    client: RepositoryClient, script: Scripted, reader: Reader, answer: Answer, expected: bool
) -> None:
    tell(script, "/compare/v1...abc?per_page=1", answer)
    assert reader.has(client, "v1", "abc") is expected
