"""The report as plain text: no line is wider than those of a mail are meant to be."""

import re
from collections.abc import Callable, Iterable, Iterator
from textwrap import wrap

from rich.cells import cell_len, set_cell_size

from bot.render import one_line
from bot.reports.names import name_of
from bot.reports.needed import Needed
from bot.reports.rows import Row
from bot.reports.view import View
from bot.reports.words import bar

WIDTH = 78  # columns; RFC 5322 (2.1.1) asks for no more
MOST = 5  # threads of one kind
NAME = 40  # columns of a login
USUAL = (
    "Usual: what a week had, by the twelve weeks before this window, and from the lowest to the highest of"
    " them. A dash where too little is known; beside times to an answer, a review or the end, and the share"
    " answered in time, unless the window is about a week; and beside figures of people (who reviews, too),"
    " releases, commits, labels and documents. Of fewer than five cases, the cases stand there themselves."
    " Bots are left out."
)
_PLACE, _CELL = 20, 14  # columns of a trend
_BAR = 7  # of which are the bar, when it is longest
#: What mail programs make links of by themselves.
_LINKS = re.compile(r":(?=//)|\bwww(?=\.)", re.IGNORECASE)
_ZERO_WIDTH_SPACE = "\u200b"


def plain(shown: View, *, page: str | None, thread: Callable[[int], str], more: str) -> str:
    """Return the report as plain text: what needs somebody, how it went, trends and thanks.

    Args:
        shown: the report.
        page: the address of the page with charts; None where nobody knows it.
        thread: the address of a thread. A long one may be wider than the text: it is of no use in pieces.
        more: the last line: where the rest is.
    """
    return "\n".join(_Writer(shown, thread).lines(page, more)) + "\n"


def harmless(text: str, limit: int) -> str:
    """One line of what somebody else wrote, of which no mail program makes a link."""
    return _LINKS.sub(lambda link: link[0] + _ZERO_WIDTH_SPACE, one_line(text, limit))


def cut(text: str, width: int) -> str:
    """One line of what somebody else wrote, harmless; some letters are two columns wide."""
    line = harmless(text, width)
    return line if cell_len(line) <= width else set_cell_size(line, width - 1).rstrip() + "…"


def meanings(shown: View) -> Iterable[Row]:
    """The first figures whose names do not say all that is to be said of them."""
    return [row for row in shown.headlines if not name_of(row.id).says_all]


def verdict(page: str | None) -> str:
    """Where to say of a suspected account what it is."""
    clicked = f"on {page}#bots, or " if page else ""
    return f"A bot, or a person? Say so {clicked}in .github/usher.yml: bots or people in the section health."


class _Writer:
    def __init__(self, shown: View, thread: Callable[[int], str]) -> None:
        self._view, self._thread = shown, thread

    def lines(self, page: str | None, more: str) -> Iterator[str]:
        shown = self._view
        yield from _wrapped(f"{cut(shown.repository, WIDTH)}, {shown.dates} ({shown.zone})")
        if page:
            yield page
        if shown.audience:
            yield from ("", *_wrapped(shown.audience))
        if shown.stale:
            yield from ("", *_wrapped(f"{shown.stale} What happened since is not in these figures."))
        if shown.early:
            yield from ("", *_wrapped(shown.early))
        for heading, lines in (
            ("Needs you now", self._needs()),
            ("How it went", self._figures(shown.headlines)),
            ("One thing to try", self._advice()),
            ("Trends", self._trends()),
            ("Thank you", self._thanks()),
            ("Taken for bots", self._suspects(page)),
            ("What the figures mean", self._meanings()),
        ):
            found = list(lines)
            if found:
                yield from ("", heading.upper(), "", *found)
        yield from ("", *_wrapped(more))

    def _needs(self) -> Iterator[str]:
        if not self._view.needs:
            yield self._view.needs_none
        for n, need in enumerate(self._view.needs):
            yield from [""] if n else []
            yield from self._needed(need)

    def _needed(self, need: Needed) -> Iterator[str]:
        new = f" ({need.new})" if need.new else ""
        named, others = need.named(MOST), need.others(MOST)
        if not named:
            yield from _wrapped(f"{need.count} {need.noun}{new} {need.why}, {others}.", "* ", "  ")
            return
        yield from _wrapped(f"{need.count} {need.noun}{new} {need.why}:", "* ", "  ")
        for item in named:
            begin = f"    #{item.number} ({item.since}) "
            yield begin + cut(item.title, WIDTH - len(begin))
            for note in item.notes:
                yield f"    {note}"
            yield f"    {self._thread(item.number)}"
        if others:
            yield f"    {others}"

    def _figures(self, rows: Iterable[Row]) -> Iterator[str]:
        heads = (self._view.now, self._view.before, "usual (12 weeks)")
        room = max(map(len, heads)) + 6
        for row in rows:
            about = "; ".join(filter(None, (row.cases, *row.notes)))
            yield from _wrapped(f"{row.name} ({about})" if about else row.name, "", "  ")
            now = f"{row.now}; {row.most}" if row.most else row.now
            for head, text in zip(heads, (now, row.before, row.usual), strict=True):
                yield from _wrapped(text, f"    {head}".ljust(room), " " * room)

    def _advice(self) -> Iterator[str]:
        found = self._view.told.report.advice
        yield from _wrapped(found[0].say.plain()) if found else ()

    def _trends(self) -> Iterator[str]:
        if not self._view.trends:
            return
        place, *names = self._view.trend_head
        yield _columns(place, names)
        for trend in self._view.trends:
            cells = (
                f"{bar(share, 1, _BAR)} {number}".lstrip()
                for share, (_bar, number) in zip(trend.shares, trend.cells, strict=True)
            )
            yield _columns(trend.place, cells)

    def _thanks(self) -> Iterator[str]:
        thanked = ", ".join(f"{cut(each.login, NAME)} ({each.gave})" for each in self._view.thanks)
        if thanked:
            more = f" and {self._view.more_thanks} more" if self._view.more_thanks else ""
            yield from _wrapped(f"{thanked}{more}.")
        for new in self._view.newcomers:
            names = ", ".join(cut(name, NAME) for name in new.names)
            more = f" and {new.more} more" if new.more else ""
            yield from _wrapped(f"{new.what}: {names}{more}", "* ", "  ")

    def _suspects(self, page: str | None) -> Iterator[str]:
        suspects = self._view.suspects
        for suspect, why in suspects:
            yield from _wrapped(f"{cut(suspect.login, NAME)} {why}.", "* ", "  ")
        if suspects:
            yield from _wrapped(f"So what they write counts as no answer. {verdict(page)}")

    def _meanings(self) -> Iterator[str]:
        yield from _wrapped(USUAL)
        for row in meanings(self._view):
            yield from _wrapped(f"{row.name}: {row.definition}", "* ", "  ")


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """Lines of Usher's own words, in which addresses stay whole."""
    return wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _columns(place: str, cells: Iterable[str]) -> str:
    return (place.ljust(_PLACE) + "".join(cell.ljust(_CELL) for cell in cells)).rstrip()
