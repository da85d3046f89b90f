"""Conventional Commits, as titles and commits have them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.conventional import TYPES, Conventional, Reverted, corrected, footers, parse, reverted
from tests.patience import must_end

SHA = "676104e9f8d0c6a5b4c3d2e1f0a9b8c7d6e5f4a3"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("fix: save before closing", Conventional("fix", description="save before closing")),
        ("feat(ui): add a button", Conventional("feat", "ui", description="add a button")),
        ("feat(api)!: drop v1", Conventional("feat", "api", is_breaking=True, description="drop v1")),
        ("refactor!: drop it", Conventional("refactor", is_breaking=True, description="drop it")),
        ("FIX(Core): Shout", Conventional("fix", "Core", description="Shout")),
        ("chore(deps-dev): bump x", Conventional("chore", "deps-dev", description="bump x")),
        ("fix( api ): x", Conventional("fix", "api", description="x")),
        ("docs:\tx", Conventional("docs", description="x")),
        ("  fix: x  \n", Conventional("fix", description="x")),
        ("fix: a: b", Conventional("fix", description="a: b")),
        ("release-note: x", Conventional("release-note", description="x")),
        ("fix: x\n\nlonger text", Conventional("fix", description="x")),
        ("fix: x\r\n\r\nBREAKING CHANGE: y", Conventional("fix", "", True, "x", "y")),
        (
            "feat: read more\n\nBREAKING CHANGE: the key\nis another\nReviewed-by: Z\nRefs: #123",
            Conventional("feat", "", True, "read more", "the key\nis another"),
        ),
        ("chore!: x\n\nBREAKING-CHANGE: y", Conventional("chore", "", True, "x", "y")),
    ],
)
def test_reads_type_scope_weight_and_description(message: str, expected: Conventional) -> None:
    assert parse(message) == expected


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Save before closing",
        "fix:save",
        "fix : save",
        "fix:",
        "fix: ",
        "fix(): save",
        "fix( ): save",
        "fix(api: save",
        "fix (api): save",
        "fix!(api): save",
        "fix!!: save",
        ": save",
        "1fix: save",
        "[fix]: save",
        "see https://example.org",
        'Revert "fix: save"',
        "Merge branch 'main' into topic",
        "fixup! fix: save",
        "\u4fee\u590d\uff1a\u4fdd\u5b58",
    ],
)
def test_what_has_another_form_is_none(message: str) -> None:
    assert parse(message) is None


def test_only_capitals_break_in_a_footer() -> None:
    said = parse("fix: x\n\nbreaking change: none\nBreaking-Change: none")
    assert said is not None
    assert not said.is_breaking


def test_a_scope_may_be_several() -> None:
    assert Conventional("fix", "api, ui,").scopes == ("api", "ui")
    assert Conventional("fix").scopes == ()


def test_footers_have_a_colon_or_a_number_sign() -> None:
    body = "Some text: not\n\nCloses #12\nReviewed-by: Nia\nCo-authored-by: Bo <b@example.org>\n"
    assert footers(body) == [
        ("Closes", "#12"),
        ("Reviewed-by", "Nia"),
        ("Co-authored-by", "Bo <b@example.org>"),
    ]
    assert footers("") == []


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (f'Revert "feat: x"\n\nThis reverts commit {SHA}.', Reverted("feat: x", (SHA,))),
        ('Revert "Say "hello""', Reverted('Say "hello"')),
        ('Revert "feat: x" (#12)', Reverted("feat: x")),
        (f"revert: feat: x\n\nRefs: {SHA[:7]}, a215868", Reverted("feat: x", (SHA[:7], "a215868"))),
        (f"revert(ui): x\n\nThis reverts commit {SHA}.", Reverted("x", (SHA,))),
        ("revert: x", Reverted("x")),
        (f'Reapply "feat: x"\n\nThis reverts commit {SHA}.', None),
        ("Revert the change to the button", None),
        ("fix: revert to the old button", None),
    ],
)
def test_knows_what_is_reverted(message: str, expected: Reverted | None) -> None:
    assert reverted(message) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("fix:save", "fix: save"),
        ("Fix : save", "fix: save"),
        ("[fix]: save", "fix: save"),
        ("feature(ui): add a button", "feat(ui): add a button"),
        ("Bugfix ( ui ) ! : x", "fix(ui)!: x"),
        ("docs(): x", "docs: x"),
        ("refacter: x", "refactor: x"),
        ("tests: x", "test: x"),
        ('Revert "feat: x"', "revert: feat: x"),
        ('Revert "feat: x" (#12)', "revert: feat: x"),
        ("Save before closing", None),
        ("https://example.org", None),
        ("editor: save before closing", None),
        ("std::vector is slow", None),
        ("ui: x", None),
        ("", None),
    ],
)
def test_guesses_what_was_meant(title: str, expected: str | None) -> None:
    assert corrected(title) == expected


def test_guesses_only_what_is_allowed_and_spells_it_so() -> None:
    assert corrected("feature: x", ["fix"]) is None
    assert corrected("feature: x", ["Feat"]) == "Feat: x"
    assert corrected('Revert "x"', ["fix"]) is None


@given(st.text(max_size=200))
def test_any_text_is_read_and_corrections_are_right(text: str) -> None:
    parse(text)
    reverted(text)
    meant = corrected(text)
    if meant is not None:
        said = parse(meant)
        assert said is not None
        assert said.type in TYPES


HOSTILE = ["a", "a(", "(", " ", "a: ", "a-", "\t", "a:\n", '"', "This reverts "]


@must_end
@pytest.mark.parametrize("part", HOSTILE)
def test_long_text_is_read(part: str) -> None:
    for start in ("", "fix", "fix(", "[fix", 'Revert "', "fix: x\n\n"):
        text = start + part * 60_000 + "x"
        parse(text)
        reverted(text)
        corrected(text)
