"""The GraphQL documents that Usher sends are valid, at GitHub and in the sandbox."""

from types import ModuleType

from graphql import GraphQLSchema, parse, validate

from bot.github.check_reads import head_checks
from bot.sandbox.graphql.execution import schema
from tests.sandbox.test_commits import HISTORY
from tests.sandbox.test_graphql import DEQUEUE, DRAFT, ENQUEUE, OBJECTS, READY, REPOSITORY
from tests.schema import documents_of, official_schema, sent_documents

TRIED = {
    "REPOSITORY": REPOSITORY,
    "READY": READY,
    "DRAFT": DRAFT,
    "ENQUEUE": ENQUEUE,
    "DEQUEUE": DEQUEUE,
    "OBJECTS": OBJECTS,
    "HISTORY": HISTORY,
}


def _problems(against: GraphQLSchema, documents: dict[str, str]) -> list[str]:
    return [
        f"{name}: {error.message}"
        for name, text in documents.items()
        for error in validate(against, parse(text))
    ]


def test_what_usher_sends_fits_githubs_schema() -> None:
    assert _problems(official_schema(), sent_documents()) == []


def test_what_usher_sends_is_served_by_the_sandbox() -> None:
    assert _problems(schema(), sent_documents()) == []


def test_a_question_about_many_heads_fits_both() -> None:
    asked = {"CHECKS": head_checks([7, 12])}
    assert _problems(official_schema(), asked) == _problems(schema(), asked) == []


def test_what_the_sandbox_is_tried_with_fits_githubs_schema_too() -> None:
    assert _problems(official_schema(), TRIED) == []


def test_mistakes_are_found() -> None:
    module = ModuleType("some")
    vars(module).update(WRONG="query { whoever }", PATH="/queries")
    found = dict(documents_of(module))
    assert "some.WRONG" in found
    assert "some.PATH" not in found
    assert _problems(schema(), {"wrong": found["some.WRONG"]}) == [
        "wrong: Cannot query field 'whoever' on type 'Query'."
    ]
