from bot.core.phrases import Phrase, names, verbatim


def test_a_phrase_reads_as_plain_text_in_the_ledger() -> None:
    assert Phrase("**{n}** of `{what}`", {"n": 3, "what": "x.py"}).plain() == "3 of `x.py`"


def test_what_is_put_in_is_never_read_as_a_place_for_something_else() -> None:
    assert Phrase("saw {path}", {"path": "{secret} {0.__class__}"}).plain() == "saw {secret} {0.__class__}"


def test_it_goes_into_the_ledger_as_json() -> None:
    assert Phrase("saw {n}", {"n": 1}).as_json() == {"text": "saw {n}", "values": {"n": 1}}


def test_names_are_listed_in_code_spans_and_the_rest_is_counted() -> None:
    assert names(["a"]).plain() == "`a`"
    assert names(["a", "b", "c", "d", "e"]).plain() == "`a`, `b`, `c` and 2 more"
    assert names([]).plain() == ""


def test_markdown_that_is_harmless_already_stays_as_it_is() -> None:
    assert verbatim("{a} {{b}} } {").as_json()["text"].format_map({}) == "{a} {{b}} } {"
