"""The source, proven: pure where it must be, safe, short, tested beside itself, nothing left for later.

Each check is a function from source text to a list of complaints, so that it can be shown to fail.
"""

import ast
import re
import subprocess

import pytest

from tests.house import PROGRAM, PYTHON, ROOT, called, complaints, imports, texts

PURE = {name: text for name, text in PROGRAM.items() if re.match(r"bot/(core|rules|health)/", name)}
IMPURE = re.compile(
    r"(asyncio|dbos|fastapi|github|httpx|io|jinja2|logging|numpy|os|pathlib|random|requests|secrets|shutil"
    r"|socket|sqlalchemy|sqlite3|structlog|subprocess|sys|tempfile|threading|time|torch|urllib|uuid)\b"
)
CLOCKS = frozenset(("now", "utcnow", "today"))
HANDS = frozenset(("open", "print", "input"))
LOADERS = frozenset(("pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"))

FILE_LINES, FUNCTION_LINES = 300, 50
TEST_LINES = 600  # a test lists cases, which are looked up rather than read through
# A migration is one list of tables, which no split would make clearer.
LONG_FUNCTIONS = {"migrations/versions/0001_first_tables.py": {"upgrade"}}

# Modules, and folders, whose behaviour shows best in the tests of a neighbour.
TESTED_ELSEWHERE = {
    "bot/apply/comments.py": "tests/apply/test_executor.py",
    "bot/apply/handlers.py": "tests/apply/test_executor.py",
    "bot/apply/job.py": "tests/apply/test_executor.py",
    "bot/core/body.py": "tests/core/test_parse.py",
    "bot/housekeeping.py": "tests/test_process_installations.py",
    "bot/gather/reports.py": "tests/test_report_issue.py",
    "bot/gather/situation.py": "tests/gather/test_facts.py",
    "bot/schedule.py": "tests/test_report_issue.py",
    "bot/cli/__init__.py": "tests/test_cli_contract.py",
    "bot/cli/deliveries.py": "tests/test_cli_contract.py",
    "bot/cli/inspect.py": "tests/test_cli_contract.py",
    "bot/cli/reference.py": "tests/test_house_manual.py",
    "bot/cli/sandbox.py": "tests/test_cli_contract.py",
    "bot/cli/serve.py": "tests/test_kill.py",  # real processes, started and killed
    "bot/cli/wiring.py": "tests/test_cli_contract.py",
    "bot/core/action.py": "tests/rules/",
    "bot/core/actions.py": "tests/rules/",  # data, compared with == by the tests of every rule
    "bot/core/docs_settings.py": "tests/rules/test_documentation.py",
    "bot/core/errors.py": "tests/test_cli_contract.py",
    "bot/core/actors.py": "tests/core/test_parse.py",
    "bot/core/events.py": "tests/core/test_parse.py",
    "bot/core/facts.py": "tests/rules/",
    "bot/core/history.py": "tests/core/test_history_json.py",
    "bot/core/pull_actions.py": "tests/rules/",
    "bot/core/payload.py": "tests/core/test_parse_hostile.py",
    "bot/demo/": "tests/demo/",  # one play, watched from the outside
    "bot/gather/people.py": "tests/gather/test_facts.py",
    "bot/github/answers.py": "tests/github/test_limits.py",
    "bot/github/history_documents.py": "tests/github/test_documents.py",
    "bot/github/kept.py": "tests/github/test_pull_reads.py",
    "bot/sandbox/": "tests/sandbox/",  # a server, tested over HTTP as its clients use it
    "bot/store/history_tables.py": "tests/store/test_migrations.py",
    "bot/store/tables.py": "tests/store/test_migrations.py",
    "bot/web/app.py": "tests/web/test_dashboard.py",
    "bot/web/body.py": "tests/web/test_ingest_limits.py",
    "bot/web/conversion.py": "tests/web/test_setup.py",
    "bot/web/faults.py": "tests/web/test_dashboard.py",
    "bot/web/manifest.py": "tests/web/test_setup.py",
    "bot/web/metrics.py": "tests/web/test_health.py",
    "bot/web/protocol.py": "tests/web/test_ingest_limits.py",
    "bot/web/seal.py": "tests/web/test_access.py",
    "bot/web/services.py": "tests/web/test_dashboard.py",
    "bot/web/statics.py": "tests/web/test_access.py",
    "model/__main__.py": "tests/model/test_main.py",
    "model/baselines/frozen.py": "tests/training/baselines/test_frozen.py",  # with torch
    "model/baselines/lstm.py": "tests/training/baselines/test_lstm.py",
    "model/fitting/compress.py": "tests/training/fitting/test_compress.py",
    "model/fitting/compression.py": "tests/training/fitting/test_compression.py",
    "model/net.py": "tests/training/test_net.py",
    "model/pipeline.py": "tests/training/test_pipeline.py",
    "model/serving/onnx_network.py": "tests/training/serving/test_onnx_network.py",
    "model/training/": "tests/training/",
}

# The letters in brackets keep this file from holding the words itself.
LEFTOVERS = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X|HAC[K])\b")
INDEXES = re.compile(r"\bpy[p]i\.|pythonhos[t]ed|npm[j]s\.|ind[e]x-url\b.*//")


# Purity


def impurities(source: str) -> list[str]:
    """Whatever reaches out of a module: imports that do things, the clock, files, the terminal."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    clocks = [c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr in CLOCKS]
    hands = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id in HANDS]
    return [
        *(f"imports {name}" for name in imports(source) if IMPURE.match(name)),
        *(f"line {call.lineno} calls {called(call)}" for call in (*clocks, *hands)),
    ]


def test_the_core_the_rules_and_the_metrics_are_pure() -> None:
    assert complaints(impurities, PURE) == []


@pytest.mark.parametrize(
    "source", ["import os.path", "from time import sleep", "datetime.now(UTC)", "dt.date.today()", "open(x)"]
)
def test_what_is_not_pure_is_found(source: str) -> None:
    assert impurities(source)


# Safety


def executions(source: str) -> list[str]:
    """Ways in which data could become code: pickles, evaluation, shells, YAML that builds objects."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        *(f"imports {name}" for name in imports(source) if name.split(".")[0] in LOADERS),
        *(f"line {call.lineno} calls {called(call)}" for call in calls if _runs_data(call)),
    ]


def _runs_data(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    said = {word.arg: ast.unparse(word.value) for word in call.keywords}
    return (
        name in {"eval", "exec", "os.system", "os.popen", "yaml.load", "yaml.unsafe_load"}
        or said.get("shell") == "True"
        or said.get("allow_pickle") == "True"
        or (name in {"np.load", "numpy.load"} and said.get("allow_pickle") != "False")
        or (name == "torch.load" and said.get("weights_only") != "True")
    )


def test_data_is_never_executed() -> None:
    assert complaints(executions, PROGRAM) == []


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
    assert executions(source)


def test_reading_data_is_no_execution() -> None:
    assert (
        executions("np.load(x, allow_pickle=False)\nyaml.safe_load(x)\nsubprocess.run([x])\nre.compile(x)")
        == []
    )


# Sizes


def function_lengths(source: str) -> list[tuple[str, int]]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    return [(node.name, (node.end_lineno or 0) - node.lineno + 1) for node in found]


def too_long(name: str, source: str) -> list[str]:
    """Files and functions beyond what can be read at one go."""
    lines, excused = source.count("\n"), LONG_FUNCTIONS.get(name, set())
    most = TEST_LINES if name.startswith("tests/") else FILE_LINES
    long = [(f, n) for f, n in function_lengths(source) if n > FUNCTION_LINES and f not in excused]
    found = [f"{name}: {function} has {length} lines" for function, length in long]
    return [f"{name}: {lines} lines", *found] if lines > most else found


def test_files_and_functions_are_short() -> None:
    assert [line for name, source in PYTHON.items() for line in too_long(name, source)] == []
    assert too_long("x.py", "x = 1\n" * 301) == ["x.py: 301 lines"]
    assert too_long("tests/test_x.py", "x = 1\n" * 601) == ["tests/test_x.py: 601 lines"]
    assert too_long("x.py", "def f():\n" + " x = 1\n" * 50) == ["x.py: f has 51 lines"]
    assert too_long("x.py", "def f():\n" + " x = 1\n" * 49) == []


def test_what_is_excused_is_still_long() -> None:
    for name, functions in LONG_FUNCTIONS.items():
        lengths = dict(function_lengths(PYTHON[name]))
        assert [function for function in functions if lengths[function] <= FUNCTION_LINES] == []


# Words


def test_every_module_says_what_it_is_for() -> None:
    assert [name for name, source in PROGRAM.items() if not ast.get_docstring(ast.parse(source))] == []


def test_nothing_is_left_for_later_and_no_package_index_is_named() -> None:
    written = {**PYTHON, **texts("*.md", "docs", "bot", "model", ".github"), **texts("*.j2", "templates")}
    written |= texts("*.y*ml", ".github", "bot", "tests") | texts("*.css", "templates") | texts("run", ".ci")
    plain = [
        path for path in ROOT.iterdir() if path.is_file() and path.suffix in {".md", ".toml", ".lock", ""}
    ]
    written |= {path.name: path.read_text("utf-8") for path in plain}
    assert {"Makefile", ".ci/run", "README.md", "requirements.lock"} <= written.keys()
    assert [name for name, text in written.items() if LEFTOVERS.search(text)] == []
    assert [name for name, text in written.items() if INDEXES.search(text)] == []
    assert LEFTOVERS.search(f"# {'todo'.upper()}: mend this")
    assert INDEXES.search("https://pypX.org/simple".replace("X", "i"))


def test_no_key_and_no_database_is_in_the_repository() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    private = ["*.key", "*.pem", "usher-app.json", "*.db", "*.db-*", "*.sqlite", ".env"]
    listed = subprocess.run(["git", "ls-files", "--", *private], capture_output=True, check=True, cwd=ROOT)
    assert listed.stdout == b""


# Tests


def own_test(module: str) -> str:
    """Where the test of a module lies: ``tests/store/test_inbox.py`` for ``bot/store/inbox.py``."""
    folder, _, name = module.removeprefix("bot/").rpartition("/")
    return "/".join(part for part in ("tests", folder, f"test_{name}") if part)


def untested(modules: dict[str, str], tests: set[str]) -> list[str]:
    """Modules that define something, and have neither a test of their own nor one named above."""
    behaviour = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = []
    for name, source in modules.items():
        if not any(isinstance(node, behaviour) for node in ast.walk(ast.parse(source))):
            continue  # names and data alone
        if own_test(name) not in tests and not any(name.startswith(each) for each in TESTED_ELSEWHERE):
            found.append(name)
    return found


def timings(source: str) -> list[str]:
    """Bounds on how long something takes: a busy machine would fail them; they belong in a benchmark."""
    return [
        f"line {node.lineno} compares {ast.unparse(node)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Lt | ast.LtE) and _spent(node.left)
    ]


def _spent(node: ast.expr) -> bool:
    taken = ast.unparse(node.left) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) else ""
    return re.search(r"\b(perf_counter|process_time|monotonic)(_ns)?\(\)", taken) is not None


def test_no_test_is_a_stopwatch() -> None:
    tests = {name: text for name, text in PYTHON.items() if re.match(r"tests/(.*/)?test_", name)}
    assert complaints(timings, tests) == []
    assert timings("assert time.process_time() - start < 0.5")
    assert timings("assert perf_counter() - began <= 2")
    assert not timings("assert time.perf_counter() - began >= 0.2")


def test_the_tests_mirror_the_program() -> None:
    assert untested(PROGRAM, set(PYTHON)) == []
    assert untested({"bot/x/y.py": "def f(): pass"}, {"tests/x/test_y.py"}) == []
    assert untested({"bot/x/y.py": "def f(): pass"}, {"tests/test_y.py"}) == ["bot/x/y.py"]
    assert untested({"model/y.py": "def f(): pass"}, {"tests/model/test_y.py"}) == []


def test_what_is_tested_elsewhere_is_so() -> None:
    for module, test in TESTED_ELSEWHERE.items():
        assert any(name.startswith(module) for name in PROGRAM), module
        assert any(name.startswith(test) for name in PYTHON), test
        assert own_test(module) not in PYTHON, f"{module} has a test of its own by now"
