import re
from itertools import islice

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from bot.core.globs import (
    EXCLUSION_COST,
    MAX_BRACES,
    MAX_CHARS,
    MAX_COST,
    MAX_PLACES,
    Glob,
    _Exclusion,
    bounded,
    first_match,
    glob,
)

# Pattern, what it matches, what it does not.
MATCHES: list[tuple[str, list[str], list[str]]] = [
    # Stars
    ("*", ["a", "README.md", ".gitignore"], ["a/b"]),
    ("**", ["a", "a/b/c", ".github/x", "a/.b/c"], []),
    ("docs/*", ["docs/a", "docs/.a"], ["docs", "docs/a/b", "x/docs/a"]),
    ("docs/**", ["docs/a", "docs/a/b.md", "docs/.a/b"], ["docs", "docsx/a", "x/docs/a"]),
    ("docs/**/*", ["docs/a", "docs/a/b"], ["docs"]),
    ("**/*.md", ["a.md", "docs/a.md", ".github/a.md", "a/b/.md"], ["a.mdx"]),
    ("a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/bb", "x/a/b"]),
    ("**/a/**/b/**", ["a/b/c", "x/a/y/b/z/c"], ["a/b", "b/a/c"]),
    ("a/**/**/b", ["a/b", "a/x/b"], []),
    ("a**b", ["ab", "axyb"], ["a/b"]),
    ("**a", ["a", "ba"], ["b/a"]),
    (".github/**", [".github/workflows/ci.yml"], ["github/x"]),
    # Single characters and classes
    ("a?c", ["abc", "a.c"], ["ac", "a/c"]),
    ("[ab]x", ["ax", "bx"], ["cx", "abx"]),
    ("[a-c]", ["a", "b", "c"], ["d", "-"]),
    ("[!a-c]", ["d", "-"], ["a", "/"]),
    ("[^a]b", ["bb"], ["ab", "/b"]),
    ("[]a]", ["]", "a"], ["b"]),
    ("[-a]", ["-", "a"], ["b"]),
    ("[[:digit:]a]*", ["1x", "a"], ["b"]),
    ("[\\]]", ["]"], ["\\"]),
    # Braces
    ("*.{js,ts}", ["a.js", "a.ts"], ["a.jsx", "a.{js,ts}"]),
    ("src/{a,b/{c,d}}/*", ["src/a/x", "src/b/c/x", "src/b/d/x"], ["src/b/x"]),
    ("v{1..3}", ["v1", "v3"], ["v4"]),
    ("a{,.b}", ["a", "a.b"], ["ab"]),
    ("{a}", ["{a}"], ["a"]),
    ("\\{a,b\\}", ["{a,b}"], ["a"]),
    # Groups, as in bash
    ("*.@(js|ts)", ["a.js", "a.ts"], ["a.jsts", "a.js|ts"]),
    ("*.+(bar|foo)", ["a.bar", "a.barfoo"], ["a.", "a.baz"]),
    ("a?(b)c", ["ac", "abc"], ["abbc"]),
    ("*(ab)", ["ab", "abab"], ["aba"]),
    ("@(a|+(b|c))d", ["ad", "bcd"], ["d", "abd"]),
    ("*.!(js)", ["a.ts", "a.", "a.js.b"], ["a.js"]),
    ("*.d.!(ts)", ["a.d.js", "a.d.d.ts", "x.d."], ["a.d.ts", "a.js"]),
    ("a\\*!(b)c", ["a*c", "a*xc", "a*bbc"], ["a*bc", "axc"]),
    ("**/!(a|b*)/**", ["x/y", "a/x/y", "b/c/d"], ["a/b", "a/bc/a/x", "x"]),
    ("**/a/!(b)/**/c", ["a/x/c", "y/a/b/a/x/z/c"], ["a/b/c", "a/c"]),
    ("x/!(é)/日", ["x/e/日", "x/éé/日"], ["x/é/日"]),
    ("src/!(docs)/**", ["src/a/b", "src/docsx/b"], ["src/docs/b", "src/a", "lib/a/b"]),
    ("**/!(*.spec).ts", ["a.ts", "a/b.ts"], ["a.spec.ts", "a/b.spec.ts", "a.js"]),
    ("{a,b}/!(x)", ["a/y", "b/y"], ["a/x", "b/x"]),
    # Turned round
    ("!docs/**", ["src/a", "a.md"], ["docs/a"]),
    ("!!docs/**", ["docs/a"], ["src/a"]),
    ("!*.{md,txt}", ["a.py", "docs/a.md"], ["a.md"]),
    # What only looks like a pattern
    ("\\*", ["*"], ["a"]),
    ("[", ["["], ["a"]),
    ("[!]", ["[!]"], ["a"]),
    ("@(a", ["@(a"], ["a"]),
    ("a.b", ["a.b"], ["axb"]),
    ("a+b(c)|$^", ["a+b(c)|$^"], []),
    ("#a", [], ["#a", "a"]),
    ("\\#a", ["#a"], ["a"]),
    ("./*", ["a"], ["a/b"]),
    ("/docs/*", [], ["docs/a"]),
    ("docs/", [], ["docs", "docs/a"]),
    ("Docs/*", ["Docs/a"], ["docs/a"]),
    ("日本/*.md", ["日本/é.md"], ["日/é.md"]),
    ("?", ["é", "日", "\n"], ["ab"]),
]


@pytest.mark.parametrize(("pattern", "path"), [(p, path) for p, yes, _no in MATCHES for path in yes])
def test_it_matches(pattern: str, path: str) -> None:
    assert Glob(pattern).matches(path)


@pytest.mark.parametrize(("pattern", "path"), [(p, path) for p, _yes, no in MATCHES for path in no])
def test_it_does_not_match(pattern: str, path: str) -> None:
    assert not Glob(pattern).matches(path)


def test_the_first_pattern_that_matches() -> None:
    assert first_match(("*.txt", "docs/**", "**"), "docs/a") == "docs/**"
    assert first_match(("*.txt", "docs/**"), "src/a") is None
    assert glob("docs/**") is glob("docs/**")


# Bounds

PATTERN = "a path pattern, such as"
BRACES = "which stand for at most 200 patterns"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a" * (MAX_CHARS + 1), "at most 250 characters"),
        ("{a,b}" * MAX_BRACES, BRACES),
        ("{1..999999999}", BRACES),
        ("{a,b}{1..200}", BRACES),
        ("{" * (MAX_BRACES + 1), "at most 20 braces"),
        ("!(a)/!(b)/x!(c)", "at most one `!( )`"),
        ("@(a|!(b))", "in no other group"),
        ("x!(!(a))", "in no other group"),
        ("*!(a)", "begins a name, or stands after text"),
        ("src/[ab]!(a)", "begins a name, or stands after text"),
        ("@(a|b)!(a).c", "begins a name, or stands after text"),
        ("[z-a]", PATTERN),
        ("[[:nonsense:]]", PATTERN),
        ("{1..200}" + "*a" * 60, PATTERN),
        ("\ud800", PATTERN),
    ],
)
def test_what_cannot_be_used_is_refused(pattern: str, expected: str) -> None:
    with pytest.raises(ValueError, match="a path pattern") as error:
        Glob(pattern)
    assert expected in str(error.value)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("**/a/" * 40 + "b", "a/" * 2_000),
        ("*a" * 100 + "b", "a" * 4_000),
        ("+(a|b|aa)+(a|aa)c", "a" * 4_000),
        ("+(" * 60 + "a" + ")" * 60 + "b", "a" * 4_000),
        ("{a," * MAX_BRACES + "}" * MAX_BRACES, "a" * 4_000),
        ("a!(*a*a*a*b)*c*d", "a" * 1_000),
    ],
)
@pytest.mark.timeout(20)
def test_no_pattern_and_no_path_make_it_slow(pattern: str, path: str) -> None:
    assert not Glob(pattern).matches(path)


def test_a_path_that_is_no_text_is_just_a_path() -> None:
    assert Glob("*.md").matches("\ud800.md")


def test_exclusions_cost_more() -> None:
    assert Glob("src/{a,b}/**").cost == 1
    assert Glob("src/!(a)/**").cost == EXCLUSION_COST
    assert Glob("{a,b}/!(a)").cost == 2 * EXCLUSION_COST


@pytest.mark.parametrize("name", [b"a" * 4_000, b".a" * 2_000, b"b"])
def test_a_name_is_tried_at_few_places(name: bytes) -> None:
    (exclusion,) = Glob("*a!(*a*a*b)*c")._matchers
    assert isinstance(exclusion, _Exclusion)
    assert len(list(islice(exclusion.part._places(name), MAX_PLACES))) <= MAX_PLACES
    assert exclusion.part.fits.cache_parameters()["maxsize"] == 4_000
    assert isinstance(exclusion.near, type(re2.compile("a")))


def test_the_patterns_of_a_setting_are_bounded_together() -> None:
    most = MAX_COST // EXCLUSION_COST
    some = [f"{number}/!(a)" for number in range(most)]
    assert bounded(some) == some
    with pytest.raises(ValueError, match=r"at most 1,000 path patterns \(each `!\( \)` counts as 50\)"):
        bounded([*some, "x"])


PLAIN = st.sampled_from(["", "a", "b", "ab", "a*", "*b", "?", "*"])


@given(
    st.sampled_from(["", "a", "*a", "*.", "b?a"]),
    st.lists(PLAIN, min_size=1, max_size=3),
    PLAIN,
    st.text("ab.", min_size=1, max_size=8),
)
def test_a_pattern_that_says_not_matches_as_one_with_a_look_ahead_would(
    before: str, alternatives: list[str], behind: str, name: str
) -> None:
    def spelled(pattern: str) -> str:
        return "".join({"*": "[^/]*", "?": "[^/]", ".": "[.]"}.get(sign, sign) for sign in pattern)

    group = "|".join(map(spelled, alternatives))
    ahead = re.compile(f"{spelled(before)}(?!(?:{group}){spelled(behind)}$)[^/]*{spelled(behind)}")
    expected = ahead.fullmatch(name) is not None
    assert Glob(f"x/{before}!({'|'.join(alternatives)}){behind}").matches(f"x/{name}") is expected
    assert Glob(f"x/**/{before}!({'|'.join(alternatives)}){behind}/**/y").matches(f"x/{name}/y") is expected


@given(st.text("ab/.*?!@+|()[]{},-^\\", max_size=30), st.text("ab/.*", max_size=20))
def test_any_text_is_a_pattern_or_refused(pattern: str, path: str) -> None:
    try:
        found = Glob(pattern)
    except ValueError as error:
        assert str(error).startswith("a path pattern")  # noqa: PT017 - most patterns are fine
    else:
        assert found.matches(path) in {True, False}
