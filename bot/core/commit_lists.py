"""Commits as people are told of them: by their short names, and how to rewrite them."""

from collections.abc import Sequence

from bot.core.pulls import Commit

SHORT = 7  # characters of a commit's name, as Git and GitHub show it
MOST = 10  # names in one sentence


def short_names(commits: Sequence[Commit]) -> str:
    """``1a2b3c4, 5d6e7f8 and 3 more``; GitHub makes links of the names."""
    names = ", ".join(commit.sha[:SHORT] for commit in commits[:MOST])
    more = len(commits) - MOST
    return f"{names} and {more} more" if more > 0 else names


def rewritten_from(commits: Sequence[Commit], wrong: Sequence[Commit], base: str) -> str:
    """What ``git rebase`` is to be given so that it comes by all the wrong commits.

    Args:
        commits: of the branch, the oldest first.
        wrong: those of them that are to be rewritten; at least one.
        base: the branch that they are to be merged into. It is named where merges make counting uncertain:
            ``HEAD~3`` goes three steps along the first parents only.
    """
    if any(commit.is_merge for commit in commits):
        return base
    return f"HEAD~{len(commits) - min(commits.index(commit) for commit in wrong)}"
