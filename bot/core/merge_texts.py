"""What people wrote, as a commit's message may have it: it credits nobody and turns no checks off.

The author of a pull request can edit its text until it is merged, and Usher signs what it commits.
"""

import re

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CREDIT = re.compile(r"^[ \t]*[A-Za-z][A-Za-z-]*-by[ \t]*:.*(?:\n|\Z)", re.MULTILINE)
_TRAILER = re.compile(r"(?!BREAKING)[A-Za-z][A-Za-z0-9-]*[ \t]*:(?!//)|[ \t]+\S")  # or the rest of one
_PARAGRAPHS = re.compile(r"\n(?:[ \t]*\n)+")
_SKIPS = re.compile(r"\[\s*(skip\s+[\w-]+|[\w-]+\s+skip|no\s+ci)\s*\]", re.IGNORECASE)
_SKIPS_CHECKS = re.compile(r"\b(skip-checks)\s*:", re.IGNORECASE)


def title_text(text: str) -> str:
    """A title without marks that keep checks from running: `[skip ci]` becomes `(skip ci)`."""
    return _SKIPS_CHECKS.sub(r"\1", _SKIPS.sub(r"(\1)", text))


def body_text(text: str) -> str:
    """A description as prose: as a title, and without HTML comments and trailers.

    Trailers are lines such as `Signed-off-by: ...`: those that name people wherever they stand, all others at
    the end. `BREAKING CHANGE: ...` stays.
    """
    prose = _CREDIT.sub("", _COMMENT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    paragraphs = _PARAGRAPHS.split(prose.strip())
    while paragraphs and all(_TRAILER.match(line) for line in paragraphs[-1].splitlines()):
        paragraphs.pop()
    return title_text("\n\n".join(paragraphs))
