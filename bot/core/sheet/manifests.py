"""What a patch of a manifest says of dependencies.

It knows requirements*.txt, pyproject.toml, package.json, Cargo.toml, go.mod and Dockerfile, and reads them
line by line, since a patch shows only parts of the file.

The sections that the lines stand in are followed as far as the patch shows them; where it does not, only what
can be nothing but a dependency counts.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import re2

from bot.core.diffs import FileDiff
from bot.core.sheet.paths import name_of

_LINE = 500  # characters of a line that are looked at


class Requirement(NamedTuple):
    """A dependency as one line has it.

    Args:
        name: in the way that its ecosystem compares names.
        spec: which versions, or where from; "" for any.
        line: in the new file.
        strength: how narrow ``spec`` is: 0 anything, 1 a lowest version, 2 a range, 3 one version.
    """

    name: str
    spec: str
    line: int
    strength: int


class _Place:
    """Where a line stands: the section of the file, and the list in it; None while the patch did not show."""

    def __init__(self) -> None:
        self.section: str | None = None
        self.key: str | None = None


_Found = Iterator[tuple[str, str]]
_Read = Callable[[str, _Place], _Found]

_PYTHON = r"([A-Za-z0-9][A-Za-z0-9._-]*)[ ]*(?:\[[^\]]*\])?[ ]*((?:[<>=!~]=?|===)[^\"';#]*|@[ ]*[^\"'; ]+)?"
_REQUIREMENT = re2.compile(rf"^[ \t]*{_PYTHON}[ \t]*(?:;.*|#.*|--hash.*|\\\\)?$")
_QUOTED = re2.compile(rf"[\"']{_PYTHON}[ ]*(?:;[^\n]*?)?[\"']")
_SECTION = re2.compile(r"^[ \t]*\[\[?[ ]*([^\]]+?)[ ]*\]")
_LIST = re2.compile(r"^[ \t]*[\"']?([\w-]+)[\"']?[ \t]*=[ \t]*\[")
_PAIR = re2.compile(r"^[ \t]*[\"']?([A-Za-z0-9][\w.-]*)[\"']?[ \t]*=[ \t]*(?:\"([^\"]*)\"|'([^']*)'|(\{.*))")
_VERSION = re2.compile(r"\bversion[ ]*=[ ]*[\"']([^\"']*)[\"']")
_SOURCE = re2.compile(r"\b(?:git|url)[ ]*=[ ]*[\"']([^\"']*)[\"']")
_JSON = re2.compile(r"^[ \t]*\"(@?[\w./-]+)\"[ \t]*:[ \t]*(?:\"([^\"]*)\"|(\{))")
_GO = re2.compile(
    r"^[ \t]*(?:require[ ]+)?([a-z0-9.-]+\.[a-z]{2,}(?:/[^ \t]+)?)[ \t]+(v[0-9][^ \t]*)[ \t]*(// indirect)?"
)
_FROM = re2.compile(r"(?i)^[ \t]*FROM[ \t]+(?:--[a-z]+=[^ \t]+[ \t]+)*([^ \t]+)(?:[ \t]+AS[ \t]+([^ \t]+))?")

_POETRY = re2.compile(r"^tool\.poetry(?:\.group\.[^.]+)?\.(?:dev-)?dependencies$")
_CARGO = re2.compile(r"^(?:target\..+\.|workspace\.)?(?:dev-|build-)?dependencies$")
_ONE_CRATE = re2.compile(r"^(?:target\..+\.|workspace\.)?(?:dev-|build-)?dependencies\.([\w-]+)$")
_JSON_SECTIONS = frozenset(
    (
        "dependencies",
        "devDependencies",
        "peerDependencies",
        "optionalDependencies",
        "resolutions",
        "overrides",
    )
)
_NO_PACKAGE = frozenset(
    ("version", "node", "npm", "yarn", "pnpm", "edition", "rust-version", "vscode", "python")
)
_PLAIN_VERSION = re2.compile(r"^[~^]?[0-9]+(?:\.[0-9]+){1,2}(?:[-+][\w.]+)?$")


def requirements(file: FileDiff) -> tuple[dict[str, Requirement], dict[str, Requirement]]:
    """The dependencies on the removed lines and on the added lines of a manifest, by name.

    Returns:
        Two empty mappings for any other file.
    """
    kind = next((kind for pattern, kind in _KINDS if pattern.search(name_of(file.path))), None)
    old: dict[str, Requirement] = {}
    new: dict[str, Requirement] = {}
    if kind is None:
        return old, new
    read, bare = kind
    place, number = _Place(), 0
    for line in file.lines:
        if line.number > number + 1:
            place = _Place()  # lines that the patch does not show lie between
        number = line.number
        before = (place.section, place.key)
        for name, spec in read(line.text[:_LINE], place):
            requirement = Requirement(name, spec.strip(), line.number, _strength(spec, bare))
            if line.kind in "+-":
                (new if line.kind == "+" else old).setdefault(name, requirement)
        if line.kind == "-":
            place.section, place.key = before  # what is gone leads nowhere
    return old, new


def is_manifest(path: str) -> bool:
    """Whether it is one of the files in which dependencies are declared."""
    return any(pattern.search(name_of(path)) for pattern, _kind in _KINDS)


def _requirements_txt(text: str, _place: _Place) -> _Found:
    found = _REQUIREMENT.search(text)
    if found:
        yield _python_name(found.group(1)), found.group(2) or ""


def _pyproject(text: str, place: _Place) -> _Found:
    if header := _SECTION.search(text) if not text.lstrip().startswith(('"', "'")) else None:
        place.section, place.key = header.group(1), ""
        return
    if place.section and _POETRY.search(place.section):
        pair = _PAIR.search(text)
        if pair and pair.group(1) not in _NO_PACKAGE:
            yield _python_name(pair.group(1)), _pair_spec(pair)
        return
    if opened := _LIST.search(text):
        place.key = opened.group(1)
        text = text.partition("[")[2]
    if place.key != "" and _may_hold_requirements(place):
        for found in _QUOTED.finditer(text):
            if found.group(2) or place.key:
                yield _python_name(found.group(1)), found.group(2) or ""
    if text.rstrip().endswith("]") or text.strip() == "],":
        place.key = ""


def _may_hold_requirements(place: _Place) -> bool:
    if place.section is None:
        return place.key in {None, "dependencies", "requires"}
    if place.section in {"project.optional-dependencies", "dependency-groups"}:
        return True
    return (place.section, place.key) in {("project", "dependencies"), ("build-system", "requires")}


def _package_json(text: str, place: _Place) -> _Found:
    found = _JSON.search(text)
    if found and found.group(3):
        place.section = found.group(1)
    elif found and place.section in _JSON_SECTIONS:
        yield found.group(1), found.group(2)
    elif found and place.section is None:
        if _PLAIN_VERSION.search(found.group(2)) and found.group(1) not in _NO_PACKAGE:
            yield found.group(1), found.group(2)
    elif text.strip().startswith("}"):
        place.section = ""


def _cargo(text: str, place: _Place) -> _Found:
    if header := _SECTION.search(text):
        place.section = header.group(1)
        one = _ONE_CRATE.search(place.section)
        if one:
            yield one.group(1), "="
        return
    pair = _PAIR.search(text)
    if not pair or pair.group(1) in _NO_PACKAGE:
        return
    is_known = place.section is not None and _CARGO.search(place.section)
    is_likely = place.section is None and _PLAIN_VERSION.search(pair.group(2) or "")
    inner = pair.group(4) or ""
    is_own = "path" in inner or "workspace" in inner
    if (is_known or is_likely) and not is_own:
        yield pair.group(1), _pair_spec(pair)


def _go_mod(text: str, _place: _Place) -> _Found:
    found = _GO.search(text)
    if found and not found.group(3):
        yield found.group(1), f"={found.group(2)}"


def _dockerfile(text: str, place: _Place) -> _Found:
    found = _FROM.search(text)
    if not found:
        return
    stages = (place.key or "").split()
    image, _, digest = found.group(1).partition("@")
    if found.group(2):
        place.key = " ".join([*stages, found.group(2).lower()])
    if image.lower() in {"scratch", *stages} or "$" in image:
        return
    name, _, tag = image.rpartition(":") if ":" in image.rpartition("/")[2] else (image, "", "")
    yield name, f"={digest}" if digest else ("" if tag in {"", "latest"} else f"~{tag}")


_KINDS: tuple[tuple[Any, tuple[_Read, int]], ...] = (
    (
        re2.compile(r"(?i)^(?:[\w.-]*requirements[\w.-]*|constraints[\w.-]*)\.(?:txt|in)$"),
        (_requirements_txt, 3),
    ),
    (re2.compile(r"^pyproject\.toml$"), (_pyproject, 3)),
    (re2.compile(r"^package\.json$"), (_package_json, 3)),
    (re2.compile(r"^Cargo\.toml$"), (_cargo, 2)),  # a bare version of Cargo is a range
    (re2.compile(r"^go\.mod$"), (_go_mod, 3)),
    (re2.compile(r"(?i)^(?:(?:docker|container)file(?:\..+)?|.+\.dockerfile)$"), (_dockerfile, 2)),
)


def _strength(spec: str, bare: int) -> int:
    spec = spec.strip()
    if spec in {"", "*", "latest", "x"}:
        return 0
    if re.match(r"==?=?\s*[\w.]+[^*]*$", spec) and not re.search(r"[<>,|]", spec):
        return 3
    if re.match(r"[\^~]", spec) or "<" in spec or "*" in spec or ".x" in spec:
        return 2
    return bare if spec[0].isdigit() else 1


def _pair_spec(pair: Any) -> str:
    inner = pair.group(4)
    if inner is None:
        return pair.group(2) or pair.group(3) or ""
    found = _SOURCE.search(inner) or _VERSION.search(inner)
    return found.group(1) if found else ""


def _python_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()  # PEP 503
