"""What a delivery changes in what Usher knows: installations, repositories, settings, labels, looks."""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from bot.apply.settings import report_settings
from bot.config import SOURCE
from bot.core.body import NO_INSTALLATION
from bot.core.events import (
    ChecksChanged,
    Event,
    FilesPushed,
    InstallationChanged,
    LabelsEdited,
    PullEvent,
    ReleasePublished,
    RepositoriesChanged,
    RepositoryRenamed,
)
from bot.follow import Follower
from bot.gather import ConfigSource, Gatherer
from bot.github.answers import NotInstalled
from bot.github.client import GitHub
from bot.store.registry import Registry

OF_MANY = (ChecksChanged, ReleasePublished)  # events that bear on any number of pull requests
HOUSEKEEPING = (
    InstallationChanged,
    RepositoriesChanged,
    RepositoryRenamed,
    FilesPushed,
    LabelsEdited,
    *OF_MANY,
)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Housekeeper:
    """Keeps the books.

    Args:
        github, registry, configs, gatherer, follower: its tools.
        dry_run: write nothing at GitHub.
    """

    github: GitHub
    registry: Registry
    configs: ConfigSource
    gatherer: Gatherer
    follower: Follower
    dry_run: bool

    def keep(self, events: Iterable[Event]) -> None:
        """Note what a delivery stands for; safe to do twice.

        Raises:
            RetryLater: GitHub could not be asked.
        """
        for event in events:
            if isinstance(event, InstallationChanged):
                self._installation(event)
            elif isinstance(event, RepositoriesChanged):
                self.registry.installed(event.installation, event.account)
                self.registry.add_repositories(event.installation, event.added)
                self.registry.remove_repositories(event.removed)
                self._forget(event.removed)
            elif isinstance(event, RepositoryRenamed):
                where = event.repository
                self.registry.rename(where.id, event.before, where.full_name, where.installation)
                self._forget((event.before, where.full_name))
            elif isinstance(event, FilesPushed) and (SOURCE in event.paths or not event.paths):
                # A push that lists no files, such as a forced one, may have changed any.
                self.configs.forget(event.repository.full_name)
                self._read_settings(event)
            elif isinstance(event, LabelsEdited):
                self.gatherer.forget_labels(event.repository.full_name)
            elif isinstance(event, OF_MANY):
                self.follower.told(event)
            elif isinstance(event, PullEvent):
                self.follower.announced(event)

    def _read_settings(self, event: FilesPushed) -> None:
        """Read the settings that a push brought, and say on its commit what is wrong with them."""
        where = event.repository
        if where.installation == NO_INSTALLATION or self.registry.is_suspended(where.installation):
            return
        try:
            config = self.configs.get(where)
        except NotInstalled:
            return
        if config.mode != "act":
            return
        record = self.registry.repository(where.full_name)
        if record is not None and record.config_problems and not self.dry_run:
            client = self.github.repository(where.installation, where.full_name)
            problems = record.config_problems.split("\n")
            report_settings(client, self.follower.flows, where, event.sha, problems)

    def _installation(self, event: InstallationChanged) -> None:
        if event.action == "deleted":
            names = {*event.repositories, *self.registry.repositories_of(event.installation)}
            self.registry.purge(event.installation)
            self.github.forget(event.installation)
            self._forget(names)
            log.info("installation.purged", installation=event.installation, account=event.account)
            return
        suspended = event.action == "suspend"
        self.registry.installed(event.installation, event.account, suspended=suspended)
        self.registry.add_repositories(event.installation, event.repositories)

    def _forget(self, repositories: Iterable[str]) -> None:
        """Drop what this process keeps of repositories."""
        for name in repositories:
            self.configs.forget(name)
            self.gatherer.forget_labels(name)
