"""The one address of the GraphQL API."""

from bot.sandbox.call import Call, Needs
from bot.sandbox.routing import Routes
from bot.sandbox.web import GRAPHQL, Answer

ROUTES = Routes(Needs(who="someone"))


@ROUTES("POST", GRAPHQL)
def graphql(call: Call) -> Answer:
    from bot.sandbox.graphql.execution import execute  # noqa: PLC0415 - only those who ask wait for its library

    return execute(call)
