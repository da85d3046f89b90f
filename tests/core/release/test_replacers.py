import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.core.release.replacers import MAX_TEXT, Replacer, compiled, replaced


def applied(text: str, *replacers: tuple[str, str]) -> str:
    return replaced(text, [Replacer(search=search, replace=replace) for search, replace in replacers])


@pytest.mark.parametrize(
    ("text", "search", "replace", "after"),
    [
        ("CVE-2025-12 CVE-1-2", r"/CVE-(\d{4})-(\d+)/g", "[CVE-$1-$2]", "[CVE-2025-12] CVE-1-2"),
        ("a.b a.b acb", "a.b", "x", "x x acb"),
        ("aa", "/a/", "b", "ba"),
        ("aA", "/a/gi", "b", "bb"),
        ("a\nb\nb", "/^b$/gm", "c", "a\nc\nc"),
        ("a\nb", "/a.b/s", "c", "c"),
        ("a/b", r"/a\/b/", "c", "c"),
        ("caf\u00e9", r"/\u00e9|\u{1F600}/gu", "e", "cafe"),
        ("- fix", "/- ([a-z])/g", "- \\u$1", "- Fix"),
        ("word Word", r"/(\w+) (\w+)/", "\\U$1 \\L$2 \\l\\U$2 $&", "WORD word wORD word Word"),
        ("x", "/(x)/", "$$1 $2 $12 $0 $", "$1 $2 x2 x $"),
        ("k=v", r"/(?<key>\w)=/", "$<key>: $<no>", "k: $<no>v"),
        ("a b", " ", "\\n\\t\\\\", "a\n\t\\b"),
        ("ab", "/(c)?b/", "<$1>", "a<>"),
        ("https://x", "/", "|", "https:||x"),
    ],
)
def test_search_and_replace(text: str, search: str, replace: str, after: str) -> None:
    assert applied(text, (search, replace)) == after


def test_replacers_follow_each_other() -> None:
    assert applied("a", ("a", "b"), ("b", "c")) == "c"


@pytest.mark.parametrize("search", ["/(/", "/a(?=b)/", r"/(a)\1/", "/a/y", ""])
def test_what_cannot_be_searched_for_is_an_error(search: str) -> None:
    with pytest.raises(ValidationError):
        Replacer(search=search, replace="")


def test_what_replacers_make_has_an_end() -> None:
    assert len(applied("a" * 100_000, ("/a?/g", "b" * 2_000))) <= MAX_TEXT
    assert len(applied("a" * MAX_TEXT * 2, ("b", "c"))) == MAX_TEXT


def test_no_expression_is_slow() -> None:
    assert applied("a" * 50_000, ("/(a+)+$b|(a|a)*c/g", "x")) == "a" * 50_000


@given(st.text(max_size=50), st.text(min_size=1, max_size=5))
def test_text_is_searched_for_as_it_stands(text: str, search: str) -> None:
    if not (search.startswith("/") and search.count("/") > 1):
        expression, is_global = compiled(search)
        assert is_global
        assert (expression.search(text.encode()) is not None) == (search in text)
