"""Titles that say that a change is not ready: ``WIP: ...``, ``[Draft] ...``, a sign of roadworks.

A title may also be *about* work in progress ("Show limits of WIP on the board"), so a mark counts only
where hardly anybody writes it otherwise: in front, at the end, or in brackets.
"""

import re

_MAX_CHARS = 1_000
_SIGNS = ("\N{CONSTRUCTION SIGN}", ":construction:")
_WORDS = r"(?:wip|draft|work[ -]in[ -]progress|do[ -]not[ -]merge|don't merge|dnm)"
_STOP = "[:|\u2013\u2014]"  # colon, bar and dashes set a mark apart
_APART = rf"(?i:{_WORDS})(?= ?{_STOP}| - |$)"
_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"[\[(] ?(?P<mark>(?i:{_WORDS})) ?[\])]",
        rf"^(?P<mark>(?i:wip)\b(?!['-])|{_APART})",
        rf"^[A-Za-z][\w-]*(?:\([^()]*\))?!?: (?P<mark>WIP\b(?!['-])|{_APART})",
        rf"(?:{_STOP}|[,;]| -) ?(?P<mark>(?i:{_WORDS}))$",
        r"\b(?P<mark>WIP)$",
    )
)


def mark_of(title: str) -> str:
    """The mark that says that the change is not ready, as it is written; "" for none.

    Args:
        title: of a pull request.
    """
    line = " ".join(title[:_MAX_CHARS].split())
    if sign := next((sign for sign in _SIGNS if sign in line), ""):
        return sign
    found = (place.search(line) for place in _PLACES)
    return next((match["mark"] for match in found if match), "")
