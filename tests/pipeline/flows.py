"""Flows of money as the ledger gives them, written by hand."""

import numpy as np

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.ledger import Transfers

NAN = float("nan")
STRONG = {
    "trades": 6, "meetings": 6, "low": 100.0, "excess": 80.0, "deviation": 5.0,
    "gainer_share": 0.95, "loser_share": 0.9, "by_chance": 0.1, "turned": 1.0, "ahead": 0.0,
    "gainer_trades": 6, "loser_trades": 6, "gainer_clients": 1, "loser_clients": 1, "reference": 2,
}  # fmt: skip
"""15 half-spreads (100 less 80 is three of them), the main thing that happened to both, and six
meetings where a tenth of one is by chance."""


def transfers_of(*rows: dict[str, float]) -> Transfers:
    whole = [
        {"loser": 1, "gainer": 0, "symbol": 0, "window_end": DAY_US, "quantity": 1.0,
         "volume_share": 0.1, "high": 120.0, "cluster": at, "cluster_size": 2, **STRONG, **row}
        for at, row in enumerate(rows)
    ]  # fmt: skip
    kinds = {"loser": np.int32, "gainer": np.int32, "symbol": np.int32, "window_end": np.int64,
             "trades": np.int64, "meetings": np.int64, "gainer_trades": np.int64,
             "loser_trades": np.int64, "gainer_clients": np.int64, "loser_clients": np.int64,
             "cluster": np.int64, "cluster_size": np.int64, "reference": np.int8}  # fmt: skip
    names = Transfers.__dataclass_fields__
    columns = {n: np.array([row[n] for row in whole], kinds.get(n, np.float64)) for n in names}
    return Transfers(**columns)
