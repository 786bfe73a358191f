"""Trade rows put together, taken apart, and freed of repeats."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.trade_rows import TradeRows

_DTYPES = {"time": np.int64, "side": np.int8, "price": float, "quantity": float, "fee": float}
_NAMES = tuple(field.name for field in fields(TradeRows))


def concat(parts: Sequence[TradeRows]) -> TradeRows:
    """All rows, in order; no parts are no rows."""
    if len(parts) == 1:
        return parts[0]
    empty = {name: np.zeros(0, dtype=_DTYPES.get(name, object)) for name in _NAMES}
    return TradeRows(
        **{
            name: np.concatenate([empty[name], *(getattr(part, name) for part in parts)])
            for name in _NAMES
        }
    )


def without_repeats(rows: TradeRows) -> tuple[TradeRows, int]:
    """The first of the rows that share trade_id, symbol, account and side, and all without a
    trade_id; how many rows were dropped."""
    texts = rows.trade_id.tolist(), rows.symbol.tolist(), rows.account_id.tolist()
    keys = list(zip(*texts, rows.side.tolist(), strict=True))
    if not any(texts[0]) or len(set(keys)) == len(keys):  # as it should be
        return rows, 0
    seen: set[tuple[str, str, str, int]] = set()
    first = np.ones(len(rows), dtype=np.bool_)
    for at, one in enumerate(keys):
        if one[0] and one in seen:
            first[at] = False
        seen.add(one)
    return rows.take(first), int((~first).sum())


def positive(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Above 0 and finite."""
    return (values > 0) & np.isfinite(values)
