"""The last step of the App manifest flow: GitHub's one-time code becomes the App's credentials."""

import json
import re
from typing import Any

import httpx

from bot.core.errors import BotError, RetryLater

KEPT = ("id", "slug", "name", "html_url", "client_id", "client_secret", "webhook_secret", "pem")
TIMEOUT = httpx.Timeout(15, connect=5)
_CODE = re.compile(r"[A-Za-z0-9_-]{1,200}")


def convert(api_url: str, code: str) -> str:
    """Return the credentials as the JSON text that is stored.

    Args:
        api_url: base URL of the REST API; the request goes there and nowhere else.
        code: what GitHub sent the browser back with.

    Raises:
        RetryLater: GitHub cannot be reached, or failed; the code may still be good.
        BotError: GitHub does not take the code, or its answer misses something.
    """
    if not _CODE.fullmatch(code):
        raise BotError("the code is not one of GitHub's")
    url = f"{api_url}/app-manifests/{code}/conversions"
    headers = {"accept": "application/vnd.github+json", "user-agent": "usher-bot"}
    try:
        answer = httpx.post(url, headers=headers, timeout=TIMEOUT, follow_redirects=False)
    except httpx.HTTPError as error:
        raise RetryLater(f"GitHub cannot be reached at {api_url} ({type(error).__name__})") from None
    if answer.status_code >= 500 or answer.status_code == 429:
        raise RetryLater(f"GitHub answered {answer.status_code}")
    if answer.status_code != 201:
        raise BotError(
            f"GitHub does not take the code ({answer.status_code}): it is good once, and for an hour"
        )
    return json.dumps(_complete(answer), indent=1)


def _complete(answer: httpx.Response) -> dict[str, Any]:
    try:
        data = answer.json()
        kept = {name: data[name] for name in KEPT}
    except (ValueError, KeyError, TypeError):
        raise BotError("GitHub's answer is not complete") from None
    if not all(kept.values()):
        raise BotError("GitHub's answer is not complete")
    return kept
