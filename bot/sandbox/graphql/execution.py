"""Executes a document and answers as GitHub does: 200, with errors that say of which type they are."""

from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync

from bot.sandbox.call import Call
from bot.sandbox.graphql.mutations import mutations
from bot.sandbox.graphql.queries import queries
from bot.sandbox.things import Json
from bot.sandbox.web import Answer, ApiError

TYPES = {403: "FORBIDDEN", 404: "NOT_FOUND"}


@cache
def schema() -> GraphQLSchema:
    """What is served of GitHub's schema."""
    return build_schema(Path(__file__).with_name("schema.graphql").read_text(encoding="utf-8"))


def execute(call: Call) -> Answer:
    """Answer a GraphQL request.

    Raises:
        ApiError: there is no document at all.
    """
    document = call.request.document
    if not document:
        raise ApiError(400, "A query attribute must be specified and must be a string.")
    root = {**queries(call), **mutations(call)}
    name, variables = call.text("operationName"), call.fields("variables")
    found = graphql_sync(schema(), document, root, variable_values=variables, operation_name=name)
    body: Json = {} if found.data is None else {"data": found.data}
    if found.errors:
        body["errors"] = [_shown(error) for error in found.errors]
    return Answer(body=body)


def _shown(error: GraphQLError) -> dict[str, Any]:
    shown: dict[str, Any] = dict(error.formatted)
    cause = error.original_error
    if isinstance(cause, ApiError):
        shown["type"] = TYPES.get(cause.status, "UNPROCESSABLE")
    elif cause is not None:
        raise cause  # a mistake of the sandbox's own, not an answer
    return shown
