from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.actions import Action, AddLabels, RemoveLabels
from bot.core.events import PullRequestUpdated
from bot.core.facts import Facts, LabelHistory, RepositoryLabels
from bot.core.flow import Item, Stage, Status
from bot.core.globs import glob
from bot.core.phrases import Phrase
from bot.core.pulls import ChangedFile, ChangedFiles, PullRequest
from bot.rules.size import NOT_COUNTED, SizeConfig, size
from tests.rules.examples import BOT, NEWCOMER, pull

EVENT = PullRequestUpdated(NEWCOMER, pull(), what="synchronize")
SIZES = ("size/XS", "size/S", "size/M", "size/L", "size/XL")
NO_HISTORY = LabelHistory()


def decide(
    lines: dict[str, int],
    existing: Sequence[str] = SIZES,
    history: LabelHistory = NO_HISTORY,
    pull: dict[str, Any] | None = None,
    is_complete: bool = True,
    **config: Any,
) -> list[Action | Item]:
    """What is said of files with so many added lines."""
    listed = tuple(ChangedFile(path, additions=number) for path, number in lines.items())
    facts = Facts(
        [
            PullRequest(15, **{"author": NEWCOMER, **(pull or {})}),
            ChangedFiles(listed, is_complete),
            RepositoryLabels(tuple(existing)),
            history,
        ]
    )
    said = size.decide(EVENT, SizeConfig(**config), facts)
    return [each for each in said if isinstance(each, Action | Item)]


def ours(*labels: str) -> LabelHistory:
    return LabelHistory(by_usher=frozenset(labels))


# Size


@pytest.mark.parametrize(
    ("lines", "label"),
    [
        (0, "size/XS"),
        (9, "size/XS"),
        (10, "size/S"),
        (29, "size/S"),
        (30, "size/M"),
        (100, "size/L"),
        (499, "size/L"),
        (500, "size/XL"),
        (99_999, "size/XL"),
    ],
)
def test_the_largest_size_that_is_reached(lines: int, label: str) -> None:
    (action,) = decide({"a.py": lines})
    assert isinstance(action, AddLabels)
    assert action.labels == (label,)


def test_added_and_deleted_lines_count_and_the_reason_says_so() -> None:
    facts = Facts(
        [
            PullRequest(15),
            ChangedFiles(
                (ChangedFile("a", additions=20, deletions=11), ChangedFile("uv.lock", additions=900))
            ),
            RepositoryLabels(SIZES),
            NO_HISTORY,
        ]
    )
    assert size.decide(EVENT, SizeConfig(), facts) == [
        AddLabels(
            labels=("size/M",),
            reason="31 changed lines in 1 file (1 generated, vendored or lock files not counted);"
            " `size/M` begins at 30",
        )
    ]


def test_a_list_that_github_cuts_off_is_a_lower_bound() -> None:
    (action,) = decide({"a": 1_200, "b": 1}, is_complete=False)
    assert action == AddLabels(
        labels=("size/XL",), reason="at least 1,201 changed lines in 2 files; `size/XL` begins at 500"
    )


@pytest.mark.parametrize("state", [{"is_open": False}, {"is_open": False, "is_merged": True}])
def test_a_closed_pull_request_is_left_alone(state: dict[str, Any]) -> None:
    assert decide({"a": 50}, pull=state, max_lines=10) == []


def test_without_files_nothing_is_known() -> None:
    assert decide({}, max_lines=10) == []


def test_a_repository_without_such_labels_gets_none() -> None:
    assert decide({"a": 50}, existing=["bug"]) == []
    (action,) = decide({"a": 50}, existing=["bug"], create_labels=True)
    assert isinstance(action, AddLabels)
    assert action.labels == ("size/M",)


def test_names_and_bounds_can_be_chosen() -> None:
    config: dict[str, Any] = {"prefix": "Size: ", "sizes": {"huge": 50, "small": 5}}
    existing = ["size: Small", "size: Huge"]
    assert decide({"a": 4}, existing, **config) == []
    (action,) = decide({"a": 5}, existing, **config)
    assert isinstance(action, AddLabels)
    assert action.labels == ("size: Small",)


# Growing and shrinking


def test_the_new_size_takes_the_place_of_the_old_one() -> None:
    assert decide({"a": 40}, pull={"labels": ("size/S", "bug")}, history=ours("size/S")) == [
        AddLabels(labels=("size/M",), reason="40 changed lines in 1 file; `size/M` begins at 30"),
        RemoveLabels(labels=("size/S",), reason="the size is another one now: 40 changed lines in 1 file"),
    ]


def test_the_same_size_stays() -> None:
    assert decide({"a": 40}, pull={"labels": ("size/M",)}, history=ours("size/M")) == []


def test_an_old_size_goes_even_where_the_new_one_has_no_label() -> None:
    (action,) = decide({"a": 40}, ["size/S"], pull={"labels": ("size/S",)}, history=ours("size/S"))
    assert isinstance(action, RemoveLabels)
    assert action.labels == ("size/S",)


def test_a_size_that_a_person_chose_stays() -> None:
    assert decide({"a": 4_000}, pull={"labels": ("size/S",)}) == []
    both = {"labels": ("size/S", "size/XL")}
    assert decide({"a": 4_000}, pull=both, history=ours("size/XL")) == []


def test_a_size_that_a_person_took_off_stays_off() -> None:
    history = LabelHistory(removed_by_humans=frozenset({"size/M"}))
    assert decide({"a": 40}, history=history) == []
    assert len(decide({"a": 400}, history=history)) == 1


# What does not count


@pytest.mark.parametrize(
    "path",
    [
        "uv.lock",
        "web/package-lock.json",
        "pnpm-lock.yaml",
        "go.sum",
        ".terraform.lock.hcl",
        "static/app.min.js",
        "static/app.css.map",
        "tests/__snapshots__/a.snap",
        "api/v1/types.pb.go",
        "api/types_pb2.py",
        "api/types_pb2_grpc.pyi",
        "lib/model.freezed.dart",
        "src/schema.generated.ts",
        "pkg/zz_generated.deepcopy.go",
        "vendor/github.com/x/y.go",
        "ui/node_modules/x/index.js",
        "third_party/zlib/a.c",
    ],
)
def test_generated_and_vendored_files_do_not_count(path: str) -> None:
    (action,) = decide({path: 5_000, "a": 1})
    assert isinstance(action, AddLabels)
    assert action.labels == ("size/XS",)


@pytest.mark.parametrize(
    "path", ["src/lock.py", "package.json", "go.mod", "docs/vendor.md", "src/map.js", "generated.py", "pb.go"]
)
def test_what_people_write_counts(path: str) -> None:
    (action,) = decide({path: 5_000})
    assert isinstance(action, AddLabels)
    assert action.labels == ("size/XL",)


def test_what_does_not_count_can_be_chosen() -> None:
    (action,) = decide({"uv.lock": 50, "data/x.csv": 900}, exclude="data/**")
    assert isinstance(action, AddLabels)
    assert action.labels == ("size/M",)
    assert all(glob(pattern).cost == 1 for pattern in NOT_COUNTED)


# The line of the checklist


def item(status: Status, text: str, needed: bool = False, **values: str) -> Item:
    return Item("size", "Size", Stage.OPENED, status, Phrase(text, values), needed=needed)


SPLIT = (
    "{seen}; up to {most} are reviewed sooner and better. Can it be split? If not,"
    " a maintainer can waive it with `/skip size <reason>`"
)


@pytest.mark.parametrize("required", [False, True])
def test_splitting_is_suggested_beyond_the_limit(required: bool) -> None:
    seen = "1,201 changed lines in 1 file"
    assert decide({"a": 1_201}, existing=[], max_lines=1_200, required=required) == [
        item(Status.MISSING, SPLIT, required, seen=seen, most="1,200")
    ]


def test_within_the_limit_the_size_is_shown() -> None:
    assert decide({"a": 1}, existing=[], max_lines=1) == [
        item(Status.DONE, "{seen}", seen="1 changed line in 1 file")
    ]


def test_nobody_is_asked_to_split_what_a_bot_wrote() -> None:
    assert decide({"a": 900}, existing=[], max_lines=1, pull={"author": BOT}) == [
        item(Status.NOT_APPLICABLE, "a bot wrote it")
    ]


def test_without_a_limit_there_is_no_such_line() -> None:
    assert decide({"a": 99_999}, existing=[]) == []


# Risk

RISK = {
    "risk: data": ["migrations/**", "**/*.sql"],
    "risk: release": [{"base-branch": "^release/"}],
}


def test_risky_paths_and_branches_get_their_labels() -> None:
    found = decide({"a": 1, "db/x.sql": 1}, list(RISK), pull={"base": "release/2"}, risk=RISK)
    assert found == [
        AddLabels(labels=("risk: data",), reason="`db/x.sql` matches `**/*.sql`"),
        AddLabels(labels=("risk: release",), reason="the base branch `release/2` matches `^release/`"),
    ]


def test_a_risk_that_is_over_loses_its_label_if_usher_put_it_on() -> None:
    on: dict[str, Any] = {"existing": list(RISK), "pull": {"labels": ("risk: data",)}, "risk": RISK}
    gone = RemoveLabels(labels=("risk: data",), reason="nothing that it changes fits it any more")
    assert decide({"a": 1}, history=ours("risk: data"), **on) == [gone]
    assert decide({"a": 1}, **on) == []
    assert decide({"a": 1}, history=ours("risk: data"), is_complete=False, **on) == []


def test_a_risk_label_that_a_person_took_off_or_that_does_not_exist_is_not_put_on() -> None:
    history = LabelHistory(removed_by_humans=frozenset({"risk: data"}))
    assert decide({"db/x.sql": 1}, list(RISK), history, risk=RISK) == []
    assert decide({"db/x.sql": 1}, [], risk=RISK) == []


@pytest.mark.parametrize(
    "config",
    [
        {"sizes": {}},
        {"sizes": {"S": 10, "M": 10}},
        {"sizes": {"S": -1}},
        {"sizes": {"x" * 21: 1}},
        {"prefix": "x" * 31},
        {"exclude": ["{1..999}"]},
        {"max_lines": 0},
        {"risk": {"risk": []}},
    ],
)
def test_settings_that_are_refused(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SizeConfig(**config)
