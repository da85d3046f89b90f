"""Which of a pull request's files are source, which are tests: by where they lie and what they are called.

The layouts are the usual ones of each language and its test runners, such as ``test_*.py`` (pytest),
``*.test.ts`` and ``__tests__/`` (Jest), ``*_test.go`` (Go), ``src/test/`` and ``*Test.java`` (Maven),
``tests/`` and ``#[cfg(test)]`` (Cargo), ``*_unittest.cc`` (GoogleTest). In doubt a file is no source: what
asks for tests had better be right.
"""

import re

_CODE = frozenset(
    (
        *("c", "cc", "cpp", "cu", "cuh", "cxx", "h", "hh", "hpp", "m", "mm"),
        *("cjs", "cts", "js", "jsx", "mjs", "mts", "svelte", "ts", "tsx", "vue"),
        *("cs", "fs", "groovy", "java", "kt", "scala", "vb", "clj", "cljs"),
        *("go", "rs", "swift", "dart", "zig", "nim", "sol", "f90", "jl", "lua", "r"),
        *("php", "pl", "pm", "py", "pyx", "rb", "erl", "ex", "hs", "ml"),
    )
)
_TEST_FOLDER = re.compile(
    r"(?:^|/)(?:(?i:tests?|__tests__|__snapshots__|specs?|e2e|test[-_]?data|(?:unit|integration)[-_]?tests?)"
    r"|androidTest|[^/]*(?:\.|[a-z0-9])Tests?)/"
)
_TEST_FILE = re.compile(
    r"""(?x)(?:^|/)(?:
      (?i:tests?[_-][^/]* | [^/]*[._-](?:tests?|specs?|unittest|cy|e2e)\.[^/.]+ | tests?\.py | conftest\.py)
    | [^/]*[A-Za-z0-9](?:Tests?|TestCase|Spec|Specs|Suite|IT)\.(?:java|kt|scala|groovy|cs|fs|vb|php|swift|hs)
    | Test[A-Z][^/]*\.(?:java|kt|groovy|cs)
    | [^/]+\.(?:feature|bats|snap|t)
    )$"""
)
_NO_SOURCE_FOLDER = re.compile(
    r"(?i)(?:^|/)(?:\.[^/]+|docs?|documentation|examples?|samples?|demos?|tutorials?|benchmarks?|scripts|migrations"
    r"|vendor|third[-_]?party|node_modules|dist|generated|__generated__|__mocks__|mocks?|fixtures?)/"
)
_NO_SOURCE_FILE = re.compile(
    r"""(?xi)(?:^|/)(?:
      \.[^/]* | setup\.py | conf\.py | noxfile\.py | fabfile\.py | manage\.py | build\.rs | _?version\.[^/]+
    | (?:grunt|gulp|rollup|cake)file\.[^/]+
    | [^/]*\.(?:config|conf|setup|stories|min|generated|gen|pb|g)\.[^/]+
    | [^/]*\.d\.[cm]?ts | [^/]*_pb2(?:_grpc)?\.py | [^/]*\.designer\.cs
    )$"""
)
_INLINE_TEST = {
    "rs": re.compile(r"#\[(?:\w{1,40}::)?(?:test|rstest|bench|cfg\(test\))|\bmod tests?\b"),
    "zig": re.compile(r"^[+ ]\s*test\b"),
}
# How a line of a comment begins. A C preprocessor line begins with "#", too, and is none.
_HASH = frozenset(("ex", "jl", "nim", "pl", "pm", "py", "pyx", "r", "rb"))
_DASHES = frozenset(("hs", "lua"))


def is_test(path: str) -> bool:
    """Whether a file is a test, or belongs to tests."""
    return bool(_TEST_FOLDER.search(path) or _TEST_FILE.search(path))


def is_source(path: str) -> bool:
    """Whether a file is source that tests are for: no test, example, script, generated or copied file."""
    return (
        _suffix(path) in _CODE
        and not is_test(path)
        and not _NO_SOURCE_FOLDER.search(path)
        and not _NO_SOURCE_FILE.search(path)
    )


def changes_inline_test(path: str, patch: str) -> bool:
    """Whether a patch adds to a test that stands in the source itself, as in Rust.

    Args:
        path: of the file.
        patch: its hunks as unified diff.
    """
    marker = _INLINE_TEST.get(_suffix(path))
    if marker is None:
        return False
    within = False
    for line in patch.split("\n"):
        within = bool(marker.search(line)) or (within and not line.startswith("@@"))
        if within and line.startswith("+"):
            return True
    return False


def changes_only_comments(path: str, patch: str) -> bool:
    """Whether all lines that a patch adds or removes are comments or blank; False for an empty patch."""
    suffix = _suffix(path)
    marks = ("#",) if suffix in _HASH else ("--",) if suffix in _DASHES else ("//", "/*", "* ", "*/")
    changed = [line[1:].strip() for line in patch.split("\n") if line[:1] in {"+", "-"}]
    return bool(changed) and all(not line or line == "*" or line.startswith(marks) for line in changed)


def _suffix(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""
