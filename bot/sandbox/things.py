"""What a GitHub holds: plain records, without behaviour and without HTTP."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.sandbox.branches import MERGE_METHODS, Protection
from bot.sandbox.git import Network
from bot.sandbox.users import Shared, User

Json = dict[str, Any]
Role = Literal["none", "read", "triage", "write", "maintain", "admin"]
ROLES: tuple[Role, ...] = ("none", "read", "triage", "write", "maintain", "admin")


@dataclass(eq=False, slots=True)
class App(Shared):
    id: int
    slug: str
    name: str
    owner: User
    bot: User
    created_at: datetime
    client_id: str
    client_secret: str
    private_key: str
    public_key: Any
    permissions: dict[str, str]
    events: list[str]
    description: str = ""
    external_url: str = ""
    setup_url: str | None = None
    callback_urls: list[str] = field(default_factory=list)
    hook_id: int = 0
    webhook_url: str | None = None
    webhook_secret: str | None = None
    hook_active: bool = True


@dataclass(eq=False, slots=True)
class Installation(Shared):
    id: int
    app: App
    account: User
    repositories: set[int] | None  # None: all of the account's, also future ones
    permissions: dict[str, str]
    events: list[str]
    created_at: datetime
    updated_at: datetime
    suspended_at: datetime | None = None
    suspended_by: User | None = None


@dataclass(frozen=True, slots=True)
class InstallationToken:
    value: str
    installation: Installation
    expires_at: datetime
    permissions: dict[str, str]
    repositories: frozenset[int] | None  # None: whatever the installation covers


@dataclass(eq=False, slots=True)
class Label:
    id: int
    name: str
    color: str
    description: str | None = None


@dataclass(eq=False, slots=True)
class Reaction:
    id: int
    user: User
    content: str
    created_at: datetime


@dataclass(eq=False, slots=True)
class Comment:
    id: int
    user: User
    body: str
    created_at: datetime
    updated_at: datetime
    app: App | None = None
    reactions: list[Reaction] = field(default_factory=list)
    hidden: str | None = None  # why a moderator hid it, such as `abuse`


@dataclass(eq=False, slots=True)
class Event:
    """One entry of an issue's history; `details` holds what belongs to its kind (label, rename, ...)."""

    id: int
    kind: str
    actor: User
    created_at: datetime
    app: App | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Review:
    id: int
    user: User
    body: str
    state: str
    commit_id: str
    submitted_at: datetime | None


@dataclass(eq=False, slots=True)
class ReviewComment:
    id: int
    user: User
    body: str
    path: str
    line: int | None
    side: str
    commit_id: str
    diff_hunk: str
    created_at: datetime
    updated_at: datetime
    review_id: int | None = None
    in_reply_to: int | None = None
    reactions: list[Reaction] = field(default_factory=list)
    hidden: str | None = None


@dataclass(eq=False, slots=True)
class Pull:
    """What a pull request has beyond its issue."""

    id: int
    head_repo: "Repository | None"
    head_ref: str
    head_sha: str
    base_ref: str
    base_sha: str
    draft: bool = False
    merged_at: datetime | None = None
    merged_by: User | None = None
    merge_commit_sha: str | None = None
    requested_reviewers: list[User] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    review_comments: list[ReviewComment] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Issue:
    """An issue, or with `pull` a pull request: on GitHub every pull request is an issue too."""

    id: int
    number: int
    title: str
    body: str | None
    user: User
    created_at: datetime
    updated_at: datetime
    app: App | None = None
    state: str = "open"
    state_reason: str | None = None
    closed_at: datetime | None = None
    closed_by: User | None = None
    locked: bool = False
    lock_reason: str | None = None
    pinned: bool = False
    milestone: "Milestone | None" = None
    pull: Pull | None = None
    labels: list[Label] = field(default_factory=list)
    assignees: list[User] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Milestone:
    id: int
    number: int
    title: str
    creator: User
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    state: str = "open"
    due_on: datetime | None = None
    closed_at: datetime | None = None


@dataclass(eq=False, slots=True)
class CheckRun:
    id: int
    suite_id: int
    name: str
    head_sha: str
    app: App
    status: str
    started_at: datetime
    conclusion: str | None = None
    completed_at: datetime | None = None
    external_id: str = ""
    details_url: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[Json] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class CheckSuite:
    id: int
    head_sha: str
    app: App
    created_at: datetime
    updated_at: datetime


@dataclass(eq=False, slots=True)
class Status:
    id: int
    sha: str
    state: str
    context: str
    creator: User
    created_at: datetime
    description: str | None = None
    target_url: str | None = None


@dataclass(eq=False, slots=True)
class Release:
    id: int
    tag: str
    target: str
    author: User
    created_at: datetime
    name: str | None = None
    body: str | None = None
    draft: bool = False
    prerelease: bool = False
    published_at: datetime | None = None


@dataclass(eq=False, slots=True)
class Repository:
    id: int
    owner: User
    name: str
    created_at: datetime
    network: Network
    private: bool = False
    description: str | None = None
    default_branch: str = "main"
    pushed_at: datetime | None = None
    parent: "Repository | None" = None  # of a fork
    collaborators: dict[str, Role] = field(default_factory=dict)  # by lower-case login
    associations: dict[str, str] = field(default_factory=dict)  # author_association despite the role
    contributors: set[str] = field(default_factory=set)  # lower-case logins with a merged commit
    labels: dict[str, Label] = field(default_factory=dict)  # by lower-case name
    issues: dict[int, Issue] = field(default_factory=dict)
    comment_threads: dict[int, int] = field(default_factory=dict)  # comment id -> issue number
    milestones: dict[int, Milestone] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    protections: dict[str, Protection] = field(default_factory=dict)  # by branch
    merge_methods: tuple[str, ...] = MERGE_METHODS
    check_runs: dict[int, CheckRun] = field(default_factory=dict)
    check_suites: dict[int, CheckSuite] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)
    releases: dict[int, Release] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"
