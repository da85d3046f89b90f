"""When a page is opened by itself: only for somebody who sits there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
URL = "http://127.0.0.1:1/report"
ASK = f"import sys; from bot.demo.desktop import show; sys.exit(0 if show({URL!r}) else 3)"
CLEAN = {
    name: value for name, value in os.environ.items() if name not in {"SSH_CONNECTION", "WAYLAND_DISPLAY"}
}


def opened(tmp_path: Path, *, terminal: bool, **environment: str) -> tuple[bool, str]:
    """Whether it says that it opened the page, and the address that the browser was given."""
    asked = tmp_path / "asked"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {asked}\n', "utf-8")
    browser.chmod(0o755)
    master, slave = os.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-c", ASK],
            cwd=ROOT,
            env={**CLEAN, "DISPLAY": "", **environment, "BROWSER": f"{browser} %s"},
            stdout=slave if terminal else subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
    finally:
        os.close(master)
        os.close(slave)
    assert done.returncode in (0, 3)
    return done.returncode == 0, asked.read_text("utf-8").strip() if asked.exists() else ""


@pytest.mark.parametrize("display", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_somebody_at_a_desktop_sees_it(tmp_path: Path, display: str) -> None:
    assert opened(tmp_path, terminal=True, **{display: ":7"}) == (True, URL)


def test_nobody_else_does(tmp_path: Path) -> None:
    nobody = (False, "")
    assert opened(tmp_path, terminal=False, DISPLAY=":7") == nobody
    assert opened(tmp_path, terminal=True, DISPLAY=":7", SSH_CONNECTION="192.0.2.1 1 192.0.2.2 22") == nobody
    if sys.platform == "linux":
        assert opened(tmp_path, terminal=True) == nobody
