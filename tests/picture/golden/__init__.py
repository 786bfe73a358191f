"""Small hand-made windows and the pictures that matplotlib draws of them.

`python -m tests.picture.golden` draws the PNG files in this folder anew, with the faithful
renderer: they are matplotlib's word against the fast renderer, not the fast renderer's own.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tradeglyph.domain.candles import FIVE_MINUTES_US, Candles
from tradeglyph.domain.fills import BUY, DAY_US, MICROSECONDS, SELL, Fills
from tradeglyph.domain.windows import PlacedWindows, Windows

FOLDER = Path(__file__).parent
DAY = 1_736_121_600_000_000
"""2025-01-06 in microseconds: the start of every window here."""

Bar = tuple[int, float, float]
"""Second of the day, low, high."""
Dot = tuple[int, int, float]
"""Second of the day, side, price."""

RIPPLE: list[Bar] = [
    (52_200 + 300 * k, 100 + 3 * (k % 7) - k / 10, 102 + 4 * (k % 5) + k / 10) for k in range(78)
]


def trips(candles: list[int]) -> list[Dot]:
    """Bought near the low and sold near the high of each of these candles of `RIPPLE`."""
    dots = []
    for k in candles:
        second, low, high = RIPPLE[k]
        dots.append((second + 40, BUY, low + 0.05 * (high - low)))
        dots.append((second + 190, SELL, high - 0.05 * (high - low)))
    return dots


SCENES: dict[str, tuple[list[Bar], list[Dot]]] = {
    "hacker": (RIPPLE, trips([4, 19, 24, 50, 77])),
    "normal": (RIPPLE, trips([33])),
    # On the lower edge of the plot, where matplotlib leaves no margin under its bars.
    "cut": (RIPPLE, [(s, BUY, min(low for _, low, _ in RIPPLE)) for s in (52_200, 60_000, 75_300)]),
    # Each covers a part of the one before; the sells lie above whatever their time is.
    "stack": (RIPPLE, [(60_000 + 150 * k, (BUY, SELL)[k % 2], 110 + k / 8) for k in range(24)]),
    # One candle without height: both axes are a single value.
    "single": ([(60_000, 50.0, 50.0)], [(60_000, BUY, 50.0)]),
    "no_fill": (RIPPLE, []),
}


def golden_picture(name: str) -> NDArray[np.uint8]:
    """The stored picture of a scene, shape (150, 250, 3)."""
    with Image.open(FOLDER / f"{name}.png") as picture:
        return np.asarray(picture.convert("RGB"))


def scene(bars: list[Bar], dots: list[Dot], candle: int = 0) -> tuple[PlacedWindows, Candles]:
    """One window of one day; every fill is said to belong to `candle` (-1: to none)."""
    return _placed(dots, candle), _candles(bars)


def _candles(bars: list[Bar]) -> Candles:
    second, low, high = (np.array(column, float) for column in zip(*bars, strict=True))
    return Candles(
        symbol=np.zeros(len(bars), np.int32),
        start=DAY + second.astype(np.int64) * MICROSECONDS,
        high=high,
        low=low,
        open=low,
        close=high,
        volume=np.full(len(bars), 1000.0),
        accounts=np.full(len(bars), -1, np.int32),
        interval=FIVE_MINUTES_US,
        symbol_names=np.array(["COIN"], object),
    )


def _placed(dots: list[Dot], candle: int) -> PlacedWindows:
    count = len(dots)
    none = np.zeros(count, bool)
    fills = Fills(
        account=np.zeros(count, np.int32),
        symbol=np.zeros(count, np.int32),
        time=DAY + np.array([second for second, _, _ in dots], np.int64) * MICROSECONDS,
        side=np.array([side for _, side, _ in dots], np.int8),
        price=np.array([price for _, _, price in dots], float),
        quantity=np.ones(count),
        account_names=np.array(["alice"], object),
        symbol_names=np.array(["COIN"], object),
    )
    windows = Windows(
        fills=fills,
        offset=np.array([0, count], np.int64),
        account=np.zeros(1, np.int32),
        symbol=np.zeros(1, np.int32),
        start=np.array([DAY], np.int64),
        end=np.array([DAY + DAY_US], np.int64),
        trade_count=np.array([count], np.int32),
        habit=np.full(1, np.nan),
    )
    return PlacedWindows(
        windows=windows,
        candle=np.full(count, candle, np.int64),
        place=np.full(count, 0.25),
        share=np.linspace(0, 1, count),
        clipped=none,
        over_volume=none,
        alone=np.zeros(1, bool),
    )
