"""The manual's pages on installing and the dashboard say what the program does."""

import re
from pathlib import Path

from bot.github.client import PERMISSIONS
from bot.settings import Settings
from bot.web import words
from bot.web.manifest import EVENT_REASONS

DOCS = Path(__file__).parents[2] / "docs"
INSTALL = (DOCS / "install.md").read_text()
DASHBOARD = (DOCS / "dashboard.md").read_text()


def test_every_setting_is_listed_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(USHER_\w+)` \|([^|]*)\|", INSTALL, re.MULTILINE))
    names = {f"USHER_{name.upper()}": field.default for name, field in Settings.model_fields.items()}
    assert set(rows) == set(names)
    for name, default in names.items():
        if default is None:
            assert "`" not in rows[name], name
        elif isinstance(default, float):
            assert float(rows[name].strip(" `")) == default, name
        else:
            assert rows[name].strip(" `").lower() == str(default).lower(), name


def test_the_app_made_by_hand_is_the_one_made_in_the_browser() -> None:
    permissions = ", ".join(f"{name.replace('_', ' ')}: {level}" for name, level in PERMISSIONS.items())
    assert f"Permissions: {permissions}." in INSTALL
    assert f"Events: {', '.join(name.replace('_', ' ') for name in EVENT_REASONS)}." in INSTALL


def test_the_words_of_the_pages_are_explained() -> None:
    for word in {*words.STATUS_WORDS.values(), *words.STATE_WORDS.values()} - {
        "waiting",
        "under way",
        "done",
    }:
        assert word in DASHBOARD, word
