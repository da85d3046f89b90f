import pytest

from bot.core.sheet.paths import is_code, is_example, is_lock, is_made, is_test, matching, suffix_of


@pytest.mark.parametrize(
    "path", ["tests/x.py", "pkg/test_x.py", "src/a.spec.ts", "x_test.go", "conftest.py", "a/fixtures/key.pem"]
)
def test_tests(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize("path", ["src/latest.py", "contest/x.py", "testing.py", "src/attestation.go"])
def test_no_tests(path: str) -> None:
    assert not is_test(path)


def test_examples_lock_files_and_generated_files() -> None:
    assert all(map(is_example, ("docs/a.py", "README.md", ".env.example", "config.sample.yml")))
    assert not any(map(is_example, ("src/a.py", "requirements.txt", "distance.py", ".env")))
    assert all(map(is_lock, ("package-lock.json", "a/Cargo.lock", "go.sum")))
    assert not any(map(is_lock, ("lock.py", "package.json", "go.mod")))
    assert all(map(is_made, ("vendor/x.go", "app.min.js", "x_pb2.py", "yarn.lock")))
    assert not any(map(is_made, ("src/build.py", "adminjs.js")))


def test_code_is_what_people_write() -> None:
    assert is_code("a/b.PY")
    assert not is_code("dist/a.js")
    assert not is_code("README.md")
    assert (suffix_of("a.b/c"), suffix_of("x.tar.GZ"), suffix_of(".env")) == ("", "gz", "env")


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("src/*.py", "src/a.py"),
        ("**/*.cu", "kernel.cu"),
        ("**/*.cu", "a/b/kernel.cu"),
        ("kernels/", "kernels/a/b.cu"),
        ("kernels/**", "kernels/a/b.cu"),
        ("/src/a?.py", "src/a1.py"),
        ("src/{fast,hot}/*.py", "src/hot/a.py"),
        ("a+b(1).py", "a+b(1).py"),
        ("{open", "{open"),
    ],
)
def test_shell_patterns(glob: str, path: str) -> None:
    assert matching([path], [glob]) == (path,)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("src/*.py", "src/a/b.py"),
        ("*.py", "a/b.py"),
        ("a.b", "aXb"),
        ("kernels/", "my/kernels/a.cu"),
        ("a?c", "a/c"),
    ],
)
def test_what_shell_patterns_do_not_match(glob: str, path: str) -> None:
    assert matching([path], [glob]) == ()


def test_a_hostile_pattern_takes_no_time() -> None:
    assert matching(["a" * 4_000] * 100, ["*a" * 90 + "b"]) == ()
