import pytest

from bot.core.code_paths import changes_inline_test, changes_only_comments, is_source, is_test
from tests.patience import must_end


@pytest.mark.parametrize(
    "path",
    [
        # Python
        "tests/test_x.py",
        "test/x.py",
        "src/app/test_views.py",
        "app/views_test.py",
        "conftest.py",
        "app/tests.py",
        # JavaScript and TypeScript
        "src/Button.test.ts",
        "src/Button.spec.tsx",
        "src/__tests__/Button.js",
        "src/__snapshots__/Button.js.snap",
        "cypress/login.cy.ts",
        "e2e/login.ts",
        "test-utils.js",
        # Go, Rust
        "pkg/server/server_test.go",
        "pkg/server/testdata/in.json",
        "tests/it_works.rs",
        "crates/core/tests/x.rs",
        # Java, Kotlin, Scala, C#
        "src/test/java/org/acme/Foo.java",
        "app/FooTest.java",
        "app/FooTests.kt",
        "app/FooIT.java",
        "app/TestFoo.java",
        "app/src/androidTest/Foo.kt",
        "app/FooSpec.scala",
        "app/FooSuite.scala",
        "Acme.Widgets.Tests/Foo.cs",
        "WidgetsTests/Foo.swift",
        # C and C++
        "base/strings_unittest.cc",
        "base/strings_test.cpp",
        "test_strings.c",
        # others
        "spec/models/user_spec.rb",
        "test/user_test.exs",
        "tests/UserTest.php",
        "features/login.feature",
        "t/basic.t",
        "cli/run.bats",
        "unit_tests/x.lua",
        "Tests/x.jl",
    ],
)
def test_what_is_a_test(path: str) -> None:
    assert is_test(path)
    assert not is_source(path)


@pytest.mark.parametrize(
    "path",
    [
        "app.py",
        "src/app/views.py",
        "bot/rules/testing.py",
        "src/latest.py",
        "src/contest/run.js",
        "lib/attest.go",
        "src/Latest.java",
        "src/main/java/org/acme/Foo.java",
        "src/Audit.java",
        "src/Button.tsx",
        "src/App.vue",
        "cmd/main.go",
        "src/lib.rs",
        "include/strings.h",
        "kernels/attention.cu",
        "lib/user.rb",
        "src/inspect.ts",
        "src/dockerise.py",
        "App/Invest.cs",
    ],
)
def test_what_is_source(path: str) -> None:
    assert is_source(path)
    assert not is_test(path)


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "docs/conf.py",
        "docs/examples/a.py",
        "examples/train.py",
        "scripts/release.py",
        "benchmarks/speed.py",
        "setup.py",
        "webpack.config.js",
        ".eslintrc.js",
        ".github/actions/run.js",
        "types/index.d.ts",
        "api/v1_pb2.py",
        "api/v1.pb.go",
        "vendor/x/y.go",
        "third_party/x.c",
        "node_modules/x/index.js",
        "static/app.min.js",
        "app/migrations/0001_initial.py",
        "src/Button.stories.tsx",
        "pkg/_version.py",
        "src/__mocks__/fs.js",
        "pyproject.toml",
        "package.json",
        "Makefile",
        "style.css",
        "notebook.ipynb",
    ],
)
def test_what_is_neither(path: str) -> None:
    assert not is_source(path)
    assert not is_test(path)


@pytest.mark.parametrize(
    ("path", "patch", "expected"),
    [
        ("src/lib.rs", "@@ -1 +1,2 @@\n a\n+#[cfg(test)]", True),
        ("src/lib.rs", "@@ -9 +9,2 @@\n #[test]\n fn works() {\n+    assert!(true);", True),
        ("src/lib.rs", "@@ -9 +9,2 @@ mod tests {\n     fn works() {\n+    assert!(true);", True),
        ("src/lib.rs", "@@ -9 +9,2 @@\n #[tokio::test]\n+async fn works() {}", True),
        ("src/lib.rs", "@@ -9 +9,2 @@\n+fn more() {}\n@@ -90 +91,1 @@\n #[cfg(test)]\n-x", False),
        ("src/lib.rs", "@@ -1 +1 @@\n #[test]\n@@ -90 +91,2 @@ fn main() {\n+x", False),
        ("src/lib.rs", "@@ -1 +1 @@\n+fn attest() {}", False),
        ("src/main.zig", '@@ -1 +1 @@\n+test "adds" {', True),
        ("src/main.py", "@@ -1 +1 @@\n+# mod tests", False),
    ],
)
def test_tests_within_the_source(path: str, patch: str, expected: bool) -> None:
    assert changes_inline_test(path, patch) is expected


@pytest.mark.parametrize(
    ("path", "patch", "expected"),
    [
        ("a.py", "@@ -1,2 +1,2 @@\n x = 1\n-# teh\n+# the\n+", True),
        ("a.py", "@@ -1 +1 @@\n-x = 1  # one\n+x = 1  # uno", False),
        ("a.ts", "@@ -1,3 +1,3 @@\n /**\n- * teh\n+ * the\n+ *\n  */", True),
        ("a.c", "@@ -1 +1 @@\n-#include <a.h>", False),
        ("a.c", "@@ -1 +1 @@\n+*p = 1;", False),
        ("a.rs", "@@ -1 +1 @@\n+#[inline]", False),
        ("a.rs", "@@ -1 +1 @@\n+/// What it is for.", True),
        ("a.lua", "@@ -1 +1 @@\n+-- what it is for", True),
        ("a.py", "", False),
    ],
)
def test_patches_of_comments_alone(path: str, patch: str, expected: bool) -> None:
    assert changes_only_comments(path, patch) is expected


@must_end
def test_long_paths_are_judged() -> None:
    for path in ("a." * 2_000, "Test" * 1_000, "/" * 4_000, "a/" * 2_000 + "x.py", "_test" * 800):
        is_test(path)
        is_source(path)
