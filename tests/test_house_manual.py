"""The manual, proven: what it names exists, what exists is named, and its examples work."""

import re
from itertools import chain
from pathlib import Path

import pytest
import yaml

from bot import __version__
from bot.cli.reference import commands, reference
from bot.config import load_file, read
from bot.settings import Settings
from tests.house import PROGRAM, ROOT, texts

COMMANDS = dict(commands())
PAGES = texts("*.md", "docs") | {path.name: path.read_text("utf-8") for path in sorted(ROOT.glob("*.md"))}
WORKFLOWS = texts("*.yml", ".github/workflows")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
YAML = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def settings_named(text: str) -> set[str]:
    return set(re.findall(r"\bUSHER_[A-Z_]*[A-Z]\b", text))


# Commands


def test_every_command_and_option_says_what_it_does() -> None:
    assert [name for name, command in COMMANDS.items() if not command.help] == []
    options = chain.from_iterable((f"{n} {o.name}", o.help) for n, c in COMMANDS.items() for o in c.params)
    assert [name for name, text in zip(*[iter(options)] * 2, strict=True) if not text] == []


def test_the_page_of_commands_is_the_current_one() -> None:
    assert PAGES["docs/commands.md"] == reference(), "write it anew: make docs"
    assert all(f"\n## `{name}`\n" in PAGES["docs/commands.md"] for name in COMMANDS)


def test_every_command_that_the_manual_names_exists() -> None:
    known = {tuple(name.split()[1:]) for name in COMMANDS}
    known |= {name[:1] for name in known}
    named = {
        (page, tuple(re.split(r"[ |]", found)[:1]))
        for page, text in PAGES.items()
        for found in re.findall(r"(?:^|`)usher ([a-z][a-z-]+)", text, re.MULTILINE)
    }
    assert {(page, name) for page, name in named if name not in known} == set()
    assert {name for _page, name in named} >= {("serve",), ("demo",), ("check-config",)}


def test_every_target_that_the_manual_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        found
        for text in PAGES.values()
        for found in re.findall(r"(?:^|`|&& )make ([a-z]+)", text, re.MULTILINE)
    }
    assert {"demo", "test", "check"} <= named <= targets


# Settings


def test_every_setting_is_documented_and_every_one_documented_exists() -> None:
    settings = {f"USHER_{name.upper()}" for name in Settings.model_fields}
    manual = PAGES["docs/install.md"] + PAGES["docs/operations.md"]
    assert settings - settings_named(manual) == set()
    everywhere = chain(PAGES.values(), PROGRAM.values(), texts("*.j2", "templates").values())
    assert {name for text in everywhere for name in settings_named(text)} - settings == set()
    assert settings_named("`USHER_PORT`, USHER_*, `USHER_<NAME>`") == {"USHER_PORT"}


# Links


def anchors(text: str) -> set[str]:
    """The headings of a page, as GitHub turns them into anchors."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path, text: str) -> list[str]:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCED.sub("", text)):
        path, _, anchor = target.partition("#")
        if re.match(r"https?:", target):
            continue
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file.read_text("utf-8"))):
            broken.append(f"{page.name}: {target}")
    return broken


def test_links_lead_somewhere() -> None:
    assert [link for name, text in PAGES.items() for link in broken_links(ROOT / name, text)] == []
    assert broken_links(ROOT / "README.md", "[a](docs/nowhere.md) [b](#nowhere)") != []


def test_every_page_can_be_found_from_the_index() -> None:
    index, decisions = PAGES["docs/index.md"], PAGES["docs/decisions/README.md"]
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert {page for page in pages if f"]({page}" not in index} == set()
    pages = {path.name for path in (ROOT / "docs/decisions").glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"]({page}" not in decisions} == set()


def test_every_decision_is_quotable() -> None:
    for name, text in PAGES.items():
        if re.match(r"docs/decisions/\d", name):
            assert re.match(r"# \d+\. .+\n\n\*\*[^*]+\.\*\*\n", text), name
            assert re.findall(r"^## (\w+)", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


# Examples


EXAMPLES = [
    pytest.param(block, id=f"{page}-{number}")
    for page in ("README.md", "docs/rules.md", "docs/config.md", "docs/install.md", "docs/reports.md")
    for number, block in enumerate(YAML.findall(PAGES[page]), 1)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_settings_shown_are_right(example: str) -> None:
    assert [str(problem) for problem in read(example).problems] == []


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 3


def test_the_project_uses_itself() -> None:
    reading = load_file(ROOT / ".github/usher.yml")
    assert reading.problems == ()
    assert reading.config.mode == "act"


def test_the_readme_begins_with_the_two_commands() -> None:
    first_screen = "\n".join(PAGES["README.md"].splitlines()[:12])
    assert "\nmake demo " in first_screen
    assert "\nmake test " in first_screen


def test_the_changelog_knows_this_version() -> None:
    assert f"\n## [{__version__}]" in PAGES["CHANGELOG.md"]
    assert "\n## [Unreleased]\n" in PAGES["CHANGELOG.md"]


# The project's own automation


def test_ci_runs_what_the_readme_says() -> None:
    script = (ROOT / ".ci/run").read_text()
    assert (ROOT / ".ci/run").stat().st_mode & 0o111
    assert re.findall(r"^make ([\w-]+)", script, re.MULTILINE) == [
        "install",
        "install-train",
        "check",
        "test",
    ]
    assert "bash .ci/run" in WORKFLOWS[".github/workflows/ci.yml"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflows_may_little_and_pin_what_they_use(name: str) -> None:
    text = WORKFLOWS[name]
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert [action for action in used if not re.fullmatch(r"[\w/-]+@v\d+", action)] == []


@pytest.mark.parametrize("name", texts("*.yml", ".github/ISSUE_TEMPLATE"))
def test_issue_forms_are_complete(name: str) -> None:
    form = yaml.safe_load((ROOT / name).read_text())
    if name.endswith("config.yml"):
        assert form["blank_issues_enabled"] is True
        return
    assert {"name", "description", "labels", "body"} <= form.keys()
    ids = [part["id"] for part in form["body"] if part["type"] != "markdown"]
    assert len(ids) == len(set(ids)) > 0
    assert all(part["attributes"].get("label") for part in form["body"] if part["type"] != "markdown")
