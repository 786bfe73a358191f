"""The tape of a trades frame: everybody's fills, and who stood on the other side of each."""

import numpy as np
import polars as pl

from tradeglyph.domain.fills import BUY
from tradeglyph.domain.tape import Tape
from tradeglyph.sources.tables import TRADE_DTYPES, fills_of

_ROW, _OTHER, _MATCH = "_row", "_other", "_match"
_FIRST, _SECOND = "_first", "_second"
_ID = ("symbol", "trade_id")
_KEY = ("symbol", "trade_id", "time", "price", "quantity", "_buyer", "_seller")


def tape_of(trades: pl.DataFrame, symbols: list[str] | None = None) -> Tape:
    """The tape of a normalised trades frame, sorted by symbol, time, account, side, price, size.

    The other side of a fill is known
    - where exactly one buy and one sell share a symbol and a `trade_id`, and agree in price and
      quantity: these two rows are one match;
    - else where the row names its `counterparty_id`. A buy and a sell that mirror each other
      (symbol, time, price, quantity, buyer, seller, and `trade_id` where given) are one match; k
      of each are k matches; a row without its mirror is a match of one row.

    An empty `account_id` is nobody: it is no other side. Trades with oneself keep the account as
    other side.

    Args:
        trades: a frame with at least the first six columns of `TRADE_DTYPES`.
        symbols: as in `fills_of`.
    """
    frame = _with_optional(trades)
    frame = frame.sort(*_order(symbols or []), maintain_order=True).with_row_index(_ROW)
    matched = _matched(frame)
    fills = fills_of(matched, symbols)
    names = pl.concat([matched["account_id"], matched[_OTHER].drop_nulls()]).unique().sort()
    codes = pl.Enum(names)

    def coded(column: str) -> np.ndarray:
        code = matched[column].cast(codes).to_physical().cast(pl.Int32)
        return code.fill_null(-1).to_numpy()

    fills = type(fills)(
        account=coded("account_id"),
        symbol=fills.symbol,
        time=fills.time,
        side=fills.side,
        price=fills.price,
        quantity=fills.quantity,
        account_names=names.to_numpy().astype(object),
        symbol_names=fills.symbol_names,
    )
    return Tape(
        fills=fills,
        other=coded(_OTHER),
        match=matched[_MATCH].fill_null(-1).to_numpy(),
        fee=matched["fee"].fill_null(float("nan")).to_numpy(),
    )


def _with_optional(trades: pl.DataFrame) -> pl.DataFrame:
    missing = [
        pl.lit(None, dtype=TRADE_DTYPES[name]).alias(name)
        for name in ("trade_id", "counterparty_id", "fee")
        if name not in trades.columns
    ]
    return trades.with_columns(missing)


def _order(symbols: list[str]) -> list[pl.Expr]:
    """By symbol code (known symbols as given, the others by name), then what rows show."""
    position = {name: at for at, name in enumerate(symbols)}
    code = pl.col("symbol").replace_strict(position, default=len(position), return_dtype=pl.Int64)
    by = [code] if position else []
    return [*by, *map(pl.col, ("symbol", "time", "account_id", "side", "price", "quantity"))]


def _matched(frame: pl.DataFrame) -> pl.DataFrame:
    """With the other side and the number of the match of each row; null where not known."""
    by_id = _by_trade_id(frame)
    rest = frame.join(by_id, on=_ROW, how="anti")
    known = pl.concat([by_id, _by_counterparty(rest)])
    numbers = (
        known.group_by(_FIRST, _SECOND)
        .agg(pl.col(_ROW).min().alias("_head"))
        .sort("_head")
        .select(_FIRST, _SECOND, pl.int_range(pl.len(), dtype=pl.Int64).alias(_MATCH))
    )
    known = known.join(numbers, on=[_FIRST, _SECOND], nulls_equal=True)
    return frame.join(known, on=_ROW, how="left").sort(_ROW)


def _by_trade_id(frame: pl.DataFrame) -> pl.DataFrame:
    """`_ROW, _OTHER, _FIRST, _SECOND` of rows that share an id with their other side."""
    rows = frame.filter(pl.col("trade_id").is_not_null())
    bought = pl.col("side") == BUY
    pairs = (
        rows.group_by(_ID)
        .agg(
            pl.len().alias("_rows"),
            bought.sum().alias("_buys"),
            pl.col("price").n_unique().alias("_prices"),
            pl.col("quantity").n_unique().alias("_quantities"),
            pl.col(_ROW).filter(bought).first().alias(_FIRST),
            pl.col(_ROW).filter(~bought).first().alias(_SECOND),
            pl.col("account_id").filter(bought).first().alias("_buyer"),
            pl.col("account_id").filter(~bought).first().alias("_seller"),
        )
        .filter(pl.col("_rows") == 2, pl.col("_buys") == 1)
        .filter(pl.col("_prices") == 1, pl.col("_quantities") == 1)
    )
    # Where one side has no name, nobody is known to have stood there.
    pairs = pairs.filter((pl.col("_buyer") != "") & (pl.col("_seller") != ""))
    sides = [
        pairs.select(
            pl.col(own).alias(_ROW), pl.col(other).alias(_OTHER), pl.col(_FIRST), pl.col(_SECOND)
        )
        for own, other in ((_FIRST, "_seller"), (_SECOND, "_buyer"))
    ]
    return pl.concat(sides)


def _by_counterparty(frame: pl.DataFrame) -> pl.DataFrame:
    """The same of rows that name their other side; a row without its mirror has one null."""
    named = pl.col("counterparty_id").is_not_null() & (pl.col("counterparty_id") != "")
    bought = pl.col("side") == BUY
    rows = frame.filter(named & (pl.col("account_id") != "")).with_columns(
        pl.when(bought).then("account_id").otherwise("counterparty_id").alias("_buyer"),
        pl.when(bought).then("counterparty_id").otherwise("account_id").alias("_seller"),
    )
    rows = rows.with_columns(pl.int_range(pl.len()).over(*_KEY, "side").alias("_nth"))
    sides = rows.group_by(*_KEY, "_nth").agg(
        pl.col(_ROW).filter(bought).first().alias(_FIRST),
        pl.col(_ROW).filter(~bought).first().alias(_SECOND),
    )
    joined = rows.join(sides, on=[*_KEY, "_nth"], nulls_equal=True)
    return joined.select(_ROW, pl.col("counterparty_id").alias(_OTHER), _FIRST, _SECOND)
