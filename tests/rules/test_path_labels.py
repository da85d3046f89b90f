from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.actions import Abstain, Action, AddLabels, RemoveLabels
from bot.core.events import PullEvent, PullRequestMerged, PullRequestOpened, PullRequestUpdated
from bot.core.facts import Facts, LabelHistory, RepositoryLabels
from bot.core.flow import Item
from bot.core.pulls import ChangedFile, ChangedFiles, PullRequest
from bot.rules.path_labels import PathLabelsConfig, path_labels
from tests.rules.examples import BOT, MAINTAINER, NEWCOMER, pull

LABELS = {
    "docs": "docs/**",
    "ui": [{"changed-files": [{"any-glob-to-any-file": "src/ui/**"}]}],
    "release": [{"base-branch": "^release/"}],
}
OPENED = PullRequestOpened(NEWCOMER, pull())
PUSHED = PullRequestUpdated(NEWCOMER, pull(), what="synchronize")
LOOKED = PullRequestUpdated(NEWCOMER, pull(), what="look")
EXISTING = ("docs", "UI", "release", "bug")


def files(*paths: str, is_complete: bool = True) -> ChangedFiles:
    return ChangedFiles(tuple(ChangedFile(path) for path in paths), is_complete)


def decide(
    *paths: str,
    event: PullEvent = LOOKED,
    existing: Sequence[str] = EXISTING,
    history: LabelHistory = LabelHistory(),  # noqa: B008 - immutable
    listed: ChangedFiles | None = None,
    pull: dict[str, Any] | None = None,
    **config: Any,
) -> Sequence[Action | Item]:
    facts = Facts(
        [
            PullRequest(15, author=NEWCOMER, **(pull or {})),
            listed or files(*paths),
            RepositoryLabels(tuple(existing)),
            history,
        ]
    )
    said = path_labels.decide(event, PathLabelsConfig(**{"labels": LABELS, **config}), facts)
    return [each for each in said if isinstance(each, Action | Item)]


DOCS = AddLabels(labels=("docs",), reason="`docs/a.md` matches `docs/**`")


def test_nothing_happens_until_labels_are_set() -> None:
    assert decide("docs/a.md", labels={}) == []


def test_each_label_that_fits_is_put_on_with_its_own_reason() -> None:
    assert decide("src/x.py", "docs/a.md", "src/ui/b.ts", pull={"base": "release/2"}) == [
        DOCS,
        AddLabels(labels=("UI",), reason="`src/ui/b.ts` matches `src/ui/**`"),
        AddLabels(labels=("release",), reason="the base branch `release/2` matches `^release/`"),
    ]


def test_nothing_fits() -> None:
    assert decide("src/x.py") == []
    assert decide() == []


@pytest.mark.parametrize("who", [{"author": BOT}, {"is_draft": True}, {"is_fork": True}])
def test_pull_requests_of_bots_and_forks_and_drafts_are_labelled_too(who: dict[str, Any]) -> None:
    facts = Facts([PullRequest(15, **who), files("docs/a.md"), RepositoryLabels(EXISTING), LabelHistory()])
    assert path_labels.decide(OPENED, PathLabelsConfig(labels={"docs": "docs/**"}), facts) == [DOCS]


@pytest.mark.parametrize("state", [{"is_open": False}, {"is_open": False, "is_merged": True}])
def test_a_closed_pull_request_is_left_alone(state: dict[str, Any]) -> None:
    assert decide("docs/a.md", event=PullRequestMerged(MAINTAINER, pull()), pull=state) == []


def test_what_is_there_is_not_put_on_again() -> None:
    assert decide("docs/a.md", pull={"labels": ("Docs",)}) == []


# People win


def test_a_label_that_a_person_took_off_stays_off() -> None:
    assert decide("docs/a.md", history=LabelHistory(removed_by_humans=frozenset({"docs"}))) == []


OURS = LabelHistory(by_usher=frozenset({"docs"}))
GONE = RemoveLabels(labels=("docs",), reason="no changed path and no branch fits it any more")


def test_what_fits_no_more_stays_unless_asked_for() -> None:
    assert decide("src/x", pull={"labels": ("docs",)}, history=OURS) == []


@pytest.mark.parametrize("name", ["sync", "sync-labels"])
def test_sync_takes_off_what_usher_put_on(name: str) -> None:
    config: dict[str, Any] = {name: True}
    assert decide("src/x", pull={"labels": ("docs", "bug")}, history=OURS, **config) == [GONE]


def test_sync_leaves_what_a_person_put_on() -> None:
    by_person = LabelHistory(set_by_humans=frozenset({"docs"}))
    assert decide("src/x", pull={"labels": ("docs",)}, history=by_person, sync=True) == []


# Labels that the repository does not have


def test_a_missing_label_is_said_once_for_each_push() -> None:
    missing = Abstain(
        about="path label",
        reason="`docs/a.md` matches `docs/**`, and the repository has no label `docs`",
    )
    assert decide("docs/a.md", existing=[], event=OPENED) == [missing]
    assert decide("docs/a.md", existing=[], event=PUSHED) == [missing]
    assert decide("docs/a.md", existing=[], event=LOOKED) == []


def test_a_missing_label_may_be_created() -> None:
    assert decide("docs/a.md", existing=[], event=OPENED, create_labels=True) == [DOCS]


def test_a_full_thread_takes_no_more() -> None:
    assert decide("docs/a.md", pull={"labels": tuple(f"label {n}" for n in range(100))}) == []


# Very large pull requests


def test_beyond_what_github_lists_nothing_is_taken_off() -> None:
    listed = files("src/ui/b.ts", is_complete=False)
    ui = AddLabels(
        labels=("UI",),
        reason="`src/ui/b.ts` matches `src/ui/**` (of the first 3,000 files; GitHub lists no more)",
    )
    labelled = {"labels": ("docs",)}
    assert decide(listed=listed, pull=labelled, history=OURS, sync=True) == [ui]
    assert decide(listed=listed, pull=labelled, history=OURS, sync=True, event=PUSHED) == [
        ui,
        Abstain(
            about="path label",
            reason="GitHub lists only 1 of the changed files: what must hold for all of them cannot be known,"
            " and no label is taken off",
        ),
    ]


@pytest.mark.parametrize("name", ["max-files-changed", "max_files_changed"])
def test_with_many_files_their_labels_may_be_left_as_they_are(name: str) -> None:
    config: dict[str, Any] = {name: 2, "sync": True}
    on = {"labels": ("docs",), "base": "release/2"}
    release = AddLabels(labels=("release",), reason="the base branch `release/2` matches `^release/`")
    assert decide("a", "b", "src/ui/c", pull=on, history=OURS, **config) == [release]
    assert decide("a", "b", pull=on, history=OURS, **config) == [release, GONE]


@pytest.mark.parametrize("name", ["changed-files-labels-limit", "changed_files_labels_limit"])
def test_too_many_new_labels_because_of_files_are_none(name: str) -> None:
    config: dict[str, Any] = {name: 1}
    both = ("docs/a.md", "src/ui/b")
    on = {"base": "release/2"}
    release = AddLabels(labels=("release",), reason="the base branch `release/2` matches `^release/`")
    assert decide(*both, pull=on, **config) == [release]
    assert decide(*both, pull=on, event=OPENED, **config) == [
        release,
        Abstain(
            about="path label",
            reason="2 labels would be new because of files, more than the limit",
        ),
    ]
    assert decide("docs/a.md", **config) == [DOCS]
    assert decide(*both, pull={"labels": ("UI",)}, **config) == [DOCS]


@pytest.mark.parametrize(
    "config",
    [{"labels": {"docs": []}}, {"labels": ["docs"]}, {"max_files_changed": 0}, {"sync-label": True}],
)
def test_settings_that_are_refused(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PathLabelsConfig(**config)
