from bot.core.actors import Actor
from bot.core.pulls import ChangedFile, ChangedFiles, Check, Checks, Commit, PullRequest, Review, Reviews

MAYA, WES = Actor(1, "maya"), Actor(2, "wes")


def test_labels_ignore_case() -> None:
    assert PullRequest(1, labels=("Hold",)).has_label("hold")
    assert not PullRequest(1, labels=("Hold",)).has_label("hol")


def test_paths_are_matched_by_shell_patterns() -> None:
    files = ChangedFiles((ChangedFile("docs/a/b.md"), ChangedFile("src/x.py")))
    assert files.matching("docs/*", "*.rst") == ("docs/a/b.md",)


def test_the_subject_of_a_commit_is_its_first_line() -> None:
    assert Commit("a", "\n fix: it \n\nbecause").subject == "fix: it"
    assert Commit("a", "").subject == ""
    assert Commit("a", parents=2).is_merge


class TestReviews:
    def test_a_comment_does_not_change_a_verdict(self) -> None:
        standing = Reviews((Review(MAYA, "approved"), Review(MAYA, "commented"))).latest()
        assert standing["maya"].state == "approved"

    def test_a_later_verdict_replaces_an_earlier_one(self) -> None:
        standing = Reviews((Review(MAYA, "changes_requested"), Review(MAYA, "approved"))).latest()
        assert standing["maya"].state == "approved"

    def test_each_reviewer_has_a_word(self) -> None:
        standing = Reviews((Review(MAYA, "approved"), Review(WES, "commented"))).latest()
        assert {login: review.state for login, review in standing.items()} == {
            "maya": "approved",
            "wes": "commented",
        }

    def test_one_that_was_not_handed_in_is_none(self) -> None:
        assert Reviews((Review(MAYA, "pending"),)).latest() == {}


def test_checks_are_done_under_way_or_failed() -> None:
    good, bad, running = Check("a", "success"), Check("b", "timed_out"), Check("c")
    checks = Checks((good, bad, running))
    assert checks.failed == (bad,)
    assert checks.under_way == (running,)
