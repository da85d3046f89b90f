"""The config file described: as JSON Schema for editors, and as the reference page of the manual.

``python -m bot.config_docs > docs/config.md`` writes the page anew.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from bot.config import config_model
from bot.rules import RULES

_WORDS = {
    "array": "list",
    "boolean": "`true` or `false`",
    "integer": "whole number",
    "null": "`null`",
    "object": "`name: value` lines",
    "string": "text",
}
_INTRO = """# Settings: `.github/usher.yml`

<!-- Written by `python -m bot.config_docs`. Change the descriptions in the code, not here. -->

Usher reads this file from the default branch only. Without it, everything has its default: Usher plans and
reports, and touches nothing. An unknown key or a wrong value is reported with its line, by the check
`usher / settings` on the commit of the default branch that brought it; the section that it stands in keeps
its previous settings until it is mended, and everything else works.

`usher check-config FILE` checks a file. Editors complete and check it with the schema that your server has at
`/schema/usher.json`.
"""


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the file."""
    schema = config_model().model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Settings of Usher"}


def reference() -> str:
    """Return the reference page, in Markdown."""
    schema = json_schema()
    properties = schema["properties"]
    sections = list(dict.fromkeys(rule.section for rule in RULES))
    general = {name: value for name, value in properties.items() if name not in sections}
    parts = [_INTRO, "## For the whole file", _table(general, schema)]
    for name in sections:
        does = "\n".join(f"- {rule.doc}" for rule in RULES if rule.section == name)
        section = _resolved(properties[name], schema)
        parts += [
            f"## `{name}`",
            f"{section['description']}\n\n{does}".strip(),
            _table(section["properties"], schema),
        ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _table(properties: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    rows = [
        "| Setting | Takes | Default | Meaning |",
        "|---|---|---|---|",
        *(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in _rows(properties, schema)),
    ]
    return "\n".join(rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _rows(properties: Mapping[str, Any], schema: Mapping[str, Any], prefix: str = "") -> Iterator[list[str]]:
    """Yield a row for each setting; settings that have settings of their own stand as ``outer.inner``."""
    for name, property_ in properties.items():
        inner = _resolved(property_, schema)
        if "properties" in inner:
            yield from _rows(inner["properties"], schema, f"{prefix}{name}.")
        else:
            default = (
                f"`{json.dumps(property_['default'], ensure_ascii=False)}`"
                if "default" in property_
                else "none"
            )
            yield [f"`{prefix}{name}`", _takes(property_, schema), default, property_.get("description", "")]


def _resolved(part: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference_ = part.get("$ref", "")
    found: Mapping[str, Any] = schema["$defs"][reference_.rsplit("/", 1)[-1]] if reference_ else part
    return found


def _takes(part: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Say in words which values a part of the schema allows."""
    part = _resolved(part, schema)
    if "anyOf" in part:
        return " or ".join(_takes(option, schema) for option in part["anyOf"])
    if "const" in part or "enum" in part:
        return " or ".join(f"`{value}`" for value in part.get("enum", [part.get("const")]))
    kind = str(part.get("type", "anything"))
    words = _WORDS.get(kind, kind) + _bounds(part)
    if kind == "array":
        words += f" of: {_takes(part.get('items', {}), schema)}"
    if "propertyNames" in part:
        words += f"; names: {_takes(part['propertyNames'], schema)}"
    if isinstance(part.get("additionalProperties"), Mapping):
        words += f"; values: {_takes(part['additionalProperties'], schema)}"
    return words


def _bounds(part: Mapping[str, Any]) -> str:
    least, most = part.get("minimum"), part.get("maximum", part.get("maxLength"))
    unit = " characters" if "maxLength" in part else ""
    if least == most:
        return "" if least is None else f" {least}"
    if most is None:
        return f" from {least}"
    return f" up to {most}{unit}" if least is None else f" from {least} to {most}"


if __name__ == "__main__":
    sys.stdout.write(reference())
