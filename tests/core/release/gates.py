"""A release that is to go out, as the tests of its gate share it."""

from typing import Any

from bot.core.pull_context import Skip, Skips
from bot.core.pulls import ChangedFile, ChangedFiles, Check, Checks
from bot.core.release.draft import drafted
from bot.core.release.gate_settings import ReleaseGateConfig
from bot.core.release.gate_state import Checklist, GateState
from bot.core.release.state import Release, ReleaseState
from tests.core.release.history import config, merged, state

SHA = "c" * 40
CHECKLIST = Checklist(30, "release after v1.4.2", "v1.4.2", sha=SHA, draft=9, asked_in=12, asked_by="maint")
MERGED = merged(101, "Add a dark mode", labels=("enhancement",))
MINOR = config(version_resolver={"minor": {"labels": ["enhancement"]}})


def draft(**changes: Any) -> Release:
    """The draft of v1.5.0 as Usher writes it, with changes."""
    action = drafted(state(MERGED), MINOR)[1]
    assert action is not None
    fields = {"tag": action.tag, "name": action.name, "body": action.body, "target": "main"}
    return Release(**{**fields, "id": 9, "is_draft": True, **changes})


def ready(release: ReleaseState | None = None, **changes: Any) -> GateState:
    """A release with everything that it needs, with changes."""
    fields: dict[str, Any] = {
        "release": release or state(MERGED, draft=draft()),
        "settings": MINOR,
        "sha": SHA,
        "checks": Checks((Check("ci", "success"),), SHA),
        "changed": files("src/theme.py", "docs/theme.md", "CHANGELOG.md"),
        "changelogs": ("CHANGELOG.md",),
    }
    return GateState(**{**fields, **changes})


def files(*paths: str, is_complete: bool = True, patch: str | None = None) -> ChangedFiles:
    """Files that changed, each by the same patch."""
    return ChangedFiles(tuple(ChangedFile(path, patch=patch) for path in paths), is_complete)


def waived(item: str, sha: str = SHA) -> Skips:
    """A maintainer's word on one item."""
    return Skips((Skip(item, "not now", "maint", sha, (4,)),))


def settings(**changes: Any) -> ReleaseGateConfig:
    """The section, by the names of its settings."""
    return ReleaseGateConfig.model_validate(changes)
