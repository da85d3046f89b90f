"""Templates with variables such as ``$CHANGES``: what maintainers wrote, filled in once.

What is filled in is never looked through again, so a title that says ``$CHANGES`` only says so.
"""

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\$[A-Z_]+")


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
