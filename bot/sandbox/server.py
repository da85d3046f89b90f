"""The sandbox on a socket of this machine: in a thread for tests, in the foreground for the command line."""

import logging
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.app import create_app
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.seed import SMALL_WORLD, from_seed

HOST = "127.0.0.1"
BACKLOG = 2048


class SandboxServer:
    """Serves a sandbox while the `with` block runs. Port 0 takes a free one."""

    def __init__(self, sandbox: Sandbox, port: int = 0) -> None:
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self.api_url = f"{self.url}/api/v3"
        self.show(sandbox)
        self._server = _server(self._answer)
        self._thread = threading.Thread(target=self._serve, name="sandbox", daemon=True)

    def show(self, sandbox: Sandbox) -> None:
        """Serve this sandbox from now on: quicker than another server for every test."""
        sandbox.set_base_url(self.url)
        self.sandbox, self._app = sandbox, create_app(sandbox)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])

    def start(self) -> Self:
        # A client that connects before the loop runs waits in the backlog, so nobody has to poll.
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()
        self.sandbox.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(BACKLOG)
    return listener


def _server(app: ASGIApp) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        interface="asgi3",
        access_log=False,
        log_config=None,
        log_level=logging.WARNING,
        lifespan="off",
        server_header=False,
    )
    return uvicorn.Server(config)


def run(port: int = 4010, seed: Path | None = None, on_ready: Callable[[str], None] | None = None) -> None:
    """Serve until interrupted; `on_ready` is told the address as soon as it can be called."""
    with closing(_listen(port)) as listener:
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        with closing(from_seed(seed or SMALL_WORLD, url)) as sandbox:
            if on_ready is not None:
                on_ready(url)
            _server(create_app(sandbox)).run(sockets=[listener])
