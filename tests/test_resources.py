from pathlib import Path

import pytest

from bot import resources
from bot.resources import resource_dir


@pytest.mark.parametrize(
    ("name", "file"),
    [("templates", "comments/welcome.md.j2"), ("migrations", "versions/0001_first_tables.py")],
)
def test_in_a_checkout_the_files_lie_beside_the_package(name: str, file: str) -> None:
    assert (resource_dir(name) / file).is_file()


def test_in_a_wheel_they_lie_inside_and_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "bot"
    for place in (package / "templates", tmp_path / "templates"):
        place.mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resource_dir("templates") == package / "templates"


def test_an_incomplete_installation_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "templates").write_text("a file is no folder")
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "bot")
    with pytest.raises(FileNotFoundError, match="the folder 'templates' is missing"):
        resource_dir("templates")
