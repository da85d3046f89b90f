"""Running the web application under uvicorn, until SIGTERM or SIGINT."""

import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator

import uvicorn

from bot.core.errors import SetupError
from bot.web.app import Application
from bot.web.manifest import WEBHOOK_PATH
from bot.web.protocol import CarefulProtocol

GRACE_SECONDS = 10  # for requests that are under way when the server is asked to stop
BACKLOG = 2048
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket.

    Args:
        host: address or name to listen on.
        port: 0 takes any free one.

    Raises:
        SetupError: the address is taken, not ours, or unknown.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SetupError(
            f"cannot listen on {host} port {port}: {reason}; see USHER_HOST and USHER_PORT"
        ) from None


def url_of(listener: socket.socket) -> str:
    """Return the URL at which a browser on this machine finds the server."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 (compared, not bound)
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: Application, listener: socket.socket, *, ready: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished, but for reports, which are given up.

    Args:
        app: what ``create_app`` returned.
        listener: what ``listen`` returned; closed in the end.
        ready: called with the server's URL once requests are answered; otherwise that is said on stderr.
    """

    def say(url: str) -> None:
        first = "" if app.is_set_up else f"  setup      {url}/setup  (there is no GitHub App yet)\n"
        rest = f"  dashboard  {url}/  ({app.entrance})\n  webhook    {url}{WEBHOOK_PATH}\n"
        sys.stderr.write(f"Usher is ready.\n{first}{rest}")

    Server(app, ready or say).run(sockets=[listener])


class Server(uvicorn.Server):
    """Uvicorn as it is used here.

    Args:
        app: what ``create_app`` returned.
        ready: called with the server's URL once requests are answered.
    """

    def __init__(self, app: Application, ready: Callable[[str], None]) -> None:
        config = uvicorn.Config(
            app,
            http=CarefulProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            backlog=BACKLOG,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        super().__init__(config)
        self._ready = ready
        self._end = app.end

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is under way; a report, which may take minutes, is given up."""
        self._end()
        await super().shutdown(sockets)

    def stop(self) -> None:
        """Ask it to stop, from another thread."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        for listener in sockets or ():
            self._ready(url_of(listener))

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal and return. Uvicorn would raise it again, and what comes after would be lost."""
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread hears signals; here somebody calls `stop`
            return
        before = {number: signal.signal(number, self.handle_exit) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
