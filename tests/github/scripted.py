"""A server of this machine that answers as it is told, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot.github.client import Credentials, GitHub
from bot.store.pace import Pace
from tests.world import private_key

TOKEN = {"token": "ghs_" + "a" * 36, "expires_at": "2099-01-01T00:00:00Z"}


@dataclass(frozen=True)
class Asked:
    verb: str
    path: str  # with its query
    headers: dict[str, str]  # lower-case names
    body: bytes


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Scripted:
    """Answers with what was told for a verb and a path, otherwise with 404."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    answers: dict[tuple[str, str], Answer | Callable[[Asked], Answer]] = field(default_factory=dict)

    def tell(self, verb: str, path: str, answer: Answer | Callable[[Asked], Answer]) -> None:
        self.answers[verb, path] = answer

    def lines(self) -> list[str]:
        return [f"{one.verb} {one.path}" for one in self.asked]


@contextmanager
def scripted() -> Iterator[Scripted]:
    """Run a scripted server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    script = Scripted(f"http://127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass = _handler(script)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield script
    server.shutdown()
    server.server_close()
    thread.join()


def github_at(script: Scripted, pace: Pace) -> GitHub:
    """The client, for a scripted server that hands out tokens."""
    script.tell("POST", "/app/installations/1/access_tokens", Answer(201, TOKEN))
    return GitHub(script.url, Credentials("1", private_key()), pace)


def _handler(script: Scripted) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body)
            script.asked.append(asked)
            told = script.answers.get((self.command, self.path), Answer(404, {"message": "Not Found"}))
            answer = told if isinstance(told, Answer) else told(asked)
            raw = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            raw = b"" if answer.body is None else raw
            self.send_response(answer.status)
            for name, value in {"content-length": str(len(raw)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    for verb in ("GET", "POST", "PATCH", "PUT", "DELETE"):
        setattr(Handler, f"do_{verb}", Handler.answer)
    return Handler
