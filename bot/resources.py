"""Where the files that are not Python lie: in a checkout, and in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource_dir(name: str) -> Path:
    """Return the folder ``name`` (``templates`` or ``migrations``).

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the folder {name!r} is missing beside {_PACKAGE}: reinstall usher-bot")
