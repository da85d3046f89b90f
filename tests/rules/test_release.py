from dataclasses import replace
from typing import Any

import pytest

from bot.core.actions import Abstain, DraftRelease
from bot.core.events import PullRequestMerged, PullRequestUpdated
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status, flow
from bot.core.pulls import PullRequest
from bot.core.release.settings import ReleaseConfig
from bot.core.release.state import Release, ReleaseState
from bot.rules.release import release
from tests.core.release.history import merged, state
from tests.rules.examples import MAINTAINER, NEWCOMER, pull

MERGED = PullRequest(15, "Change 15", author=NEWCOMER, is_open=False, is_merged=True)
NOW = state(merged(15))
PAGES = "https://github.com/acme/widgets/releases/tag"


def decide(
    now: ReleaseState = NOW, of: PullRequest = MERGED, *, event: Any = None, **config: Any
) -> list[Any]:
    event = event or PullRequestMerged(MAINTAINER, pull())
    return list(release.decide(event, ReleaseConfig.model_validate(config), Facts([of, now])))


def item(now: ReleaseState = NOW, of: PullRequest = MERGED, **config: Any) -> tuple[Status, str]:
    (found,) = [said for said in decide(now, of, **config) if isinstance(said, Item)]
    assert (found.key, found.title, found.stage, found.who) == (
        "release",
        "Release",
        Stage.RELEASE,
        "maintainers",
    )
    return found.status, found.text.plain()


def draft(now: ReleaseState = NOW, **config: Any) -> DraftRelease:
    (found,) = [said for said in decide(now, **config) if isinstance(said, DraftRelease)]
    return found


def test_a_merge_brings_the_draft_up_to_date() -> None:
    action = draft()
    assert (action.tag, action.name, action.target, action.draft) == ("v1.4.3", "v1.4.3", "main", 0)
    assert "* Change 15 (#15) @nia" in action.body
    assert action.reason == "1 change since v1.4.2; a patch version as no change asks for another"


def test_any_look_at_a_merged_pull_request_does_so_too() -> None:
    look = PullRequestUpdated(MAINTAINER, pull(), what="look")
    assert decide(event=look) == decide()


def test_a_draft_that_is_current_is_left_alone() -> None:
    action = draft()
    current = Release(action.tag, action.name, action.body, 5, is_draft=True, target="main")
    (said,) = decide(replace(NOW, draft=current))
    assert isinstance(said, Item)


@pytest.mark.parametrize(
    "of", [replace(MERGED, is_merged=False), replace(MERGED, is_merged=False, is_open=True)]
)
def test_nothing_is_said_before_the_merge(of: PullRequest) -> None:
    assert decide(ReleaseState(), of) == []


def test_a_project_that_has_no_releases_is_asked_for_none() -> None:
    first = replace(NOW, last=None)
    assert decide(first) == []
    assert decide(first, mode="act") == []
    assert draft(first, scheme="semver").tag == "v0.1.0"
    assert draft(replace(first, draft=Release("", is_draft=True, id=3))).draft == 3


@pytest.mark.parametrize(
    ("now", "config", "status", "text"),
    [
        (NOW, {}, Status.WAITING, "in the draft of v1.4.3"),
        (replace(NOW, released_in="v1.4.3"), {}, Status.DONE, f"released in [v1.4.3]({PAGES}/v1.4.3)"),
        (
            replace(NOW, pulls=(), released_in="v1.4.2"),
            {},
            Status.DONE,
            f"released in [v1.4.2]({PAGES}/v1.4.2)",
        ),
        (
            state(merged(15, labels=("Skip",))),
            {"exclude-labels": ["skip"]},
            Status.NOT_APPLICABLE,
            "left out of the release notes by the label Skip",
        ),
        (
            NOW,
            {"include-labels": ["app"]},
            Status.NOT_APPLICABLE,
            "left out of the release notes: not among what is included",
        ),
        (
            state(merged(15), merged(16, 'Revert "Change 15"')),
            {},
            Status.NOT_APPLICABLE,
            "left out of the release, as this and pull request 16 cancel each other out",
        ),
        (state(), {}, Status.WAITING, "not in a release yet"),
        (
            state(),
            {"commitish": "next"},
            Status.NOT_APPLICABLE,
            "merged into `main`, while `next` is released",
        ),
    ],
)
def test_a_change_says_where_it_is_on_its_way(
    now: ReleaseState, config: dict[str, Any], status: Status, text: str
) -> None:
    assert item(now, **config) == (status, text)


def test_the_flow_ends_with_the_release() -> None:
    waiting = [said for said in decide() if isinstance(said, Item)]
    released = [said for said in decide(replace(NOW, released_in="v1.4.3")) if isinstance(said, Item)]
    assert flow(MERGED, waiting).stage == Stage.RELEASE
    assert flow(MERGED, waiting).conclusion == "success"
    assert flow(MERGED, released).stage == Stage.DONE


def test_a_tag_that_is_taken_is_not_drafted() -> None:
    said = decide(replace(NOW, last=Release("v1.4")), version_template="$MAJOR.$MINOR")
    assert [action for action in said if not isinstance(action, Item)] == [
        Abstain(
            about="draft release",
            reason="the tag v1.4 is that of the last release; see tag_template and version_template",
        )
    ]
