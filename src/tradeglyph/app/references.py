"""Quoted prices beside the trades they are for: of traded symbols, and in the trades' unit."""

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.references import Reference, ReferencePrices

OTHER_UNIT = 3.0
"""Quotes whose median is further than this factor from the median of the trades' prices are in
another unit. Units differ by more: cents by 100, jiao by 10, yuan and dollars by about 7. Markets
differ by less over the days of a file: seven days at a limit of 10 % each come to 1.95. Our own
choice between the two."""
OTHER_DECIMAL = 10.0
"""A single quote further than this factor from the median of the trades' prices is a slip: the
least one of a decimal point is 10. Between `OTHER_UNIT` and this a price may have been, in a market
that ran away for a while. Our own choice."""
_NEAR_US = DAY_US
"""The widest that any quote counts before or after a trade."""


def fitting(
    prices: ReferencePrices | None, path: Path | None, trades: pl.DataFrame
) -> tuple[ReferencePrices | None, list[str]]:
    """The prices without those that are far from the trades' own, and lines for stderr on those
    that are of no traded symbol or far off.

    Args:
        path: the file that the prices are from.
        trades: `symbol, time, price`.

    Raises InputError where all of a symbol and kind are in another unit than its trades: money
    would be stopped that nobody took.
    """
    if prices is None or not len(prices):
        return prices, []
    own = _medians(trades["symbol"], trades["price"])
    paid = np.array([own.get(name, np.nan) for name in prices.symbol_names.tolist()])[prices.symbol]
    traded = np.isfinite(paid)
    time = trades["time"].to_physical().to_numpy()
    near = traded & (prices.time >= time.min(initial=2**62) - _NEAR_US)
    near &= prices.time <= time.max(initial=-(2**62)) + _NEAR_US
    _check_units(prices, near, own, path)
    # In either direction; of what is not traded there is nothing to compare.
    far = prices.price > OTHER_DECIMAL * paid
    far |= prices.price * OTHER_DECIMAL < paid
    left = prices.take(np.flatnonzero(~far)) if far.any() else prices
    return left, [*_elsewhere(int((~traded).sum())), *_far_off(int(far.sum()))]


def _check_units(
    prices: ReferencePrices, near: NDArray[np.bool_], own: dict[str, float], path: Path | None
) -> None:
    for kind in np.unique(prices.kind[near]).tolist():
        at = np.flatnonzero(near & (prices.kind == kind))
        names = pl.Series(prices.symbol_names[prices.symbol[at]], dtype=pl.String)
        for name, quoted in sorted(_medians(names, pl.Series(prices.price[at])).items()):
            paid = own[name]
            if quoted > OTHER_UNIT * paid or quoted * OTHER_UNIT < paid:
                raise InputError(
                    f"{path}, column price: the median {Reference(kind).name.lower()} of {name} is "
                    f"{quoted:,g}, that of its trades {paid:,g}; give reference prices in the "
                    "unit of the trades' prices (yuan or cents, the same currency)"
                )


def _medians(symbol: pl.Series, price: pl.Series) -> dict[str, float]:
    frame = pl.DataFrame({"symbol": symbol, "price": price})
    return dict(frame.group_by("symbol").agg(pl.col("price").median()).iter_rows())


def _elsewhere(count: int) -> list[str]:
    prices = "price is of a symbol" if count == 1 else "prices are of symbols"
    return [f"  {count:,} reference {prices} without a trade"] if count else []


def _far_off(count: int) -> list[str]:
    prices = "price is" if count == 1 else "prices are"
    return [
        f"  {count:,} reference {prices} left out: further than a factor of {OTHER_DECIMAL:g} from "
        "the median of the symbol's trades"
    ] if count else []  # fmt: skip
