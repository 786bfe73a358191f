"""The normalised frames that readers give, and their way into the core's arrays.

Trades: `account_id, symbol` (String), `time` (Datetime us UTC), `side` (Int8, +1 buy, -1 sell),
`price, quantity` (Float64), `trade_id, counterparty_id, order_id, currency` (String), `fee`
(Float64); the optional ones are null where the file has none.

Candles: `symbol` (String), `time` (Datetime us UTC, the candle's start), `high, low`, then
`open, close, volume` (Float64, null where unknown) and `accounts` (Int32, null where unknown).
"""

import numpy as np
import polars as pl

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import Fills
from tradeglyph.sources.interval import interval_of

UTC_TIME = pl.Datetime("us", "UTC")

TRADE_DTYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "account_id": pl.String,
    "symbol": pl.String,
    "time": UTC_TIME,
    "side": pl.Int8,
    "price": pl.Float64,
    "quantity": pl.Float64,
    "trade_id": pl.String,
    "counterparty_id": pl.String,
    "order_id": pl.String,
    "fee": pl.Float64,
    "currency": pl.String,
}

CANDLE_DTYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "symbol": pl.String,
    "time": UTC_TIME,
    "high": pl.Float64,
    "low": pl.Float64,
    "open": pl.Float64,
    "close": pl.Float64,
    "volume": pl.Float64,
    "accounts": pl.Int32,
}


def fills_of(trades: pl.DataFrame, symbols: list[str] | None = None) -> Fills:
    """Arrays of a normalised trades frame, in its order.

    Args:
        trades: a frame with at least the first six columns of `TRADE_DTYPES`.
        symbols: symbol names whose positions become the codes (pass those of the candles, so
            that codes agree); names not among them follow at the end.
    """
    symbol_names = list(symbols or [])
    known = set(symbol_names)
    symbol_names += [s for s in trades["symbol"].unique().sort() if s not in known]
    account_names = trades["account_id"].unique().sort()
    return Fills(
        account=_codes(trades["account_id"], account_names.to_list()),
        symbol=_codes(trades["symbol"], symbol_names),
        time=trades["time"].to_physical().to_numpy().astype(np.int64, copy=False),
        side=trades["side"].to_numpy().astype(np.int8, copy=False),
        price=trades["price"].to_numpy(),
        quantity=trades["quantity"].to_numpy(),
        account_names=account_names.to_numpy().astype(object),
        symbol_names=np.array(symbol_names, dtype=object),
    )


def candles_of(candles: pl.DataFrame, symbols: list[str] | None = None) -> Candles:
    """Arrays of a normalised candles frame, sorted by symbol code and start.

    The interval is the commonest distance between two neighbours; five minutes where there are
    no neighbours.
    """
    symbol_names = list(symbols or [])
    known = set(symbol_names)
    symbol_names += [s for s in candles["symbol"].unique().sort() if s not in known]
    code = _codes(candles["symbol"], symbol_names)
    start = candles["time"].to_physical().to_numpy().astype(np.int64, copy=False)
    order = np.lexsort((start, code))
    code, start = code[order], start[order]
    ordered = candles[order]

    def floats(name: str) -> np.ndarray:
        return ordered[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()

    return Candles(
        symbol=code,
        start=start,
        high=floats("high"),
        low=floats("low"),
        open=floats("open"),
        close=floats("close"),
        volume=floats("volume"),
        accounts=ordered["accounts"].cast(pl.Int32).fill_null(-1).to_numpy(),
        interval=interval_of(code, start),
        symbol_names=np.array(symbol_names, dtype=object),
    )


def _codes(values: pl.Series, names: list[str]) -> np.ndarray:
    codes = (
        values.cast(pl.Enum(names)).to_physical() if names else pl.Series(values=[], dtype=pl.Int32)
    )
    return codes.cast(pl.Int32).to_numpy()
