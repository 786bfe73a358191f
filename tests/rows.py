"""Fills, candles and windows for tests, written as rows. Times in seconds since 1970 UTC."""

from collections.abc import Sequence

import numpy as np

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import BUY, DAY_US, MICROSECONDS, SELL, Fills
from tradeglyph.domain.windows import PlacedWindows, Windows
from tradeglyph.pipeline.cut import cut, day_edges
from tradeglyph.pipeline.place import place

DAY = 20_000 * DAY_US // MICROSECONDS
"""A UTC midnight, in seconds: 2024-10-04."""
NAN = float("nan")

FillRow = tuple[str, str, float, str, float, float]
"""account, symbol, time, "buy" or "sell", price, quantity"""


def fills_of(rows: Sequence[FillRow], symbols: Sequence[str] = ("X", "Y")) -> Fills:
    """Fills in the order of `rows`; the codes of `symbols` are their positions."""
    account, symbol, time, side, price, quantity = list(zip(*rows, strict=True)) or [()] * 6
    accounts = sorted(set(account))
    return Fills(
        account=np.array([accounts.index(a) for a in account], dtype=np.int32),
        symbol=np.array([list(symbols).index(s) for s in symbol], dtype=np.int32),
        time=np.array([round(t * MICROSECONDS) for t in time], dtype=np.int64),
        side=np.array([{"buy": BUY, "sell": SELL}[s] for s in side], dtype=np.int8),
        price=np.array(price, dtype=np.float64),
        quantity=np.array(quantity, dtype=np.float64),
        account_names=np.array(accounts, dtype=object),
        symbol_names=np.array(symbols, dtype=object),
    )


def candles_of(
    rows: Sequence[tuple[str, float, float, float]],
    *,
    symbols: Sequence[str] = ("X", "Y"),
    interval: int = 300,
    volume: float | Sequence[float] = NAN,
    open_: float | Sequence[float] = NAN,
    close: float | Sequence[float] = NAN,
    accounts: int | Sequence[int] = -1,
) -> Candles:
    """Candles from rows of symbol, start, low, high, sorted as `Candles` asks."""
    code = np.array([list(symbols).index(row[0]) for row in rows], dtype=np.int32)
    start = np.array([round(row[1] * MICROSECONDS) for row in rows], dtype=np.int64)
    order = np.lexsort((start, code))

    def column(values: float | Sequence[float], dtype: type = np.float64) -> np.ndarray:
        return np.broadcast_to(np.asarray(values, dtype=dtype), len(rows))[order].copy()

    return Candles(
        symbol=code[order],
        start=start[order],
        low=column([row[2] for row in rows]),
        high=column([row[3] for row in rows]),
        open=column(open_),
        close=column(close),
        volume=column(volume),
        accounts=column(accounts, np.int32),
        interval=interval * MICROSECONDS,
        symbol_names=np.array(symbols, dtype=object),
    )


def days(fills: Fills) -> Windows:
    """The windows of UTC days."""
    if not len(fills):
        return cut(fills, np.zeros(1, dtype=np.int64))
    return cut(fills, day_edges(int(fills.time.min()), int(fills.time.max())))


def placed_of(rows: Sequence[FillRow], candles: Candles) -> PlacedWindows:
    """Rows cut into UTC days and placed."""
    return place(days(fills_of(rows, candles.symbol_names.tolist())), candles)


def steady_candles(count: int, low: float, high: float, symbol: str = "X", **more) -> Candles:  # type: ignore[no-untyped-def]
    """`count` equal five-minute candles from `DAY` on."""
    return candles_of([(symbol, DAY + 300 * i, low, high) for i in range(count)], **more)
