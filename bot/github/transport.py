"""The one door to GitHub: every request of PyGithub passes here, and only to the configured host.

PyGithub would open connections to hosts that a ``Link`` header, a redirect or a payload names. Here
each request is checked against the API's own address before anything, a token above all, is sent. It would
also take an answer that only redirects a write for success, so redirects are followed here.
"""

from collections.abc import Callable, ItemsView
from contextvars import ContextVar
from typing import Any

import httpx
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester

from bot.core.errors import BotError

TIMEOUT = httpx.Timeout(10, connect=5)
LIMITS = httpx.Limits(max_connections=50, max_keepalive_connections=20)
WRITES = frozenset({"POST", "PATCH", "PUT", "DELETE"})
MOST_REDIRECTS = 3  # GitHub answers with one where a repository was renamed
NOT_MODIFIED, BAD_REQUEST = 304, 400

# Called before each request with its verb: it may wait, or refuse by raising.
before_request: ContextVar[Callable[[str], None] | None] = ContextVar("before_request", default=None)
# Called after each answer with its headers.
after_answer: ContextVar[Callable[[httpx.Headers], None] | None] = ContextVar("after_answer", default=None)


class Transport:
    """An HTTP client that speaks to one host alone.

    Args:
        api_url: base URL of the REST API: ``https://api.github.com``, ``https://host/api/v3``,
            or a sandbox's.
        hooks: httpx event hooks, for tests that look at what is sent.
    """

    def __init__(self, api_url: str, hooks: dict[str, list[Callable[..., Any]]] | None = None) -> None:
        url = httpx.URL(api_url)
        self._origin = (url.scheme, url.host, url.port or _default_port(url.scheme))
        self._client = httpx.Client(
            timeout=TIMEOUT, limits=LIMITS, follow_redirects=False, event_hooks=hooks or {}
        )

    def send(self, verb: str, url: str, body: Any, headers: dict[str, str]) -> httpx.Response:
        """Send a request, and repeat it as it is where GitHub redirects it.

        Raises:
            BotError: the URL, or a redirect, is not on the configured host; nothing was sent there.
        """
        target = httpx.URL(url)
        for _hop in range(1 + MOST_REDIRECTS):
            self._check_origin(target)
            check = before_request.get()
            if check is not None:
                check(verb)
            response = self._client.request(verb, target, content=body, headers=headers)
            learn = after_answer.get()
            if learn is not None:
                learn(response.headers)
            if not response.has_redirect_location:
                break
            target = target.join(response.headers["location"])
        if response.is_redirect and response.status_code != NOT_MODIFIED:
            raise BotError(f"{verb} {target.path} is redirected in circles, or to nowhere")
        return response

    def _check_origin(self, target: httpx.URL) -> None:
        origin = (target.scheme, target.host, target.port or _default_port(target.scheme))
        if origin != self._origin:
            raise BotError(f"refused a request to {target.host}: only {self._origin[1]} is GitHub here")

    def close(self) -> None:
        self._client.close()

    def install(self) -> None:
        """Make PyGithub use this transport for all its requests in this process."""
        Requester.injectConnectionClasses(
            type("PlainConnection", (_Connection, HTTPRequestsConnectionClass), {"transport": self}),
            type("TlsConnection", (_TlsConnection, HTTPSRequestsConnectionClass), {"transport": self}),
        )


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


class _Response:
    """What PyGithub expects of a response."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self._response = response

    def getheaders(self) -> ItemsView[str, str]:
        return self._response.headers.items()

    def read(self) -> str:
        # PyGithub stumbles over errors that are not told in a JSON object, such as the page of a proxy.
        return "" if self.status >= BAD_REQUEST and not self._is_object() else self._response.text

    def _is_object(self) -> bool:
        try:
            return isinstance(self._response.json(), dict)
        except ValueError:
            return False


class _Connection:
    """What PyGithub expects of a connection; all of them share the transport's pool."""

    transport: Transport
    protocol = "http"

    def __init__(self, host: str, port: int | None = None, **_options: Any) -> None:
        self.host = host
        self.port = port or _default_port(self.protocol)

    def request(
        self,
        verb: str,
        url: str,
        input: Any,  # noqa: A002 - PyGithub's own name
        headers: dict[str, str],
        stream: bool = False,
    ) -> None:
        del stream
        self._request = (verb, f"{self.protocol}://{self.host}:{self.port}{url}", input, headers)

    def getresponse(self) -> _Response:
        return _Response(self.transport.send(*self._request))

    def close(self) -> None:
        """Keep the pool: it outlives PyGithub's objects."""


class _TlsConnection(_Connection):
    protocol = "https"
