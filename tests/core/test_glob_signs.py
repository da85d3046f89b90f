"""The signs of path patterns as expressions; what whole patterns match is in ``test_globs.py``."""

import pytest

from bot.core.glob_signs import Not, tokens_of


@pytest.mark.parametrize(
    ("part", "tokens"),
    [
        ("a*?", ["a", "[^/]*", "[^/]"]),
        ("a.b", ["a", "\\.", "b"]),
        ("\\*", ["\\*"]),
        ("[!a-c]", ["[^/a-c]"]),
        ("[[:digit:]]", ["[[:digit:]]"]),
        ("@(a|b)", ["(?:a|b)"]),
        ("+(a|*(b))", ["(?:a|(?:b)*)+"]),
        ("x!(a|*b)", ["x", Not("a|[^/]*b")]),
        ("@(a", ["\\@", "\\(", "a"]),
        ("[", ["\\["]),
    ],
)
def test_each_sign_comes_to_a_piece_of_an_expression(part: str, tokens: list[str | Not]) -> None:
    assert list(tokens_of(part)) == tokens


@pytest.mark.parametrize("part", ["@(a|!(b))", "!(!(a))"])
def test_a_group_that_says_not_stands_in_no_other(part: str) -> None:
    with pytest.raises(ValueError, match="which stands in no other group"):
        list(tokens_of(part))
