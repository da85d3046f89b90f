"""The real server, as a process of its own: started, killed, started again, and stopped in the end."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import httpx

import bot
from bot.core.errors import SetupError

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
START_SECONDS = 60.0  # on a busy machine; a quiet one takes two
STOP_SECONDS = 30.0
POLL_SECONDS = 0.05


class Server:
    """``usher serve`` on SQLite in a folder.

    Args:
        folder: holds the database, the App's credentials and the log.
        api_url: the sandbox's REST API.
        port: to listen on.
    """

    def __init__(self, folder: Path, api_url: str, port: int) -> None:
        self.url = f"http://{HOST}:{port}"
        self.database_url = f"sqlite:///{folder / 'usher.db'}"
        self._folder = folder
        self._log = folder / "server.log"
        self._command = [sys.executable, "-m", "bot.cli", "serve", "--host", HOST, "--port", str(port)]
        self._environment = _environment(api_url, self.database_url)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, path: str) -> None:
        """Start, and wait until ``path`` is answered well.

        Raises:
            SetupError: it ended at once, or takes far too long; says why.
        """
        with self._log.open("ab") as log:
            self._process = self._open(log)
        self.wait_for(path)

    def wait_for(self, path: str) -> None:
        """Wait until ``path`` is answered well.

        Raises:
            SetupError: the server ended, or it takes far too long.
        """
        assert self._process is not None
        until = time.monotonic() + START_SECONDS
        while not self._answers(path):
            if self._process.poll() is not None:
                raise SetupError(f"the server ended with exit code {self._process.returncode}{self._last()}")
            if time.monotonic() > until:
                raise SetupError(f"the server does not answer at {self.url}{path}{self._last()}")
            time.sleep(POLL_SECONDS)

    def kill(self) -> None:
        """End it as a power cut would: it gets to do nothing more."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Ask it to end, and see to it that it does."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def _open(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command,
            # Not where the demo was started: a folder named bot there would be taken for ours.
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C reaches the demo alone, which then ends the server in order.
            start_new_session=True,
        )

    def _answers(self, path: str) -> bool:
        try:
            return httpx.get(self.url + path, trust_env=False, timeout=START_SECONDS).is_success
        except httpx.TransportError:
            return False

    def _last(self) -> str:
        lines = self._log.read_text("utf-8", "replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f"; the last it said: {last.removeprefix('usher: ')}" if last else ""


def free_port(wanted: int) -> int:
    """Return the port to use: ``wanted``, or a free one for 0 and where the default is taken.

    Raises:
        SetupError: a port that was asked for by number is taken.
    """
    try:
        return _bindable(wanted)
    except OSError as error:
        if wanted == DEFAULT_PORT:
            return _bindable(0)
        reason = error.strerror or str(error)
        raise SetupError(f"cannot listen on port {wanted}: {reason}; --port 0 takes a free one") from None


def _bindable(port: int) -> int:
    with socket.create_server((HOST, port)) as listener:
        number: int = listener.getsockname()[1]
        return number


def _environment(api_url: str, database_url: str) -> dict[str, str]:
    """Return this process's environment without its own settings of Usher."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("USHER_")}
    package = str(Path(bot.__file__).parents[1])
    paths = [package, *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {
        "PYTHONPATH": os.pathsep.join(paths),
        "NO_PROXY": HOST,
        "no_proxy": HOST,
        "USHER_DATABASE_URL": database_url,
        "USHER_GITHUB_API_URL": api_url,
        "USHER_DASHBOARD_OPEN": "1",
        # A second between writes and five before a doubtful one is looked up are manners towards GitHub.
        "USHER_WRITE_SPACING": "0",
        "USHER_SETTLE_SECONDS": "0.5",
    }
