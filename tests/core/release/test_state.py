from dataclasses import replace

import pytest

from bot.core.actions import DraftRelease, action_from
from bot.core.release.state import Release, ReleaseState

DRAFT = Release("v1.0.0", "One", "* x\n* y\n", 5, is_draft=True, target="main")


def test_a_draft_can_be_kept_in_the_ledger() -> None:
    draft = DraftRelease(tag="v1.0.0", name="One", body="* x", prerelease=False, target="main", reason="why")
    assert draft.summary() == "draft release: v1.0.0"
    assert action_from(draft.kind, draft.args(), reason="why", confidence=None) == draft


@pytest.mark.parametrize(
    "changes",
    [{"tag": "v2"}, {"name": "Two"}, {"body": "* x"}, {"id": 6}, {"is_draft": False}, {"target": "next"}],
)
def test_a_release_has_another_seal_once_anything_of_it_is_changed(changes: dict[str, object]) -> None:
    assert replace(DRAFT, **changes).seal != DRAFT.seal  # type: ignore[arg-type]


def test_line_ends_are_no_change() -> None:
    assert replace(DRAFT, body="* x\r\n* y").seal == DRAFT.seal


@pytest.mark.parametrize(
    ("tag", "last"), [("v1.0.0", "v1.0.0"), ("pkg/v1", "pkg/v1"), ("a)b ü", "a%29b%20%C3%BC")]
)
def test_the_page_of_a_release(tag: str, last: str) -> None:
    page = f"https://github.com/acme/widgets/releases/tag/{last}"
    assert ReleaseState(repository="acme/widgets").page_of(tag) == page
