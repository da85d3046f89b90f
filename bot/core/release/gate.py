"""The gate of a release: what it needs, what is there, and what a maintainer waived.

One pure function from what there is to know to the items of a checklist, as ``bot/core/flow.py`` has them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

from bot.core.actions import DraftRelease
from bot.core.flow import Item, Stage, Status, Who
from bot.core.globs import first_match
from bot.core.phrases import Phrase, names
from bot.core.pulls import ChangedFile, Check
from bot.core.release.draft import drafted, has_notes, kept
from bot.core.release.gate_settings import ReleaseGateConfig
from bot.core.release.gate_state import GateState
from bot.core.release.plan import is_set, last_version
from bot.core.release.settings import ReleaseConfig
from bot.core.release.state import Release
from bot.core.release.templates import filled

CHECK_NAME = "usher / release"

#: The items that may be waived: what `/skip` calls each, and what the checklist does.
WAIVABLE: Mapping[str, str] = {
    "tests": "Tests",
    "blockers": "Blocking issues",
    "docs": "Docs",
    "changelog": "Changelog",
    "migrations": "Migration notes",
    "verification": "Post-merge verification",
}
#: Items that a later commit opens anew although they were waived: who waived them had not seen it.
OF_THE_COMMIT = frozenset({"tests", "verification"})

_TOO_MANY = "GitHub lists 300 of the changed files, and {} A person has to look"
_MIGRATES = re.compile(r"(?i)\b(?:migrat(?:e|es|ed|ing|ions?)|upgrad(?:e|es|ed|ing)|breaking)\b")
_GUIDES = ("**/{UPGRADE,UPGRADING,MIGRATION,MIGRATING,upgrade,upgrading,migration,migrating}*.*",)

Said = tuple[Status, Phrase]


@dataclass(frozen=True, slots=True)
class Gate:
    """How a release stands.

    Args:
        tag: what it is called; "" while there is no draft with a tag.
        sha: the commit that would be released.
        items: the lines of the checklist, in order.
    """

    tag: str
    sha: str
    items: tuple[Item, ...]

    @property
    def open(self) -> tuple[Item, ...]:
        """What is needed and not there."""
        return tuple(item for item in self.items if item.is_open and item.needed)

    @property
    def is_green(self) -> bool:
        return not self.open

    @property
    def conclusion(self) -> Literal["success", "failure", ""]:
        """Of the check run: in progress while only checks are waited for."""
        if self.is_green:
            return "success"
        return "failure" if any(item.status == Status.MISSING for item in self.open) else ""


def gate(state: GateState, config: ReleaseGateConfig) -> Gate:
    """Say how a release stands.

    Args:
        state: what there is to know.
        config: what the release needs.
    """
    draft = state.release.draft
    judged = {
        "tests": _tests(state, config),
        "blockers": _blockers(state),
        "docs": _docs(state, config),
        "changelog": _changelog(state, config),
        "migrations": _migrations(state, config),
        "verification": _verification(state, _tests(state, config)[0]),
    }
    first = Item("draft", "Draft", Stage.RELEASE, *_draft(state), who="maintainers")
    items = [_item(key, said, state, needed=key in config.needs) for key, said in judged.items()]
    tag = draft.tag if draft is not None and is_set(draft.tag) else ""
    return Gate(tag, state.sha, (first, *items))


def draft_wanted(state: GateState) -> DraftRelease | None:
    """Return what makes the draft, or brings it up to date; None where nothing has to, or it is people's."""
    if not keeps_drafts(state.settings):
        return None
    wanted = drafted(state.release, state.settings, is_asked=True)[1]
    return None if wanted is not None and wanted.tag == state.after else wanted


def keeps_drafts(settings: ReleaseConfig) -> bool:
    """Whether the section ``release``, with the mode that holds for it, lets Usher write drafts."""
    return settings.enabled and settings.mode != "observe"


def milestone_titles(
    draft: Release | None, config: ReleaseGateConfig, release: ReleaseConfig
) -> frozenset[str]:
    """What the milestone of a release may be called, in lower case; nothing while it has no version.

    Args:
        draft: the draft of the release.
        config: with ``milestone``, where people say what it is called.
        release: how versions are written.
    """
    version = last_version(draft.tag, draft.name, release) if draft and is_set(draft.tag) else None
    if draft is None or version is None:
        return frozenset()
    if config.milestone:
        title = filled(config.milestone, {"TAG": draft.tag, "VERSION": str(version)})
        return frozenset({title.lower()})
    minor = f"{version.major_text}.{version.minor}"
    titles = (draft.tag, str(version), f"v{version}", minor, f"v{minor}")
    return frozenset(title.lower() for title in titles)


def _item(key: str, said: Said, state: GateState, *, needed: bool) -> Item:
    status, text = said
    who: Who = "checks" if status == Status.WAITING else "maintainers"
    item = Item(key, WAIVABLE[key], Stage.RELEASE, status, text, who, needed)
    skip = state.skips.of(key)
    if skip is None or not item.is_open or (key in OF_THE_COMMIT and skip.sha != state.sha):
        return item
    if key == "blockers" and state.unwaived:
        return item
    waived = Phrase("waived by {by}: {reason}", {"by": skip.by, "reason": skip.reason})
    return replace(item, status=Status.SKIPPED, text=waived)


def _draft(state: GateState) -> Said:
    draft, keeps = state.release.draft, keeps_drafts(state.settings)
    if not state.sha:
        return Status.MISSING, Phrase("there is no branch `{branch}` to release", {"branch": state.branch})
    if draft is None:
        how = "; `/release prepare` writes it" if keeps else ": somebody has to write it"
        return Status.MISSING, Phrase(f"there is none yet{how}")
    if not is_set(draft.tag):
        how = ", or say `/release prepare`" if keeps else ""
        return Status.MISSING, Phrase(f"it has no tag: give it one{how}")
    if state.tagged not in {"", state.sha}:
        text = "the tag `{tag}` exists already, on `{sha}`: give the draft another one"
        return Status.MISSING, Phrase(text, {"tag": draft.tag, "sha": state.tagged[:7]})
    if draft_wanted(state) is not None and has_notes(draft):
        text = "`{tag}` does not have everything yet; `/release prepare` brings it up to date"
        return Status.MISSING, Phrase(text, {"tag": draft.tag})
    return Status.DONE, Phrase("`{tag}`, on `{sha}`", {"tag": draft.tag, "sha": state.sha[:7]})


def _tests(state: GateState, config: ReleaseGateConfig) -> Said:
    found = [check for check in state.checks.checks if not _is_ignored(check, config)]
    if failed := [check.name for check in found if check.has_failed]:
        named = names(failed)
        return Status.MISSING, Phrase(f"{named.text} failed", named.values)
    if waiting := [check.name for check in found if not check.is_done]:
        named = names(waiting)
        return Status.WAITING, Phrase(f"waiting for {named.text}", named.values)
    if not state.checks.is_complete:
        return Status.MISSING, Phrase("there are more checks than can be read. A person has to look")
    if found:
        text = "{count} check passed" if len(found) == 1 else "{count} checks passed"
        return Status.DONE, Phrase(text, {"count": len(found)})
    if config.require_checks:
        sha = {"sha": state.sha[:7]}
        return Status.MISSING, Phrase("no checks ran on `{sha}` (`require_checks` in the settings)", sha)
    return Status.NOT_APPLICABLE, Phrase("no checks ran, and none need to")


def _is_ignored(check: Check, config: ReleaseGateConfig) -> bool:
    return any(fnmatchcase(check.name, pattern) for pattern in config.ignore_checks)


def _blockers(state: GateState) -> Said:
    if not state.blockers:
        return Status.DONE, Phrase("none is open")
    return Status.MISSING, _numbers("open: {}", state.unwaived or state.blockers)


def _docs(state: GateState, config: ReleaseGateConfig) -> Said:
    if state.follow_ups:
        return Status.MISSING, _numbers("left for later and still open: {}", state.follow_ups)
    if not state.after:
        return Status.NOT_APPLICABLE, Phrase("the first release")
    paths = [path for path in state.changed.paths if not first_match(config.changelog, path)]
    if changed := [path for path in paths if first_match(config.docs, path)]:
        named = names(changed)
        return Status.DONE, Phrase(f"{named.text} changed", named.values)
    if _is_patch(state):
        return Status.NOT_APPLICABLE, Phrase("a patch, and nothing was left for later")
    if not state.changed.is_complete:
        return Status.MISSING, Phrase(_TOO_MANY.format("none of these is documentation."))
    return Status.MISSING, Phrase("no documentation changed since `{after}`", {"after": state.after})


def _is_patch(state: GateState) -> bool:
    """Whether the version says that nothing was added."""
    before, draft = state.release.last, state.release.draft
    if before is None or draft is None:
        return False
    old, new = (last_version(each.tag, each.name, state.settings) for each in (before, draft))
    return old is not None and new is not None and (old.major, old.minor) == (new.major, new.minor)


def _changelog(state: GateState, config: ReleaseGateConfig) -> Said:
    written = _written(state, config)
    if written:
        named = names([file.path for file in written])
        return Status.DONE, Phrase(f"{named.text} changed", named.values)
    if not state.changelogs:
        return Status.NOT_APPLICABLE, Phrase("there is none, and the notes of the release serve")
    if not state.after:
        named = names(state.changelogs)
        return Status.DONE, Phrase(f"{named.text} is there", named.values)
    if not state.changed.is_complete:
        return Status.MISSING, Phrase(_TOO_MANY.format("none of these is a changelog."))
    named = names(state.changelogs)
    text = f"{named.text} did not change since `{{after}}`"
    return Status.MISSING, Phrase(text, {**named.values, "after": state.after})


def _migrations(state: GateState, config: ReleaseGateConfig) -> Said:
    schemas = [path for path in state.changed.paths if first_match(config.schemas, path)]
    if not state.after:
        return Status.NOT_APPLICABLE, Phrase("the first release")
    if not schemas and not state.changed.is_complete:
        return Status.MISSING, Phrase(_TOO_MANY.format("none of these is a schema."))
    if not schemas:
        return Status.NOT_APPLICABLE, Phrase("no schema changed")
    told = _told(state, config, schemas)
    if told is not None:
        return Status.DONE, told
    named = names(schemas)
    text = f"{named.text} changed, and neither the draft nor the changelog tells how to migrate or upgrade"
    return Status.MISSING, Phrase(text, named.values)


def _told(state: GateState, config: ReleaseGateConfig, schemas: Sequence[str]) -> Phrase | None:
    """Where people are told how to migrate; None where nowhere."""
    guides = [path for path in state.changed.paths if first_match(_GUIDES, path) and path not in schemas]
    if guides:
        named = names(guides)
        return Phrase(f"{named.text} changed", named.values)
    own = kept(state.release)
    if _MIGRATES.search(f"{own.above}\n{own.below}"):
        return Phrase("the draft tells how to migrate")
    if _MIGRATES.search("\n".join(_added(file) for file in _written(state, config))):
        return Phrase("the changelog tells how to migrate")
    return None


def _verification(state: GateState, tests: Status) -> Said:
    """What was merged and broke something holds the release up, also where the commit's own checks are green:
    it may have broken what is not run on every commit.
    """
    if not state.unverified:
        return Status.DONE, Phrase("nothing that was merged waits for it")
    waiting = [number for number in state.unverified if number not in state.broken]
    if not state.broken:
        return Status.WAITING, _numbers("checks after the merge are under way: {}", waiting)
    red = _numbers("checks after the merge are red: {}", state.broken)
    if waiting:
        more = _numbers("; under way: {}", waiting, prefix="w")
        red = Phrase(red.text + more.text, {**red.values, **more.values})
    return Status.WAITING if tests == Status.WAITING else Status.MISSING, red


def _written(state: GateState, config: ReleaseGateConfig) -> list[ChangedFile]:
    """The changelog's files that changed; that one was removed tells nobody anything."""
    return [
        file
        for file in state.changed.files
        if file.status != "removed" and first_match(config.changelog, file.path)
    ]


def _added(file: ChangedFile) -> str:
    return "\n".join(line[1:] for line in (file.patch or "").split("\n") if line.startswith("+"))


def _numbers(text: str, listed: Sequence[int], most: int = 5, prefix: str = "n") -> Phrase:
    """A sentence with references to threads in the place of ``{}``."""
    shown = {f"{prefix}{place}": number for place, number in enumerate(listed[:most])}
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return Phrase(text.format(", ".join(f"#{{{name}}}" for name in shown) + more), shown)
