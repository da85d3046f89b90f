"""Real Usher processes beside a sandbox, for tests that kill them and benchmarks that time them."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from bot.sandbox import Sandbox, SandboxServer

SECRET = "a webhook secret"
READY_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Process:
    """One ``usher`` process that can be killed and started again."""

    def __init__(self, arguments: list[str], environment: dict[str, str], log: Path) -> None:
        self._command = [sys.executable, "-m", "bot.cli", *arguments]
        self._environment = environment
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=self._log.parent,  # where it stores what lies beside no database file
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def kill(self) -> None:
        """``kill -9``: no goodbye."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> int:
        """Ask it to end, and return its exit code."""
        if self._process is None:
            return 0
        self._process.terminate()
        try:
            return self._process.wait(40)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None


class Usher:
    """A server, and on PostgreSQL its workers, set up as an App of the sandbox.

    Args:
        sandbox: where the App is registered as ``usher``.
        api_url: the sandbox's REST API.
        database_url: an empty database.
        folder: for the key and the logs.
        workers: separate worker processes (PostgreSQL only); 0 lets the server do everything.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        api_url: str,
        database_url: str,
        folder: Path,
        *,
        workers: int = 0,
        **settings: str,
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.sandbox = sandbox
        self.app = sandbox.add_app("usher", webhook_url=f"{self.url}/webhooks/github", webhook_secret=SECRET)
        key = folder / "key.pem"
        key.write_text(self.app.private_key)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("USHER_")},
            "USHER_DATABASE_URL": database_url,
            "USHER_GITHUB_API_URL": api_url,
            "USHER_APP_ID": str(self.app.id),
            "USHER_PRIVATE_KEY_FILE": str(key),
            "USHER_WEBHOOK_SECRET": SECRET,
            "USHER_PORT": str(self.port),
            "USHER_WRITE_SPACING": "0",
            "USHER_SETTLE_SECONDS": "0.2",
            "USHER_SWEEP_SECONDS": "1",
            **settings,
        }
        self.log = folder / "usher.log"
        serve = ["serve", "--web-only"] if workers else ["serve"]
        self.server = Process(serve, self.environment, self.log)
        self.workers = [Process(["worker"], self.environment, self.log) for _ in range(workers)]

    def start(self) -> None:
        for process in (self.server, *self.workers):
            process.start()
        self.wait_ready()

    def wait_ready(self) -> float:
        """Wait until the server answers that it is ready. Returns the seconds it took."""
        began = time.monotonic()
        while time.monotonic() - began < READY_SECONDS:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return time.monotonic() - began
            if not self.server.is_alive:
                raise AssertionError(f"the server ended:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)
        raise AssertionError(f"not ready in {READY_SECONDS} s:\n{self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        for process in (*self.workers, self.server):
            process.stop()


@contextlib.contextmanager
def running(
    database_url: str, folder: Path, *, workers: int = 0, sandbox: Sandbox | None = None, **settings: str
) -> Iterator[Usher]:
    """Run a sandbox and an Usher on it, and end both."""
    world = sandbox or Sandbox()
    with SandboxServer(world) as server:
        usher = Usher(world, server.api_url, database_url, folder, workers=workers, **settings)
        try:
            usher.start()
            yield usher
        finally:
            usher.stop()
