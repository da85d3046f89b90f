"""The demo's server: its port, and what it inherits."""

import socket
from pathlib import Path

import pytest

from bot.core.errors import SetupError
from bot.demo import server


def test_a_port_that_is_asked_for_by_number_must_be_free() -> None:
    with socket.create_server((server.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=f"cannot listen on port {port}"):
            server.free_port(port)


def test_the_default_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((server.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(server, "DEFAULT_PORT", port)
        assert server.free_port(port) not in (0, port)


def test_the_persons_own_settings_stay_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USHER_WEBHOOK_SECRET", "real")
    monkeypatch.setenv("USHER_DATABASE_URL", "postgresql://real")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example")
    environment = server.Server(tmp_path, "http://127.0.0.1:1/api/v3", 1)._environment
    assert "USHER_WEBHOOK_SECRET" not in environment
    assert environment["USHER_DATABASE_URL"].startswith("sqlite:///")
    assert environment["NO_PROXY"] == "127.0.0.1"


def test_a_server_that_ends_at_once_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = server.Server(tmp_path, "no URL at all", server.free_port(0))
    with pytest.raises(
        SetupError, match=r"ended with exit code 2; the last it said: USHER_GITHUB_API_URL is wrong"
    ):
        broken.start("/healthz")
    broken.stop()
