"""Finds each fill's candle and its place inside it."""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.domain.windows import PlacedWindows, Windows

_SYMBOL_SHIFT = 40
"""Seconds since 1970 fit 40 bits for 34,000 years, which leaves 23 bits for symbols."""
_SUM_NOISE = 1e-9
"""Float noise of a candle's volume, which may be a sum of the same quantities."""


def place(windows: Windows, candles: Candles) -> PlacedWindows:
    """Windows whose fills know their candle. Both must share one table of symbol codes."""
    fills = windows.fills
    candle = _locate(fills.symbol, fills.time, candles)
    found = candle >= 0
    at = np.maximum(candle, 0)
    if len(candles):
        high, low, volume = candles.high[at], candles.low[at], candles.volume[at]
    else:
        high = low = volume = np.full(len(fills), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = np.where(high > low, (fills.price - low) / (high - low), 0.5)
        share = np.where(volume > 0, fills.quantity / volume, np.nan)
    place, part = raw.clip(0.0, 1.0), np.minimum(share, 1.0)
    if not found.all():
        place, part = np.where(found, place, np.nan), np.where(found, part, np.nan)
    return PlacedWindows(
        windows=windows,
        candle=candle,
        place=place,
        share=part,
        clipped=found & ((fills.price < low) | (fills.price > high)),
        over_volume=found & (share > 1.0 + _SUM_NOISE),
        alone=_alone(windows, candle, candles),
    )


def _locate(
    symbol: NDArray[np.int32], time: NDArray[np.int64], candles: Candles
) -> NDArray[np.int64]:
    if not len(candles):
        return np.full(len(time), -1, dtype=np.int64)
    keys = _key(candles.symbol, candles.start)
    at = keys.searchsorted(_key(symbol, time), side="right") - 1
    near = np.maximum(at, 0)
    hit = (at >= 0) & (candles.symbol[near] == symbol)
    hit &= time < candles.start[near] + candles.interval
    return np.where(hit, near, -1)


def _key(symbol: NDArray[np.int32], time: NDArray[np.int64]) -> NDArray[np.int64]:
    return (symbol.astype(np.int64) << _SYMBOL_SHIFT) + time // MICROSECONDS


def _alone(windows: Windows, candle: NDArray[np.int64], candles: Candles) -> NDArray[np.bool_]:
    if not len(candles):
        return np.zeros(len(windows), dtype=bool)
    single = (candle >= 0) & (candles.accounts[np.maximum(candle, 0)] == 1)
    if not single.any():
        return np.zeros(len(windows), dtype=bool)
    in_candles = np.bincount(windows.owner, candle >= 0, minlength=len(windows))
    singles = np.bincount(windows.owner, single, minlength=len(windows))
    return np.asarray((in_candles > 0) & (singles == in_candles))
