"""The report as a mail: a message with a plain text and a page of tables, which nobody here sends.

RFC 5322 says what a message is, RFC 2046 (5.1.4) that of alternatives the richest comes last. Mail programs
run no scripts, show no SVG and fetch no pictures without asking, so there are none of these.
"""

from datetime import datetime
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial

from bot import __version__
from bot.core.errors import ConfigError
from bot.render import one_line, page_environment
from bot.reporting import Told
from bot.reports.page import address
from bot.reports.plain import MOST, USUAL, harmless, meanings, plain, verdict
from bot.reports.view import View, view
from bot.reports.words import day

LONGEST_TITLE = 160  # characters of a thread's title
_LONGEST_SUBJECT = 200


def mail(
    told: Told, *, web: str, at: datetime, page: str | None = None, sender: str = "", to: str = ""
) -> bytes:
    """Return the report as a message, with lines that end as mail's do.

    Args:
        told: the report.
        web: the address of GitHub's pages.
        at: when it was written (aware).
        page: the address of the page with charts; None where nobody knows it.
        sender: who it says it is from; left to the program that sends it where empty.
        to: whom it is for, separated by commas; left out where empty.

    Raises:
        ConfigError: ``sender`` or ``to`` is no address.
    """
    shown = view(told)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject = subject_of(shown)
    for name, given, most in (("From", sender, 1), ("To", to, None)):
        if given:
            message[name] = _checked(name, given, most)
    message["Date"] = at
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: so that no holiday notice answers it
    thread = address(told.repository, web)
    more = _more(told.repository)
    message.set_content(plain(shown, page=page, thread=thread, more=more), cte="quoted-printable")
    template = page_environment().get_template("reports/report.mail.html.j2")
    html = template.render(
        page=page,
        thread=thread,
        more=more,
        view=shown,
        subject=subject,
        advice=[each.say.plain() for each in told.report.advice],
        usual=USUAL,
        verdict=verdict(page),
        most=MOST,
        meanings=meanings(shown),
        said=partial(harmless, limit=LONGEST_TITLE),
    )
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def subject_of(shown: View) -> str:
    """What stands in a list of mails: the repository, how much needs somebody, and when."""
    count = sum(need.count for need in shown.needs)
    needs = f"{count} need{'s' if count == 1 else ''} you" if count else "nothing needs you"
    return one_line(f"{shown.repository}: {needs}, {_when(shown)}", _LONGEST_SUBJECT)


def _when(shown: View) -> str:
    """The days; or else where the history ends, so that nobody takes a report of then for one of now."""
    known = shown.told.known_until
    if not (shown.stale and known):
        return shown.dates
    return f"history ends {day(known.astimezone(shown.told.config.zone).date())}"


def _checked(name: str, given: str, most: int | None) -> str:
    """The addresses, if they are such: a line break in a header would begin another one."""
    wrong = ConfigError(
        f"{given!r} is no address for --{name.lower()}: expected one such as maintainers@example.org"
    )
    if not (given.isascii() and given.isprintable()):
        raise wrong
    try:
        header = SMTP.header_factory(name, given)
    except (IndexError, ValueError):  # an address that ends too soon, or encoded words that hold line breaks
        raise wrong from None
    defects = header.defects
    assert isinstance(header, AddressHeader)
    found = header.addresses
    if defects or not found or not all(one.username and one.domain for one in found):
        raise wrong
    if most is not None and len(found) > most:
        raise wrong
    return given


def _more(repository: str) -> str:
    return f"All other figures: usher report {repository} --format html. Usher {__version__}"
