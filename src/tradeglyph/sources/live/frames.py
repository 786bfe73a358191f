"""Frames of the readers as trade rows."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.domain.trade_rows import TradeRows


def rows_of(trades: pl.DataFrame) -> TradeRows:
    """The rows of a frame in `TRADE_DTYPES`, in its order."""

    def texts(name: str) -> NDArray[np.object_]:
        return trades[name].fill_null("").to_numpy().astype(object)

    return TradeRows(
        account_id=texts("account_id"),
        symbol=texts("symbol"),
        time=trades["time"].to_physical().to_numpy().astype(np.int64, copy=False),
        side=trades["side"].to_numpy(),
        price=trades["price"].to_numpy(),
        quantity=trades["quantity"].to_numpy(),
        trade_id=texts("trade_id"),
        counterparty_id=texts("counterparty_id"),
        fee=trades["fee"].fill_null(float("nan")).to_numpy(),
    )
