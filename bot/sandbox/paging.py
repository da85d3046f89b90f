"""Pages of a list with their `Link` header, and entity tags."""

import hashlib
from typing import TypeVar

from bot.sandbox.web import Answer, Request

Item = TypeVar("Item")
DEFAULT_PAGE, LARGEST_PAGE = 30, 100


def _positive(text: str | None, default: int) -> int:
    if text is None or not text.isascii() or not text.isdigit():
        return default
    return max(int(text), 1)


def page_size(request: Request) -> int:
    return min(_positive(request.query.get("per_page"), DEFAULT_PAGE), LARGEST_PAGE)


def page(request: Request, base: str, items: list[Item]) -> tuple[list[Item], dict[str, str]]:
    size = page_size(request)
    number = _positive(request.query.get("page"), 1)
    last = max(-(-len(items) // size), 1)
    links: dict[str, int] = {}
    if number > 1:
        links |= {"prev": min(number - 1, last), "first": 1}
    if number < last:
        links |= {"next": number + 1, "last": last}
    return items[(number - 1) * size : number * size], link_header(
        {rel: request.url_with(base, page=str(to)) for rel, to in links.items()}
    )


def link_header(links: dict[str, str]) -> dict[str, str]:
    if not links:
        return {}
    return {"link": ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items())}


def conditional(request: Request, answer: Answer) -> Answer:
    """Tag a successful read, and answer 304 to a client that already has it."""
    if request.method not in ("GET", "HEAD") or answer.status != 200:
        return answer
    body = answer.encoded()
    tag = f'W/"{hashlib.sha256(body).hexdigest()}"'
    answer.body, answer.headers["etag"] = body, tag
    answer.headers["cache-control"] = "private, max-age=60, s-maxage=60"
    wanted = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if tag.removeprefix("W/") in wanted or "*" in wanted:
        return Answer(304, None, answer.headers)
    return answer
