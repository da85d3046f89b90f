import pytest

from bot.core.sheet.dependencies import dependencies, lock_only
from tests.core.sheet.examples import changed, new, said, seen


def test_a_new_dependency_is_noted_on_its_line() -> None:
    file = changed("requirements.txt", " a==1", "+requests>=2")
    assert seen(dependencies, file) == [("notice", "requirements.txt", 2)]
    assert said(dependencies, file)[0].startswith("New dependency: requests >=2.")


def test_many_are_one_finding() -> None:
    assert seen(dependencies, new("requirements.txt", *(f"package-{n}" for n in range(6)))) == [
        ("notice", "requirements.txt", 1)
    ]


def test_a_new_version_is_none() -> None:
    assert seen(dependencies, changed("requirements.txt", "-a==1.0", "+a==1.1")) == []
    assert seen(dependencies, changed("package.json", '-"a": "^1.0.0"', '+"a": "^2.0.0"')) == []


@pytest.mark.parametrize(
    ("old", "new_", "message"),
    [
        ("a==1.0", "a>=1.0", "a was held at ==1.0, and is now at >=1.0."),
        ("a>=1,<2", "a>=1", "a was held at >=1,<2, and is now at >=1."),
        ("a>=1", "a", "a was held at >=1, and is now at any version."),
    ],
)
def test_a_dependency_that_is_held_less_firmly(old: str, new_: str, message: str) -> None:
    assert said(dependencies, changed("requirements.txt", f"-{old}", f"+{new_}"))[0].startswith(message)
    assert seen(dependencies, changed("requirements.txt", f"-{new_}", f"+{old}")) == []


def test_a_dependency_by_address_is_graver() -> None:
    assert seen(dependencies, new("requirements.txt", "a @ git+https://github.com/a/b")) == [
        ("warning", "requirements.txt", 1)
    ]
    pinned = f"a @ git+https://github.com/a/b@{'0a1b2c3d4e' * 4}"
    assert seen(dependencies, new("requirements.txt", pinned)) == [("notice", "requirements.txt", 1)]


def test_manifests_of_tests_and_vendored_ones_are_left_alone() -> None:
    assert (
        seen(dependencies, new("tests/data/requirements.txt", "a"), new("vendor/x/go.mod", "b.org/c v1.0.0"))
        == []
    )


def test_a_lock_file_alone() -> None:
    lock = changed("web/yarn.lock", "+x")
    assert seen(lock_only, lock) == [("notice", "web/yarn.lock", 1)]
    assert seen(lock_only, lock, changed("package.json", "+x")) == []
    assert seen(lock_only, changed("flake.lock", "+x"), new("tests/data/yarn.lock", "x")) == []
