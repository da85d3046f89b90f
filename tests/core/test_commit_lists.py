"""Commits as people are told of them."""

from bot.core.commit_lists import rewritten_from, short_names
from bot.core.pulls import Commit

COMMITS = [Commit(f"{number:040x}") for number in range(1, 13)]


def test_names_are_short_and_not_too_many() -> None:
    assert short_names([Commit("1a2b3c4d5e"), Commit("5d6e7f8a9b")]) == "1a2b3c4, 5d6e7f8"
    assert short_names(COMMITS).endswith("0000000 and 2 more")


def test_rewriting_starts_at_the_oldest_that_is_wrong() -> None:
    assert rewritten_from(COMMITS, COMMITS[-1:], "main") == "HEAD~1"
    assert rewritten_from(COMMITS, [COMMITS[11], COMMITS[2]], "main") == "HEAD~10"


def test_after_a_merge_steps_are_not_counted() -> None:
    commits = [*COMMITS, Commit("f" * 40, parents=2)]
    assert rewritten_from(commits, COMMITS[-1:], "main") == "main"
