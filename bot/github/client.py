"""The App at GitHub: its own identity, a narrowed token per repository, and limits kept per installation."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import github
import jwt
from cachetools import TTLCache
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github import Auth, GithubException
from github.Repository import Repository as GithubRepository

from bot.core.errors import RetryLater, SetupError
from bot.github.answers import NotInstalled
from bot.github.graphql import Told, counts_as, told_by
from bot.github.limits import Pacer, limited, translated
from bot.github.transport import Transport

# What the present rules need, and no more; the setup page explains each one.
PERMISSIONS = {
    "checks": "write",
    "contents": "write",  # drafts of releases, and merging: GitHub has no narrower one, see `for_contents`
    "issues": "write",
    "merge_queues": "read",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "read",
}
# What a token is for, and what it may therefore do.
SCOPES: Mapping[str, Mapping[str, str]] = {
    "": {**PERMISSIONS, "contents": "read"},
    "contents": PERMISSIONS,
    "members": {"members": "read", "metadata": "read"},  # granted by who wants teams to be looked into
}
LEVELS = ("read", "write", "admin")
TOKEN_MARGIN = timedelta(minutes=5)  # a token is renewed this long before its hour is over
MOST_TOKENS = 10_000  # kept, one for each repository
PER_PAGE = 100


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
        self._tokens: TTLCache[tuple[int, str, str], _Token] = TTLCache(maxsize=MOST_TOKENS, ttl=3600)
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

    def connected(self, installation: int, full_name: str, scope: str = "") -> github.Github:
        """Return a PyGithub client with an installation token for one repository, cached or fresh.

        Only a token for ``contents`` may write them, and only one for ``members`` look into teams.
        """
        key = (installation, full_name, scope)
        with self._lock:
            cached = self._tokens.get(key)
        if cached is not None and cached.expires_at - TOKEN_MARGIN > datetime.now(UTC):
            return cached.hub
        fresh = self._request_token(installation, full_name.split("/", 1)[1], scope)
        with self._lock:
            self._tokens[key] = fresh
        return fresh.hub

    def drop_token(self, installation: int, full_name: str) -> None:
        """Forget a token that GitHub no longer takes."""
        with self._lock:
            for scope in SCOPES:
                self._tokens.pop((installation, full_name, scope), None)

    def forget(self, installation: int) -> None:
        """Forget the tokens of an installation that is no more."""
        with self._lock:
            for key in [key for key in self._tokens if key[0] == installation]:
                self._tokens.pop(key, None)

    def close(self) -> None:
        self._transport.close()

    def _request_token(self, installation: int, name: str, scope: str) -> _Token:
        path = f"/app/installations/{installation}/access_tokens"
        narrow: dict[str, Any] = {"repositories": [name], "permissions": dict(SCOPES[scope])}
        with limited(self.pacer, installation, spaced=False):
            try:
                data = self._app.requester.requestJsonAndCheck("POST", path, input=narrow)[1]
            except GithubException as error:
                if error.status == 404:
                    raise NotInstalled(f"GitHub knows no installation {installation} of this App") from error
                if error.status != 422 or scope == "members":
                    raise
                # The owner has not granted all that the rules could use: take what there is of it.
                narrow["permissions"] = self._granted(installation, SCOPES[scope])
                data = self._app.requester.requestJsonAndCheck("POST", path, input=narrow)[1]
        expires = datetime.fromisoformat(data["expires_at"])
        return _Token(self._connect(Auth.Token(data["token"])), expires)

    def _granted(self, installation: int, wanted: Mapping[str, str]) -> dict[str, str]:
        """Return what is granted to an installation of what is wanted."""
        said = self._app.requester.requestJsonAndCheck("GET", f"/app/installations/{installation}")[1]
        granted = said.get("permissions") or {}
        return {
            name: min(level, granted[name], key=LEVELS.index)
            for name, level in wanted.items()
            if granted.get(name) in LEVELS
        }

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

    def __init__(self, hub: GitHub, installation: int, full_name: str, scope: str = "") -> None:
        self.installation = installation
        self.full_name = full_name
        self._hub = hub
        self._scope = scope

    @property
    def for_contents(self) -> "RepositoryClient":
        """The same repository with a token that may write contents: drafts of releases, and merging."""
        return RepositoryClient(self._hub, self.installation, self.full_name, "contents")

    @property
    def for_members(self) -> "RepositoryClient":
        """The same with a token that may look into the teams of the owner, where that was granted."""
        return RepositoryClient(self._hub, self.installation, self.full_name, "members")

    @property
    def bot_login(self) -> str:
        return self._hub.bot_login

    @contextmanager
    def asking(self, counted: str | None = None) -> Iterator[GithubRepository]:
        """Use PyGithub's repository inside; errors come out as Usher's own, and limits are kept.

        Args:
            counted: the verb that limits are kept by, where it is not the one that is sent.

        Raises:
            RetryLater: GitHub asked for patience, failed, or could not be reached.
            Forbidden, Refused, Missing, Gone: what GitHub said.
        """
        with limited(self._hub.pacer, self.installation, counted=counted):
            hub = self._hub.connected(self.installation, self.full_name, self._scope)
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

    def graphql(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Ask GitHub's GraphQL API and take all or nothing. Returns the ``data``; see ``told``."""
        return self.told(document, variables).data

    def told(self, document: str, variables: dict[str, Any], *, all_or_nothing: bool = True) -> Told:
        """Ask GitHub's GraphQL API, at the address that belongs to the REST API's.

        Args:
            document: a query or a mutation; it never holds what people wrote.
            variables: what the document asks for, people's text too.
            all_or_nothing: False takes null for things that are not there, and parts not to be seen.

        Raises:
            RetryLater, Forbidden, Refused, Missing: what GitHub said, with status 200, too.
        """
        with self.asking(counts_as(document)) as repository:
            requester = repository.requester
            asked = {"query": document, "variables": variables}
            headers, answer = requester.requestJsonAndCheck("POST", requester.graphql_url, input=asked)
            return told_by(answer, headers, all_or_nothing=all_or_nothing)

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


def _signer(private_key: str) -> Callable[[dict[str, Any]], str]:
    # Loaded once: that takes fifty times as long as signing.
    key = load_pem_private_key(private_key.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return lambda claims: jwt.encode(claims, key, algorithm="RS256")
