import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.codeowners import MAX_BYTES, Ownership, Problem, parse
from tests.patience import must_end

# The example of GitHub's manual ("About code owners"), each line with what the manual says of it.
EXAMPLE = """\
# Each line is a file pattern followed by one or more owners.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/*  docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
"""


def owners(text: str, path: str) -> tuple[str, ...] | None:
    found = parse(text).of(path)
    return found.owners if found else None


def owns(pattern: str, path: str) -> bool:
    return owners(f"{pattern} @a", path) == ("@a",)


# GitHub's manual


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("README.md", ("@global-owner1", "@global-owner2")),
        ("deep/in/a/folder.py", ("@global-owner1", "@global-owner2")),
        ("index.js", ("@js-owner",)),
        ("src/index.js", ("@js-owner",)),
        ("main.go", ("docs@example.com",)),
        ("src/notes.txt", ("@octo-org/octocats",)),
        ("build/x", ("@global-owner1", "@global-owner2")),
        ("x/docs/readme.md", ("@global-owner1", "@global-owner2")),
        ("src/apps/main.c", ("@octocat",)),
        ("docs/getting-started.md", ("@doctocat",)),
        ("docs/build-app/troubleshooting.md", ("@doctocat",)),
        ("scripts/a/b.sh", ("@doctocat", "@octocat")),
        ("build/logs/1.log", ("@octocat",)),
        ("scripts/logs/1.log", ("@octocat",)),
        ("deeply/nested/logs/1.log", ("@octocat",)),
        ("apps/web/main.c", ("@octocat",)),
        ("apps/github/main.c", ()),
        ("apps/github", ()),
    ],
)
def test_the_example_of_githubs_manual(path: str, expected: tuple[str, ...]) -> None:
    assert parse(EXAMPLE).problems == ()
    assert owners(EXAMPLE, path) == expected


def test_a_folder_within_may_have_another_owner() -> None:
    text = "/apps/ @octocat\n/apps/github @doctocat"
    assert owners(text, "apps/web/x") == ("@octocat",)
    assert owners(text, "apps/github/x") == ("@doctocat",)


def test_build_logs_at_the_root_have_their_owner() -> None:
    assert owners("/build/logs/ @doctocat", "build/logs/a/b.log") == ("@doctocat",)
    assert owners("/build/logs/ @doctocat", "x/build/logs/a.log") is None


def test_the_last_match_counts_even_where_an_earlier_one_is_closer() -> None:
    assert owners("/src/a.py @close\n* @far", "src/a.py") == ("@far",)
    found = parse("# mine\n\n* @a\n*.py @b").of("x.py")
    assert found == Ownership(4, "*.py", ("@b",))


# Patterns


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        # no slash, or only one at the end: at any depth
        ("*", ["a", "a/b", ".hidden/x"], []),
        ("**", ["a", "a/b"], []),
        ("/**", ["a", "a/b"], []),
        ("*.js", ["a.js", "x/y/a.js", ".js", "lib.js/a.c"], ["a.jsx", "a.JS", "js"]),
        ("README.md", ["README.md", "x/README.md"], ["readme.md", "README.md.bak", "XREADME.md"]),
        ("apps/", ["apps/x", "a/apps/x", "a/apps/b/x"], ["apps", "a/apps", "xapps/a"]),
        ("apps", ["apps", "apps/x", "a/apps/b/x"], ["apps2/x"]),
        # a slash at the start or within: from the root
        ("/apps/", ["apps/x", "apps/b/x"], ["a/apps/x", "apps"]),
        ("/apps", ["apps", "apps/b/x"], ["a/apps"]),
        ("src/apps", ["src/apps", "src/apps/x"], ["a/src/apps", "src/x/apps"]),
        ("/*", ["a"], ["a/b"]),
        ("/*.md", ["a.md"], ["x/a.md"]),
        # GitHub: one level only
        ("docs/*", ["docs/a.md"], ["docs/a/b.md", "docs", "x/docs/a.md"]),
        ("/docs/*", ["docs/a.md"], ["docs/a/b.md"]),
        ("docs/*/", ["docs/a/b.md", "docs/a/b/c.md"], ["docs/a.md"]),
        ("docs/*.md", ["docs/a.md"], ["docs/a/b.md", "docs/a.txt"]),
        ("docs/x*", ["docs/xa", "docs/xa/b"], ["docs/a"]),
        # any depth
        ("**/logs", ["logs", "logs/1", "build/logs/1", "a/b/logs"], ["logs2/1"]),
        ("**/logs/", ["logs/1", "build/logs/1"], ["logs", "build/logs"]),
        ("/docs/**", ["docs/a", "docs/a/b"], ["docs", "x/docs/a"]),
        ("docs/**/*.md", ["docs/a.md", "docs/a/b/c.md"], ["a.md", "docs/a.txt"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b/c"], ["ab", "a/xb", "x/a/b"]),
        ("a/**/**/b", ["a/b", "a/x/y/b"], ["b"]),
        ("a/**/b/**/c", ["a/b/c", "a/b/b/x/c", "a/x/b/c/d"], ["a/c", "b/c"]),
        ("**/", ["a/b"], ["a"]),
        ("docs/**/", ["docs/a/b"], ["docs/a"]),
        # wildcards within a segment
        ("a?c", ["abc", "x/a-c/d"], ["ac", "abbc", "a/c"]),
        ("a*b*c", ["abc", "axbbxc", "abcbc"], ["ab", "acb"]),
        ("x/a**b", ["x/ab", "x/azb"], ["x/a/b"]),
        ("te*/*.c", ["test/a.c", "te/b.c"], ["test/a/b.c", "x/test/a.c"]),
        # case, blanks and escapes
        ("/Docs/", ["Docs/a"], ["docs/a"]),
        (r"/my\ docs/", ["my docs/a"], ["my", "docs/a"]),
        (r"a\*b", ["a*b"], ["axb"]),
        (r"a\?b", ["a?b"], ["axb"]),
        (r"app/\[id\].js", ["app/[id].js"], ["app/i.js"]),
        ("/C#/", ["C#/a.cs"], ["C/a.cs"]),
        (".github/", [".github/workflows/ci.yml"], ["github/x"]),
        ("文档/", ["文档/a.md"], ["docs/a.md"]),
    ],
)
def test_what_a_pattern_matches(pattern: str, yes: list[str], no: list[str]) -> None:
    assert parse(f"{pattern} @a").problems == ()
    assert [path for path in yes if not owns(pattern, path)] == []
    assert [path for path in no if owns(pattern, path)] == []


# Lines


@pytest.mark.parametrize(
    "owner", ["@octocat", "@a-b", "@octo_corp", "@org/team-name", "x.y+z@mail.example.org"]
)
def test_owners_are_people_teams_and_addresses(owner: str) -> None:
    assert parse(f"* {owner}").lines == (Ownership(1, "*", (owner,)),)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("!*.js @a", "!*.js"),
        (r"\#notes @a", r"\#notes"),
        ("*.[ch] @a", "*.[ch]"),
        ("/ @a", "/"),
        ("a//b @a", "a//b"),
        ("a\\", "a\\"),
        ("\\", "\\"),
        ("* octocat", "octocat"),
        ("* @", "@"),
        ("* @a @-b", "@-b"),
        ("* @org/team/more", "@org/team/more"),
        ("* a@b", "a@b"),
        ("* @a,@b", "@a,@b"),
        (f"* @{'a' * 40}", f"@{'a' * 40}"),
    ],
)
def test_a_line_that_cannot_be_used_is_skipped_and_reported(line: str, source: str) -> None:
    read = parse(f"* @before\n{line}\n/x @after")
    assert [(problem.line, problem.source) for problem in read.problems] == [(2, source)]
    assert [found.line for found in read.lines] == [1, 3]
    assert read.problems[0].message


@pytest.mark.parametrize("line", ["", "   ", "\t", "# * @a", "  # * @a", "#"])
def test_comments_and_empty_lines_say_nothing(line: str) -> None:
    read = parse(line)
    assert (read.lines, read.problems) == ((), ())


@pytest.mark.parametrize(
    "line",
    [
        "*.py\t@a\t@b",
        "  *.py  @a @b  ",
        "*.py @a @b # @c",
        "*.py @a @b #c",
        "*.py @a @b\r",
        "\ufeff*.py @a @b",
    ],
)
def test_blanks_comments_and_line_ends_around_a_line(line: str) -> None:
    assert parse(line).lines == (Ownership(1, "*.py", ("@a", "@b")),)


def test_a_comment_in_place_of_owners_takes_them_away() -> None:
    assert owners("/apps/ @octocat\n/apps/github # nobody", "apps/github/x") == ()


def test_a_line_of_unusual_breaks_is_one_line() -> None:
    assert [line.line for line in parse("a\u2028 @a\nb @b").lines] == [1, 2]


def test_a_file_of_three_megabytes_is_not_loaded() -> None:
    big = "* @a\n" + "#" * (MAX_BYTES - 5)
    assert parse(big).lines == ()
    assert parse(big).problems == (Problem(0, "the file is 3 MB or larger, so GitHub does not load it"),)
    assert parse(big[:-1]).lines != ()


def test_without_a_file_nothing_has_an_owner() -> None:
    assert parse("").of("a") is None


# Size and hostile files


@must_end
@pytest.mark.parametrize(
    "pattern",
    [
        "/src/folder{n}/part/ @a{n}",
        "/src/*{n}/x/*.py @a{n}",
        "*file{n}* @a{n}",
        "**/a{n}/**/b @a{n}",
        "*.x{n} @a{n}",
        "/*/**/*a*{n}*b*/ @a{n}",
    ],
)
def test_many_lines_are_compared_with_many_paths(pattern: str) -> None:
    read = parse("\n".join(pattern.format(n=n) for n in range(5_000)))
    paths = [f"src/folder{n}/part/a{n}/x/file{n}.x{n}" for n in range(3_000)]
    found = [read.of(path) for path in paths]
    assert len(found) == len(paths)


@must_end
def test_a_pattern_made_to_be_slow_is_not() -> None:
    read = parse(f"{'*a' * 100}b @a\n{'**/a/' * 100}b @b")
    assert read.of("a" * 255) is None
    assert read.of("a/" * 500 + "c") is None


@given(st.text(alphabet="ab*?/\\[]!# @\n\t\0é", max_size=60), st.text(alphabet="ab/*\\# ", max_size=20))
@example("\\\\\\", "a")
def test_any_text_can_be_read(text: str, path: str) -> None:
    read = parse(text)
    assert len(read.lines) + len(read.problems) <= text.count("\n") + 1
    read.of(path)
