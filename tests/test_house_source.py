"""The source, proven: pure where it must be, safe, short, tested beside itself, with nothing left for later.

Each check is a function from source text to a list of complaints, so that it can be shown to fail.
"""

import ast
import re

import pytest

from tests.house import PROGRAM, PYTHON, ROOT, called, complaints, imports, texts

IMPURE = frozenset(
    ("httpx", "requests", "github", "sqlalchemy", "fastapi", "jinja2", "torch", "dbos", "os", "time")
    + (
        "random",
        "secrets",
        "uuid",
        "asyncio",
        "threading",
        "socket",
        "subprocess",
        "pathlib",
        "logging",
        "structlog",
    )
)
CLOCKS = frozenset(("now", "utcnow", "today"))
HANDS = frozenset(("open", "print", "input", "eval", "exec"))


def impurities(source: str) -> list[str]:
    """Whatever reaches out of a module: imports that do things, the clock, files, the terminal."""
    found = [f"imports {name}" for name in _imports(source) if name.split(".")[0] in IMPURE]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (
            (isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS)
            or (isinstance(node.func, ast.Name) and node.func.id in HANDS)
        ):
            found.append(f"line {node.lineno} calls {_name(node)}")
    return found


def test_the_core_the_rules_and_the_metrics_are_pure() -> None:
    assert complaints(impurities, PURE) == []


@pytest.mark.parametrize(
    "source",
    ["import os.path", "from time import sleep", "datetime.now(UTC)", "dt.date.today()", "open('x')"],
)
def test_what_is_not_pure_is_found(source: str) -> None:
    assert impurities(source)


# Safety


def executes_data(source: str) -> list[str]:
    """Ways in which data could become code: pickles, evaluation, shells, YAML that builds objects."""
    loaders = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
    found = [f"imports {name}" for name in _imports(source) if name.split(".")[0] in loaders]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            said = {word.arg: ast.unparse(word.value) for word in node.keywords}
            name = ast.unparse(node.func)
            unsafe = (
                name in {"eval", "exec", "os.system", "yaml.load", "yaml.unsafe_load"}
                or said.get("shell") == "True"
                or said.get("allow_pickle") == "True"
                or (name in {"np.load", "numpy.load"} and said.get("allow_pickle") != "False")
                or (name == "torch.load" and said.get("weights_only") != "True")
            )
            found += [f"line {node.lineno} calls {name}"] if unsafe else []
    return found


def test_data_is_never_executed() -> None:
    assert complaints(executes_data, PROGRAM) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "np.load(x)",
        "np.load(x, allow_pickle=True)",
        "torch.load(x)",
        "yaml.load(x)",
        "subprocess.run(x, shell=True)",
        "eval(x)",
    ],
)
def test_data_that_is_executed_is_found(source: str) -> None:
    assert executes_data(source)


# Sizes and words


def too_long(name: str, source: str) -> list[str]:
    """Files and functions beyond what can be read at one go."""
    found = [f"{name}: {source.count(chr(10))} lines"] if source.count("\n") > FILE_LINES else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES and node.name not in LONG_FUNCTIONS.get(name, ()):
                found.append(f"{name}: {node.name} has {length} lines")
    return found


def test_files_and_functions_are_short() -> None:
    assert [line for name, source in PYTHON.items() for line in too_long(name, source)] == []
    assert too_long("x.py", "x = 1\n" * 301) == ["x.py: 301 lines"]
    assert too_long("x.py", "def f():\n" + " x = 1\n" * 50) == ["x.py: f has 51 lines"]
    assert too_long("x.py", "def f():\n" + " x = 1\n" * 49) == []


def test_the_exceptions_are_still_needed() -> None:
    for name, functions in LONG_FUNCTIONS.items():
        defined = {n.name: n for n in ast.walk(ast.parse(PYTHON[name])) if isinstance(n, ast.FunctionDef)}
        assert all(
            len(ast.unparse(defined[function]).splitlines()) > FUNCTION_LINES for function in functions
        )


def test_every_module_says_what_it_is_for() -> None:
    assert [name for name, source in PROGRAM.items() if not ast.get_docstring(ast.parse(source))] == []


# In two pieces, so that this file does not hold the words itself.
LEFTOVERS = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
INDEXES = re.compile(r"py" r"pi\.|pythonhos" r"ted|npm" r"js\.|anacon" r"da\.org|index-" r"url [^-]")


def test_nothing_is_left_for_later_and_no_package_index_is_named() -> None:
    words = {**PYTHON, **texts("*.md", "docs", "bot", "model", ".github"), **texts("*.j2", "templates")}
    words |= texts("*.y*ml", ".github", "bot", "tests") | texts("*.css", "templates") | texts("run", ".ci")
    words |= {
        path.name: path.read_text("utf-8")
        for path in ROOT.iterdir()
        if path.is_file() and path.suffix in {".md", ".toml", ".lock", ""}
    }
    assert len(words) > len(PYTHON)
    assert [name for name, text in words.items() if LEFTOVERS.search(text)] == []
    assert [name for name, text in words.items() if INDEXES.search(text)] == []
    assert LEFTOVERS.search("# TODO: later")
    assert INDEXES.search("https://pypi.org/simple")


