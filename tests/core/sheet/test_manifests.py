import pytest

from bot.core.sheet.manifests import is_manifest, requirements
from tests.core.sheet.examples import changed, diff


def added(path: str, *lines: str) -> dict[str, tuple[str, int]]:
    """The name, specification and strength of what the added lines bring."""
    _old, new = requirements(diff(changed(path, *lines)).files[0])
    return {name: (each.spec, each.strength) for name, each in new.items()}


@pytest.mark.parametrize(
    ("line", "name", "spec", "strength"),
    [
        ("requests==2.31.0", "requests", "==2.31.0", 3),
        ("Zope.Interface >= 5, < 6  # why", "zope-interface", ">= 5, < 6", 2),
        ("torch[cuda]~=2.1", "torch", "~=2.1", 2),
        ("numpy>=1.26", "numpy", ">=1.26", 1),
        ("rich", "rich", "", 0),
        ("uvloop==0.19 ; sys_platform != 'win32'", "uvloop", "==0.19", 3),
        ("tool @ git+https://github.com/a/b", "tool", "@ git+https://github.com/a/b", 1),
    ],
)
def test_requirements_txt(line: str, name: str, spec: str, strength: int) -> None:
    assert added("requirements/dev-requirements.txt", f"+{line}") == {name: (spec, strength)}


@pytest.mark.parametrize(
    "line", ["-r base.txt", "--find-links https://x", "# requests", "", "./local", "https://x/y.whl"]
)
def test_other_lines_of_requirements_txt(line: str) -> None:
    assert added("requirements.txt", f"+{line}") == {}


def test_pyproject() -> None:
    lines = ("[project]", "dependencies = [", '  "requests>=2",', "]", 'keywords = ["bot", "x>=1"]')
    assert added("pyproject.toml", *(f"+{line}" for line in lines)) == {"requests": (">=2", 1)}
    assert added("pyproject.toml", " [build-system]", '+requires = ["hatchling"]') == {"hatchling": ("", 0)}
    assert added("pyproject.toml", " [dependency-groups]", " dev = [", '+ "pytest",') == {"pytest": ("", 0)}
    assert added(
        "pyproject.toml", " [tool.poetry.dependencies]", '+httpx = "^0.27"', '+python = "^3.11"'
    ) == {"httpx": ("^0.27", 2)}


def test_what_a_patch_does_not_show_of_pyproject() -> None:
    assert added("pyproject.toml", '     "httpx>=0.2",', '+    "requests>=2",', '+    "D203",') == {
        "requests": (">=2", 1)
    }
    assert added("pyproject.toml", " [tool.ruff.lint]", '+select = ["E>=1"]') == {}
    assert added("pyproject.toml", '+name = "x"', '+version = "1.2.3"') == {}


def test_package_json() -> None:
    assert added("web/package.json", ' "devDependencies": {', '+ "vite": "^5.0.0",', '+ "@a/b": "*"') == {
        "vite": ("^5.0.0", 2),
        "@a/b": ("*", 0),
    }
    assert added("package.json", '+ "left-pad": "1.3.0",', '+ "version": "1.2.3",') == {
        "left-pad": ("1.3.0", 3)
    }
    assert added("package.json", ' "scripts": {', '+ "a": "1.0.0"', " },", '+ "license": "MIT"') == {}


def test_cargo() -> None:
    lines = (
        " [dependencies]",
        '+serde = "1.0"',
        '+own = { path = "../own" }',
        '+t = { version = "=1.2", features = [] }',
    )
    assert added("Cargo.toml", *lines) == {"serde": ("1.0", 2), "t": ("=1.2", 3)}
    assert added("Cargo.toml", " [package]", '+version = "1.2.3"', '+name = "x"') == {}
    assert added("Cargo.toml", "+[dev-dependencies.proptest]", '+version = "1"') == {"proptest": ("=", 1)}


def test_go_mod() -> None:
    lines = (
        "+\tgithub.com/a/b v1.2.3",
        "+require golang.org/x/net v0.1.0",
        "+\tgithub.com/c/d v1.0.0 // indirect",
        "+go 1.22",
    )
    assert added("go.mod", *lines) == {"github.com/a/b": ("=v1.2.3", 3), "golang.org/x/net": ("=v0.1.0", 3)}


def test_dockerfile() -> None:
    lines = (
        "+FROM python:3.12-slim AS build",
        "+FROM --platform=$P ghcr.io/a/b",
        "+FROM build",
        "+FROM scratch",
        "+FROM $BASE",
    )
    assert added("Dockerfile", *lines) == {"python": ("~3.12-slim", 2), "ghcr.io/a/b": ("", 0)}
    assert added("Dockerfile", f"+FROM a@sha256:{'0a' * 32}")["a"][1] == 3


def test_what_is_a_manifest() -> None:
    assert all(map(is_manifest, ("requirements-dev.txt", "a/Dockerfile.gpu", "x/go.mod")))
    assert not any(map(is_manifest, ("requirements.md", "package-lock.json", "setup.cfg")))


def test_what_is_gone_leads_nowhere() -> None:
    old, new = requirements(
        diff(changed("Cargo.toml", " [dependencies]", "-[package]", '+x = "1"', '-y = "2"')).files[0]
    )
    assert (list(old), list(new)) == (["y"], ["x"])
