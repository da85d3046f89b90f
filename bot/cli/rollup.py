"""``usher report OWNER``: all repositories of an owner together, in the formats of a report."""

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bot.core.errors import ConfigError

if TYPE_CHECKING:
    from bot.config import Config
    from bot.rollups import AskedRollup
    from bot.settings import Settings


def written(asked: "AskedRollup", settings: "Settings", kind: str, config: "Config | None") -> bytes:
    """Return the roll-up of an owner's repositories.

    Args:
        asked: whose, and for which window.
        settings: the operator's.
        kind: ``md``, ``html``, ``json`` or ``csv``.
        config: the settings that hold for all; None for each repository's own.

    Raises:
        ConfigError: nothing is known of the owner's repositories, or what was asked for makes no sense.
    """
    from bot.cli import wiring
    from bot.reporting import Reports
    from bot.reports.rollup_formats import rollup_data, rollup_markdown, rollup_page, rollup_sheet
    from bot.rollups import Rollups, UnknownOwner
    from bot.store.registry import Registry
    from bot.web.words import web_url

    if kind == "mail":
        raise ConfigError("--format mail is for one repository: give it as owner/repo")
    with wiring.store(settings) as store:
        reports = Reports(store.database, config=config)
        try:
            told = Rollups(reports, Registry(store.database)).make(asked)
        except UnknownOwner as error:
            raise ConfigError(f"{error} (looked in {store.database.shown})") from None
    web = web_url(settings.github_api_url)
    match kind:
        case "json":
            text = json.dumps(rollup_data(told), indent=2) + "\n"
        case "csv":
            text = rollup_sheet(told)
        case "html":
            text = rollup_page(told, web)
        case _:
            base = (settings.public_url or "").rstrip("/")
            given = {"until": asked.until, "window": asked.window}
            query = urlencode({name: value for name, value in given.items() if value})
            page = f"{base}/r/{told.rollup.organisation}{query and f'?{query}'}" if base else None
            text = rollup_markdown(told, web=web, page=page)
    # A lone surrogate in somebody's text has no bytes.
    return text.encode("utf-8", "replace")
