"""Where a repository's configuration comes from: its default branch, else its owner's ``.github`` repository.

A pull request cannot change it: only the default branch is ever read. A file that cannot be used leaves
the last good settings in force.
"""

import threading
from collections.abc import Mapping
from typing import Any

import structlog
from cachetools import TTLCache

from bot.config import SOURCE, Config, Reading, defaults, read
from bot.config_file import MAX_BYTES
from bot.core.events import Repository
from bot.github import reads
from bot.github.answers import Forbidden, Missing, NotInstalled, Refused
from bot.github.client import GitHub
from bot.store.registry import Registry

KEPT_SECONDS = 60  # a change on the default branch is announced by a push; this bounds a lost one
log = structlog.get_logger(__name__)


class ConfigSource:
    """Configurations, fetched and kept for a minute."""

    def __init__(self, github: GitHub, registry: Registry) -> None:
        self._github = github
        self._registry = registry
        self._kept: TTLCache[str, Config] = TTLCache(maxsize=10_000, ttl=KEPT_SECONDS)
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

    def _fetch(self, full_name: str, installation: int) -> Config:
        text = self._file(installation, full_name)
        source = full_name
        if text is None and not full_name.endswith("/.github"):
            source = f"{full_name.split('/', 1)[0]}/.github"
            text = self._file(installation, source)
        if text is None:
            self._registry.keep_config(full_name, installation, good="", problems=None)
            return defaults()
        return self._read(full_name, installation, text, f"{source}: {SOURCE}")

    def _read(self, full_name: str, installation: int, text: bytes, source: str) -> Config:
        record = self._registry.repository(full_name)
        previous = read(record.good_config).config if record and record.good_config else None
        first = read(text, source, previous=previous)
        reading = first
        if first.config.extends:
            base = self._base(installation, first.config.extends)
            reading = read(text, source, previous=previous, base=base)
        problems = "\n".join(str(problem) for problem in reading.problems) or None
        self._note(full_name, installation, text, reading, problems)
        return reading.config

    def _note(
        self, full_name: str, installation: int, text: bytes, reading: Reading, problems: str | None
    ) -> None:
        good = None if reading.problems else text.decode("utf-8", "replace")
        self._registry.keep_config(full_name, installation, good=good, problems=problems)
        if problems:
            log.warning("config.problems", repository=full_name, problems=problems)

    def _base(self, installation: int, full_name: str) -> Mapping[str, Any]:
        text = self._file(installation, full_name)
        if text is None:
            log.warning("config.base_missing", repository=full_name)
            return {}
        return read(text, f"{full_name}: {SOURCE}").data

    def _file(self, installation: int, full_name: str) -> bytes | None:
        client = self._github.repository(installation, full_name)
        try:
            return reads.file_text(client, SOURCE)[0]
        except NotInstalled:
            raise  # that there is no file is not known
        except reads.TooLarge:
            return b" " * (MAX_BYTES + 1)  # whoever reads it says what is wrong
        except (Missing, Forbidden, Refused):
            # No file, or (for a fallback) a repository that this installation was not given.
            return None
