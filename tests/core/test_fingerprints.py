import pytest

from bot.core.fingerprints import fingerprint, names_of

GREETING = "Hi @mona, thanks for #12! We look at it within 3 days."


@pytest.mark.parametrize(
    "other",
    [
        "Hi @hubot, thanks for #7! We look at it within 14 days.",
        "hi  @mona,\n\nthanks for 12! We look at it\twithin 3 days.",
        "Hi @acme/people, thanks for #12! We look at it within 2.5 days.",
        "Hi @mona, thanks for a1b2c3d4e5! We look at it within 3 days.",
    ],
)
def test_greetings_that_differ_in_names_and_numbers_are_the_same(other: str) -> None:
    assert fingerprint(other) == fingerprint(GREETING)


@pytest.mark.parametrize(
    "other",
    [
        "Hi @mona, thanks for #12!",
        "Hi @mona, thanks for #12! We never look at it within 3 days.",
        "@mona #12",
    ],
)
def test_what_says_something_else_is_not_the_same(other: str) -> None:
    assert fingerprint(other) != fingerprint(GREETING)


def test_a_name_need_not_be_mentioned() -> None:
    mona, hubot = "Welcome! Would mona-lisa look?", "Welcome! Would HUBOT look?"
    assert fingerprint(mona, names_of(["mona-lisa"])) == fingerprint(hubot, names_of(["hubot"]))
    assert fingerprint(mona) != fingerprint(hubot)
    assert fingerprint("Hello Ada, welcome") == fingerprint("Hello Grace, welcome")


def test_a_name_within_a_word_is_none() -> None:
    assert fingerprint("The monastery", names_of(["mona"])) != fingerprint("The hubstery", names_of(["hub"]))
    assert fingerprint("be it so", names_of(["be"])) == fingerprint("be it so")


def test_what_is_quoted_is_left_out() -> None:
    assert fingerprint("> one\n> two\nYes.") == fingerprint("> three\nYes.")
    assert fingerprint("> one") == fingerprint("> two") != ""
    assert fingerprint("\u201cyes\u201d, it\u2019s so") == fingerprint('"yes", it\'s so')


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_nothing_has_no_fingerprint(text: str) -> None:
    assert fingerprint(text) == ""


def test_it_fits_its_column() -> None:
    assert len(fingerprint("x" * 100_000)) == 16


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text",
    [
        ">" * 60_000,
        "> \n" * 20_000,
        "@" * 60_000,
        "a" * 60_000,
        "1." * 30_000,
        " " * 60_000 + "x",
        "Hi " * 20_000,
    ],
)
def test_a_hostile_text_takes_no_long_time(text: str) -> None:
    assert fingerprint(text, names_of(["aaa", "a" * 60_000]))
