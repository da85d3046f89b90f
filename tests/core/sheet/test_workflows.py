import pytest

from bot.core.sheet.workflows import (
    unpinned_actions,
    workflow_injection,
    workflow_permissions,
    workflow_triggers,
)
from tests.core.sheet.examples import changed, new, said, seen

CI = ".github/workflows/ci.yml"
TITLE = "${{ github.event.pull_request.title }}"


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("permissions: write-all", "write-all"),
        ("  contents: write", "contents: write"),
        ("      id-token: write  # for the registry", "id-token: write"),
        ("permissions: {contents: write}", "contents: write"),
    ],
)
def test_more_rights(line: str, right: str) -> None:
    assert seen(workflow_permissions, new(CI, "permissions:", line)) == [("warning", CI, 2)]
    assert right in said(workflow_permissions, new(CI, line))[0]


@pytest.mark.parametrize(
    "line",
    ["permissions: read-all", "  contents: read", "  # contents: write", "  mode: write", "  issues: write"],
)
def test_other_rights_are_nothing_special(line: str) -> None:
    assert seen(workflow_permissions, new(CI, line)) == []


def test_a_right_that_moved_is_not_new() -> None:
    assert seen(workflow_permissions, changed(CI, "-  contents: write", "+      contents: write")) == []
    assert seen(workflow_permissions, changed(CI, "-  contents: read", "+  contents: write")) != []
    assert seen(workflow_permissions, new("docs/ci.yml", "  contents: write")) == []


@pytest.mark.parametrize(
    "line",
    [
        "on: pull_request_target",
        "on: [push, pull_request_target]",
        "  pull_request_target:",
        "  - pull_request_target",
    ],
)
def test_a_trigger_with_secrets(line: str) -> None:
    assert seen(workflow_triggers, new(CI, line)) == [("warning", CI, 1)]


@pytest.mark.parametrize(
    "line",
    ["on: pull_request", "# pull_request_target:", "    if: github.event_name == 'pull_request_target'"],
)
def test_other_triggers(line: str) -> None:
    assert seen(workflow_triggers, new(CI, line)) == []


def test_code_of_strangers_under_it() -> None:
    head = "          ref: ${{ github.event.pull_request.head.sha }}"
    assert seen(workflow_triggers, changed(CI, " on:", "   pull_request_target:"[1:], f"+{head}")) == [
        ("warning", CI, 3)
    ]
    assert seen(workflow_triggers, changed(CI, " on: pull_request_target", "+  run: gh pr checkout 7")) != []
    assert seen(workflow_triggers, changed(CI, " on: pull_request", f"+{head}")) == []
    assert seen(workflow_triggers, changed(CI, " on: pull_request_target", "+   ref: main")) == []


def test_text_of_strangers_in_a_script() -> None:
    assert seen(workflow_injection, new(CI, f"      - run: echo {TITLE}")) == [("warning", CI, 1)]
    block = ("    - name: greet", "      run: |", "        set -e", f'        echo "{TITLE}"')
    assert seen(workflow_injection, new(CI, *block)) == [("warning", CI, 4)]
    assert seen(workflow_injection, new(CI, "  - run: >-", "      ${{ github.head_ref }}")) == [
        ("warning", CI, 2)
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("      env:", f"        TITLE: {TITLE}"),
        ("    - run: echo hello", f"      name: {TITLE}"),
        ("    - run: |", "        echo hello", f"      env: {TITLE}"),
        ("      - run: echo ${{ github.event.number }} ${{ github.sha }}",),
        (f"        echo {TITLE}",),  # of what, the patch does not show
        (f"      if: contains({TITLE}, 'x')",),
    ],
)
def test_text_elsewhere_does_no_harm(lines: tuple[str, ...]) -> None:
    assert seen(workflow_injection, new(CI, *lines)) == []


def test_only_added_text_is_told() -> None:
    assert (
        seen(workflow_injection, changed(CI, "   - run: |"[1:], f"       echo {TITLE}", "+        true"))
        == []
    )


def test_actions_that_are_not_pinned() -> None:
    assert seen(unpinned_actions, new(CI, "  - uses: someone/action@v1")) == [("notice", CI, 1)]
    pinned = f"  - uses: someone/action@{'0a1b2c3d4e' * 4} # v1"
    lines = (pinned, "  - uses: actions/checkout@v4", "  - uses: ./local", "  - uses: docker://alpine:3")
    assert seen(unpinned_actions, new(CI, *lines)) == []
