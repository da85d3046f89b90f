"""What GitHub's answers mean: which errors are final, which mean "later", and how much later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from github import GithubException

from bot.core.errors import BotError, Gone, RetryLater

NOT_YET = timedelta(minutes=5)  # GitHub may answer 404 for a while after it announced a thing

LEAST_WAIT = timedelta(seconds=1)  # whatever an answer says, so that nothing is repeated without a pause
LONGEST_WAIT = timedelta(days=1)
SPARED = 0.01  # of an hour's requests
TOO_FAST = ("rate limit", "abuse detection")  # the only sign of a secondary limit, now and on older servers


class Forbidden(BotError):
    """GitHub says that the App may not do this. Not a matter of waiting."""


class Refused(BotError):
    """GitHub finds the request invalid (422). Repeating it would change nothing."""


class Overtaken(Refused):
    """Something changed between the question and the answer (409). Repeating it may well change that."""


class Missing(BotError):
    """GitHub does not have it (404): never, no longer, or, just after its creation, not yet."""


class NotInstalled(Missing):
    """GitHub does not know the installation: it was removed, or has not quite begun."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A rate limit that was hit; ``until`` is None where GitHub did not say how long."""

    until: datetime | None


def limit_of(error: GithubException) -> Limit | None:
    """Tell whether an answer means "too fast", and until when.

    Source: GitHub's documentation, "Rate limits for the REST API": ``retry-after`` first, then
    ``x-ratelimit-reset`` where ``x-ratelimit-remaining`` is 0, otherwise wait at least a minute.
    """
    if error.status not in (403, 429):
        return None
    headers = {key.lower(): value for key, value in (error.headers or {}).items()}
    after, reset = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
    if _is_number(after):
        return _limit(timedelta(seconds=int(after)))
    if after:
        return Limit(None)
    if headers.get("x-ratelimit-remaining") == "0" and _is_number(reset):
        return _limit(_until_reset(headers))
    if error.status == 429 or any(words in message_of(error).lower() for words in TOO_FAST):
        return Limit(None)
    return None


def nearly_used_up(headers: Mapping[str, str], spared: float = SPARED) -> datetime | None:
    """Return when the hour ends where an answer says that little of it is left; otherwise None.

    What is left is for the requests under way: so nothing has to be refused at all.

    Args:
        headers: of the answer.
        spared: the share of the hour's requests that is little.
    """
    limit, left = headers.get("x-ratelimit-limit", ""), headers.get("x-ratelimit-remaining", "")
    known = _is_number(limit) and _is_number(left) and _is_number(headers.get("x-ratelimit-reset", ""))
    if not known or int(left) > int(limit) * spared:
        return None
    return _limit(_until_reset(headers)).until


def _until_reset(headers: Mapping[str, str]) -> timedelta:
    reset = datetime.fromtimestamp(int(headers["x-ratelimit-reset"]), UTC)
    return reset - _time_at_github(headers) + LEAST_WAIT


def _limit(wait: timedelta) -> Limit:
    return Limit(datetime.now(UTC) + min(max(wait, LEAST_WAIT), LONGEST_WAIT))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12


def _time_at_github(headers: Mapping[str, str]) -> datetime:
    """The time by GitHub's clock: ours may go wrong, and what GitHub says is meant by its own."""
    try:
        return parsedate_to_datetime(headers["date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return datetime.now(UTC)


def verdict(error: GithubException) -> BotError:
    """Return Usher's own error for one of PyGithub's."""
    message = message_of(error)
    if error.status == 403:
        return Forbidden(f"GitHub does not allow this: {message}")
    if error.status == 404:
        return Missing(f"GitHub does not have this: {message}")
    if error.status in (410, 451):
        return Gone(f"GitHub has taken this away: {message}")
    if error.status == 409:
        return Overtaken(f"GitHub refused this: {message}")
    if 400 <= error.status < 500 and error.status not in {401, 408}:
        return Refused(f"GitHub refused this: {message}")
    return RetryLater(f"GitHub answered {error.status}: {message}")


def message_of(error: GithubException) -> str:
    """Return what GitHub said, in one line."""
    data = error.data
    if isinstance(data, dict) and data.get("message"):
        details = data.get("errors")
        return f"{data['message']} {details}" if details else str(data["message"])
    return str(data or error.status)[:200]
