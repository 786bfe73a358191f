"""Charts as inline SVG: curves, bars, reliability, candles with fills.

Every mark has presentation attributes, so a chart stands alone, and a class, so a page can theme
it (CSS wins over presentation attributes). Series differ in dash and fills in shape, not in colour
alone. All text is escaped; no ids, scripts or references, so any number fit in one page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradeglyph.domain.fills import DAY_US
from tradeglyph.drawing import elements
from tradeglyph.drawing.axis import Axis, Scale, round_step, time_label, time_ticks
from tradeglyph.drawing.elements import text_width
from tradeglyph.drawing.formats import number, percent

Floats = NDArray[np.float64]

PALETTE = ("#0060a8", "#b35900", "#00785a", "#a23b83", "#5b5f66", "#7a5af0")
"""Readable on white and told apart by people who don't see red from green; the first is the
model's."""
DASHES = ("", "6 3", "2 3", "9 3 2 3", "4 4", "1 2")
BUY_COLOUR = "#cf222e"
SELL_COLOUR = "#1a7f37"
_TOOLTIPS = 400
"""Above so many fills they share one path a side and lose their tooltips."""
_RING = 5
"""Rings have this colour of the palette, which no candle and no side has."""
_FRAME = 10
"""Pixels around a picture, for rings at its edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One curve; the first of a chart is drawn thick and on top."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    mark: tuple[float, float] | None = None
    """A point to stress, such as the working point."""


@dataclass(frozen=True, slots=True)
class _Plot:
    x: Axis
    y: Axis


# Curves -------------------------------------------------------------------------------------


def curve_chart(
    series: Sequence[Series],
    *,
    title: str,
    x_label: str,
    y_label: str,
    x_scale: Scale = "linear",
    x_low: float = 0.0,
    diagonal: bool = False,
    step: bool = False,
    width: int = 520,
    height: int = 340,
) -> str:
    """Curves of shares in [0, 1] on both axes, with a legend below. Returns an `<svg>` element.

    `x_low` is the left end of the x-axis, over 0 for scale `log`. With `step` a point's value holds
    to its left, as a precision does, and nothing is interpolated; else points are joined straight
    in value, which bends on a logarithmic axis.
    """
    rows = _legend_rows([entry.name for entry in series], width - 58)
    plot = _Plot(
        Axis(low=x_low, high=1, start=52, end=width - 24, scale=x_scale),
        Axis(low=0, high=1, start=height - 46, end=12),
    )
    body = [*_axes(plot, x_label, y_label)]
    if diagonal:
        body.append(_diagonal(plot, x_low))
    for index, entry in reversed(list(enumerate(series))):
        body.append(_curve(plot, entry, index, step))
    body += _legend(rows, height + 8)
    return elements.document(title, width, height + 18 * len(rows), *body)


def _axes(plot: _Plot, x_label: str, y_label: str) -> list[str]:
    x, y = plot.x, plot.y
    parts = []
    for value, at in zip(y.ticks(), y.at(y.ticks()), strict=True):
        parts.append(elements.line(x.start, at, x.end, at))
        parts.append(elements.text(_share_label(value), x.start - 6, at + 4, text_anchor="end"))
    for value, at in zip(x.ticks(), x.at(x.ticks()), strict=True):
        parts.append(elements.line(at, y.start, at, y.end))
        parts.append(elements.text(_share_label(value), at, y.start + 16, text_anchor="middle"))
    middle = (x.start + x.end) / 2
    parts.append(elements.text(x_label, middle, y.start + 36, text_anchor="middle", kind="c-label"))
    turned = f"rotate(-90 12 {elements.plain((y.start + y.end) / 2)})"
    label = {"text_anchor": "middle", "kind": "c-label", "transform": turned}
    return [*parts, elements.text(y_label, 12, (y.start + y.end) / 2, **label)]


def _share_label(value: float) -> str:
    return f"{value * 100:.10g}%"


def _diagonal(plot: _Plot, low: float) -> str:
    points = np.linspace(low, 1, 2) if plot.x.scale == "linear" else np.geomspace(low, 1, 60)
    return _polyline(
        plot, points, points, kind="c-chance", stroke=elements.INK, stroke_dasharray="1 4"
    )


def _polyline(plot: _Plot, x: ArrayLike, y: ArrayLike, **attributes: object) -> str:
    at = zip(plot.x.at(x), plot.y.at(y), strict=True)
    points = " ".join(f"{elements.plain(float(px))},{elements.plain(float(py))}" for px, py in at)
    return elements.tag("polyline", points=points, fill="none", **attributes)


def _curve(plot: _Plot, series: Series, index: int, step: bool) -> str:
    x, y = np.asarray(series.x, dtype=np.float64), np.asarray(series.y, dtype=np.float64)
    if step:
        x, y = np.insert(np.repeat(x, 2)[:-1], 0, plot.x.low), np.repeat(y, 2)
    elif plot.x.scale == "log":
        x, y = _bent(x, y, plot.x.low)
    line = _polyline(plot, x, y, stroke_linejoin="round", **_stroke(index))
    if series.mark is None:
        return line
    at, up = plot.x.at(series.mark[0]), plot.y.at(series.mark[1])
    colour, kind = PALETTE[index % len(PALETTE)], f"c-f{index % len(PALETTE)} c-mark"
    dot = elements.tag(
        "circle", cx=float(at), cy=float(up), r=5, fill=colour, stroke="#fff", kind=kind
    )
    return line + dot


def _bent(x: Floats, y: Floats, low: float) -> tuple[Floats, Floats]:
    """Points of a rising curve from `low` on, close enough to be straight on a log axis."""
    extra = np.geomspace(low, 1, 80)
    more = np.interp(extra, x, y)
    kept = x > low
    x, y = np.concatenate([x[kept], extra]), np.concatenate([y[kept], more])
    order = np.lexsort((y, x))
    return x[order], y[order]


def _stroke(index: int) -> dict[str, object]:
    return {
        "kind": f"c-s{index % len(PALETTE)}",
        "stroke": PALETTE[index % len(PALETTE)],
        "stroke_width": 1.6 if index else 2.6,
        "stroke_dasharray": DASHES[index % len(DASHES)],
    }


def _legend_rows(names: Sequence[str], width: float) -> list[list[tuple[int, str, float]]]:
    """Names with their number and left edge, broken into rows of at most `width` pixels."""
    rows: list[list[tuple[int, str, float]]] = []
    left = width
    for index, name in enumerate(names):
        wide = 50 + text_width(name)
        if left + wide > width or not rows:
            rows.append([])
            left = 0.0
        rows[-1].append((index, name, left))
        left += wide
    return rows


def _legend(rows: list[list[tuple[int, str, float]]], top: float) -> list[str]:
    parts = []
    for row, entries in enumerate(rows):
        y = top + 18 * row
        for index, name, left in entries:
            parts.append(elements.line(52 + left, y - 4, 78 + left, y - 4, **_stroke(index)))
            parts.append(elements.text(name, 84 + left, y))
    return parts


# Reliability --------------------------------------------------------------------------------


def reliability_chart(
    predicted: Sequence[float],
    observed: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    *,
    title: str,
    x_label: str,
    y_label: str,
    width: int = 520,
    height: int = 340,
) -> str:
    """Predicted beside seen shares with intervals, on log-odds axes that show both tails."""
    known = [value for value in (*predicted, *observed, *low) if value > 0]
    least = float(np.clip(min(known, default=1e-3), 1e-5, 1e-3))
    ends = {"low": least, "high": 1 - max(least, 1e-4)}
    plot = _Plot(
        Axis(**ends, start=60, end=width - 30, scale="logit"),
        Axis(**ends, start=height - 46, end=12, scale="logit"),
    )
    line = np.array([ends["low"], ends["high"]])
    body = [*_axes(plot, x_label, y_label)]
    body.append(
        _polyline(plot, line, line, kind="c-chance", stroke=elements.INK, stroke_dasharray="1 4")
    )
    for x, y, bottom, top in zip(
        plot.x.at(predicted), plot.y.at(observed), plot.y.at(low), plot.y.at(high), strict=True
    ):
        body.append(
            elements.line(x, bottom, x, top, kind="c-s0", stroke=PALETTE[0], stroke_width=1.6)
        )
        dot = {"fill": PALETTE[0], "stroke": "#fff", "kind": "c-f0 c-mark"}
        body.append(elements.tag("circle", cx=float(x), cy=float(y), r=4.5, **dot))
    return elements.document(title, width, height, *body)


# Bars ---------------------------------------------------------------------------------------


def bar_chart(
    labels: Sequence[str],
    values: Sequence[float | None],
    *,
    title: str,
    low: Sequence[float | None] | None = None,
    high: Sequence[float | None] | None = None,
    width: int = 520,
) -> str:
    """Horizontal bars of shares in [0, 1], one a row, with the figure at their end."""
    left = min(width / 2, 12 + max((text_width(label) for label in labels), default=0.0))
    axis = Axis(low=0, high=1, start=left, end=width - 62)
    ends = zip(low or [None] * len(labels), high or [None] * len(labels), strict=True)
    body = []
    for row, (label, value, (least, most)) in enumerate(zip(labels, values, ends, strict=True)):
        y = 8 + 28 * row
        body.append(elements.text(label, left - 8, y + 14, text_anchor="end"))
        body.append(elements.text(percent(value), width - 54, y + 14, kind="c-value"))
        body.append(_bar(axis, y, value))
        if least is not None and most is not None:
            at = axis.at([least, most])
            body.append(elements.line(at[0], y + 9, at[1], y + 9, kind="c-range", stroke="#24292f"))
    return elements.document(title, width, 16 + 28 * len(labels), *body)


def _bar(axis: Axis, y: float, value: float | None) -> str:
    whole = {"y": y, "height": 18, "rx": 2}
    track = elements.tag("rect", x=axis.start, width=axis.end - axis.start, **whole, fill="#eef1f4",
                 kind="c-track")  # fmt: skip
    if not value:
        return track
    wide = float(axis.at(value)) - axis.start
    return track + elements.tag(
        "rect", x=axis.start, width=wide, **whole, fill=PALETTE[0], kind="c-f0"
    )


# Candles ------------------------------------------------------------------------------------


def candlestick_chart(
    candles_time: NDArray[np.int64],
    open: Floats,  # noqa: A002 - the column's name
    high: Floats,
    low: Floats,
    close: Floats,
    fills_time: NDArray[np.int64],
    fills_price: Floats,
    fills_side: NDArray[np.int8],
    fills_quantity: Floats,
    *,
    title: str,
    buy_label: str = "buy",
    sell_label: str = "sell",
    rings: "Rings | None" = None,
    width: int = 640,
    height: int = 260,
) -> str:
    """Candles with an account's fills on them. Returns an `<svg>` element.

    Times are microseconds UTC; `candles_time` is each candle's start, ascending. A candle whose
    open or close is NaN is a bar from low to high; else hollow where it rose and solid where it
    fell. Each fill is a triangle whose tip is its price, its area by quantity: buys red and
    pointing up from below, sells green and pointing down from above. `rings`, along the fills,
    mark those that matter.
    """
    interval = _interval(candles_time)
    plot = _market(candles_time, interval, high, low, fills_time, fills_price, width, height)
    body = [
        *_market_axes(plot, width),
        *_candles(plot, candles_time, interval, (open, high, low, close)),
        _fills(plot, (fills_time, fills_price, fills_quantity), fills_side > 0, True, buy_label),
        _fills(plot, (fills_time, fills_price, fills_quantity), fills_side < 0, False, sell_label),
        *_sides_legend(buy_label, sell_label, plot.x.start),
    ]
    if rings is not None:
        # The middle of a triangle lies below its tip for a buy, above it for a sell.
        half = _half(fills_quantity)
        y = plot.y.at(fills_price) + np.where(fills_side > 0, 1, -1) * 1.1 * half
        body += _rings(plot.x.at(fills_time), y, half + 4, rings)
        body += _ring_legend(rings.label, plot.x.start + 60 + _sides_width(buy_label, sell_label))
    return elements.document(title, width, height, *body)


def _interval(times: NDArray[np.int64]) -> int:
    return int(np.diff(times).min()) if len(times) > 1 else 300_000_000


def _market(
    times: NDArray[np.int64],
    interval: int,
    high: Floats,
    low: Floats,
    fills_time: NDArray[np.int64],
    fills_price: Floats,
    width: int,
    height: int,
) -> _Plot:
    moments = np.concatenate([times, times[-1:] + interval, fills_time])
    prices = np.concatenate([high, low, fills_price])
    prices = prices[np.isfinite(prices)]
    first, last = (moments.min(), moments.max()) if len(moments) else (0, interval)
    last = max(last, first + interval)  # a single fill and no candle
    least, most = (prices.min(), prices.max()) if len(prices) else (0.0, 1.0)
    if least == most:
        least, most = least - abs(least) * 0.01 - 1e-9, most + abs(most) * 0.01 + 1e-9
    # Room for the triangles, which stand outside the prices they point at.
    room = float(most - least) * 0.09
    return _Plot(
        Axis(low=float(first), high=float(last), start=10, end=width - 66),
        Axis(low=float(least) - room, high=float(most) + room, start=height - 26, end=26),
    )


def _market_axes(plot: _Plot, width: int) -> list[str]:
    x, y = plot.x, plot.y
    parts = []
    places = _decimals(round_step(y.high - y.low, 5))
    for value, at in zip(y.ticks(), y.at(y.ticks()), strict=True):
        parts.append(elements.line(x.start, at, x.end, at))
        parts.append(elements.text(f"{value:,.{places}f}", x.end + 6, at + 4, font_size=11))
    times = time_ticks(int(x.low), int(x.high))
    with_day = x.high - x.low > DAY_US
    for time, at in zip(times, x.at(times), strict=True):
        parts.append(elements.line(at, y.start, at, y.start + 4))
        label = time_label(time, with_day=with_day)
        parts.append(elements.text(label, at, y.start + 18, text_anchor="middle", font_size=11))
    return [*parts, elements.text("UTC", width - 6, y.start + 18, text_anchor="end", font_size=11)]


def _decimals(step: float) -> int:
    """How many decimals a step of 1, 2, 2.5 or 5 times a power of ten needs."""
    return next(p for p in range(16) if p == 15 or abs(round(step, p) - step) < step * 1e-9)


def _candles(
    plot: _Plot, times: NDArray[np.int64], interval: int, prices: tuple[Floats, ...]
) -> list[str]:
    middle = plot.x.at(times + interval / 2)
    half = max(0.5, 0.36 * interval / (plot.x.high - plot.x.low) * (plot.x.end - plot.x.start))
    first, top, bottom, last = (plot.y.at(column) for column in prices)
    bodied = np.isfinite(first) & np.isfinite(last)
    # Upwards on the screen is less.
    upper, lower = np.minimum(first, last), np.maximum(first, last)
    risen = bodied & (last <= first)
    wick = np.where(bodied, upper, bottom)
    wicks = [f"M{x:.1f} {a:.1f}V{b:.1f}" for x, a, b in zip(middle, top, wick, strict=True)]
    wicks += [
        f"M{x:.1f} {a:.1f}V{b:.1f}"
        for x, a, b in zip(middle[bodied], lower[bodied], bottom[bodied], strict=True)
    ]
    bodies = {
        kind: [
            f"M{x - half:.1f} {a:.1f}H{x + half:.1f}V{max(b, a + 0.8):.1f}H{x - half:.1f}Z"
            for x, a, b in zip(middle[mask], upper[mask], lower[mask], strict=True)
        ]
        for kind, mask in (("c-rise", risen), ("c-fall", bodied & ~risen))
    }
    grey = {"stroke": "#8c959f", "stroke_width": 1}
    return [
        elements.path(wicks, kind="c-wick", fill="none", **grey),
        elements.path(bodies["c-rise"], kind="c-rise", fill="#fff", **grey),
        elements.path(bodies["c-fall"], kind="c-fall", fill="#8c959f", **grey),
    ]


def _fills(
    plot: _Plot, fills: tuple[NDArray[np.int64], Floats, Floats], side: NDArray[np.bool_],
    upwards: bool, label: str
) -> str:  # fmt: skip
    time, price, quantity = (column[side] for column in fills)
    if not len(time):
        return ""
    half = _half(fills[2])[side]
    at = zip(plot.x.at(time), plot.y.at(price), half, strict=True)
    marks = [_triangle(x, y, size, upwards) for x, y, size in at]
    colour, kind = (BUY_COLOUR, "c-buy") if upwards else (SELL_COLOUR, "c-sell")
    style = {"fill": colour, "stroke": "#fff", "stroke_width": 0.8, "kind": kind}
    if len(fills[0]) > _TOOLTIPS:
        return elements.path(marks, **style)
    rows = zip(marks, time, price, quantity, strict=True)
    paths = [elements.tag("path", _tip(label, *row), d=mark) for mark, *row in rows]
    return elements.tag("g", *paths, **style)


def _half(quantity: Floats) -> Floats:
    """Half the width of each triangle, so that its area goes with the quantity."""
    return 3.0 + 4.0 * np.sqrt(quantity / quantity.max()) if len(quantity) else quantity


def _tip(label: str, time: int, price: float, quantity: float) -> str:
    what = f"{label} {number(float(quantity))} @ {float(price):.10g}, {time_label(int(time))} UTC"
    return elements.tag("title", escape(what))


def _triangle(x: float, y: float, half: float, upwards: bool) -> str:
    base = y + 1.8 * half if upwards else y - 1.8 * half
    return f"M{x:.1f} {y:.1f}L{x + half:.1f} {base:.1f}H{x - half:.1f}Z"


def _sides_legend(buy_label: str, sell_label: str, left: float) -> list[str]:
    second = left + 30 + text_width(buy_label)
    return [
        elements.path([_triangle(left + 6, 5, 5, True)], fill=BUY_COLOUR, kind="c-buy"),
        elements.text(buy_label, left + 16, 14),
        elements.path([_triangle(second + 6, 14, 5, False)], fill=SELL_COLOUR, kind="c-sell"),
        elements.text(sell_label, second + 16, 14),
    ]


def _sides_width(buy_label: str, sell_label: str) -> float:
    return text_width(buy_label) + text_width(sell_label)


# Rings --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rings:
    """Rings around what matters, along the fills."""

    weight: Floats
    """0 for no ring, up to 1 for the thickest."""
    notes: Sequence[str]
    """Tooltips."""
    label: str
    """What a ring means, in the legend."""


def ringed_picture(
    picture: str, x: Floats, y: Floats, rings: Rings, *, title: str, width: int, height: int
) -> str:
    """A picture of `width` x `height` pixels with rings on it. Returns an `<svg>` element.

    `picture` is its address, a `data:` one, so that nothing is fetched; `x` and `y` are pixels
    along the fills, NaN for one that is not in the picture.
    """
    image = elements.tag(
        "image", href=picture, x=_FRAME, y=_FRAME, width=width, height=height,
        image_rendering="pixelated", preserveAspectRatio="none",
    )  # fmt: skip
    circles = _rings(x + _FRAME, y + _FRAME, np.full(len(x), 8.0), rings)
    return elements.document(title, width + 2 * _FRAME, height + 2 * _FRAME, image, *circles)


def _rings(x: Floats, y: Floats, radius: Floats, rings: Rings) -> list[str]:
    shown = np.flatnonzero((rings.weight > 0) & np.isfinite(x) & np.isfinite(y)).tolist()
    return [
        _ring(float(x[at]), float(y[at]), float(radius[at]), float(rings.weight[at]),
              rings.notes[at])
        for at in shown
    ]  # fmt: skip


def _ring(x: float, y: float, radius: float, weight: float, note: str) -> str:
    return elements.tag(
        "circle",
        elements.tag("title", escape(note)),
        cx=x,
        cy=y,
        r=radius,
        fill="none",
        stroke=PALETTE[_RING],
        stroke_width=0.8 + 2.2 * weight,
        kind=f"c-s{_RING} c-ring",
    )


def _ring_legend(label: str, left: float) -> list[str]:
    return [_ring(left + 6, 10, 5, 0.5, label), elements.text(label, left + 16, 14)]
