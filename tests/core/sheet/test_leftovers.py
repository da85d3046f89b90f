import pytest

from bot.core.sheet.leftovers import breakpoints, conflict_markers, console_logs, prints, to_do_marks
from tests.core.sheet.examples import changed, new, said, seen

OURS, THEIRS = "<" * 7 + " HEAD", ">" * 7 + " feature"
LATER, MEND = "todo".upper(), "fixme".upper()


def test_both_ends_of_a_conflict() -> None:
    file = new("src/a.py", "x = 1", OURS, "x = 2", "=" * 7, "x = 3", THEIRS)
    assert seen(conflict_markers, file) == [("failure", "src/a.py", 2)]
    assert seen(conflict_markers, new("docs/git.md", OURS, THEIRS)) == [("warning", "docs/git.md", 1)]


@pytest.mark.parametrize(
    "lines",
    [
        ("Title", "======="),
        (OURS,),
        (THEIRS, "> quoted"),
        ("<<<<<<< ", ">>>>>>>"),
        (f"  {OURS}", f"  {THEIRS}"),
    ],
)
def test_headings_and_single_ends_are_no_conflict(lines: tuple[str, ...]) -> None:
    assert seen(conflict_markers, new("src/a.py", *lines)) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", "    breakpoint()"),
        ("a.py", "import pdb; pdb.set_trace()"),
        ("a.py", "    if x: ipdb.set_trace()"),
        ("a.py", "import ipdb"),
        ("a.ts", "  debugger;"),
        ("a.rs", "    let x = dbg!(y);"),
        ("a.rb", "  binding.pry"),
        ("a.php", "var_dump($x);"),
        ("a.ex", "    IEx.pry()"),
        ("a.go", '\tfmt.Println("here")'),
        ("a.go", '\tfmt.Println("HERE 2", x)'),
        ("a.test.ts", "  it.only('works', () => {"),
    ],
)
def test_what_is_for_debugging(path: str, line: str) -> None:
    assert seen(breakpoints, new(path, "", line)) == [("warning", path, 2)]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", "# breakpoint()"),
        ("a.py", "set_breakpoint()"),
        ("a.py", 'text = "pdb.set_trace()"'),
        ("a.py", "import pdbparse"),
        ("a.py", "    import pdb"),
        ("a.py", "disables detection: breakpoint(), pdb.set_trace() and others"),
        ("a.py", "def breakpoint():"),
        ("a.ts", "const debugger_ = 1;"),
        ("a.ts", "// debugger"),
        ("a.rs", "// dbg!(x)"),
        ("a.go", 'fmt.Println("The result is", x)'),
        ("a.go", 'fmt.Println("thereafter")'),
        ("a.ts", "const only = list.only(x)"),
        ("README.md", "breakpoint()"),
        ("vendor/a.py", "breakpoint()"),
        ("a.py", "breakpoint()" + " " * 2_000),
    ],
)
def test_look_alikes_are_left_alone(path: str, line: str) -> None:
    assert seen(breakpoints, new(path, line)) == []


def test_the_message_shows_the_code() -> None:
    assert said(breakpoints, new("a.py", "  breakpoint()")) == [
        "breakpoint() is for debugging. Take it out before the merge."
    ]


def test_moved_lines_are_not_new() -> None:
    assert seen(breakpoints, changed("a.py", "-breakpoint()", "+    breakpoint()")) == []


def test_the_console() -> None:
    line = "    console.log(state)"
    assert seen(console_logs, new("src/app.ts", line)) == [("notice", "src/app.ts", 1)]
    for path in ("scripts/a.js", "a.test.js", "examples/a.js", "vite.config.ts", "app.min.js", "a.py"):
        assert seen(console_logs, new(path, line)) == []
    assert seen(console_logs, new("src/app.ts", "// console.log(x)", "logger.console.log(x)")) == []


def test_prints() -> None:
    assert seen(prints, new("a.py", "  print(x)")) == [("notice", "a.py", 1)]
    assert seen(prints, new("a.rs", 'println!("x");')) == [("notice", "a.rs", 1)]
    assert seen(prints, new("a.py", "# print(x)", "pprint(x)", "x = print")) == []
    assert seen(prints, new("pkg/cli.py", "print(x)")) == []


@pytest.mark.parametrize("line", [f"x = 1  # {LATER}: later", f"// {MEND}(nia) here", f"/* {LATER} */"])
def test_work_left_for_later(line: str) -> None:
    assert seen(to_do_marks, new("a.c", line)) == [("notice", "a.c", 1)]


@pytest.mark.parametrize(
    "line", [f"{LATER} = 1", f'x = "{LATER}"', "# to do", f"# {LATER}IST", "todo_list()"]
)
def test_other_words_are_not_work(line: str) -> None:
    assert seen(to_do_marks, new("a.py", line)) == []
    assert seen(to_do_marks, new("notes.md", f"# {LATER} list")) == []
