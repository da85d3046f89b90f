"""Showing a page to whoever sits at this machine."""

import os
import sys
import webbrowser


def show(url: str) -> bool:
    """Open a page in the browser of the desktop.

    Returns:
        False where nobody sits there: no terminal, no display, or a terminal from afar.
    """
    return sys.stdout.isatty() and _has_display() and webbrowser.open(url)


def _has_display() -> bool:
    if "SSH_CONNECTION" in os.environ:
        return False
    displays = (os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return sys.platform in ("darwin", "win32") or any(displays)
