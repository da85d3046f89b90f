"""What a branch asks for before anything is merged into it, and its merge queue."""

from dataclasses import dataclass, field

from bot.sandbox.users import User

MERGE_METHODS = ("merge", "squash", "rebase")


@dataclass(eq=False, slots=True)
class QueueEntry:
    """A pull request in a merge queue; once it is its turn there is a commit on which it is checked."""

    id: int
    number: int
    pull_sha: str  # its head then
    user: User  # who put it there
    group_ref: str | None = None  # the branch of that commit
    base_sha: str = ""
    head_sha: str = ""


@dataclass(eq=False, slots=True)
class Protection:
    """The rules of one branch."""

    id: int
    checks: tuple[str, ...] = ()  # names of check runs and contexts of statuses
    approvals: int = 0
    up_to_date: bool = False
    has_queue: bool = False
    queue: list[QueueEntry] = field(default_factory=list)  # the first one is being checked
