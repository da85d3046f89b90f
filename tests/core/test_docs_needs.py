"""What documentation a change wants, and what of it is left for later."""

import pytest

from bot.core.docs_needs import documented, is_left_for_later, lacks_line, undocumented
from bot.core.docs_settings import DocsConfig
from bot.core.pull_context import Skip
from bot.core.pulls import ChangedFile, ChangedFiles, PullRequest

BOTH = DocsConfig(public=("src/**",), changelog=("CHANGELOG.md",))


def files(*paths: str, is_complete: bool = True) -> ChangedFiles:
    return ChangedFiles(tuple(map(ChangedFile, paths)), is_complete)


def test_the_two_are_told_apart() -> None:
    pull = PullRequest(7, title="Save first")
    assert undocumented(BOTH, files("src/a.py")) == ["src/a.py"]
    assert lacks_line(pull, BOTH, files("src/a.py"))
    assert undocumented(BOTH, files("src/a.py", "docs/a.md")) == []
    assert lacks_line(pull, BOTH, files("src/a.py", "docs/a.md"))
    assert not lacks_line(pull, BOTH, files("src/a.py", "CHANGELOG.md"))
    assert documented(BOTH, files("src/a.py", "CHANGELOG.md")) == ["CHANGELOG.md"]


def test_of_what_github_does_not_list_nothing_is_said() -> None:
    changed = files("src/a.py", is_complete=False)
    assert undocumented(BOTH, changed) == []
    assert not lacks_line(PullRequest(7), BOTH, changed)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("later", True),
        ("no time", True),
        ("not yet", True),
        ("none", False),
        ("N/A", False),
        ("not needed", False),
        ("no docs needed", False),
        ("nothing is needed here", False),
        ("unnecessary", False),
    ],
)
def test_what_is_not_needed_is_not_left_for_later(reason: str, expected: bool) -> None:
    assert is_left_for_later(BOTH, files("src/a.py"), Skip("docs", reason, "maya")) is expected


def test_a_line_in_the_changelog_is_never_left_for_later() -> None:
    assert not is_left_for_later(BOTH, files("lib/a.py"), None)
    assert not is_left_for_later(BOTH.model_copy(update={"follow_up": False}), files("src/a.py"), None)
