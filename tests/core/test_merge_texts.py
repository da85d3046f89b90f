import pytest

from bot.core.merge_texts import body_text, title_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fix: x [skip ci]", "fix: x (skip ci)"),
        ("[CI  skip] fix", "(CI  skip) fix"),
        ("[no ci][skip actions] [actions skip]", "(no ci)(skip actions) (actions skip)"),
        ("[skip\nci]", "(skip\nci)"),
        ("fix: skip-checks: true", "fix: skip-checks true"),
        ("fix: [skip] a list[0] of [words]", "fix: [skip] a list[0] of [words]"),
    ],
)
def test_no_title_turns_checks_off(text: str, expected: str) -> None:
    assert title_text(text) == expected
    assert body_text(f"Well, {text}") == f"Well, {expected}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain.", "Plain."),
        ("", ""),
        ("One <!-- hidden --> two\n<!-- open", "One  two"),
        ("[skip <!-- -->ci]", "(skip ci)"),
        ("Why.\n\nSigned-off-by: Maya <m@x>\nCo-authored-by: linus <l@k>", "Why."),
        ("Why.\r\n\r\nReviewed-by: maya\r\n\r\nAnd more.", "Why.\n\nAnd more."),
        ("Why.\nco-AUTHORED-by : linus <l@k>\nAnd more.", "Why.\nAnd more."),
        ("Why.\n\nRelease: 9\n  and so on\n\nTicket: 7", "Why."),
        ("Why.\n\nNote: this\nis prose", "Why.\n\nNote: this\nis prose"),
        ("Why.\n\nBREAKING CHANGE: it goes", "Why.\n\nBREAKING CHANGE: it goes"),
        ("Why.\n\nBREAKING-CHANGE: it goes", "Why.\n\nBREAKING-CHANGE: it goes"),
        ("Why.\n\nhttps://example.org", "Why.\n\nhttps://example.org"),
        ("Why.\n\nskip-checks: true", "Why."),
    ],
)
def test_a_description_credits_nobody(text: str, expected: str) -> None:
    assert body_text(text) == expected


@pytest.mark.parametrize("part", ["<!--", "[ ", "a-", "\n\n", "A: b\n", "skip "])
def test_long_texts_take_no_time(part: str) -> None:
    body_text(part * (60_000 // len(part)))
