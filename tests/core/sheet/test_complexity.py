from bot.core.sheet.complexity import deep_nesting, long_files, long_functions
from tests.core.sheet.examples import changed, new, seen


def test_long_new_files() -> None:
    assert seen(long_files, new("a.py", additions=1_001)) == [("notice", "a.py", 1)]
    assert seen(long_files, new("a.py", additions=1_000)) == []
    assert seen(long_files, new("a.py", status="modified", additions=5_000)) == []
    for path in ("data.json", "package-lock.json", "tests/test_a.py", "gen/x_pb2.py"):
        assert seen(long_files, new(path, additions=5_000)) == []


def test_long_new_functions() -> None:
    body = ["    x = 1"] * 80
    assert seen(long_functions, new("a.py", "", "def f(", "    a,", ") -> None:", *body, "", "y = 2")) == [
        ("notice", "a.py", 2)
    ]
    assert seen(long_functions, new("a.py", "class A:", "  async def f():", *body)) == [("notice", "a.py", 2)]
    assert seen(long_functions, new("a.py", "def f():", *body[:60], "def g():", *body[:60])) == []


def test_a_function_that_was_there_is_not_new() -> None:
    lines = [*["+    x = 1"] * 50, " ", *["+    x = 1"] * 50]
    assert seen(long_functions, changed("a.py", "+def f():", *lines)) == []


def test_deep_nesting() -> None:
    assert seen(deep_nesting, new("a.py", "x", " " * 24 + "y", " " * 28 + "z")) == [("notice", "a.py", 3)]
    assert seen(deep_nesting, new("a.go", "\t" * 6 + "y")) == [("notice", "a.go", 1)]
    assert seen(deep_nesting, new("a.py", " " * 20 + "y", " " * 90)) == []
    assert seen(deep_nesting, new("a.yml", " " * 40 + "y")) == []
