"""How fast pictures are drawn, beside the seeds' matplotlib call sequence on the same windows.

One process, one thread. `other` is the sequence per picture as the seeds call it: the current
figure cleared, a new large transparent figure, empty titles, no axes, date locators, one bar
chart, two scatter plots, a legend, the size set back to 2.5 x 1.5 in, the picture drawn at 100
dots per inch. Unlike the seeds, each figure is closed.
"""

import time
import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import numpy as np

from tradeglyph.domain.candles import FIVE_MINUTES_US, Candles
from tradeglyph.domain.fills import BUY, DAY_US, MICROSECONDS, SELL, Fills
from tradeglyph.domain.windows import PlacedWindows, Windows
from tradeglyph.drawing.faithful import faithful
from tradeglyph.picture.chart import k_line_range
from tradeglyph.picture.dots import chart_blocks
from tradeglyph.picture.encode import encode_jpeg
from tradeglyph.picture.spec import SEED

WINDOWS = 200
ARRAY_REPEATS, JPEG_REPEATS = 100, 25
"""How often the fast path draws the windows in one run: 20,000 pictures, 5,000 files."""
RUNS = 3
"""The best of so many runs counts, ours and theirs."""
SEQUENCE_PICTURES = 10
"""Pictures that matplotlib draws in one run."""
MARKETS = 10
CANDLES = 78
MONDAY = 1_736_121_600_000_000
"""2025-01-06 in microseconds."""
OPENING = 52_200 * MICROSECONDS
"""14:30 UTC, when a New York session begins in winter."""

Draw = Callable[[PlacedWindows, Candles, int], object]


def measure() -> list[dict[str, Any]]:
    """The three comparisons, each with name, unit, ours, other and ratio."""
    placed, candles = workload(WINDOWS)
    many, some = repeated(placed, ARRAY_REPEATS), repeated(placed, JPEG_REPEATS)
    arrays = _best(lambda: sum(len(block) for block in chart_blocks(many, candles, SEED)))
    jpeg = _best(lambda: sum(1 for _ in _jpegs(some, candles)))
    own_matplotlib = _best(lambda: _each(placed, candles, _faithful_jpeg))
    sequence = _best(lambda: _each(placed, candles, sequence_raster))
    sequence_file = _best(lambda: _each(placed, candles, sequence_jpeg))
    return [
        _row("draw_arrays", arrays, sequence),
        _row("draw_jpeg", jpeg, sequence_file),
        _row("draw_faithful", own_matplotlib, sequence_file),
    ]


def workload(windows: int, seed: int = 1) -> tuple[PlacedWindows, Candles]:
    """Windows of 6 to 10 fills in sessions of 78 five-minute candles of ten symbols."""
    random = np.random.default_rng(seed)
    candles = _market(random)
    size = random.integers(6, 11, windows)
    owner = np.repeat(np.arange(windows), size)
    symbol = random.integers(0, MARKETS, windows).astype(np.int32)
    candle = symbol[owner] * CANDLES + random.integers(0, CANDLES, len(owner))
    place = random.random(len(owner))
    fills = Fills(
        account=owner.astype(np.int32),
        symbol=symbol[owner],
        time=candles.start[candle] + random.integers(0, 300, len(owner)) * MICROSECONDS,
        side=random.choice(np.array([BUY, SELL], np.int8), len(owner)),
        price=candles.low[candle] + place * (candles.high - candles.low)[candle],
        quantity=np.ones(len(owner)),
        account_names=np.array([f"account {i}" for i in range(windows)], object),
        symbol_names=candles.symbol_names,
    )
    offset = np.concatenate([[0], np.cumsum(size)])
    return _placed(fills, offset, symbol, candle, place), candles


def repeated(placed: PlacedWindows, times: int) -> PlacedWindows:
    """The same windows again and again, as one batch."""
    windows, count = placed.windows, len(placed.windows.fills)
    offset = np.concatenate([windows.offset[:-1] + k * count for k in range(times)])
    return _placed(
        windows.fills.take(np.tile(np.arange(count), times)),
        np.append(offset, count * times),
        np.tile(windows.symbol, times),
        np.tile(placed.candle, times),
        np.tile(placed.place, times),
    )


def sequence_raster(placed: PlacedWindows, candles: Candles, i: int) -> np.ndarray:
    """The seeds' call sequence for window `i`, as an array without encoding."""
    pyplot, figure = sequence_figure(placed, candles, i)
    figure.canvas.draw()
    raster = np.asarray(figure.canvas.buffer_rgba())
    pyplot.close(figure)
    return raster


def sequence_jpeg(placed: PlacedWindows, candles: Candles, i: int) -> bytes:
    """The seeds' call sequence for window `i`, as the bytes of a JPEG file."""
    pyplot, figure = sequence_figure(placed, candles, i)
    file = BytesIO()
    pyplot.savefig(file, format="jpeg", dpi=100)
    pyplot.close(figure)
    return file.getvalue()


def sequence_figure(placed: PlacedWindows, candles: Candles, i: int) -> tuple[Any, Any]:
    """pyplot and its figure of window `i` after the seeds' calls, not yet drawn."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import dates, pyplot

    pyplot.cla()
    pyplot.clf()
    pyplot.close()
    figure = pyplot.figure(figsize=(32, 24), dpi=100, facecolor="none")
    pyplot.title("")
    pyplot.xlabel("")
    pyplot.ylabel("")
    pyplot.tick_params(labelsize=1)
    pyplot.axis("off")
    axis = pyplot.gca().xaxis
    axis.set_major_locator(dates.MinuteLocator(interval=5))
    axis.set_major_formatter(dates.DateFormatter("%H:%M"))
    axis.set_minor_locator(dates.DayLocator())
    begin, end = (int(edge[0]) for edge in k_line_range(placed, candles, i, i + 1))
    low, high = candles.low[begin:end], candles.high[begin:end]
    pyplot.bar(_moments(candles.start[begin:end]), high - low, 0.001, bottom=low, alpha=0)
    rows = slice(placed.windows.offset[i], placed.windows.offset[i + 1])
    fills = placed.windows.fills
    for side, colour in ((BUY, "red"), (SELL, "green")):
        at = np.flatnonzero(fills.side[rows] == side) + rows.start
        pyplot.scatter(_moments(fills.time[at]), fills.price[at], s=80, color=colour, marker="o")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # Nothing has a label, as in the seeds.
        pyplot.legend()
    figure.set_size_inches(2.5, 1.5)
    return pyplot, figure


def _moments(microseconds: np.ndarray) -> list[Any]:
    return microseconds.astype("datetime64[us]").tolist()


def _market(random: np.random.Generator) -> Candles:
    shape = (MARKETS, CANDLES)
    middle = 100 * np.exp(np.cumsum(random.normal(0, 0.002, shape), axis=1)).ravel()
    half = middle * random.uniform(0.0005, 0.004, len(middle))
    start = MONDAY + OPENING + np.arange(CANDLES) * FIVE_MINUTES_US
    return Candles(
        symbol=np.repeat(np.arange(MARKETS, dtype=np.int32), CANDLES),
        start=np.tile(start, MARKETS),
        high=middle + half,
        low=middle - half,
        open=middle,
        close=middle,
        volume=np.full(len(middle), 1000.0),
        accounts=np.full(len(middle), -1, np.int32),
        interval=FIVE_MINUTES_US,
        symbol_names=np.array([f"SYMBOL{i}" for i in range(MARKETS)], object),
    )


def _placed(
    fills: Fills, offset: np.ndarray, symbol: np.ndarray, candle: np.ndarray, place: np.ndarray
) -> PlacedWindows:
    count = len(symbol)
    nowhere = np.zeros(len(fills), bool)
    return PlacedWindows(
        windows=Windows(
            fills=fills,
            offset=offset,
            account=np.arange(count, dtype=np.int32),
            symbol=symbol,
            start=np.full(count, MONDAY),
            end=np.full(count, MONDAY + DAY_US),
            trade_count=np.diff(offset).astype(np.int32),
            habit=np.full(count, np.nan),
        ),
        candle=candle,
        place=place,
        share=np.full(len(fills), 0.001),
        clipped=nowhere,
        over_volume=nowhere,
        alone=np.zeros(count, bool),
    )


def _jpegs(placed: PlacedWindows, candles: Candles) -> Iterator[bytes]:
    for block in chart_blocks(placed, candles, SEED):
        for picture in block:
            yield encode_jpeg(picture)


def _faithful_jpeg(placed: PlacedWindows, candles: Candles, i: int) -> bytes:
    return encode_jpeg(faithful(placed, candles, SEED, i))


def _each(placed: PlacedWindows, candles: Candles, draw: Draw) -> int:
    for i in range(SEQUENCE_PICTURES):
        draw(placed, candles, i)
    return SEQUENCE_PICTURES


def _best(run: Callable[[], int]) -> float:
    """Pictures per second of the best run, after one that warms up."""
    rates = []
    for _ in range(RUNS + 1):
        begin = time.perf_counter()
        pictures = run()
        rates.append(pictures / (time.perf_counter() - begin))
    return max(rates[1:])


def _row(name: str, ours: float, other: float) -> dict[str, Any]:
    return {
        "name": name,
        "unit": "pictures/s",
        "ours": ours,
        "other": other,
        "ratio": ours / other,
    }
