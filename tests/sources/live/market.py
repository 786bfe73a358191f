"""The same trades and candles, to be put into every kind of source."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.trade_rows import TradeRows

SECOND = 1_000_000
MINUTE = 60 * SECOND
T0 = round(datetime(2024, 10, 4, 9, 30, tzinfo=UTC).timestamp()) * SECOND
"""2024-10-04 09:30 UTC."""
EVIL = "x' OR '1'='1'; DROP TABLE fills; --"
EMOJI = "账户😀"

Trade = tuple[str, str, int, int, float, float, str, str, float | None]
"""account, symbol, microseconds after T0, side, price, quantity, trade_id, counterparty, fee"""

TRADES: tuple[Trade, ...] = (
    ("alice", "X", 0, 1, 10.5, 2.0, "1", "bob", 0.25),
    ("bob", "X", 0, -1, 10.5, 2.0, "1", "alice", None),
    ("alice", "Y", 60 * SECOND, -1, 0.001, 1e6, "2", "", 0.0),
    ("alice", "X", 120 * SECOND - 1, 1, 11.0, 1.0, "", "", None),
    ("alice", "X", 120 * SECOND, 1, 12.0, 1.0, "", "", None),
    (EVIL, "X", 30 * SECOND, 1, 10.0, 1.0, "3", EMOJI, None),
    (EMOJI, "Z'; --", 30 * SECOND, -1, 10.0, 1.0, "", "", None),
    ("Alice", "x", 45 * SECOND, 1, 9.0, 1.0, "", "", None),
)
"""`Alice` and `x` are others than `alice` and `X`."""

CANDLES: tuple[tuple[str, int, float, float, float, float, float | None], ...] = (
    ("X", -5 * MINUTE, 10.0, 9.0, 9.5, 10.0, 100.0),
    ("X", 0, 12.0, 10.0, 10.5, 11.0, 7.0),
    ("X", 5 * MINUTE, 12.5, 11.0, 11.0, 12.0, None),
    ("Y", 0, 0.002, 0.001, 0.001, 0.001, 1e6),
    ("x", 0, 9.0, 9.0, 9.0, 9.0, 1.0),
)
"""symbol, start after T0, high, low, open, close, volume"""

TRADE_NAMES = (
    "account_id", "symbol", "time", "side", "price", "quantity", "trade_id", "counterparty_id",
    "fee",
)  # fmt: skip
CANDLE_NAMES = ("symbol", "time", "high", "low", "open", "close", "volume")


def objects(values: Sequence[Any]) -> np.ndarray:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def trade_rows(trades: Sequence[Trade]) -> TradeRows:
    columns = list(zip(*trades, strict=True)) or [()] * 9
    return TradeRows(
        account_id=objects(columns[0]),
        symbol=objects(columns[1]),
        time=np.array(columns[2], dtype=np.int64) + T0,
        side=np.array(columns[3], dtype=np.int8),
        price=np.array(columns[4], dtype=float),
        quantity=np.array(columns[5], dtype=float),
        trade_id=objects(columns[6]),
        counterparty_id=objects(columns[7]),
        fee=np.array([np.nan if fee is None else fee for fee in columns[8]], dtype=float),
    )


def candles() -> Candles:
    symbols = sorted({row[0] for row in CANDLES})
    rows = sorted(CANDLES, key=lambda row: (symbols.index(row[0]), row[1]))
    symbol, start, high, low, opened, close, volume = zip(*rows, strict=True)
    return Candles(
        symbol=np.array([symbols.index(s) for s in symbol], dtype=np.int32),
        start=np.array(start, dtype=np.int64) + T0,
        high=np.array(high),
        low=np.array(low),
        open=np.array(opened),
        close=np.array(close),
        volume=np.array([np.nan if v is None else v for v in volume]),
        accounts=np.full(len(rows), -1, dtype=np.int32),
        interval=5 * MINUTE,
        symbol_names=objects(symbols),
    )


def plain(rows: TradeRows) -> list[Trade]:
    """The rows as tuples like those of TRADES, sorted."""
    columns = [getattr(rows, name).tolist() for name in TRADE_NAMES]
    found = [
        (*row[:2], row[2] - T0, *row[3:8], None if np.isnan(row[8]) else row[8])
        for row in zip(*columns, strict=True)
    ]
    return sorted(found, key=repr)


def expected(condition: Any) -> list[Trade]:
    """The TRADES that a condition of account, symbol, time holds for, sorted."""
    return sorted((t for t in TRADES if condition(*t[:3])), key=repr)


def plain_candles(found: Candles) -> list[Any]:
    """As tuples like those of CANDLES, in their order."""
    names = found.symbol_names[found.symbol].tolist()
    start = (found.start - T0).tolist()
    volume = [None if np.isnan(v) else v for v in found.volume]
    prices = (found.high, found.low, found.open, found.close)
    return list(zip(names, start, *(p.tolist() for p in prices), volume, strict=True))
