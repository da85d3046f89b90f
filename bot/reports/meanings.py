"""What the lists of *Needs you now* say, and who counts as a maintainer, as the page explains it."""

from bot.health.heat import LATELY
from bot.health.waiting import NeedKind
from bot.reporting import Told
from bot.reports.words import number

RULE = (
    "Each thread stands in one list; what a moderator should see stands there besides. Drafts, locked threads"
    " and what has one of the ignored labels are in none."
)
_LISTS: dict[NeedKind, str] = {
    "first_timers_waiting": (
        "The first issue or pull request of people who have had nothing merged, and no word from a maintainer"
        " anywhere. Since it was opened, or ready."
    ),
    "prs_waiting_for_maintainers": (
        "Pull requests that are ready and whose author wrote or pushed after every maintainer's word. Since"
        " the author did."
    ),
    "issues_unanswered": (
        "Issues of people who are no maintainers, on which nobody else wrote, not even a bot. Since it was"
        " opened."
    ),
    "answered_only_by_outsiders": (
        "Issues on which bots or people outside the project wrote, but no maintainer. Since it was opened."
    ),
    "approved_unmerged": (
        "Pull requests that a maintainer approved as they are more than {days} days ago, where nobody asks"
        " for changes and no check is known to stop them. Since the first approval."
    ),
    "heated": (
        "Threads with a sign of the last {lately} days that something went wrong between people. Since the"
        " last sign."
    ),
}
_NAMES: dict[NeedKind, str] = {
    "first_timers_waiting": "First-time contributors",
    "prs_waiting_for_maintainers": "Pull requests that wait for a maintainer",
    "issues_unanswered": "Issues without an answer from anybody",
    "answered_only_by_outsiders": "Issues without an answer from a maintainer",
    "approved_unmerged": "Approved and unmerged",
    "heated": "Signs of heat",
}


def lists(told: Told) -> tuple[tuple[str, str], ...]:
    """Return what each list of a report that is not empty holds: its name, and who is in it since when."""
    days = told.config.unmerged_after
    kinds = [need.kind for need in told.report.needs_you if need.count]
    return tuple((_NAMES[kind], _LISTS[kind].format(days=days, lately=LATELY)) for kind in kinds)


def maintainers(told: Told) -> str:
    """Say how many accounts count as maintainers, and how that was found out."""
    many = len(told.report.maintainers)
    accounts = (
        "1 account counts as a maintainer" if many == 1 else f"{number(many)} accounts count as maintainers"
    )
    listed = ", or by the settings" if told.config.maintainers else ""
    return (
        f"{accounts}, by what GitHub calls them (owner, member, collaborator), by what only maintainers can"
        f" do on others' threads (such as to merge, close or label){listed}"
    )
