"""What is wrong with a config file, in words that say line, key and what was expected."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, get_args

from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.config_file import MAX_SHOWN, Path, Place, Tree, harmless

MAX_PROBLEMS = 20
MOST_NAMES = 8  # settings named where one is not known

_EXPECTED = {
    "bool_parsing": "`true` or `false`",
    "bool_type": "`true` or `false`",
    "date_from_datetime_parsing": "a day such as `2025-12-31`",
    "date_from_datetime_inexact": "a day such as `2025-12-31`",
    "date_parsing": "a day such as `2025-12-31`",
    "date_type": "a day such as `2025-12-31`",
    "dict_type": "`name: value` lines",
    "float_parsing": "a number",
    "float_type": "a number",
    "frozen_set_type": "a list",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_type": "a whole number",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "list_type": "a list",
    "literal_error": "{expected}",
    "model_type": "`name: value` lines",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "of {min_length} or more characters",
    "string_type": "text",
    "too_long": "at most {max_length} entries",
    "tuple_type": "a list",
    "value_error": "{error}",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a config file.

    Args:
        line: where it stands, from 1.
        column: where it stands in the line, from 1.
        key: the setting, such as ``triage.threshold``; empty where the file as a whole cannot be read.
        message: what is wrong with it and what was expected.
        source: how the file is called.
    """

    line: int
    column: int
    key: str
    message: str
    source: str

    def __str__(self) -> str:
        return f"`{self.source}` line {self.line}: {self.message}"


def find_problems(
    errors: list[ErrorDetails], model: type[BaseModel], data: Mapping[str, Any], tree: Tree, source: str
) -> tuple[Problem, ...]:
    """Put Pydantic's findings into words, one for each setting: the first ones in the file."""
    findings: dict[Path, list[ErrorDetails]] = {}
    for item in errors:
        findings.setdefault(setting_of(item, data), []).append(item)
    # Of the alternatives of a setting, the one that was meant is that whose mistake lies deeper.
    deeper = {path[:length] for path in findings for length in range(len(path))}
    findings = {path: items for path, items in findings.items() if path not in deeper}
    placed = [(_place(path, items[0], tree), path) for path, items in findings.items()]
    placed.sort(key=itemgetter(0))
    problems = [
        Problem(*place, _key(path), _message(path, findings[path], model), source)
        for place, path in placed[:MAX_PROBLEMS]
    ]
    if more := placed[MAX_PROBLEMS:]:
        plural = "problem comes" if len(more) == 1 else "problems come"
        problems.append(Problem(*more[0][0], "", f"{len(more)} more {plural} from here on.", source))
    return tuple(problems)


def setting_of(item: ErrorDetails, data: Mapping[str, Any]) -> Path:
    """Return the setting that a finding is about: Pydantic adds the alternatives that it tried."""
    path: list[str | int] = []
    at: Any = data
    for part in item["loc"]:
        try:
            at = at[part]
        except (KeyError, IndexError, TypeError):
            continue
        path.append(part)
    return (*path, item["loc"][-1]) if item["type"] == "missing" else tuple(path)


def _place(path: Path, item: ErrorDetails, tree: Tree) -> Place:
    """Return where a setting stands; inside an alias, where the alias stands."""
    if item["type"] == "extra_forbidden" and path in tree.keys:
        return tree.keys[path]
    while path and path not in tree.values:
        path = path[:-1]
    return tree.values.get(path, (1, 1))


def _key(path: Path) -> str:
    return ".".join(harmless(str(part)) for part in path)


def _message(path: Path, items: list[ErrorDetails], model: type[BaseModel]) -> str:
    """Say what is wrong with a setting; where it has alternatives, there is one item for each of them."""
    match items[0]["type"]:
        case "extra_forbidden":
            return _unknown(path, model)
        case "missing":
            return f"`{_key(path)}` is missing."
        case "unknown_variable":
            return f"`{_key(path)}` has {items[0]['msg']}"
    expected = " or ".join(dict.fromkeys(_expected(item) for item in items))
    return f"`{_key(path)}` must be {expected}, not {_input(items[0]['input'])}."


def _unknown(path: Path, model: type[BaseModel]) -> str:
    sections = list(_sections(path[:-1], model))
    spelled = {each.lower(): each for section in sections for each in _spellings(section)}
    close = difflib.get_close_matches(str(path[-1])[:MAX_SHOWN].lower(), spelled, n=1, cutoff=0.75)
    if close:
        return f"`{_key(path)}` is not a setting. Did you mean `{_key((*path[:-1], spelled[close[0]]))}`?"
    names = list(dict.fromkeys(name for section in sections for name in section.model_fields))
    more = f" and {len(names) - MOST_NAMES} more, see docs/config.md" if len(names) > MOST_NAMES else ""
    known = ", ".join(f"`{name}`" for name in names[:MOST_NAMES]) + more
    return f"`{_key(path)}` is not a setting." + (f" There are {known}." if known else "")


def _sections(path: Path, model: type[BaseModel]) -> Iterable[type[BaseModel]]:
    """Return the models that a place in the file may be of: several, where there are alternatives."""
    found: list[type[BaseModel]] = [model]
    for part in path:
        fields = [field for section in found if (field := _field(section, part)) is not None]
        # What is no setting is a place in a list, or a name that people chose, such as that of a label.
        found = [inner for field in fields for inner in _models(field.annotation)] if fields else found
    return dict.fromkeys(found)


def _field(section: type[BaseModel], name: str | int) -> FieldInfo | None:
    fields = section.model_fields.items()
    return next((field for own, field in fields if name in _written(own, field)), None)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models within a type, such as that of the entries of a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _spellings(section: type[BaseModel]) -> Iterator[str]:
    """Yield the names that settings may be written by, their own ones last."""
    for name, field in section.model_fields.items():
        yield from reversed(_written(name, field))


def _written(name: str, field: FieldInfo) -> list[str]:
    alias = field.validation_alias
    others = alias.choices if isinstance(alias, AliasChoices) else [alias]
    return list(dict.fromkeys([name, *(other for other in others if isinstance(other, str))]))


def _expected(item: ErrorDetails) -> str:
    context = item.get("ctx", {})
    if item["type"] == "literal_error":
        return str(context["expected"]).replace("'", "`").replace("True", "`true`")
    template = _EXPECTED.get(item["type"])
    return template.format(**context) if template else f"different ({item['msg']})"


def _input(value: object) -> str:
    match value:
        case None | "":
            return "empty"
        case bool():
            return f"`{str(value).lower()}`"
        case dict():
            return "`name: value` lines"
        case []:
            return "an empty list"
        case list():
            return "a list"
        case _:
            return f"`{harmless(str(value))}`"
