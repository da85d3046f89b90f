"""``usher report``: how a repository's community fares, as a page, Markdown, a mail, JSON or CSV."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from bot.cli.files import to_write
from bot.core.errors import ConfigError, UsherError

if TYPE_CHECKING:
    from bot.config import Config
    from bot.reporting import Asked, Told
    from bot.settings import Settings
    from bot.web.wanted import Wanted


WEEK = "7d"  # what an issue looks back to, where nobody says else
_NO_ISSUE = "there would be no issue: nothing needs anybody, and these days end before the first thread"


class Format(StrEnum):
    """What a report can be written as."""

    MD = "md"
    HTML = "html"
    MAIL = "mail"
    ISSUE = "issue"
    JSON = "json"
    CSV = "csv"


_Format = Annotated[
    Format,
    typer.Option(
        "--format", help="Markdown, a page in one file, a mail, what the weekly issue says, JSON or CSV."
    ),
]
_Until = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="The day before which it ends, such as 2026-06-15; else now, or where the history ends.",
    ),
]
_Window = Annotated[
    str | None,
    typer.Option(metavar="SPAN", help="How far it looks back: 90d, 12w, 6m or 1y; else as the settings say."),
]
_Audience = Annotated[
    str | None,
    typer.Option(
        metavar="WHO",
        help="Whose threads it is about: everyone, newcomers, outsiders or maintainers; else everyone's.",
    ),
]
_ConfigFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="A .github/usher.yml whose settings hold; else those that the server knows."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(report)


def report(
    repository: Annotated[str, typer.Argument(help="owner/repo; or an owner, for all of theirs.")],
    *,
    format_: _Format = Format.MD,
    until: _Until = None,
    window: _Window = None,
    audience: _Audience = None,
    sender: Annotated[
        str,
        typer.Option("--from", metavar="ADDRESS", help="Of a mail; else left to the program that sends it."),
    ] = "",
    to: Annotated[
        str, typer.Option("--to", metavar="ADDRESSES", help="Of a mail, separated by commas.")
    ] = "",
    config: _ConfigFile = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where it goes; - or none for stdout.")
    ] = None,
) -> None:
    """Report on the health of a repository's community: what needs somebody now, and how it went."""
    from bot.cli import rollup, wiring
    from bot.reporting import Asked
    from bot.reports.brief import says_nothing
    from bot.reports.mail import mail
    from bot.rollups import AskedRollup
    from bot.web.wanted import Wanted
    from bot.web.words import web_url

    if (sender or to) and format_ is not Format.MAIL:
        raise ConfigError("--from and --to are for --format mail")
    settings = wiring.settings()
    if "/" not in repository:
        if audience or format_ is Format.ISSUE:
            option = "--audience" if audience else "--format issue"
            raise ConfigError(f"{option} is for one repository: give it as owner/repo")
        asked = AskedRollup(repository, until, window)
        _put(rollup.written(asked, settings, format_, _config(config) if config else None), output)
        return
    window = window or (WEEK if format_ is Format.ISSUE else None)
    told = _made(Asked(repository, until, window, audience=audience), settings, config)
    if format_ is Format.ISSUE and says_nothing(told, told):
        typer.echo(f"usher: {_NO_ISSUE}", err=True)
        return
    web = web_url(settings.github_api_url)
    page = _page(told, settings, Wanted(until or "", window or "", audience=audience or ""))
    if format_ is Format.MAIL:
        _put(mail(told, web=web, at=datetime.now(UTC), page=page, sender=sender, to=to), output)
        return
    # A lone surrogate in somebody's text has no bytes.
    _put(_written(told, format_, web, page).encode("utf-8", "replace"), output)


def _put(content: bytes, output: Path | None) -> None:
    if output is None or str(output) == "-":
        typer.echo(content, nl=False)
        return
    try:
        with to_write(output) as out:
            out.write(content)
    except OSError as error:
        raise UsherError(f"cannot write {output}: {error.strerror}") from error


def _made(asked: "Asked", settings: "Settings", config: Path | None) -> "Told":
    from bot.cli import wiring
    from bot.reporting import Reports, UnknownHistory

    with wiring.store(settings) as store:
        try:
            return Reports(store.database, config=_config(config) if config else None).make(asked)
        except UnknownHistory as error:
            raise ConfigError(f"{error} (looked in {store.database.shown})") from None


def _config(file: Path) -> "Config":
    from bot.config import load_file

    reading = load_file(file)
    if reading.problems:
        raise ConfigError(str(reading.problems[0]))
    return reading.config


def _page(told: "Told", settings: "Settings", wanted: "Wanted") -> str | None:
    """The address of the page with charts that shows the same report, where it is known."""
    base = (settings.public_url or "").rstrip("/")
    return f"{base}/r/{quote(told.repository)}/report{wanted.query}" if base else None


def _written(told: "Told", format_: Format, web: str, page: str | None) -> str:
    from bot.health.as_json import as_json
    from bot.reports.markdown import markdown
    from bot.reports.page import standalone
    from bot.reports.sheet import sheet

    match format_:
        case Format.JSON:
            return json.dumps(as_json(told.report, told.repository), indent=2) + "\n"
        case Format.CSV:
            return sheet(told)
        case Format.HTML:
            return standalone(told, web)
        case Format.ISSUE:
            return markdown(told, web=web, page=page, now=told)
        case _:
            return markdown(told, web=web, page=page)
