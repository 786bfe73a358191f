"""Geometry of layout `chart`: in which pixel the middle of every dot lies.

The seeds' pictures are matplotlib's: a bar from low to high for every candle, quite transparent,
and two scatter plots over it, in axes that scale themselves. What matplotlib does with that is
written here as arithmetic on arrays, so that a picture needs no matplotlib:

- The axes span all bars and all dots, and a share `margin` of the span on each side.
- A bar stands on its bottom (`Artist.sticky_edges`): where the lowest datum is the bottom of a
  bar, as nearly always, the price axis begins there, without a margin, and a dot at that price
  is cut in half by the lower edge of the plot. The same holds upwards for a bar without height
  at the very top.
- A span of no length is widened to both sides (`transforms.nonsingular`): one dot alone stands
  in the middle.
- Agg draws a marker around the middle of a whole pixel, floor(coordinate + 1/2), so two dots
  differ by whole pixels only.

Source: matplotlib 3.9 to 3.11, `axes/_base.py` (`autoscale_view`), `transforms.py` and
`_backend_agg.h` (`draw_markers`). That the two agree is measured in tests/drawing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import DAY_US, MICROSECONDS, SELL
from tradeglyph.domain.windows import PlacedWindows
from tradeglyph.picture.spec import PictureSpec

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STICKY_TOLERANCE = 1e-5
"""matplotlib: a bar's bottom within this share of the span from its end holds the axis there."""
EXPANDER = 0.05
"""matplotlib: a span of no length is widened by this share of its value on each side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartDots:
    """The dots of n pictures in compressed rows: picture i owns `offset[i]:offset[i + 1]`.

    In a picture the buys come first, then the sells: the order in which they are painted.
    """

    offset: Ints
    """Length n + 1."""
    x: Floats
    """Middle of the dot in pixels from the left edge, plus the half pixel that Agg adds."""
    y: Floats
    """The same from the top edge."""
    column: Ints
    """floor(x): the pixel column around whose middle Agg draws the dot."""
    row: Ints
    """floor(y)"""
    sell: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotBox:
    """The plot inside the picture, in pixels from the picture's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    def clip(self, height: int) -> tuple[int, int, int, int]:
        """First row, last row, first column, last column in which a dot is visible."""
        rows = np.floor([height - self.top + 0.5, height - self.bottom + 0.5])
        columns = np.floor([self.left + 0.5, self.right + 0.5])
        return int(rows[0]), int(rows[1]), int(columns[0]), int(columns[1])


def plot_box(spec: PictureSpec) -> PlotBox:
    """Where the plot lies in a picture of `spec`."""
    left, bottom, right, top = spec.axes
    return PlotBox(
        left=left * spec.width,
        bottom=bottom * spec.height,
        right=right * spec.width,
        top=top * spec.height,
    )


def chart_dots(
    placed: PlacedWindows,
    candles: Candles,
    spec: PictureSpec,
    first: int = 0,
    last: int | None = None,
) -> ChartDots:
    """Dots of the windows `first` to `last - 1` (to the end where `last` is None).

    A fill without a candle has no dot. The k-line behind the dots is that of all candles of the
    window's symbol with window.start <= start < window.end.
    """
    windows = placed.windows
    last = len(windows) if last is None else last
    begin, end = int(windows.offset[first]), int(windows.offset[last])
    kept = np.flatnonzero(placed.candle[begin:end] >= 0) + begin
    owner = np.repeat(np.arange(last - first), np.diff(windows.offset[first : last + 1]))
    owner = owner[kept - begin]
    sell = windows.fills.side[kept] == SELL
    order = np.argsort(owner * 2 + sell, kind="stable")
    kept, owner, sell = kept[order], owner[order], sell[order]
    offset = np.searchsorted(owner, np.arange(last - first + 1))
    day = (windows.fills.time[kept] - windows.start[first:last][owner]) / DAY_US
    price = windows.fills.price[kept]
    spans = _bar_spans(k_line_range(placed, candles, first, last), placed, candles, spec, first)
    box = plot_box(spec)
    x0, x1 = _limits(day, offset, spans.day, None, spec.margin)
    y0, y1 = _limits(price, offset, spans.price, spans.bottom, spec.margin)
    scale, shift = _affine(x0, x1, box.left, box.right)
    x = day * scale[owner] + (shift + 0.5)[owner]
    scale, shift = _affine(y0, y1, box.bottom, box.top)
    y = price * -scale[owner] + (spec.height + 0.5 - shift)[owner]
    column, row = (np.floor(middle).astype(np.int64) for middle in (x, y))
    return ChartDots(offset=offset, x=x, y=y, column=column, row=row, sell=sell)


def k_line_range(
    placed: PlacedWindows, candles: Candles, first: int, last: int
) -> tuple[Ints, Ints]:
    """Begin and end positions in `candles` of the k-line of windows `first` to `last - 1`."""
    windows = placed.windows
    symbol = windows.symbol[first:last]
    return (
        _first_not_before(candles, symbol, windows.start[first:last]),
        _first_not_before(candles, symbol, windows.end[first:last]),
    )


def _first_not_before(candles: Candles, symbol: NDArray[np.int32], time: Ints) -> Ints:
    """Binary search over (symbol, start) for all windows at once; needs no copy of the candles."""
    low = np.zeros(len(symbol), np.int64)
    high = np.full(len(symbol), len(candles), np.int64)
    while len(candles) and (low < high).any():
        middle = np.minimum((low + high) // 2, len(candles) - 1)
        other = candles.symbol[middle]
        before = (other < symbol) | ((other == symbol) & (candles.start[middle] < time))
        open_ = low < high
        low = np.where(open_ & before, middle + 1, low)
        high = np.where(open_ & ~before, middle, high)
    return low


@dataclass(frozen=True, slots=True, kw_only=True)
class _BarSpans:
    """Lowest and highest values of each window's bars; (inf, -inf) where there are none."""

    day: tuple[Floats, Floats]
    price: tuple[Floats, Floats]
    bottom: tuple[Floats, Floats]
    """Of the bars' bottoms alone."""


def _bar_spans(
    ranges: tuple[Ints, Ints],
    placed: PlacedWindows,
    candles: Candles,
    spec: PictureSpec,
    first: int,
) -> _BarSpans:
    begin, end = ranges
    low, high = candles.low, candles.high
    start = placed.windows.start[first : first + len(begin)]
    half = spec.candle_width_s * MICROSECONDS / 2 / DAY_US
    some = end > begin
    at_first, at_last = begin[some], end[some] - 1
    earliest, latest = np.full(len(begin), np.inf), np.full(len(begin), -np.inf)
    earliest[some] = (candles.start[at_first] - start[some]) / DAY_US - half
    latest[some] = (candles.start[at_last] - start[some]) / DAY_US + half
    bottom = _over_ranges(np.minimum, low, begin, end, np.inf)
    highest_bottom = _over_ranges(np.maximum, low, begin, end, -np.inf)
    top = _over_ranges(np.maximum, high, begin, end, -np.inf)
    return _BarSpans(day=(earliest, latest), price=(bottom, top), bottom=(bottom, highest_bottom))


def _over_ranges(
    function: np.ufunc, values: Floats, begin: Ints, end: Ints, empty: float
) -> Floats:
    """`function` reduced over values[begin:end] for every pair; `empty` where there is nothing.

    Windows of one symbol and day share their range, so each different range is read once.
    """
    result = np.full(len(begin), empty)
    some = end > begin
    if not some.any():
        return result
    key, inverse = np.unique(begin[some] * (len(values) + 1) + end[some], return_inverse=True)
    from_, to = np.divmod(key, len(values) + 1)
    base = from_[0]
    # reduceat wants every position inside the array, the end of the last range too.
    part = np.append(values[base : to.max()], empty)
    edges = np.stack([from_ - base, to - base], axis=1).ravel()
    result[some] = function.reduceat(part, edges)[::2][inverse]
    return result


def _limits(
    values: Floats,
    offset: Ints,
    bars: tuple[Floats, Floats],
    held: tuple[Floats, Floats] | None,
    margin: float,
) -> tuple[Floats, Floats]:
    """Ends of an axis over dots and bars. `held`: lowest and highest bottom of the bars."""
    low, high = _extremes(values, offset)
    low, high = np.minimum(low, bars[0]), np.maximum(high, bars[1])
    low, high = np.where(np.isfinite(low), low, 0.0), np.where(np.isfinite(high), high, 0.0)
    low, high = _widened(low, high)
    free = (high - low) * margin
    if held is None:
        return low - free, high + free
    near = STICKY_TOLERANCE * (high - low)
    return (
        np.where(held[0] < low + near, np.maximum(low - free, held[0]), low - free),
        np.where(held[1] >= high - near, np.minimum(high + free, held[1]), high + free),
    )


def _extremes(values: Floats, offset: Ints) -> tuple[Floats, Floats]:
    """Lowest and highest value of each compressed row; (inf, -inf) for an empty one."""
    low, high = np.full(len(offset) - 1, np.inf), np.full(len(offset) - 1, -np.inf)
    some = np.diff(offset) > 0
    if some.any():
        low[some] = np.minimum.reduceat(values, offset[:-1][some])
        high[some] = np.maximum.reduceat(values, offset[:-1][some])
    return low, high


def _widened(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    largest = np.maximum(np.abs(low), np.abs(high))
    single = high - low <= largest * 1e-15
    more = np.where(single, np.where(largest == 0, 1.0, largest) * EXPANDER, 0.0)
    return low - more, high + more


def _affine(low: Floats, high: Floats, to_low: float, to_high: float) -> tuple[Floats, Floats]:
    """Scale and shift from data to pixels, composed in matplotlib's order.

    The order matters: a dot on the lower edge of the plot lies on the edge of a pixel, and the
    last bit decides in which row it is drawn.
    """
    inverse = 1.0 / (high - low)
    size = to_high - to_low
    return size * inverse, size * (-low * inverse) + to_low
