"""What there is to know about a release that is to go out, and the checklist issue that is kept of it."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.core.facts import Fact
from bot.core.pull_context import Skips
from bot.core.pulls import ChangedFiles, Checks
from bot.core.release.settings import ReleaseConfig
from bot.core.release.state import ReleaseState

CHECKLIST_PURPOSE = "release after"  # what the purpose of each checklist begins with


@dataclass(frozen=True, slots=True)
class Checklist:
    """The checklist issue of a repository's next release, while it is open.

    Args:
        issue: its number.
        purpose: what it is to ``UpsertIssue``: it stays the same while the version of the draft moves.
        after: the tag of the release before, when it was opened; "" for the first.
        branch: the branch that is released.
        sha: the release commit, when it was looked at last.
        draft: GitHub's number of the draft, likewise; 0 without one.
        asked_in, asked_by: the thread and the login of who asked for it.
        since: when that became the release commit here (UTC); None where that was not noted.
    """

    issue: int
    purpose: str
    after: str = ""
    branch: str = "main"
    sha: str = ""
    draft: int = 0
    asked_in: int = 0
    asked_by: str = ""
    since: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class OpenChecklist(Fact):
    """The checklist of the repository's next release, as it was kept.

    Args:
        known: None while there is none.
        blockers: the numbers of the issues that block the release; asked for only where they are waived.
    """

    known: Checklist | None = None
    blockers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GateState(Fact):
    """What the gate of a release is decided by.

    Of a command about something else nothing is asked, so that an empty state answers for it.

    Args:
        release: the draft, the release before, and what was merged since.
        settings: how drafts are written, with the mode that holds for them.
        branch: what is released; the name of a branch, seldom a commit.
        sha: the release commit: the tip of that branch; "" where GitHub does not find it.
        tagged: the commit that the draft's tag names already; "" where there is no such tag.
        checks: those of the release commit.
        changed: the files that changed since the release before, up to the 300 that GitHub compares; empty
            for a first release.
        changelogs: files in the root of the release commit that look like a changelog.
        blockers: numbers of the open issues and pull requests that block it.
        follow_ups: numbers of the open issues about documentation that was left for later.
        unverified: numbers of pull requests since the release before whose checks after the merge are not
            all green.
        broken: those of them after whose merge a check failed; the others are still being checked.
        skips: the items that maintainers waived on the checklist.
        checklist: the one that is open; None without.
        closed: the number of the checklist that a person closed; 0 where nobody did.
    """

    release: ReleaseState = field(default_factory=ReleaseState)
    settings: ReleaseConfig = field(default_factory=ReleaseConfig)
    branch: str = "main"
    sha: str = ""
    tagged: str = ""
    checks: Checks = field(default_factory=Checks)
    changed: ChangedFiles = field(default_factory=ChangedFiles)
    changelogs: tuple[str, ...] = ()
    blockers: tuple[int, ...] = ()
    follow_ups: tuple[int, ...] = ()
    unverified: tuple[int, ...] = ()
    broken: tuple[int, ...] = ()
    skips: Skips = field(default_factory=Skips)
    checklist: Checklist | None = None
    closed: int = 0

    @property
    def after(self) -> str:
        """The tag of the release before; "" for the first."""
        return self.release.last.tag if self.release.last else ""

    @property
    def unwaived(self) -> tuple[int, ...]:
        """The blockers that nobody waived, or only others that there were before."""
        skip = self.skips.of("blockers")
        return tuple(number for number in self.blockers if skip is None or number not in skip.covers)

    @property
    def is_out(self) -> bool:
        """Whether the release that the checklist is about was published meanwhile.

        Another release may go out beside it, such as a patch of an older version: then the draft is the same.
        """
        known, draft = self.checklist, self.release.draft
        if known is None or self.after == known.after:
            return False
        return draft is None or draft.id != known.draft


def purpose_after(tag: str) -> str:
    """What the checklist is to ``UpsertIssue``: one for each release, whatever its version will be."""
    return f"{CHECKLIST_PURPOSE} {tag or 'nothing'}"[:200]
