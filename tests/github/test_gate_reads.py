"""What Usher asks GitHub about a release that is to go out."""

from typing import Any

import pytest

from bot.core.errors import BotError
from bot.github.client import RepositoryClient
from bot.github.gate_reads import MOST_FILES, GateReader
from tests.github.scripted import Answer, Scripted

PATH = "/repos/octo/engine"
SHA = "a" * 40


@pytest.fixture
def reader() -> GateReader:
    return GateReader()


def tell(script: Scripted, path: str, answer: Answer) -> None:
    script.tell("GET", PATH + path, lambda _asked: answer)


def named(kind: str, sha: str) -> Answer:
    return Answer(200, {"object": {"type": kind, "sha": sha}})


class TestCommit:
    def test_a_branch_names_it(self, client: RepositoryClient, script: Scripted, reader: GateReader) -> None:
        tell(script, "/git/ref/heads%2F1.x", named("commit", SHA))
        assert reader.commit(client, "heads/1.x") == SHA

    def test_a_tag_with_a_message_names_what_names_it(
        self, client: RepositoryClient, script: Scripted, reader: GateReader
    ) -> None:
        tell(script, "/git/ref/tags%2Fv1", named("tag", "b" * 40))
        tell(script, f"/git/tags/{'b' * 40}", named("commit", SHA))
        assert reader.commit(client, "tags/v1") == SHA

    @pytest.mark.parametrize("status", [404, 409])
    def test_there_may_be_none(
        self, client: RepositoryClient, script: Scripted, reader: GateReader, status: int
    ) -> None:
        tell(script, "/git/ref/tags%2Fv2", Answer(status, {"message": "no"}))
        assert reader.commit(client, "tags/v2") == ""


class TestFiles:
    def ask(self, client: RepositoryClient, script: Scripted, reader: GateReader, answer: Answer) -> Any:
        tell(script, f"/compare/v1...{SHA}?per_page=1", answer)
        return reader.changed(client, "v1", SHA)

    def test_what_changed(self, client: RepositoryClient, script: Scripted, reader: GateReader) -> None:
        files = [{"filename": "a.py", "status": "added", "patch": "+a"}, {"filename": "b.py"}]
        found = self.ask(client, script, reader, Answer(200, {"files": files}))
        assert (found.paths, found.is_complete) == (("a.py", "b.py"), True)
        assert (found.files[0].status, found.files[0].patch) == ("added", "+a")

    def test_more_than_github_lists(
        self, client: RepositoryClient, script: Scripted, reader: GateReader
    ) -> None:
        files = [{"filename": f"{number}.py"} for number in range(MOST_FILES)]
        assert not self.ask(client, script, reader, Answer(200, {"files": files})).is_complete

    def test_what_cannot_be_compared(
        self, client: RepositoryClient, script: Scripted, reader: GateReader
    ) -> None:
        assert not self.ask(client, script, reader, Answer(404, {"message": "no"})).is_complete

    def test_what_lies_in_the_root(
        self, client: RepositoryClient, script: Scripted, reader: GateReader
    ) -> None:
        tell(script, f"/git/trees/{SHA}", Answer(200, {"tree": [{"path": "NEWS"}, {"path": "docs"}, {}]}))
        assert reader.root_files(client, SHA) == ("NEWS", "docs")


class TestIssues:
    def test_those_of_the_milestones_of_a_name(
        self, client: RepositoryClient, script: Scripted, reader: GateReader
    ) -> None:
        milestones = [{"number": 1, "title": "V1.2"}, {"number": 2, "title": "later"}, {"title": "v1.2"}]
        tell(script, "/milestones?page=1&per_page=100&state=open", Answer(200, milestones))
        tell(script, "/issues?milestone=1&page=1&per_page=100&state=open", Answer(200, [{"number": 7}, {}]))
        assert reader.in_milestones(client, frozenset({"v1.2"})) == [7]

    def test_those_with_a_label_and_those_of_a_person(
        self, client: RepositoryClient, script: Scripted, reader: GateReader
    ) -> None:
        labelled = "/issues?labels=do-not%2Frelease&page=1&per_page=100&state=open"
        tell(script, labelled, Answer(200, [{"number": 8}]))
        tell(script, "/issues?creator=usher&page=1&per_page=100&state=open", Answer(200, []))
        assert reader.labelled(client, "do-not/release") == [8]
        assert reader.opened_by(client, "usher") == []

    def test_what_cannot_be_asked_does_not_count_as_none(
        self, client: RepositoryClient, script: Scripted, reader: GateReader
    ) -> None:
        tell(script, "/issues?labels=x&page=1&per_page=100&state=open", Answer(403, {"message": "no"}))
        with pytest.raises(BotError):
            reader.labelled(client, "x")
