"""A small world for these tests: an organisation, a repository, an App installed on it, and who uses them."""

import json
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from bot.sandbox import Sandbox, SandboxServer
from bot.sandbox.auth import app_jwt
from bot.sandbox.things import App, Installation
from tests.sandbox.openapi import DESCRIPTIONS, REST, problems_of_answer

REPO = "/repos/octo/engine"
_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # without certificates: nothing here speaks TLS
SECRET = "It's a Secret to Everybody"


@dataclass(frozen=True)
class Received:
    headers: dict[str, str]  # lower-case names
    body: bytes

    @property
    def name(self) -> str:
        action = json.loads(self.body).get("action")
        return self.headers["x-github-event"] + (f".{action}" if action else "")

    @property
    def payload(self) -> Any:
        return json.loads(self.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A sandbox that is closed hangs up; that is no news."""


@dataclass
class Receiver:
    """What an App's webhook address is in these tests."""

    received: list[Received] = field(default_factory=list)
    status: int = 202
    delay: float = 0.0

    def __post_init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def names(self) -> list[str]:
        return [one.name for one in self.received]

    def only(self, name: str) -> Any:
        """The payload of the one delivery of that name."""
        [found] = [one.payload for one in self.received if one.name == name]
        return found

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            time.sleep(receiver.delay)
            receiver.received.append(Received({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(receiver.status)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class Client(httpx.Client):
    """A client that holds every answer against GitHub's own description, where that is at hand."""

    def __init__(self, url: str, token: str | None) -> None:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        super().__init__(base_url=url, headers=headers, trust_env=False, verify=_TLS)
        if (DESCRIPTIONS / REST).exists():
            self.event_hooks = {"response": [_fits_description]}

    def write(self, method: str, path: str, /, **body: Any) -> Any:
        """Send JSON; the JSON that comes back from a request that must succeed."""
        answer = self.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def read(self, path: str, /, **query: Any) -> Any:
        answer = self.get(path, params=query)
        assert answer.is_success, answer.text
        return answer.json()


def _fits_description(response: httpx.Response) -> None:
    response.read()
    if not response.content or "json" not in response.headers["content-type"]:
        return
    path = response.request.url.raw_path.decode().partition("?")[0].removeprefix("/api/v3")
    problems = problems_of_answer(response.request.method, path, response.status_code, response.json())
    assert not problems, problems


@dataclass
class World:
    sandbox: Sandbox
    server: SandboxServer
    app: App
    installation: Installation
    receiver: Receiver
    _clients: list[Client] = field(default_factory=list)

    def client(self, token: str | None) -> Client:
        made = Client(self.server.url, token)
        self._clients.append(made)
        return made

    def person(self, login: str) -> Client:
        """Somebody at the API; maya is admin, wes writes, tri triages, lee is anyone."""
        return self.client(f"ghp_{login}")

    def as_app(self) -> Client:
        return self.client(app_jwt(self.app))

    def bot(self, **narrowed: Any) -> Client:
        """The App's installation, its token narrowed as asked."""
        asked = self.as_app().write(
            "POST", f"/app/installations/{self.installation.id}/access_tokens", **narrowed
        )
        return self.client(asked["token"])

    def settle(self) -> Receiver:
        assert self.sandbox.wait_idle(5), "webhooks are still on their way"
        return self.receiver

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self.sandbox.close()
        self.receiver.stop()
