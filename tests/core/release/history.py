"""Merged pull requests, releases and settings that the tests of the draft share."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.actors import GHOST, Actor
from bot.core.release.settings import ReleaseConfig
from bot.core.release.state import MergedPull, Person, Release, ReleaseState

NOON = datetime(2025, 6, 2, 12, tzinfo=UTC)
NIA = Actor(10, "nia")
MAINT = Actor(20, "maint")
KIM_BEFORE, KIM = Actor(30, "kim-old"), Actor(30, "kim")
UPDATES = Actor(40, "dependabot[bot]", is_bot=True)
OLA = Person(11, "ola", "Ola")
LAST = Release("v1.4.2", "v1.4.2", id=1, published_at=NOON - timedelta(days=30))


def config(**settings: Any) -> ReleaseConfig:
    """Settings, by their names with underscores."""
    return ReleaseConfig.model_validate(settings)


def merged(number: int, title: str = "", *, after: int | None = None, **changes: Any) -> MergedPull:
    """A pull request, merged ``after`` so many minutes; by default as many as its number."""
    at = NOON + timedelta(minutes=number if after is None else after)
    return MergedPull(
        **{"number": number, "title": title or f"Change {number}", "merged_at": at, "author": NIA, **changes}
    )


def state(*pulls: MergedPull, **changes: Any) -> ReleaseState:
    """What was merged in acme/widgets since v1.4.2."""
    return ReleaseState(**{"repository": "acme/widgets", "pulls": pulls, "last": LAST, **changes})


#: Squashes and merges, a renamed account, reverts, bots, and titles that try things.
HISTORY = (
    merged(
        101,
        "Add a dark mode",
        labels=("enhancement",),
        coauthors=(OLA,),
        messages=("Add a dark mode (#101)",),
    ),
    merged(102, "Fix `Ctrl+S` on <canvas> & in __main__", author=MAINT, labels=("bug",)),
    merged(103, "Tell @acme/core; fixes #7", labels=("Bug",)),
    merged(104, "Explain the proxy", author=KIM_BEFORE, labels=("documentation",), after=140),
    merged(105, "Cache everything", author=MAINT, labels=("enhancement",)),
    merged(106, "Bump @types/node from 20 to 22", author=UPDATES, labels=("dependencies",)),
    merged(
        107, 'Revert "Cache everything"', author=MAINT, body="Reverts acme/widgets#105\n\nIt is too slow."
    ),
    merged(
        108,
        "Read settings from two places",
        labels=("enhancement", "bug"),
        coauthors=(Person(20, "maint", "M."), Person(name="Ada @lovelace")),
        messages=("Read the home folder", "Read the project's folder"),
    ),
    merged(109, "Explain plugins", author=KIM, labels=("documentation",), after=150),
    merged(110, "Bump ruff from 0.9 to 0.10", author=UPDATES, labels=("dependencies",)),
    merged(111, "Tidy up the tests", author=MAINT, labels=("skip-changelog",)),
    merged(112, "# [x]: $CHANGES | 1 * 2", author=GHOST),
    merged(113, 'Revert "Rename the flags"', author=MAINT, body="This reverts commit 0123456789abcdef."),
)
SETTINGS: dict[str, Any] = {
    "template": "## What's changed\n\n$CHANGES\n\n$CONTRIBUTORS made this. Before: $PREVIOUS_TAG.\n",
    "categories": [
        {
            "title": "Features",
            "when": {"label": "enhancement"},
            "semver_increment": "minor",
            "exclusive": True,
        },
        {"title": "Fixes", "when": {"label": "bug"}},
        {"title": "Documentation", "labels": ["documentation"]},
        {"title": "Updates", "label": "dependencies", "collapse_after": 1},
        {"type": "pre-exclude", "when": {"label": "skip-changelog"}},
    ],
}
