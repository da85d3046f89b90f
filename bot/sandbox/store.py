"""The sandbox's state: who and what exists, found by the names and ids that requests carry."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.clock import Clock
from bot.sandbox.git import Author, Network
from bot.sandbox.things import (
    ROLES,
    App,
    Installation,
    InstallationToken,
    Label,
    Repository,
    Role,
)
from bot.sandbox.users import User

# GitHub gives these to every new repository.
DEFAULT_LABELS = {
    "bug": ("d73a4a", "Something isn't working"),
    "documentation": ("0075ca", "Improvements or additions to documentation"),
    "duplicate": ("cfd3d7", "This issue or pull request already exists"),
    "enhancement": ("a2eeef", "New feature or request"),
    "good first issue": ("7057ff", "Good for newcomers"),
    "help wanted": ("008672", "Extra attention is needed"),
    "invalid": ("e4e669", "This doesn't seem right"),
    "question": ("d876e3", "Further information is requested"),
    "wontfix": ("ffffff", "This will not be worked on"),
}


@dataclass(eq=False)
class Store:
    clock: Clock
    users: dict[str, User] = field(default_factory=dict)  # by lower-case login, as all names below
    repositories: dict[str, Repository] = field(default_factory=dict)
    apps: dict[int, App] = field(default_factory=dict)
    installations: dict[int, Installation] = field(default_factory=dict)
    tokens: dict[str, InstallationToken] = field(default_factory=dict)
    person_tokens: dict[str, User] = field(default_factory=dict)
    login_codes: dict[str, tuple[App, User, datetime]] = field(default_factory=dict)
    manifest_codes: dict[str, tuple[App, datetime]] = field(default_factory=dict)  # with when they expire
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1001))

    def next_id(self) -> int:
        """One counter for every kind of thing, so that no two ids are ever mistaken for each other."""
        return next(self.ids)

    def user(self, login: str) -> User | None:
        return self.users.get(login.lower())

    def ensure_user(self, login: str) -> User:
        """The user of that name, made on first mention."""
        found = self.user(login)
        if found is None:
            kind = "Bot" if login.endswith("[bot]") else "User"
            found = User(self.next_id(), login, self.clock.now(), "Bot" if kind == "Bot" else "User")
            self.users[login.lower()] = found
        return found

    def repository(self, full_name: str) -> Repository | None:
        return self.repositories.get(full_name.lower())

    def repository_by_id(self, number: int) -> Repository | None:
        return next((repo for repo in self.repositories.values() if repo.id == number), None)

    def add_repository(self, owner: User, name: str, files: dict[str, bytes], branch: str) -> Repository:
        """A repository with one commit that holds the files."""
        now = self.clock.now()
        repo = Repository(self.next_id(), owner, name, now, Network(), default_branch=branch, pushed_at=now)
        first = repo.network.commit(files, (), "Initial commit", author_of(owner), now)
        repo.branches[branch] = first.sha
        if owner.type == "User":
            repo.collaborators[owner.login.lower()] = "admin"
        self.repositories[repo.full_name.lower()] = repo
        return repo

    def fork(self, parent: Repository, owner: User) -> Repository:
        """The owner's fork: its own branches, the parent's commits."""
        name = f"{owner.login}/{parent.name}".lower()
        if name in self.repositories:
            return self.repositories[name]
        fork = Repository(self.next_id(), owner, parent.name, self.clock.now(), parent.network)
        fork.parent = parent
        fork.private, fork.description = parent.private, parent.description
        fork.default_branch, fork.pushed_at = parent.default_branch, parent.pushed_at
        fork.branches = {parent.default_branch: parent.branches[parent.default_branch]}
        fork.collaborators[owner.login.lower()] = "admin"
        self.repositories[name] = fork
        return fork

    def add_label(self, repo: Repository, name: str, color: str, description: str | None = None) -> Label:
        label = Label(self.next_id(), name, color, description)
        repo.labels[name.lower()] = label
        return label

    def installations_on(self, repo: Repository) -> list[Installation]:
        return [one for one in self.installations.values() if covers(one, repo)]


def covers(installation: Installation, repo: Repository) -> bool:
    if installation.account is not repo.owner:
        return False
    return installation.repositories is None or repo.id in installation.repositories


def author_of(user: User) -> Author:
    email = user.email or f"{user.id}+{user.login}@users.noreply.github.com"
    return Author(user.name or user.login, email, user.login)


def role_of(repo: Repository, user: User | None) -> Role:
    """What a person may do here: the strongest of ownership, collaboration and being anyone at all."""
    if user is None:
        return "none" if repo.private else "read"
    if user is repo.owner:
        return "admin"
    granted = repo.collaborators.get(user.login.lower())
    if granted is not None:
        return granted
    if user.login.lower() in repo.owner.members:
        return "read"
    return "none" if repo.private else "read"


def at_least(repo: Repository, user: User | None, role: Role) -> bool:
    return ROLES.index(role_of(repo, user)) >= ROLES.index(role)


def association_of(repo: Repository, user: User) -> str:
    """`author_association`: GitHub's word for a person's relation to the repository."""
    login = user.login.lower()
    if login in repo.associations:
        return repo.associations[login]
    if user is repo.owner:
        return "OWNER"
    if login in repo.owner.members:
        return "MEMBER"
    if login in repo.collaborators:
        return "COLLABORATOR"
    return "CONTRIBUTOR" if login in repo.contributors else "NONE"
