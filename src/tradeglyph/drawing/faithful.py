"""Pictures drawn by matplotlib: the seeds' chart, and a readable one of layout `places`.

The chart is drawn as the seeds did: matplotlib gets the data and scales them itself. It is the
measure for `picture.dots`, which computes the same pixels many thousand times faster. Only the
Agg canvas is used, no pyplot: no global state, no window, nothing left open.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError, MissingExtra
from tradeglyph.domain.fills import DAY_US, MICROSECONDS, SELL
from tradeglyph.domain.windows import PlacedWindows
from tradeglyph.picture.chart import k_line_range
from tradeglyph.picture.spec import PictureSpec

DPI = 100
"""Dots per inch of the readable picture."""
LABEL_POINTS = 9
LABEL_EMS = 4.0
"""Width that a time of day such as 09:35 takes with a gap to its neighbour."""
SMALLEST_DOT, LARGEST_DOT = 30.0, 300.0
"""Areas in square points of a dot without volume and of one that is all of its candle's."""
BUY_COLOUR, SELL_COLOUR = "red", "green"
BOX_COLOUR = "#e4e4e4"


def render_faithful(
    placed: PlacedWindows, candles: Candles, spec: PictureSpec
) -> NDArray[np.uint8]:
    """Pictures of all windows, shape (n, height, width, 3), red-green-blue on white.

    Raises MissingExtra without matplotlib, InputError where `spec` is not of layout `chart`.
    """
    raster = np.empty((len(placed.windows), spec.height, spec.width, 3), np.uint8)
    for i, picture in enumerate(faithful_pictures(placed, candles, spec)):
        raster[i] = picture
    return raster


def faithful_pictures(
    placed: PlacedWindows, candles: Candles, spec: PictureSpec
) -> Iterator[NDArray[np.uint8]]:
    """The pictures of `render_faithful` one by one."""
    return (faithful(placed, candles, spec, i) for i in range(len(placed.windows)))


def faithful(
    placed: PlacedWindows, candles: Candles, spec: PictureSpec, i: int
) -> NDArray[np.uint8]:
    """Picture of window `i`, shape (height, width, 3), red-green-blue on white.

    Raises MissingExtra without matplotlib, InputError where `spec` is not of layout `chart`.
    """
    if spec.layout != "chart":
        raise InputError(f"the faithful renderer draws layout chart, not that of spec {spec.name}")
    figure = _figure(spec.width, spec.height, spec.dpi)
    left, bottom, right, top = spec.axes
    axes = figure.add_axes((left, bottom, right - left, top - bottom))
    axes.set_axis_off()
    axes.margins(spec.margin)
    _hidden_k_line(axes, placed, candles, spec, i)
    for side, colour in _sides(spec):
        day, price = _fills_of_side(placed, i, side)
        if len(day):
            axes.scatter(day, price, s=spec.dot_area, color=colour, marker="o")
    return _pixels(figure)


def places_picture(
    placed: PlacedWindows, candles: Candles, i: int, *, width: int = 960, height: int = 360
) -> NDArray[np.uint8]:
    """Window `i` for a person: each fill at its place in its candle, shape (height, width, 3).

    One column for each candle the account traded in, in order of time, a grey box from the
    candle's low to its high; red buys, green sells; the larger a dot, the larger its share of
    the candle's volume. Times are UTC. Raises MissingExtra without matplotlib.
    """
    figure = _figure(width, height, DPI)
    axes = figure.add_axes((0.06, 0.17, 0.92, 0.7))
    begin, end = _rows(placed, i)
    drawn = np.flatnonzero(placed.candle[begin:end] >= 0) + begin
    traded, column = np.unique(placed.candle[drawn], return_inverse=True)
    axes.bar(np.arange(len(traded)), np.ones(len(traded)), width=0.8, color=BOX_COLOUR, zorder=1)
    _place_dots(axes, placed, drawn, column)
    _place_frame(axes, candles, traded, labels=int(width * 72 / DPI / LABEL_POINTS / LABEL_EMS))
    axes.set_title(_title(placed, i, len(drawn), end - begin), fontsize=10, loc="left")
    return _pixels(figure)


def _place_dots(
    axes: Any, placed: PlacedWindows, drawn: NDArray[np.intp], column: NDArray[np.intp]
) -> None:
    """Buys a little left and sells a little right, so that neither hides the other."""
    share = np.nan_to_num(placed.share[drawn], nan=0.0)
    area = SMALLEST_DOT + (LARGEST_DOT - SMALLEST_DOT) * share
    sell = placed.windows.fills.side[drawn] == SELL
    for mask, colour, name, aside in (
        (~sell, BUY_COLOUR, "buy", -0.15),
        (sell, SELL_COLOUR, "sell", 0.15),
    ):
        axes.scatter(
            column[mask] + aside,
            placed.place[drawn][mask],
            s=area[mask],
            color=colour,
            alpha=0.8,
            linewidths=0,
            label=name,
            zorder=2,
            clip_on=False,
        )


def _place_frame(axes: Any, candles: Candles, traded: NDArray[np.int64], *, labels: int) -> None:
    """`labels` is how many times of day have room beside each other."""
    axes.set_xlim(-0.6, max(len(traded), 1) - 0.4)
    axes.set_ylim(-0.08, 1.08)
    axes.set_yticks([0, 1], ["low", "high"])
    step = -(-len(traded) // max(labels, 1)) or 1
    labelled = np.arange(0, len(traded), step)
    axes.set_xticks(labelled, [_clock(candles.start[traded[k]]) for k in labelled])
    axes.tick_params(length=0, labelsize=LABEL_POINTS)
    axes.set_xlabel("candle, start in UTC", fontsize=9)
    for edge in axes.spines.values():
        edge.set_visible(False)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False, fontsize=9)


def _title(placed: PlacedWindows, i: int, drawn: int, fills: int) -> str:
    windows = placed.windows
    account = windows.fills.account_names[windows.account[i]]
    symbol = windows.fills.symbol_names[windows.symbol[i]]
    day = np.datetime64(int(windows.start[i]), "us").astype("datetime64[m]")
    left_out = f", {fills - drawn} without a candle left out" if fills > drawn else ""
    text = f"{account}   {symbol}   from {day}Z   {drawn} fills{left_out}"
    # Dollar signs would switch matplotlib to mathematics, and its font knows no Chinese.
    return text.encode("ascii", "replace").decode().replace("$", r"\$")


def _clock(start: np.int64) -> str:
    return str(np.datetime64(int(start), "us").astype("datetime64[m]"))[-5:]


def _hidden_k_line(
    axes: Any, placed: PlacedWindows, candles: Candles, spec: PictureSpec, i: int
) -> None:
    """Bars that nobody sees but that scale the axes."""
    begin, end = (int(edge[0]) for edge in k_line_range(placed, candles, i, i + 1))
    if begin == end:
        return
    at = _deciding(candles, begin, end)
    bars = axes.bar(
        (candles.start[at] - placed.windows.start[i]) / DAY_US,
        candles.high[at] - candles.low[at],
        width=spec.candle_width_s * MICROSECONDS / DAY_US,
        bottom=candles.low[at],
        alpha=0,
    )
    for bar in bars:
        bar.set_visible(False)


def _deciding(candles: Candles, begin: int, end: int) -> NDArray[np.int64]:
    """The candles that decide the axes: first, last, lowest, highest, and highest bottom.

    A bar costs matplotlib 0.7 ms; all others would change nothing.
    """
    low, high = candles.low[begin:end], candles.high[begin:end]
    return np.unique([0, end - begin - 1, low.argmin(), high.argmax(), low.argmax()]) + begin


def _fills_of_side(
    placed: PlacedWindows, i: int, side: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    begin, end = _rows(placed, i)
    fills = placed.windows.fills
    kept = (placed.candle[begin:end] >= 0) & ((fills.side[begin:end] == SELL) == (side == SELL))
    day = (fills.time[begin:end][kept] - placed.windows.start[i]) / DAY_US
    return day, fills.price[begin:end][kept]


def _sides(spec: PictureSpec) -> tuple[tuple[int, tuple[float, ...]], ...]:
    """Buys first, sells over them."""
    return tuple(
        (side, tuple(level / 255 for level in colour))
        for side, colour in ((-SELL, spec.buy_colour), (SELL, spec.sell_colour))
    )


def _rows(placed: PlacedWindows, i: int) -> tuple[int, int]:
    return int(placed.windows.offset[i]), int(placed.windows.offset[i + 1])


def _figure(width: int, height: int, dpi: int) -> Any:
    """A white figure of `width` x `height` pixels on an Agg canvas."""
    figure = _matplotlib("figure").Figure(figsize=(width / dpi, height / dpi), dpi=dpi)
    _matplotlib("backends.backend_agg").FigureCanvasAgg(figure)
    figure.set_facecolor("white")
    return figure


def _pixels(figure: Any) -> NDArray[np.uint8]:
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba(), np.uint8)[..., :3].copy()


def _matplotlib(module: str) -> Any:
    """A module of matplotlib, which is an extra. Raises MissingExtra where it is not installed."""
    try:
        return import_module(f"matplotlib.{module}")
    except ModuleNotFoundError as error:
        raise MissingExtra("matplotlib", "plot") from error
