from bot.core.release.state import DraftRelease


def test_a_draft_can_be_kept_in_the_ledger() -> None:
    draft = DraftRelease(tag="v1.0.0", name="One", body="* x", prerelease=False, target="main", reason="why")
    assert draft.summary() == "draft release: v1.0.0"
    assert DraftRelease(**draft.args(), reason="why") == draft
