import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.diffs import Line, hunk_lines, read_diff
from bot.core.pulls import ChangedFile

PATCH = """@@ -10,4 +20,5 @@ def save():
 kept
-gone
+new
+newer
 kept
@@ -50 +61,2 @@
+last
\\ No newline at end of file"""


def file(patch: str | None, path: str = "a.py", additions: int = 0) -> ChangedFile:
    return ChangedFile(path, patch=patch, additions=additions)


def test_each_line_has_its_number_in_the_new_file() -> None:
    assert list(hunk_lines(PATCH)) == [
        Line("@", 20, "def save():"),
        Line(" ", 20, "kept"),
        Line("-", 21, "gone"),
        Line("+", 21, "new"),
        Line("+", 22, "newer"),
        Line(" ", 23, "kept"),
        Line("+", 61, "last"),
    ]


def test_lines_end_where_git_ends_them() -> None:
    # Form feeds and Unicode's line separators are within a line; of CR LF the CR goes.
    (first, second) = hunk_lines("@@ -0,0 +1,2 @@\n+a\x0cb\u2028c\r\n+d\r")
    assert (first.text, second.text) == ("a\x0cb\u2028c", "d")


def test_an_added_line_may_look_like_a_header() -> None:
    patch = "@@ -1 +1,3 @@\n+@@ -1 +9 @@\n+++ b/file\n+--- a/file"
    assert [(line.number, line.text) for line in hunk_lines(patch)] == [
        (1, "@@ -1 +9 @@"),
        (2, "++ b/file"),
        (3, "--- a/file"),
    ]


def test_what_makes_no_sense_is_passed_over() -> None:
    for patch in ("", "junk", "@@", "@@ -1 +x @@\n+a", "@@ -1 +99999999999 @@\n+a", "@@@ -1 -1 +1 @@@\n+a"):
        assert list(hunk_lines(patch)) == []
    assert [line.text for line in hunk_lines("+no header yet\n@@ -1 +1 @@\n*odd\n+a")] == ["a"]


@settings(max_examples=200)
@given(st.text(alphabet=st.sampled_from("@-+, 19\n\r\0\\x\ud800é"), max_size=200))
def test_no_patch_raises(patch: str) -> None:
    (read,) = read_diff([file(patch)]).files
    assert all(line.number > 0 for line in read.lines)
    assert list(read.find(re2.compile(r"(?m)^.*$"), 1_000)) is not None


def test_a_pattern_finds_its_lines() -> None:
    (read,) = read_diff([file(PATCH)]).files
    assert read.text == "new\nnewer\nlast"
    found = [(line.number, match.group()) for line, match in read.find(re2.compile(r"(?m)^(?:newer|last)$"))]
    assert found == [(22, "newer"), (61, "last")]
    assert len(list(read.find(re2.compile("e"), 2))) == 2


def test_matches_of_all_files_count_together() -> None:
    diff = read_diff([file("@@ -0,0 +1 @@\n+aaa", path) for path in ("1", "2", "3")])
    assert [each.path for each, _line, _match in diff.find(re2.compile("a"), 4)] == ["1", "1", "1", "2"]


def test_a_line_that_only_moved_is_not_new() -> None:
    (read,) = read_diff([file("@@ -1,2 +1,2 @@\n-moved\n+    moved\n+new")]).files
    assert [read.is_new(line) for line in read.added] == [False, True]


def test_nul_and_lone_surrogates_become_harmless() -> None:
    (read,) = read_diff([file("@@ -0,0 +1 @@\n+a\0b\ud800")]).files
    assert read.text == "ab\ufffd"


def test_a_file_is_read_up_to_its_bound() -> None:
    diff = read_diff([file("@@ -0,0 +1 @@\n+" + "x" * 1_000), file(PATCH)], file_chars=100)
    assert not diff.is_complete
    assert [each.is_whole for each in diff.files] == [False, False]
    assert len(diff.files[0].text) == 100 - len("@@ -0,0 +1 @@\n+")


def test_all_files_are_read_up_to_a_bound_together() -> None:
    by_chars = read_diff([file(PATCH)] * 3, total_chars=len(PATCH) + 40)
    by_lines = read_diff([file(PATCH)] * 3, total_lines=9)
    for diff in (by_chars, by_lines):
        assert not diff.is_complete
        assert [each.is_whole for each in diff.files] == [True, False, False]
        assert [bool(each.lines) for each in diff.files] == [True, True, False]


def test_what_github_leaves_out_is_missing() -> None:
    assert read_diff([file(None)]).is_complete  # binary
    assert not read_diff([file(None, additions=30_000)]).is_complete  # too large
    assert not read_diff([file(PATCH)], is_complete=False).is_complete
    assert not read_diff([file(None)]).has_lines
    assert read_diff([file(PATCH)]).has_lines
