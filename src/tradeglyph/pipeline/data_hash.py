"""A name for the data that an explanation was made of, so that it can be told to be the same."""

import hashlib

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import Windows
from tradeglyph.pipeline.occlude import near

FORMAT = b"tradeglyph window 1\n"
"""First bytes of what is hashed; raised with any change of the bytes below."""


def data_hash(window: Windows, candles: Candles) -> str:
    """SHA-256, in hex, of one window's fills and of the candles it lies in, in canonical bytes.

    Hashed are, in this order: account and symbol (UTF-8, each after its length), start and end of
    the window, the fills' rows in the file, then the merged fills column by column (time, side,
    price, quantity) and the symbol's candles that overlap the window (interval, then start, open,
    high, low, close, volume, accounts). Each column comes after its length; integers and times
    (microseconds UTC) are int64, other numbers float64, little-endian; what is not known is one
    NaN. The order of the rows, the other accounts and the rest of the market have no part in it.
    """
    fills, market = window.fills, near(candles, window)
    digest = hashlib.sha256(FORMAT)
    for names, code in (
        (fills.account_names, window.account[0]),
        (fills.symbol_names, window.symbol[0]),
    ):
        name = str(names[code]).encode()
        digest.update(_integers(np.array([len(name)])) + name)
    span = np.array([window.start[0], window.end[0], window.trade_count[0]])
    digest.update(_integers(span))
    _add(digest, fills.time, fills.side, fills.price, fills.quantity)
    digest.update(_integers(np.array([market.interval])))
    _add(digest, market.start, market.open, market.high, market.low, market.close)
    _add(digest, market.volume, market.accounts)
    return digest.hexdigest()


def _add(digest: "hashlib._Hash", *columns: NDArray[np.generic]) -> None:
    for column in columns:
        digest.update(_column(column))


def _column(values: NDArray[np.generic]) -> bytes:
    count = _integers(np.array([len(values)]))
    if values.dtype.kind == "f":
        # There are many NaNs and two zeros; here there is one of each.
        known = np.where(np.isnan(values), np.nan, values) + 0.0
        return count + known.astype("<f8").tobytes()
    return count + _integers(values)


def _integers(values: NDArray[np.generic]) -> bytes:
    return values.astype("<i8").tobytes()
