"""The text of ``.github/usher.yml`` to plain values, each with its place in the file.

The file is written by strangers, so it is read event by event, and given up as soon as it grows beyond
bounds: nothing here takes longer than reading a file of 256 KiB. Scalars mean what they do in YAML 1.2, so
that ``no`` is a fine name for a label; as a switch it still means false, because the models say so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

MAX_BYTES = 256 * 1024
MAX_DEPTH = 50
MAX_VALUES = 10_000  # after aliases are followed
MAX_SHOWN = 60  # characters of what the file says, in a message

Path = tuple[str | int, ...]
Place = tuple[int, int]  # line and column, both from 1

_YAML_TAGS = "tag:yaml.org,2002:"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,18}|[0-9]{1,18}(\.[0-9]{0,18})?)([eE][-+]?[0-9]{1,3})?")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Unreadable(Exception):
    """The file is not the YAML that Usher reads."""

    def __init__(self, message: str, place: Place = (1, 1)) -> None:
        super().__init__(f"{message}.")
        self.place = place


@dataclass
class Tree:
    """What a file says.

    Args:
        data: the values.
        keys: where each key stands; the path of a list's item leads to the item.
        values: where each value stands.
        texts: numbers and truth values as they were written, for settings that want text.
    """

    data: dict[str, Any] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    texts: dict[Path, str] = field(default_factory=dict)


def harmless(text: str) -> str:
    """Return what may stand between backticks on one line of a comment or a terminal."""
    seen = "".join(char for char in text[:200] if char.isprintable() and char != "`")
    return seen if len(seen) <= MAX_SHOWN else f"{seen[:MAX_SHOWN]}…"


def read_tree(text: bytes | str) -> Tree:
    """Read the values and their places.

    Raises:
        Unreadable: it is too big, not UTF-8, not YAML, or uses what Usher does not take from YAML.
    """
    text = _decoded(text)
    try:
        return _Reader(yaml.parse(text, Loader=_LOADER)).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Unreadable(_kindly(error.problem or "it is not YAML", text, place), place) from None
    except yaml.YAMLError:
        raise Unreadable("it is not YAML") from None


def _decoded(text: bytes | str) -> str:
    if isinstance(text, str):
        text = text.encode("utf-8", "surrogatepass")
    if len(text) > MAX_BYTES:
        raise Unreadable(f"the file is larger than {MAX_BYTES // 1024} KiB")
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        column = error.start - text.rfind(b"\n", 0, error.start)
        raise Unreadable("the file is not UTF-8 text", (line, column)) from None
    unprintable = yaml.reader.Reader.NON_PRINTABLE.search(decoded)
    if unprintable:
        line = decoded.count("\n", 0, unprintable.start()) + 1
        column = unprintable.start() - decoded.rfind("\n", 0, unprintable.start())
        raise Unreadable(f"there is an invisible character (U+{ord(unprintable[0]):04X})", (line, column))
    if re.search("^%", decoded, re.MULTILINE):
        raise Unreadable("directives (lines that start with `%`) are not supported")
    return decoded


def _kindly(problem: str, text: str, place: Place) -> str:
    lines = text.split("\n")
    line = lines[place[0] - 1] if place[0] <= len(lines) else ""
    if "\t" in line:
        return "there is a tab; YAML is indented with spaces only"
    return f"it is not YAML: {problem}"


class _Reader:
    """Builds values from the parser's events."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self.events = events
        self.tree = Tree()
        self.anchors: dict[str, Any] = {}
        self.count = 0

    def read(self) -> Tree:
        """Read the only document there is.

        Raises:
            Unreadable: there is more than one, or it is not a mapping.
        """
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                break
        else:
            return self.tree
        event = next(self.events)
        data = self.value(event, ())
        if data is not None and not isinstance(data, dict):
            raise Unreadable("settings are `name: value` lines, this is something else", _place(event))
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise Unreadable("there is a second document (`---`); one file has one", _place(event))
        self.tree.data = data or {}
        return self.tree

    def value(self, event: yaml.Event, path: Path) -> Any:
        """Return the value that starts with this event."""
        place = self.tree.values[path] = _place(event)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event.anchor or "", path)
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)
        if event.tag is not None:
            raise Unreadable(
                f"tags such as `{harmless(event.tag.replace(_YAML_TAGS, '!!'))}` are not supported", place
            )
        self.add(1, len(path) + 1, place)
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            _check_visible(event)
            value = _scalar(event.value) if event.implicit[0] else event.value
            if isinstance(value, bool | int | float):
                self.tree.texts[path] = event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self.sequence(path)
        else:
            value = self.mapping(path)
        if event.anchor:
            self.anchors[event.anchor] = value
        return value

    def add(self, values: int, depth: int, place: Place) -> None:
        self.count += values
        if self.count > MAX_VALUES:
            raise Unreadable(f"there are more than {MAX_VALUES:,} values, aliases (`*name`) included", place)
        if depth > MAX_DEPTH:
            raise Unreadable(f"there are more than {MAX_DEPTH} levels", place)

    def alias(self, name: str, path: Path) -> Any:
        place = self.tree.values[path]
        if name not in self.anchors:
            raise Unreadable(
                f"the alias `*{harmless(name)}` stands for nothing that was defined before", place
            )
        size, height = _extent(self.anchors[name])
        self.add(size, len(path) + height, place)
        return self.anchors[name]

    def sequence(self, path: Path) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            here = (*path, len(values))
            self.tree.keys[here] = _place(event)
            values.append(self.value(event, here))
        return values

    def mapping(self, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            place = _place(event)
            if not isinstance(event, yaml.ScalarEvent) or event.tag is not None:
                raise Unreadable("a name must be plain text", place)
            _check_visible(event)
            key, here = event.value, (*path, event.value)
            if here in self.tree.keys:
                line = self.tree.keys[here][0]
                raise Unreadable(f"`{harmless(key)}` is there twice; it is on line {line} already", place)
            self.tree.keys[here] = place
            value = self.value(next(self.events), here)
            if key == "<<" and event.implicit[0]:
                merged = _merged(value, place)
            else:
                values[key] = value
        return {**merged, **values}


def _check_visible(event: yaml.ScalarEvent) -> None:
    """Refuse what only an escape can spell, such as NUL: no database and no label takes it."""
    unprintable = yaml.reader.Reader.NON_PRINTABLE.search(event.value)
    if unprintable:
        code = ord(unprintable[0])
        raise Unreadable(f"an escape spells an invisible character (U+{code:04X})", _place(event))


def _scalar(text: str) -> Any:
    if text in _NULLS:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _extent(value: Any) -> tuple[int, int]:
    """Return how many values a value holds, itself included, and on how many levels."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    extents = [_extent(item) for item in inner]
    return 1 + sum(size for size, _ in extents), 1 + max((height for _, height in extents), default=0)


def _merged(value: Any, place: Place) -> dict[str, Any]:
    """Return what ``<<`` brings in: one mapping, or several of which the first one wins."""
    sources = value if isinstance(value, list) else [value]
    if not all(isinstance(source, dict) for source in sources):
        raise Unreadable("`<<` takes a mapping, such as `*name`", place)
    return {key: item for source in reversed(sources) for key, item in source.items()}


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
