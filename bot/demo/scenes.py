"""What waits at the end of the made-up history, whatever chance made of the rest.

So that a report always has something for Monday: newcomers without an answer, authors who did what was asked
of them, a change that is approved and forgotten, and a thread that lost its temper.
"""

from dataclasses import dataclass

from bot.core.history import EventKind


@dataclass(frozen=True, slots=True)
class Act:
    """Something done on a thread: so many days before the end, by whom, and what belongs to it."""

    days: float
    kind: EventKind
    who: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """A thread: opened so many days before the end, by whom, and what was done on it."""

    days: float
    title: str
    author: str
    is_pull: bool = False
    acts: tuple[Act, ...] = ()


SCENES = (
    Scene(
        24.3,
        "Keep the zoom level of each tab",
        "aroha",
        is_pull=True,
        acts=(
            Act(22.9, "reviewed", "sam", "changes_requested"),
            Act(20.1, "committed"),
            Act(13.2, "reviewed", "sam", "approved"),
        ),
    ),
    Scene(
        16.4,
        "Export to PDF cuts off the last column",
        "marten-o",
        acts=(Act(14.8, "commented", "yuki"), Act(14.1, "commented", "marten-o")),
    ),
    Scene(
        12.2,
        "Bring back the old toolbar",
        "bo",
        acts=(
            Act(11.9, "commented", "li-wei"),
            Act(10.4, "commented", "teodor-k", "abuse"),
            Act(10.1, "commented", "yuki"),
            Act(9.8, "commented", "teodor-k", "abuse"),
        ),
    ),
    Scene(
        11.6,
        "Read the proxy from the environment",
        "tomasz",
        is_pull=True,
        acts=(Act(10.7, "reviewed", "maya", "changes_requested"), Act(6.3, "committed")),
    ),
    Scene(
        8.2,
        "Draw the grid only once",
        "yuki",
        is_pull=True,
        acts=(Act(7.5, "reviewed", "li-wei", "changes_requested"), Act(3.2, "committed")),
    ),
    Scene(4.4, "Correct the path in the installation guide", "soraya-b", is_pull=True),
    Scene(2.6, "Widgets vanish when I unplug the second screen", "teodor-k"),
    Scene(1.3, "Translate the menu into Yoruba", "yewande", is_pull=True),
)
