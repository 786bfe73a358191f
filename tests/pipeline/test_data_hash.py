"""The hash names the window's own data, and all of it."""

import hashlib
import struct
from dataclasses import replace

import numpy as np
import pytest

from tests.rows import DAY, FillRow, candles_of, days, fills_of
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import Windows
from tradeglyph.pipeline.data_hash import data_hash

ROWS: list[FillRow] = [
    ("ann", "X", DAY + 10, "buy", 10.0, 2.0),
    ("ann", "X", DAY + 20, "sell", 11.5, 1.5),
]
OTHERS: list[FillRow] = [
    ("ann", "X", DAY + 90_000, "buy", 10.0, 2.0),
    ("ann", "Y", DAY + 10, "buy", 10.0, 2.0),
    ("aaa", "X", DAY + 10, "buy", 10.0, 2.0),
]
CANDLE = ("X", DAY, 9.0, 12.0)
MARKET = candles_of([CANDLE], volume=100.0)


def of(rows: list[FillRow]) -> Windows:
    windows = days(fills_of(rows))
    names, symbols = windows.fills.account_names, windows.fills.symbol_names
    at = next(
        i for i in range(len(windows))
        if (names[windows.account[i]], symbols[windows.symbol[i]]) == ("ann", "X")
    )  # fmt: skip
    return windows.slice(at, at + 1)


def test_the_bytes_written_by_hand() -> None:
    us = 1_000_000
    start = DAY * us
    expected = b"tradeglyph window 1\n"
    expected += struct.pack("<q3s", 3, b"ann") + struct.pack("<q1s", 1, b"X")
    expected += struct.pack("<3q", start, start + 86_400 * us, 2)
    expected += struct.pack("<3q", 2, start + 10 * us, start + 20 * us)
    expected += struct.pack("<3q", 2, 1, -1)
    expected += struct.pack("<q2d", 2, 10.0, 11.5) + struct.pack("<q2d", 2, 2.0, 1.5)
    expected += struct.pack("<q", 300 * us) + struct.pack("<2q", 1, start)
    nan = float("nan")
    for value in (nan, 12.0, 9.0, nan, 100.0):  # open, high, low, close, volume
        expected += struct.pack("<qd", 1, value)
    expected += struct.pack("<2q", 1, -1)
    assert data_hash(of(ROWS), MARKET) == hashlib.sha256(expected).hexdigest()


def test_what_has_no_part_in_it() -> None:
    first = data_hash(of(ROWS), MARKET)
    assert data_hash(of(ROWS[::-1]), MARKET) == first
    assert data_hash(of(OTHERS + ROWS), MARKET) == first
    wider = candles_of(
        [CANDLE, ("X", DAY - 300, 1, 2), ("X", DAY + 86_400, 1, 2), ("Y", DAY, 1, 2)], volume=100.0
    )
    assert data_hash(of(ROWS), wider) == first
    other_nan = np.array([0x7FF8_0000_0000_0001], dtype=np.uint64).view(np.float64)
    assert data_hash(of(ROWS), replace(MARKET, open=other_nan)) == first


def test_minus_zero_is_zero() -> None:
    hashes = {data_hash(of(ROWS), replace(MARKET, volume=np.array([v]))) for v in (0.0, -0.0)}
    assert len(hashes) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [("bob", *row[1:]) for row in ROWS],
        [ROWS[0]],
        [*ROWS, ROWS[0]],
        [ROWS[0], (*ROWS[1][:4], 11.6, 1.5)],
        [ROWS[0], (*ROWS[1][:5], 1.6)],
        [ROWS[0], (*ROWS[1][:3], "buy", 11.5, 1.5)],
        [ROWS[0], ("ann", "X", DAY + 21, "sell", 11.5, 1.5)],
    ],
    ids=["account", "one less", "one twice", "price", "quantity", "side", "time"],
)
def test_every_column_of_the_fills_has_its_part(rows: list[FillRow]) -> None:
    window = days(fills_of(rows))
    assert data_hash(window, MARKET) != data_hash(of(ROWS), MARKET)


@pytest.mark.parametrize("name", ["open", "high", "low", "close", "volume", "accounts"])
def test_every_column_of_the_candles_has_its_part(name: str) -> None:
    changed: Candles = replace(MARKET, **{name: np.array([7], dtype=getattr(MARKET, name).dtype)})
    assert data_hash(of(ROWS), changed) != data_hash(of(ROWS), MARKET)


def test_the_lengths_keep_columns_apart() -> None:
    one = data_hash(of(ROWS), candles_of([CANDLE, ("X", DAY + 300, 9.0, 12.0)], volume=100.0))
    assert one != data_hash(of(ROWS), MARKET)
