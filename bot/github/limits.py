"""GitHub's limits, kept for every request: nothing is sent before its time, and writes stand in line."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

import httpx
from github import GithubException

from bot.core.errors import RetryLater
from bot.github.answers import limit_of, message_of, verdict
from bot.github.transport import WRITES, before_request

LONGEST_WRITE_WAIT = timedelta(seconds=5)  # in line for a write; beyond, the delivery is put back


class Pacer(Protocol):
    """Keeps GitHub's limits for all workers; see ``bot/store/pace.py``."""

    def blocked_until(self, installation: int) -> datetime | None: ...
    def block(self, installation: int, until: datetime | None) -> datetime: ...
    def forgive(self, installation: int) -> None: ...
    def reserve_write(self, installation: int, longest: timedelta) -> timedelta: ...


@contextmanager
def limited(pacer: Pacer, installation: int, *, spaced: bool = True) -> Iterator[None]:
    """Keep an installation's limits for every request made inside, and learn from the answers.

    ``spaced`` keeps writes apart from each other; asking for a token is a POST, and yet writes nothing.
    """
    wrote = False

    def wait_or_refuse(verb: str) -> None:
        nonlocal wrote
        _refuse_if_blocked(pacer, installation)
        if not spaced or verb not in WRITES:
            return
        wait = pacer.reserve_write(installation, LONGEST_WRITE_WAIT)
        if wait > LONGEST_WRITE_WAIT:
            raise RetryLater("many writes are in line for this installation", datetime.now(UTC) + wait)
        if wait:
            time.sleep(wait.total_seconds())
            _refuse_if_blocked(pacer, installation)  # another worker may have hit a limit meanwhile
        wrote = True

    mark = before_request.set(wait_or_refuse)
    try:
        with translated(pacer, installation):
            yield
            if wrote:  # that reads are answered says nothing of the limits on writes
                pacer.forgive(installation)
    finally:
        before_request.reset(mark)


def _refuse_if_blocked(pacer: Pacer, installation: int) -> None:
    until = pacer.blocked_until(installation)
    if until is not None:
        raise RetryLater("GitHub asked this installation to wait", until)


@contextmanager
def translated(pacer: Pacer | None = None, installation: int = 0) -> Iterator[None]:
    """Turn what PyGithub and httpx raise into Usher's own errors."""
    try:
        yield
    except GithubException as error:
        limit = limit_of(error)
        if limit is not None:
            until = pacer.block(installation, limit.until) if pacer else limit.until
            raise RetryLater(f"rate limit: {message_of(error)}", until) from error
        raise verdict(error) from error
    except httpx.HTTPError as error:
        raise RetryLater(f"GitHub cannot be reached: {type(error).__name__}") from error
