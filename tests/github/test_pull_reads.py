"""What Usher asks GitHub about pull requests, and what it keeps of the answers."""

import base64

import pytest

from bot.core.pulls import Check, Checks, PullRequest
from bot.github.answers import Missing
from bot.github.client import PER_PAGE, RepositoryClient
from bot.github.pull_reads import FILE_PAGES, TEAM_PAGES, PullReader
from bot.github.reads import TooLarge
from tests.github.scripted import Answer, Asked, Scripted

PATH = "/repos/octo/engine"
PULL = PullRequest(7, base_sha="b", head_sha="a", commits=1)


def tell(script: Scripted, path: str, *answers: Answer) -> None:
    """Answer questions for a path one after the other."""
    waiting = iter(answers)
    script.tell("GET", PATH + path, lambda _asked: next(waiting))


def asked(script: Scripted) -> list[Asked]:
    return [one for one in script.asked if one.verb == "GET"]


@pytest.fixture
def reader() -> PullReader:
    return PullReader()


def files(count: int, start: int = 0) -> list[dict[str, object]]:
    return [{"filename": f"{start + place}.txt", "status": "added"} for place in range(count)]


def test_an_answer_is_kept_and_asked_for_conditionally(
    client: RepositoryClient, script: Scripted, reader: PullReader
) -> None:
    tell(script, "/pulls/7", Answer(200, {"number": 7, "title": "Mend it"}, {"etag": '"1"'}), Answer(304))
    assert reader.pull(client, 7).title == "Mend it"
    assert reader.pull(client, 7).title == "Mend it"
    assert [one.headers.get("if-none-match") for one in asked(script)] == [None, '"1"']


def test_a_new_answer_replaces_the_old_one(
    client: RepositoryClient, script: Scripted, reader: PullReader
) -> None:
    tell(
        script,
        "/pulls/7",
        Answer(200, {"number": 7, "title": "Mend it"}, {"etag": '"1"'}),
        Answer(200, {"number": 7, "title": "fix: mend it"}, {"etag": '"2"'}),
        Answer(304),
    )
    titles = [reader.pull(client, 7).title for _ in range(3)]
    assert titles == ["Mend it", "fix: mend it", "fix: mend it"]


def test_files_are_read_page_by_page_and_once_for_each_pair_of_ends(
    client: RepositoryClient, script: Scripted, reader: PullReader
) -> None:
    tell(script, "/pulls/7/files?page=1&per_page=100", Answer(200, files(PER_PAGE)))
    tell(script, "/pulls/7/files?page=2&per_page=100", Answer(200, files(3, PER_PAGE)))
    found = reader.files(client, PULL)
    assert (len(found.files), found.is_complete) == (PER_PAGE + 3, True)
    assert reader.files(client, PULL) == found
    assert len(asked(script)) == 2


def test_more_files_than_github_shows_are_said_to_be_missing(
    client: RepositoryClient, script: Scripted, reader: PullReader
) -> None:
    for page in range(1, FILE_PAGES + 1):
        tell(script, f"/pulls/7/files?page={page}&per_page=100", Answer(200, files(PER_PAGE, page)))
    found = reader.files(client, PULL)
    assert (len(found.files), found.is_complete) == (FILE_PAGES * PER_PAGE, False)


def test_fewer_commits_than_there_are_are_said_to_be_missing(
    client: RepositoryClient, script: Scripted, reader: PullReader
) -> None:
    one = [{"sha": "a", "commit": {"message": "x"}}]
    tell(script, "/pulls/7/commits?page=1&per_page=100", Answer(200, one))
    more = PullRequest(7, base_sha="b", head_sha="a", commits=2)
    assert not reader.commits(client, more).is_complete


def test_checks_are_runs_and_statuses_without_ushers_own(
    client: RepositoryClient, script: Scripted, reader: PullReader
) -> None:
    def run(name: str, app: str) -> dict[str, object]:
        return {"name": name, "status": "completed", "conclusion": "success", "app": {"slug": app}}

    runs = [run("ci", "actions"), run("flow", "usher")]
    statuses = [{"context": "cov", "state": "pending", "description": "wait"}]
    tell(script, "/commits/a/check-runs?page=1&per_page=100", Answer(200, {"check_runs": runs}))
    tell(script, "/commits/a/status?page=1&per_page=100", Answer(200, {"statuses": statuses}))
    assert reader.checks(client, "a", "usher") == Checks(
        (Check("ci", "success", "actions"), Check("cov", "", description="wait")), "a"
    )


@pytest.mark.parametrize("status", [403, 404])
def test_a_server_without_checks_or_statuses_has_none(
    client: RepositoryClient, script: Scripted, reader: PullReader, status: int
) -> None:
    for path in ("check-runs", "status"):
        tell(script, f"/commits/a/{path}?page=1&per_page=100", Answer(status, {"message": "no"}))
    assert reader.checks(client, "a", "usher") == Checks((), "a")


def test_the_commit_before_another_is_its_first_parent(
    client: RepositoryClient, script: Scripted, reader: PullReader
) -> None:
    merge = {"sha": "c3", "parents": [{"sha": "a1"}, {"sha": "b2"}]}
    first = {"sha": "a1", "parents": []}
    for sha, answer in (("c3", Answer(200, [merge])), ("a1", Answer(200, [first])), ("gone", Answer(404))):
        tell(script, f"/commits?per_page=1&sha={sha}", answer)
    assert [reader.parent(client, sha) for sha in ("c3", "a1", "gone")] == ["a1", "", ""]


def test_a_text_file_of_a_branch(client: RepositoryClient, script: Scripted, reader: PullReader) -> None:
    content = base64.b64encode(b"* @maya\xff\0\n").decode()
    tell(script, "/contents/CODEOWNERS?ref=feature%2Fx", Answer(200, {"content": content}))
    tell(script, "/contents/docs?ref=main", Answer(200, [{"name": "x"}]))
    assert reader.text(client, "CODEOWNERS", "feature/x", 100) == "* @maya\ufffd\n"
    with pytest.raises(Missing):
        reader.text(client, "docs", "main", 100)


def members(count: int) -> list[dict[str, object]]:
    return [{"login": f"p{place}"} for place in range(count)]


def test_the_members_of_a_team(client: RepositoryClient, script: Scripted, reader: PullReader) -> None:
    path = "/orgs/octo/teams/core%2Fx/members?page={}&per_page=100"
    script.tell("GET", path.format(1), Answer(200, members(100)))
    script.tell("GET", path.format(2), Answer(200, [{"login": "maya"}]))
    assert len(reader.team(client, "octo", "core/x")) == 101


def test_a_team_of_very_many_is_not_read(
    client: RepositoryClient, script: Scripted, reader: PullReader
) -> None:
    for page in range(1, TEAM_PAGES + 1):
        path = f"/orgs/octo/teams/all/members?page={page}&per_page=100"
        script.tell("GET", path, Answer(200, members(100)))
    with pytest.raises(TooLarge, match="octo/all has more than 500 members"):
        reader.team(client, "octo", "all")


def test_a_file_of_more_than_a_megabyte_is_read_as_a_blob_up_to_a_limit(
    client: RepositoryClient, script: Scripted, reader: PullReader
) -> None:
    listed = {"sha": "abc", "size": 2_000_000, "encoding": "none", "content": ""}
    tell(script, "/contents/CODEOWNERS?ref=main", *(Answer(200, listed) for _ in range(2)))
    tell(script, "/git/blobs/abc", Answer(200, {"content": base64.b64encode(b"* @maya\n").decode()}))
    assert reader.text(client, "CODEOWNERS", "main", 3_000_000) == "* @maya\n"
    with pytest.raises(TooLarge):
        reader.text(client, "CODEOWNERS", "main", 1_999_999)
    assert len([one for one in asked(script) if "blobs" in one.path]) == 1
