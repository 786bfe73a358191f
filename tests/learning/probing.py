"""Windows in a small market, and askers whose answers can be reckoned by hand."""

from collections.abc import Callable

import numpy as np

from tests.rows import DAY, FillRow, candles_of, days, fills_of
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.domain.windows import Windows
from tradeglyph.pipeline.place import place

Answer = Callable[[Windows, Candles], np.ndarray]


def market(accounts: int = 6, trips: int = 3) -> tuple[Windows, Candles]:
    """Accounts that make round trips in candles 10, 12, 14 ... of their days, in two symbols.

    Odd accounts trade two days. Candles are 9 to 13 all day long.
    """
    rows: list[FillRow] = []
    for n in range(accounts):
        for day in range(1 + n % 2):
            for trip in range(trips):
                at = DAY + 86_400 * day + 300 * (10 + 2 * trip)
                symbol = "XY"[n % 3 == 0]
                rows.append((f"a{n}", symbol, at + 1, "buy", 10.0 + n / 10, 1.0 + n))
                rows.append((f"a{n}", symbol, at + 7, "sell", 12.0 - n / 10, 1.0 + n))
    starts = [DAY + 86_400 * day + 300 * i for day in range(2) for i in range(40)]
    candles = candles_of(
        [(symbol, at, 9.0, 13.0) for symbol in "XY" for at in starts],
        volume=100.0, open_=10.0, close=11.0,
    )  # fmt: skip
    return days(fills_of(rows)), candles


def mean_place(windows: Windows, candles: Candles) -> np.ndarray:
    """What a sound model reads: where in their candles the fills lie."""
    placed = place(windows, candles)
    known = placed.candle >= 0
    totals = np.bincount(windows.owner, np.where(known, placed.place, 0.0), minlength=len(windows))
    with np.errstate(invalid="ignore"):
        return totals / np.bincount(windows.owner, known, minlength=len(windows))


def by_window(answer: Callable[[Windows, int], float]) -> Answer:
    """An asker that looks at one window at a time."""
    return lambda windows, _: np.array([answer(windows, i) for i in range(len(windows))])


def mean_price(windows: Windows, at: int) -> float:
    rows = slice(int(windows.offset[at]), int(windows.offset[at + 1]))
    return float(np.log10(windows.fills.price[rows]).mean()) / 10


def weekday(windows: Windows, at: int) -> float:
    return int(windows.start[at] // (86_400 * MICROSECONDS)) % 7 / 7


def name_length(windows: Windows, at: int) -> float:
    return len(windows.fills.symbol_names[windows.symbol[at]]) / 100


def fill_count(windows: Windows, at: int) -> float:
    return int(windows.trade_count[at]) / 1000
