"""As much of a browser as setting up an App takes: cookies, redirects, links and forms."""

from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

from bot.core.errors import BotError

TIMEOUT = 30.0  # seconds; making an App's key takes the sandbox a moment


class Browser:
    """Follows one person through pages. Proxies are left out of it: the demo stays on this machine."""

    def __init__(self) -> None:
        self._client = httpx.Client(
            headers={"accept": "text/html"}, follow_redirects=True, timeout=TIMEOUT, trust_env=False
        )

    def close(self) -> None:
        self._client.close()

    def open(self, url: str) -> httpx.Response:
        """Open a page.

        Raises:
            BotError: there is no such page, or it reports a failure.
        """
        return _good(self._client.get(url))

    def follow(self, page: httpx.Response, ending: str) -> httpx.Response:
        """Follow the first link of a page whose address ends so.

        Raises:
            BotError: there is none, or it leads nowhere.
        """
        links = _Elements(page).links
        found = next((link for link in links if link.endswith(ending)), None)
        if found is None:
            raise BotError(f"the page {page.url} has no link to {ending}")
        return self.open(urljoin(str(page.url), found))

    def links(self, page: httpx.Response) -> list[str]:
        """Return the addresses of all other pages that a page links to, each once."""
        found = (urljoin(str(page.url), link).partition("#")[0] for link in _Elements(page).links)
        return [link for link in dict.fromkeys(found) if link != str(page.url)]

    def send(self, page: httpx.Response, fields: Mapping[str, str]) -> httpx.Response:
        """Fill in the form of a page and send it.

        Raises:
            BotError: the page has no form, or the answer reports a failure.
        """
        elements = _Elements(page)
        if elements.action is None:
            raise BotError(f"the page {page.url} has no form")
        where = urljoin(str(page.url), elements.action)
        return _good(self._client.post(where, data={**elements.fields, **fields}))


class _Elements(HTMLParser):
    """The links of a page, and its last form that is sent by POST, with what stands in its fields already."""

    def __init__(self, page: httpx.Response) -> None:
        super().__init__()
        self.links: list[str] = []
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form" and given.get("method", "").lower() == "post":
            self.action, self.fields = given.get("action", ""), {}
        elif tag == "input" and given.get("type") not in ("checkbox", "radio") and "name" in given:
            self.fields[given["name"]] = given.get("value", "")


def _good(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    raise BotError(f"{answer.request.method} {answer.url} was answered {answer.status_code}")
