"""Charts as SVG: small, readable in light and dark, and never without their words.

Colours come from the style sheet by class, since the pages forbid styles of their own. Lines differ by their
dashes, too, for those who do not see the colours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup

WIDTH, HEIGHT = 400, 210
LEFT, RIGHT, TOP, BOTTOM = 38, 8, 10, 24
LABELS = 5  # under a chart at most
#: Labels stand so many places apart, or years where these are months.
_STEPS = (1, 2, 3, 4, 6, 8, *range(12, 3_600, 12))
TICKS = 4


@dataclass(frozen=True, slots=True)
class Curve:
    """What one line, or one colour of bars, shows: a number for each place along the chart."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A row of a chart of times: from the median to the 90th percentile; None where too few are known."""

    name: str
    median: float | None
    p90: float | None
    note: str = ""


def lines(
    id_: str, title: str, places: Sequence[str], curves: Sequence[Curve], *, is_under_way: bool = False
) -> Markup:
    """Draw lines over time.

    Args:
        id_: unique on its page.
        title: what the chart shows.
        places: the names along the bottom, the first one on the left.
        curves: at most four; each has a value for every place.
        is_under_way: whether the last place is not over yet; it is shaded then.
    """
    scale = _Scale(places, curves)
    drawn = [
        Markup('<polyline class="curve c{}" points="{}"/>').format(
            n, " ".join(f"{scale.middle(i):.1f},{scale.y(v):.1f}" for i, v in enumerate(curve.values))
        )
        for n, curve in enumerate(curves)
        if len(curve.values) > 1
    ]
    # A line needs two ends; a single value is a short one.
    drawn += [
        Markup('<path class="curve c{}" d="M{:.1f} {:.1f}h12"/>').format(
            n, scale.middle(0) - 6, scale.y(curve.values[0])
        )
        for n, curve in enumerate(curves)
        if len(curve.values) == 1
    ]
    ground = scale.ground(is_under_way=is_under_way)
    words = told(places, curves, is_under_way=is_under_way)
    return _svg(id_, title, words, Markup("").join([*ground, *drawn]))


def bars(
    id_: str, title: str, places: Sequence[str], curves: Sequence[Curve], *, is_under_way: bool = False
) -> Markup:
    """Draw bars over time, those of one place side by side. See ``lines`` for the arguments."""
    scale = _Scale(places, curves)
    room = scale.step * 0.8
    wide = room / max(1, len(curves))
    drawn = []
    for n, curve in enumerate(curves):
        for i, value in enumerate(curve.values):
            x, y = scale.middle(i) - room / 2 + n * wide, scale.y(value)
            if value > 0:
                drawn.append(
                    Markup(
                        '<rect class="bar c{}" x="{:.2f}" y="{:.1f}" width="{:.2f}" height="{:.1f}"/>'
                    ).format(n, x, y, max(wide * 0.9, 0.2), scale.floor - y)
                )
    ground = scale.ground(is_under_way=is_under_way)
    words = told(places, curves, is_under_way=is_under_way)
    return _svg(id_, title, words, Markup("").join([*ground, *drawn]))


def stretches(
    id_: str, title: str, rows: Sequence[Stretch], marks: Sequence[tuple[str, float]], alternative: str
) -> Markup:
    """Draw times as stretches from the median to the 90th percentile, on an axis where each mark is far more.

    Args:
        id_, title: as for ``lines``.
        rows: from the top to the bottom.
        marks: the names of lengths along the axis, with the lengths.
        alternative: what the chart says, in words.
    """
    tall, left = 20, 66
    height = TOP + tall * len(rows) + BOTTOM
    ends = [end for row in rows for end in (row.median, row.p90) if end is not None]
    shown = _around(marks, min(ends, default=1.0), max(ends, default=1.0))
    low, high = log10(shown[0][1]), log10(shown[-1][1])

    def across(length: float) -> float:
        share = (log10(max(length, 1.0)) - low) / max(high - low, 1e-9)
        return left + min(max(share, 0.0), 1.0) * (WIDTH - left - RIGHT - 12)

    drawn = []
    for name, length in shown:
        drawn.append(_rule(across(length), TOP, across(length), height - BOTTOM))
        drawn.append(_text(across(length), height - 8, name, "middle"))
    for n, row in enumerate(rows):
        y = TOP + tall * n + tall / 2
        drawn.append(_text(left - 8, y + 4, row.name, "end"))
        if row.median is None or row.p90 is None:
            drawn.append(_text(left + 4, y + 4, row.note, "start"))
            continue
        a, b = across(row.median), across(row.p90)
        drawn.append(
            Markup('<rect class="stretch" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="6"/>').format(
                a, y - 3, max(b - a, 1.0)
            )
        )
        drawn.append(
            Markup('<rect class="bar c0" x="{:.1f}" y="{:.1f}" width="4" height="14"/>').format(a - 2, y - 7)
        )
    return _svg(id_, title, alternative, Markup("").join(drawn), height)


def told(places: Sequence[str], curves: Iterable[Curve], *, is_under_way: bool = False) -> str:
    """What a chart says, in words: where each line begins, ends and is highest. See ``lines``."""
    said = []
    if is_under_way and places:
        places = [*places[:-1], f"{places[-1]}, so far"]
    for curve in curves:
        if not curve.values:
            continue
        top = max(range(len(curve.values)), key=lambda i: curve.values[i])
        said.append(
            f"{curve.name}: {curve.values[0]:,.0f} in {places[0]}, {curve.values[-1]:,.0f} in {places[-1]}, "
            f"at most {curve.values[top]:,.0f} in {places[top]}."
        )
    return " ".join(said) or "There is nothing to show yet."


class _Scale:
    """Where places and values lie on a chart."""

    def __init__(self, places: Sequence[str], curves: Sequence[Curve]) -> None:
        self._places = places
        self._top = nice(max((value for curve in curves for value in curve.values), default=0))
        self.floor = HEIGHT - BOTTOM
        self.step = (WIDTH - LEFT - RIGHT) / max(1, len(places))

    def middle(self, place: int) -> float:
        return LEFT + self.step * (place + 0.5)

    def y(self, value: float) -> float:
        return self.floor - (self.floor - TOP) * min(max(value, 0) / self._top, 1)

    def ground(self, *, is_under_way: bool) -> Iterable[Markup]:
        """What lies below the curves: the shade of a place that is not over, the axes and their names."""
        if is_under_way and self._places:
            x = self.middle(len(self._places) - 1) - self.step / 2
            yield Markup('<rect class="so-far" x="{:.1f}" y="{}" width="{:.1f}" height="{}"/>').format(
                x, TOP, self.step, self.floor - TOP
            )
        yield from self._axes()

    def _axes(self) -> Iterable[Markup]:
        """The lines across with their numbers, and the names along the bottom."""
        for tick in range(TICKS + 1):
            value = self._top * tick / TICKS
            if value != int(value):
                continue
            yield _rule(LEFT, self.y(value), WIDTH - RIGHT, self.y(value))
            yield _text(LEFT - 5, self.y(value) + 4, short(value), "end")
        last = len(self._places) - 1
        step = next(each for each in _STEPS if each * (LABELS - 1) >= last)
        for i in range(last, -1, -step):
            anchor = "start" if i == 0 and last else "end" if i == last and last else "middle"
            x = LEFT if anchor == "start" else WIDTH - RIGHT if anchor == "end" else self.middle(i)
            yield _text(x, HEIGHT - 7, self._places[i], anchor)


def nice(most: float) -> float:
    """Return a round number that is at least as large: 4, 8, 12, 20, 40, 60, 80, 100 and so on by tens."""
    if most <= TICKS:
        return TICKS
    size = 10 ** floor(log10(most))
    for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10):
        if step * size >= most and (step * size) % TICKS == 0:
            return float(step * size)
    return float(ceil(most / TICKS) * TICKS)


def short(value: float) -> str:
    """A number in few characters: ``950``, ``1.2k``, ``3M``."""
    for size, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{name}"
    return f"{value:.0f}"


def _around(marks: Sequence[tuple[str, float]], low: float, high: float) -> Sequence[tuple[str, float]]:
    """The marks from the last one below to the first one above; two at least."""
    first = max((n for n, (_, length) in enumerate(marks) if length <= low), default=0)
    last = min((n for n, (_, length) in enumerate(marks) if length >= high), default=len(marks) - 1)
    first = min(first, len(marks) - 2)
    return marks[first : max(last, first + 1) + 1]


def _rule(x1: float, y1: float, x2: float, y2: float) -> Markup:
    return Markup('<line class="rule" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(
        x1, y1, x2, y2
    )


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, text)


def _svg(id_: str, title: str, alternative: str, inside: Markup, height: float = HEIGHT) -> Markup:
    return Markup(
        '<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {:.0f}" role="img" '
        'aria-labelledby="{id}-title {id}-words"><title id="{id}-title">{}</title>'
        '<desc id="{id}-words">{}</desc>{}</svg>'
    ).format(WIDTH, height, title, alternative, inside, id=id_)
