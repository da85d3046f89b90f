"""The wheel works where there is no checkout: commands, classifier, templates and migrations come along."""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from bot import __version__

ROOT = Path(__file__).parents[1]
FORCED = {"templates": "bot/templates", "migrations": "bot/migrations"}  # pyproject.toml, force-include
# Serving needs none of these, so the installed program runs with all of them forbidden.
TRAINING_ONLY = ("torch", "sklearn", "scipy", "joblib")


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _build_wheel(source: Path, folder: Path) -> Path:
    _pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(folder), str(source))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment that has the wheel, and our own packages as its dependencies."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, symlinks=True)
    executable = folder / "bin" / "python"
    _pip("--python", str(executable), "install", "--no-deps", "--no-index", str(wheel))
    (packages,) = folder.glob("lib/python*/site-packages")
    # What a .pth file lists is only appended: the .pth of our own editable install is not read from there.
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "dependencies.pth").write_text("\n".join(sorted(paths)))
    return executable


def _run(command: list[str | Path], folder: Path, **settings: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("USHER_", "PYTHON"))}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env={**kept, **settings}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _files(folder: Path) -> set[str]:
    paths = (path.relative_to(ROOT) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in paths if "__pycache__" not in path.parts}


def _packed(name: str) -> str:
    top = name.split("/", 1)[0]
    return name.replace(top, FORCED.get(top, top), 1)


def test_the_wheel_has_every_file_and_no_others(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {_packed(name) for top in ("bot", "model", *FORCED) for name in _files(ROOT / top)}
    assert names == expected


def test_a_wheel_from_the_source_archive_is_the_same(wheel: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    again = _build_wheel(source, tmp_path / "again")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert set(one.namelist()) == set(other.namelist())


def test_what_pip_is_told(metadata: Message) -> None:
    assert metadata["Name"] == "usher-bot"
    assert metadata["Version"] == __version__
    assert metadata["License-Expression"] == "MIT"
    assert "make demo" in str(metadata.get_payload())


def test_serving_requires_nothing_that_only_training_needs(metadata: Message) -> None:
    required = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert any(line.startswith("dbos==") for line in required)
    forbidden = ("torch", "scikit-learn", "scipy", "pytest", "hatchling")
    assert [line for line in required if line.startswith(forbidden)] == []


def test_it_is_the_wheel_that_runs(python: Path, tmp_path: Path) -> None:
    shown = _run([python, "-c", "import bot, model; print(bot.__file__, model.__file__)"], tmp_path)
    assert all(Path(path).is_relative_to(python.parents[1]) for path in shown.split())
    assert _run([python.parent / "usher", "--version"], tmp_path) == f"usher {__version__}\n"


def test_the_classifier_comes_along_and_needs_numpy_alone(python: Path, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({TRAINING_ONLY!r}))\n"
        "from bot.cli import run\n"
        "sys.exit(run(['classify', '--title', 'It crashes when I save', '--json']))\n"
    )
    said = json.loads(_run([python, "-c", program], tmp_path))
    assert said["type"]["label"] == "bug"


def test_the_config_is_checked(python: Path, tmp_path: Path) -> None:
    (tmp_path / "usher.yml").write_text("mode: act\n")
    said = _run([python.parent / "usher", "check-config", "usher.yml"], tmp_path)
    assert said == "usher.yml: good (mode: act)\n"


def test_the_database_gets_its_tables(python: Path, tmp_path: Path) -> None:
    command: list[str | Path] = [python.parent / "usher", "deliveries", "list"]
    said = _run(command, tmp_path, USHER_DATABASE_URL=f"sqlite:///{tmp_path}/usher.db")
    assert said == "in all: none yet\n"
    assert (tmp_path / "usher.db").is_file()


def test_the_templates_are_found(python: Path, tmp_path: Path) -> None:
    program = (
        "from bot.render import render_comment\n"
        "print(render_comment('welcome', {'author': 'nia', 'first': 'issue', 'message': ''}, reason='x'))\n"
    )
    assert "Welcome, nia" in _run([python, "-c", program], tmp_path)
