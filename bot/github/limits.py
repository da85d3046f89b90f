"""GitHub's limits, kept for every request: nothing is sent before its time, and writes stand in line."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

import httpx
from github import GithubException

from bot.core.errors import RetryLater
from bot.github.answers import limit_of, message_of, nearly_used_up, verdict
from bot.github.transport import WRITES, after_answer, before_request

LONGEST_IN_LINE = timedelta(seconds=5)  # for one request; beyond, the delivery is put back


class Pacer(Protocol):
    """Keeps GitHub's limits for all workers; see ``bot/store/pace.py``."""

    def blocked_until(self, installation: int) -> datetime | None: ...
    def block(self, installation: int, until: datetime | None) -> datetime: ...
    def forgive(self, installation: int) -> None: ...
    def spare(self, installation: int, until: datetime) -> None: ...
    def reserve(self, installation: int, *, writes: bool, creates: bool, longest: timedelta) -> timedelta: ...


@contextmanager
def limited(
    pacer: Pacer, installation: int, *, spaced: bool = True, counted: str | None = None
) -> Iterator[None]:
    """Keep an installation's limits for every request made inside, and learn from the answers.

    Args:
        pacer: keeps the limits.
        installation: whose limits are kept.
        spaced: False for requests of the App itself, which do not count for the installation.
        counted: the verb that every request counts as; None goes by the one that is sent.
    """
    wrote = False

    def wait_or_refuse(verb: str) -> None:
        nonlocal wrote
        verb = counted or verb
        _refuse_if_blocked(pacer, installation)
        if not spaced:
            return
        writes = verb in WRITES
        wait = pacer.reserve(installation, writes=writes, creates=verb == "POST", longest=LONGEST_IN_LINE)
        if wait > LONGEST_IN_LINE:
            raise RetryLater("much is in line for this installation", datetime.now(UTC) + wait)
        if wait:
            time.sleep(wait.total_seconds())
            _refuse_if_blocked(pacer, installation)  # another worker may have hit a limit meanwhile
        wrote = wrote or writes

    def learn(headers: Mapping[str, str]) -> None:
        until = nearly_used_up(headers) if spaced else None
        if until is not None:
            pacer.spare(installation, until)

    before, after = before_request.set(wait_or_refuse), after_answer.set(learn)
    try:
        with translated(pacer, installation):
            yield
            if wrote:  # that reads are answered says nothing of the limits on writes
                pacer.forgive(installation)
    finally:
        before_request.reset(before)
        after_answer.reset(after)


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
