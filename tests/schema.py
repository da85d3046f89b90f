"""GitHub's official GraphQL schema, and the documents that Usher sends."""

import gzip
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from graphql import GraphQLSchema, build_schema

import bot.github
from tests.shared import shared

_DOCUMENT = re.compile(r"\s*(query|mutation)\b[^{]*\{")


@cache
def _parsed(sdl: str) -> GraphQLSchema:
    return build_schema(sdl, assume_valid=True)  # GitHub's own: checking it takes longer than reading it


def official_schema() -> GraphQLSchema:
    """The official schema; skips the test where it is not beside this checkout."""
    return _parsed(gzip.decompress(shared("github/schema.graphql.gz").read_bytes()).decode())


def documents_of(module: ModuleType) -> Iterator[tuple[str, str]]:
    """The name and the text of each constant of a module that is a GraphQL document."""
    for name, value in vars(module).items():
        if isinstance(value, str) and _DOCUMENT.match(value):
            yield f"{module.__name__}.{name}", value


def sent_documents() -> dict[str, str]:
    """All that ``bot/github`` sends, by where it is."""
    names = [found.name for found in pkgutil.iter_modules(bot.github.__path__, "bot.github.")]
    return {name: text for module in names for name, text in documents_of(importlib.import_module(module))}
