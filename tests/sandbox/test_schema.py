"""What the sandbox serves of GraphQL is a part of GitHub's official schema, type by type."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLNamedType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
    print_ast,
)

from bot.sandbox.graphql.execution import schema
from tests.schema import official_schema


def _served(ours: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    for one in ours.type_map.values():
        if not is_introspection_type(one) and not is_specified_scalar_type(one):
            yield one


def _differences(ours: GraphQLSchema, official: GraphQLSchema) -> list[str]:
    found = []
    for mine in _served(ours):
        theirs = official.type_map.get(mine.name)
        if theirs is None or type(theirs) is not type(mine):
            found.append(f"{mine.name} is not there")
            continue
        found += _members(mine, theirs)
    return found


def _members(mine: Any, theirs: Any) -> Iterator[str]:
    if missing := set(getattr(mine, "values", {})) ^ set(getattr(theirs, "values", {})):
        yield f"{mine.name} has other values: {missing}"
    known = getattr(theirs, "fields", {})
    for name, field in getattr(mine, "fields", {}).items():
        if name not in known or str(known[name].type) != str(field.type):
            yield f"{mine.name}.{name}: {field.type} is not there"
            continue
        for argument, value in getattr(field, "args", {}).items():
            other = known[name].args.get(argument)
            if other is None or _declared(other) != _declared(value):
                yield f"{mine.name}.{name}({argument}) is not there"


def _declared(argument: GraphQLArgument) -> tuple[str, str]:
    assert argument.ast_node is not None
    default = argument.ast_node.default_value
    return str(argument.type), "" if default is None else print_ast(default)


def test_all_that_is_served_is_githubs() -> None:
    assert _differences(schema(), official_schema()) == []


def test_inputs_are_whole() -> None:
    official = official_schema()
    for mine in _served(schema()):
        if mine.name.endswith("Input"):
            assert set(mine.fields) == set(official.type_map[mine.name].fields), mine.name  # type: ignore[attr-defined]


def test_differences_are_found() -> None:
    ours = build_schema("type Query { a: Int! b(x: Int = 1): Int e: E } enum E { ONE }")
    theirs = build_schema("type Query { a: Int b(x: Int = 2): Int e: E } enum E { ONE TWO }")
    assert sorted(_differences(ours, theirs)) == [
        "E has other values: {'TWO'}",
        "Query.a: Int! is not there",
        "Query.b(x) is not there",
    ]
