"""Where a repository's configuration comes from: its default branch, else its owner's ``.github`` repository.

A pull request cannot change it: only the default branch is ever read. A file that cannot be used leaves
the last good settings in force.
"""

import json
import threading
from collections.abc import Mapping
from typing import Any

import structlog
from cachetools import TTLCache

from bot.config import SOURCE, Config, defaults, merge, read
from bot.config_file import MAX_BYTES
from bot.core.events import Repository
from bot.github import reads
from bot.github.answers import Forbidden, Missing, NotInstalled, Refused
from bot.github.client import GitHub
from bot.store.registry import Registry

KEPT_SECONDS = 60  # a change on the default branch is announced by a push; this bounds a lost one
log = structlog.get_logger(__name__)


class _Doubtful(Exception):
    """GitHub does not find a file that was there; it may be wrong once."""


class ConfigSource:
    """Configurations, fetched and kept for a minute."""

    def __init__(self, github: GitHub, registry: Registry) -> None:
        self._github = github
        self._registry = registry
        self._kept: TTLCache[str, Config] = TTLCache(maxsize=10_000, ttl=KEPT_SECONDS)
        self._own: set[str] = set()  # whose own file was read and, since, not announced to have changed
        self._lock = threading.Lock()

    def get(self, repository: Repository) -> Config:
        """Return the settings in force for a repository; see ``named``."""
        return self.named(repository.full_name, repository.installation)

    def named(self, full_name: str, installation: int) -> Config:
        """Return the settings in force for a repository.

        Raises:
            RetryLater: GitHub could not be asked.
            NotInstalled: the App was removed.
        """
        with self._lock:
            kept = self._kept.get(full_name)
        if kept is not None:
            return kept
        config = self._fetch(full_name, installation)
        with self._lock:
            self._kept[full_name] = config
        return config

    def forget(self, full_name: str) -> None:
        """Drop what is kept of a repository, and of all that may fall back on it."""
        owner = full_name.split("/", 1)[0]
        with self._lock:
            if full_name.endswith("/.github"):
                for name in [name for name in self._kept if name.startswith(f"{owner}/")]:
                    self._kept.pop(name, None)
            self._kept.pop(full_name, None)
            self._own.discard(full_name)

    def _fetch(self, full_name: str, installation: int) -> Config:
        record = self._registry.repository(full_name)
        previous = read(record.good_config).config if record and record.good_config else None
        try:
            text, source = self._own_or_owners(full_name, installation, previous)
        except (Forbidden, Refused, _Doubtful) as error:
            # That there is no file is not known: what held so far goes on.
            log.warning("config.not_read", repository=full_name, reason=str(error))
            return previous or defaults()
        if text is None:
            self._registry.keep_config(full_name, installation, good="", problems=None)
            return defaults()
        return self._read(full_name, installation, text, f"{source}: {SOURCE}", previous)

    def _own_or_owners(
        self, full_name: str, installation: int, previous: Config | None
    ) -> tuple[bytes | None, str]:
        """Return the repository's own file, else its owner's, and whose it is."""
        try:
            text = self._file(installation, full_name)
        except NotInstalled:
            raise
        except Missing as error:
            if previous is not None and full_name in self._own:
                self._own.discard(full_name)  # GitHub may err; a file that is gone is still gone later
                raise _Doubtful("the file that was there is not found") from error
        else:
            self._own.add(full_name)
            return text, full_name
        owners = f"{full_name.split('/', 1)[0]}/.github"
        if full_name == owners:
            return None, full_name
        try:
            return self._file(installation, owners), owners
        except NotInstalled:
            raise
        except (Missing, Forbidden, Refused):
            return None, owners  # no such file, or a repository that this installation was not given

    def _read(
        self, full_name: str, installation: int, text: bytes, source: str, previous: Config | None
    ) -> Config:
        reading = read(text, source, previous=previous)
        problems = [str(problem) for problem in reading.problems]
        merged: Mapping[str, Any] = reading.data
        config = reading.config
        if reading.config.extends and not problems:
            base, problem = self._base(installation, reading.config.extends)
            if problem is not None:
                problems.append(f"{source}: `extends`: {problem}")
                config = previous or config.model_copy(update={"mode": "observe"})
            else:
                merged = merge(base, reading.data)
                reading = read(text, source, previous=previous, base=base)
                problems += [str(each) for each in reading.problems]
                config = reading.config
        # With what it extends laid under it, so that it still holds when that cannot be read.
        good = None if problems else json.dumps(merged)
        said = "\n".join(problems) or None
        self._registry.keep_config(full_name, installation, good=good, problems=said)
        if said:
            log.warning("config.problems", repository=full_name, problems=said)
        return config

    def _base(self, installation: int, full_name: str) -> tuple[Mapping[str, Any], str | None]:
        """Return what another repository's file says, or what is wrong with it."""
        try:
            text = self._file(installation, full_name)
        except NotInstalled:
            raise
        except (Missing, Forbidden, Refused):
            return {}, f"{full_name} has no {SOURCE} that Usher may read"
        reading = read(text, f"{full_name}: {SOURCE}")
        return reading.data, str(reading.problems[0]) if reading.problems else None

    def _file(self, installation: int, full_name: str) -> bytes:
        client = self._github.repository(installation, full_name)
        try:
            text = reads.file_text(client, SOURCE)[0]
        except reads.TooLarge:
            return b" " * (MAX_BYTES + 1)  # whoever reads it says what is wrong
        assert text is not None  # no copy in hand was named
        return text
