"""From method and path to the function that answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from bot.sandbox.call import Call, Needs
from bot.sandbox.web import Answer, not_found

Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Route:
    method: str
    template: str
    handler: Handler
    needs: Needs

    @property
    def name(self) -> str:
        """How the audit log names an operation, e.g. `POST /repos/{owner}/{repo}/issues`."""
        return f"{self.method} {self.template}"


class Routes:
    """The routes of one file, declared above their handlers."""

    def __init__(self, needs: Needs | None = None) -> None:
        self.needs = needs or Needs()
        self.all: list[Route] = []

    def __call__(
        self, method: str, template: str, needs: Needs | None = None
    ) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            self.all.append(Route(method, template, handler, needs or self.needs))
            return handler

        return declare


@dataclass
class _Node:
    """A step of the path: the literal next steps, the one with a parameter, and what ends here."""

    literal: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "_Node | None" = None
    rest: dict[str, Route] = field(default_factory=dict)  # a parameter that takes all remaining steps
    routes: dict[str, Route] = field(default_factory=dict)


class Router:
    def __init__(self, files: Iterable[Routes]) -> None:
        self.all = [route for routes in files for route in routes.all]
        self._root = _Node()
        for route in self.all:
            self._add(route)

    def _add(self, route: Route) -> None:
        node = self._root
        for step in route.template.strip("/").split("/"):
            if step.endswith(":path}"):
                node.rest[route.method] = route
                return
            if step.startswith("{"):
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literal.setdefault(step, _Node())
        node.routes[route.method] = route

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route and its parameters; a literal step wins over a parameter."""
        steps = [unquote(step) for step in path.strip("/").split("/")]
        route = _match(self._root, "GET" if method == "HEAD" else method, steps, 0)
        if route is None:
            raise not_found()
        return route, _parameters(route.template, steps)


def _match(node: _Node, method: str, steps: list[str], at: int) -> Route | None:
    if at == len(steps):
        return node.routes.get(method) or node.rest.get(method)
    literal = node.literal.get(steps[at])
    if literal is not None:
        found = _match(literal, method, steps, at + 1)
        if found is not None:
            return found
    if node.parameter is not None:
        found = _match(node.parameter, method, steps, at + 1)
        if found is not None:
            return found
    return node.rest.get(method)


def _parameters(template: str, steps: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for at, step in enumerate(template.strip("/").split("/")):
        if step.endswith(":path}"):
            found[step[1:-6]] = "/".join(steps[at:])
        elif step.startswith("{"):
            found[step[1:-1]] = steps[at]
    return found
