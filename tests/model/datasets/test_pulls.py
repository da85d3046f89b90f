"""Changes by type: whose count, in which order, and what a title says of itself."""

from pathlib import Path

import pytest

from model.datasets.pulls import conventional, pr_types, without_trailers
from model.errors import DataError
from tests.model.many_tasks import change, write_changes


def test_each_repository_is_split_by_its_own_time(tmp_path: Path) -> None:
    old = [change(f"old {day}", day=day, repo="octo/old") for day in range(10)]
    new = [change(f"new {day}", day=100 + day, repo="octo/new") for day in range(10)]
    drafts = pr_types(write_changes(tmp_path, [*new, *old]) / "pr_type")
    splits = {draft.title: draft.split for draft in drafts}
    for name in ("old", "new"):
        assert [splits[f"{name} {day}"] for day in range(10)] == [
            *["train"] * 7,
            "validation",
            *["test"] * 2,
        ]


def test_changes_of_bots_and_of_other_types_are_left_out(tmp_path: Path) -> None:
    changes = [
        change("no crash"),
        change("update a library", "chore", bot="True"),
        change("v1.0.0", "release"),
        change("tabs", "style"),
    ]
    drafts = list(pr_types(write_changes(tmp_path, changes) / "pr_type"))
    assert [(draft.title, draft.label) for draft in drafts] == [("no crash", "fix")]


def test_nobody_is_named_in_a_body(tmp_path: Path) -> None:
    body = "It was empty.\n\nCo-authored-by: Jane Roe <jane@example.org>\nSigned-off-by: J. Roe"
    draft = next(pr_types(write_changes(tmp_path, [change("no crash", body=body)]) / "pr_type"))
    assert draft.body.strip() == "It was empty."


def test_a_trailer_is_a_line_of_its_own() -> None:
    assert without_trailers("This stand-by: mode is broken") == "This stand-by: mode is broken"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("fix: no crash", ("fix", "no crash")),
        ("feat(api)!: allow more", ("feat", "allow more")),
        ("Tests: cover more", ("test", "cover more")),
        ("doc: explain", ("docs", "explain")),
        ("wip: try", ("", "wip: try")),
        ("Fix the crash", ("", "Fix the crash")),
        ("fix:no crash", ("", "fix:no crash")),
        ("", ("", "")),
    ],
)
def test_a_title_names_its_type(title: str, expected: tuple[str, str]) -> None:
    assert conventional(title) == expected


def test_a_date_that_cannot_be_read(tmp_path: Path) -> None:
    write_changes(tmp_path, [change("no crash", date="yesterday")])
    with pytest.raises(DataError, match=r"conventional_commits.csv.gz, row 1: 'yesterday' is not a date"):
        list(pr_types(tmp_path / "pr_type"))


def test_no_file(tmp_path: Path) -> None:
    assert list(pr_types(tmp_path)) == []
