"""The App at GitHub: its own identity, a narrowed token per repository, and limits kept per installation."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import quote

import github
import httpx
import jwt
from cachetools import TTLCache
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github import Auth, GithubException
from github.Repository import Repository as GithubRepository

from bot.core.errors import BotError, Gone, RetryLater, SetupError
from bot.github.transport import WRITES, Transport, before_request

# What the present rules need, and no more; the setup page explains each one.
PERMISSIONS = {"contents": "read", "issues": "write", "metadata": "read", "pull_requests": "write"}
TOKEN_MARGIN = timedelta(minutes=5)  # a token is renewed this long before its hour is over
MOST_TOKENS = 10_000  # kept, one for each repository
LONGEST_WRITE_WAIT = timedelta(seconds=5)  # in line for a write; beyond, the delivery is put back
LEAST_WAIT = timedelta(seconds=1)  # whatever an answer says, so that nothing is repeated without a pause
LONGEST_WAIT = timedelta(days=1)
TOO_FAST = ("rate limit", "abuse detection")  # the only sign of a secondary limit, now and on older servers
PER_PAGE = 100


class Pacer(Protocol):
    """Keeps GitHub's limits for all workers; see ``bot/store/pace.py``."""

    def blocked_until(self, installation: int) -> datetime | None: ...
    def block(self, installation: int, until: datetime | None) -> datetime: ...
    def forgive(self, installation: int) -> None: ...
    def reserve_write(self, installation: int, longest: timedelta) -> timedelta: ...


class Forbidden(BotError):
    """GitHub says that the App may not do this. Not a matter of waiting."""


class Refused(BotError):
    """GitHub finds the request invalid (422). Repeating it would change nothing."""


class Missing(BotError):
    """GitHub does not have it (404): never, no longer, or, just after its creation, not yet."""


class NotInstalled(Missing):
    """GitHub does not know the installation: it was removed, or has not quite begun."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The App's identity. Its key appears in no representation, and so in no log."""

    app_id: str
    private_key: str = field(repr=False)


@dataclass(slots=True)
class _Token:
    hub: github.Github = field(repr=False)
    expires_at: datetime


class GitHub:
    """GitHub as the App sees it.

    Args:
        api_url: base URL of the REST API.
        credentials: the App's id and private key.
        pacer: keeps limits per installation.
        transport: the one door; made from ``api_url`` where it is not given.

    Raises:
        SetupError: the private key is not one.
    """

    def __init__(
        self, api_url: str, credentials: Credentials, pacer: Pacer, transport: Transport | None = None
    ) -> None:
        self.api_url = api_url.rstrip("/")
        self.pacer = pacer
        self._transport = transport or Transport(self.api_url)
        self._transport.install()
        try:
            # GitHub advises to set `iat` a minute back against clock drift; ten minutes are the most.
            sign = _signer(credentials.private_key)
            auth = Auth.AppAuth(int(credentials.app_id), sign_func=sign, jwt_issued_at=-60, jwt_expiry=540)
            auth.create_jwt()
        except Exception as error:
            raise SetupError(
                "the App's private key or id cannot be used: expected a PEM file as downloaded from GitHub "
                "(USHER_PRIVATE_KEY or USHER_PRIVATE_KEY_FILE) and a number (USHER_APP_ID)"
            ) from error
        self._app = self._connect(auth)
        # GitHub's tokens live for an hour, so that what lies here for longer is of no use.
        self._tokens: TTLCache[tuple[int, str], _Token] = TTLCache(maxsize=MOST_TOKENS, ttl=3600)
        self._lock = threading.Lock()
        self._bot_login: str | None = None

    @property
    def bot_login(self) -> str:
        """The login under which the App writes: ``<slug>[bot]``. Asked of GitHub once."""
        if self._bot_login is None:
            with translated():
                _headers, data = self._app.requester.requestJsonAndCheck("GET", "/app")
            self._bot_login = f"{data['slug']}[bot]"
        return self._bot_login

    def repository(self, installation: int, full_name: str) -> "RepositoryClient":
        """Return a client whose token reaches this repository and nothing else."""
        return RepositoryClient(self, installation, full_name)

    def app_request(self, verb: str, path: str) -> tuple[dict[str, Any], Any]:
        """Ask as the App itself, such as for its delivery log. Returns headers and data."""
        with translated():
            return self._app.requester.requestJsonAndCheck(verb, path)

    def connected(self, installation: int, full_name: str) -> github.Github:
        """Return a PyGithub client with an installation token for one repository, cached or fresh."""
        key = (installation, full_name)
        with self._lock:
            cached = self._tokens.get(key)
        if cached is not None and cached.expires_at - TOKEN_MARGIN > datetime.now(UTC):
            return cached.hub
        fresh = self._request_token(installation, full_name.split("/", 1)[1])
        with self._lock:
            self._tokens[key] = fresh
        return fresh.hub

    def drop_token(self, installation: int, full_name: str) -> None:
        """Forget a token that GitHub no longer takes."""
        with self._lock:
            self._tokens.pop((installation, full_name), None)

    def forget(self, installation: int) -> None:
        """Forget the tokens of an installation that is no more."""
        with self._lock:
            for key in [key for key in self._tokens if key[0] == installation]:
                self._tokens.pop(key, None)

    def close(self) -> None:
        self._transport.close()

    def _request_token(self, installation: int, name: str) -> _Token:
        path = f"/app/installations/{installation}/access_tokens"
        narrow: dict[str, Any] = {"repositories": [name], "permissions": PERMISSIONS}
        with limited(self.pacer, installation, spaced=False):
            try:
                data = self._app.requester.requestJsonAndCheck("POST", path, input=narrow)[1]
            except GithubException as error:
                if error.status == 404:
                    raise NotInstalled(f"GitHub knows no installation {installation} of this App") from error
                if error.status != 422:
                    raise
                # The owner has not granted all that the rules could use: take what there is.
                narrow.pop("permissions")
                data = self._app.requester.requestJsonAndCheck("POST", path, input=narrow)[1]
        expires = datetime.fromisoformat(data["expires_at"])
        return _Token(self._connect(Auth.Token(data["token"])), expires)

    def _connect(self, auth: Auth.Auth) -> github.Github:
        # No retries in the library: it would repeat a POST that may have been accepted.
        return github.Github(
            auth=auth,
            base_url=self.api_url,
            retry=0,
            per_page=PER_PAGE,
            lazy=True,
            seconds_between_requests=None,
            seconds_between_writes=None,
            user_agent="usher-bot",
        )


class RepositoryClient:
    """GitHub as the App sees it from one repository."""

    def __init__(self, hub: GitHub, installation: int, full_name: str) -> None:
        self.installation = installation
        self.full_name = full_name
        self._hub = hub

    @property
    def bot_login(self) -> str:
        return self._hub.bot_login

    @contextmanager
    def asking(self) -> Iterator[GithubRepository]:
        """Use PyGithub's repository inside; errors come out as Usher's own, and limits are kept.

        Raises:
            RetryLater: GitHub asked for patience, failed, or could not be reached.
            Forbidden, Refused, Missing, Gone: what GitHub said.
        """
        with limited(self._hub.pacer, self.installation):
            hub = self._hub.connected(self.installation, self.full_name)
            try:
                yield hub.get_repo(self.full_name)
            except GithubException as error:
                if error.status == 401:
                    self._hub.drop_token(self.installation, self.full_name)
                    raise RetryLater("GitHub no longer takes the token: a new one is asked for") from error
                raise

    def get(self, path: str, etag: str | None = None) -> tuple[Any, str | None]:
        """GET a path below the repository, conditionally.

        Args:
            path: such as ``/labels?per_page=100``.
            etag: of the copy in hand.

        Returns:
            the data and its ETag; ``(None, etag)`` where the copy in hand is still good.
        """
        headers = {"If-None-Match": etag} if etag else {}
        with self.asking() as repository:
            url = f"/repos/{self.full_name}{path}"
            got, data = repository.requester.requestJsonAndCheck("GET", url, headers=headers)
        return data, got.get("etag", etag)

    def pages(self, path: str, most: int = 10) -> Iterator[dict[str, Any]]:
        """GET a list below the repository page by page, by number: no URL of an answer is followed.

        Args:
            path: such as ``/issues/7/events``.
            most: pages to read at the most.
        """
        joint = "&" if "?" in path else "?"
        for page in range(1, most + 1):
            items, _etag = self.get(f"{path}{joint}per_page={PER_PAGE}&page={page}")
            yield from items or ()
            if len(items or ()) < PER_PAGE:
                return


def segment(text: str) -> str:
    """Make any text one segment of a path. Dots are escaped, too: a label may be called ``..``."""
    return quote(text, safe="").replace(".", "%2E")


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
            raise RetryLater(f"rate limit: {_message(error)}", until) from error
        raise _verdict(error) from error
    except httpx.HTTPError as error:
        raise RetryLater(f"GitHub cannot be reached: {type(error).__name__}") from error


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
        return _limit(datetime.fromtimestamp(int(reset), UTC) - _time_at_github(headers) + LEAST_WAIT)
    if error.status == 429 or any(words in _message(error).lower() for words in TOO_FAST):
        return Limit(None)
    return None


def _limit(wait: timedelta) -> Limit:
    return Limit(datetime.now(UTC) + min(max(wait, LEAST_WAIT), LONGEST_WAIT))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12


def _time_at_github(headers: dict[str, Any]) -> datetime:
    """The time by GitHub's clock: ours may go wrong, and what GitHub says is meant by its own."""
    try:
        return parsedate_to_datetime(headers["date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return datetime.now(UTC)


def _verdict(error: GithubException) -> Exception:
    message = _message(error)
    if error.status == 403:
        return Forbidden(f"GitHub does not allow this: {message}")
    if error.status == 404:
        return Missing(f"GitHub does not have this: {message}")
    if error.status in (410, 451):
        return Gone(f"GitHub has taken this away: {message}")
    if 400 <= error.status < 500 and error.status not in {401, 408}:
        return Refused(f"GitHub refused this: {message}")
    return RetryLater(f"GitHub answered {error.status}: {message}")


def _message(error: GithubException) -> str:
    data = error.data
    if isinstance(data, dict) and data.get("message"):
        details = data.get("errors")
        return f"{data['message']} {details}" if details else str(data["message"])
    return str(data or error.status)[:200]


def _signer(private_key: str) -> Callable[[dict[str, Any]], str]:
    # Loaded once: that takes fifty times as long as signing.
    key = load_pem_private_key(private_key.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return lambda claims: jwt.encode(claims, key, algorithm="RS256")
