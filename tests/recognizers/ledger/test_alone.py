"""Two who are alone in a symbol: nobody else's price is there to measure their flow against."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.recognizers.ledger import ledger
from tradeglyph.sources.tape import tape_of

BEGIN = datetime(2026, 1, 2, 9, tzinfo=UTC)


def test_their_flow_is_not_measured_and_not_passed_over() -> None:
    """Three times bought at 100 and sold at 112 to the same: the ledger abstains, and says so."""
    rows = [
        ("ann", BEGIN + timedelta(minutes=10 * trip, seconds=after), side, price)
        for trip in range(3)
        for after, side, price in ((10, 1, 100.0), (200, -1, 112.0))
    ]
    account, time, side, price = zip(*rows, strict=True)
    frame = pl.DataFrame(
        {
            "account_id": account,
            "symbol": ["X"] * 6,
            "time": pl.Series(time).cast(pl.Datetime("us", "UTC")),
            "side": pl.Series(side, dtype=pl.Int8),
            "price": price,
            "quantity": [50.0] * 6,
            "trade_id": pl.Series([None] * 6, dtype=pl.String),
            "counterparty_id": ["bob"] * 6,
            "fee": pl.Series([None] * 6, dtype=pl.Float64),
        }
    )
    end = int(BEGIN.timestamp() + 3_600) * MICROSECONDS
    found = ledger(tape_of(frame), ends=np.array([end]))
    assert len(found) == 1
    assert np.isnan(found.low[0])
    assert np.isnan(found.excess[0])
