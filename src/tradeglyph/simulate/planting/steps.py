"""The grid that prices and quantities of a symbol lie on, as far as its own figures show it."""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import Fills

_EQUAL = 1e-9
"""Two figures nearer than this share of themselves are one figure (float noise, not a tick)."""
_DIGITS = 12
"""Significant digits that no feed exceeds, and that float sums keep."""
_TENS = np.array([float(f"1e{power}") for power in range(23)])
"""The powers of ten that floats hold exactly."""

Floats = NDArray[np.float64]


def price_steps(fills: Fills, candles: Candles) -> Floats:
    """Per symbol: the smallest step between two prices of its candles and fills, its tick.

    Infinity where no two prices differ. The codes of both must agree.
    """
    of_candles = [candles.open, candles.high, candles.low, candles.close]
    symbol = np.concatenate([*[candles.symbol] * len(of_candles), fills.symbol])
    return _smallest_steps(
        symbol, np.concatenate([*of_candles, fills.price]), len(fills.symbol_names)
    )


def quantity_steps(fills: Fills) -> Floats:
    """Per symbol: the smallest step between two quantities, or quantity and nothing: its lot."""
    symbols = np.arange(len(fills.symbol_names))
    return _smallest_steps(
        np.concatenate([symbols, fills.symbol]),
        np.concatenate([np.zeros(len(symbols)), fills.quantity]),
        len(symbols),
    )


def _smallest_steps(symbol: NDArray[np.integer], value: Floats, symbols: int) -> Floats:
    known = ~np.isnan(value)
    symbol, value = symbol[known], value[known]
    order = np.lexsort((value, symbol))
    symbol, value = symbol[order], value[order]
    step = np.diff(value)
    told = (np.diff(symbol) == 0) & (step > _EQUAL * value[1:])
    smallest = np.full(symbols, np.inf)
    np.minimum.at(smallest, symbol[1:][told], step[told])
    return rounded(smallest)


def rounded(values: Floats) -> Floats:
    """To 12 significant digits: 0.1 + 0.2 is the price 0.3. Values near 0 or over 1e12 stay."""
    with np.errstate(divide="ignore"):
        places = _DIGITS - 1 - np.floor(np.log10(np.abs(values)))
    usual = (places >= 0) & (places < len(_TENS))
    scale = _TENS[np.where(usual, places, 0).astype(np.int64)]
    return np.where(usual, np.rint(np.where(usual, values, 0.0) * scale) / scale, values)
