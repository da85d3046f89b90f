"""Templates with variables such as ``$CHANGES``: what maintainers wrote, filled in once.

What is filled in is never looked through again, so a title that says ``$CHANGES`` only says so.
"""

import difflib
import re
from collections.abc import Callable, Collection, Mapping

from pydantic_core import PydanticCustomError

_VARIABLE = re.compile(r"\$[A-Z_]+")
_NAME = re.compile(r"[A-Z][A-Z_]*[A-Z]")
_CODE = re.compile(r"(`+).*?\1", re.DOTALL)

_PARTS = ("MAJOR", "MINOR", "PATCH", "PRERELEASE")
_NUMBERED = ("RESOLVED", "INPUT", *(f"NEXT_{part}" for part in _PARTS))
#: The variables of each kind of template, by what it writes.
OF_PARTS = frozenset({*_PARTS, "COMPLETE"})
OF_VERSIONS = frozenset(
    f"{name}_VERSION{part}" for name in _NUMBERED for part in ("", *(f"_{each}" for each in _PARTS))
)
OF_RELEASES = OF_VERSIONS | {"OWNER", "REPOSITORY", "PREVIOUS_TAG"}
OF_NOTES = OF_RELEASES | {"CHANGES", "CONTRIBUTORS", "NEW_CONTRIBUTORS"}
OF_CHANGES = OF_RELEASES | {"NUMBER", "CATEGORY", "TITLE", "AUTHOR", "AUTHOR_URL", "AUTHORS", "BODY", "URL"}
OF_CHANGES |= {"BASE_REF_NAME", "HEAD_REF_NAME"}
OF_PEOPLE = frozenset({"AUTHOR", "AUTHOR_MENTION"})
OF_NEWCOMERS = OF_RELEASES | OF_PEOPLE | {"AUTHOR_URL", "NUMBER", "URL"}
OF_HEADINGS = frozenset({"TITLE"})


def filled(template: str, values: Mapping[str, str]) -> str:
    """Put values in the place of variables; a variable that is not among them stays as it is written.

    Args:
        template: such as ``v$RESOLVED_VERSION``.
        values: by the names of the variables, without the ``$``.
    """
    return _VARIABLE.sub(lambda found: values.get(found[0][1:], found[0]), template)


def variables(template: str) -> tuple[str, ...]:
    """The names of the variables that a template has, without the ``$``."""
    return tuple(found[0][1:] for found in _VARIABLE.finditer(template))


def uses(template: str, name: str) -> bool:
    """Whether a template has a variable."""
    return name in variables(template)


def stranger(template: str, known: Collection[str]) -> tuple[str, str] | None:
    """The first variable that a template has by mistake, and the one that may be meant ("" for none).

    What is no variable may stand in code, such as ``$HOME``; there only what looks like one is a mistake.

    Args:
        template: as it was written.
        known: the names that are filled in, without the ``$``.
    """
    prose = set(variables(_CODE.sub("", template)))
    for name in variables(template):
        if name in known or not _NAME.fullmatch(name):
            continue
        meant = next(iter(difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.7)), "")
        if meant or name in prose:
            return name, meant
    return None


def only(known: Collection[str]) -> Callable[[str], str]:
    """Return a check of a setting: a template with these variables and no others.

    Raises:
        PydanticCustomError: by the check, where there is another one.
    """

    def checked(template: str) -> str:
        if found := stranger(template, known):
            name, meant = found
            said = f"`${name}`, which is no variable here." + (f" Did you mean `${meant}`?" if meant else "")
            raise PydanticCustomError("unknown_variable", "{said}", {"said": said})
        return template

    return checked
