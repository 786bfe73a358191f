"""Cuts fills into windows: one account, one symbol, one span of time."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import DAY_US, MICROSECONDS, Fills
from tradeglyph.domain.windows import Windows

UTC = ZoneInfo("UTC")

_TEN_AT_ZERO = 300
_TEN = np.array([float(f"1e{power}") for power in range(-300, 301)])
"""Powers of ten as near as floats come, which `10.0 ** n` is not on every processor."""


def day_edges(first: int, last: int, zone: ZoneInfo = UTC) -> NDArray[np.int64]:
    """Midnights of `zone` that enclose the instants `first` to `last` (microseconds UTC).

    Days with a change of the clock are 23 or 25 hours long.
    """
    if zone.key == "UTC":
        begin = first // DAY_US
        return np.arange(begin, last // DAY_US + 2, dtype=np.int64) * DAY_US
    day = _date_of(first, zone)
    edges: list[int] = []
    while not edges or edges[-1] <= last:
        midnight = datetime.combine(day, time.min, tzinfo=zone)
        edges.append(int(midnight.timestamp()) * MICROSECONDS)
        day += timedelta(days=1)
    return np.array(edges, dtype=np.int64)


def cut(fills: Fills, edges: NDArray[np.int64]) -> Windows:
    """Windows between neighbouring `edges` (ascending, microseconds UTC); others are dropped.

    Fills of equal side, price and second become one fill of their summed quantity (to 12
    significant digits), so that how an exchange splits an order does not change the picture. The
    result does not depend on the order of the rows.
    """
    fills, span = _inside(fills, edges)
    second = fills.time // MICROSECONDS
    key = _packed(fills, span)
    # By quantity last, so that equal fills are summed in one order.
    order = np.lexsort((fills.quantity, fills.price, fills.side, second, key))
    fills, key, second, span = fills.take(order), key[order], second[order], span[order]

    new_window = _changes(key)
    new_fill = new_window | _changes(second) | _changes(fills.side) | _changes(fills.price)
    first, head = np.flatnonzero(new_window), np.flatnonzero(new_fill)
    merged = _merged(fills, second, head)
    offset = np.append(np.searchsorted(head, first), len(head)).astype(np.int64)
    return Windows(
        fills=merged,
        offset=offset,
        account=fills.account[first],
        symbol=fills.symbol[first],
        start=edges[span[first]],
        end=edges[span[first] + 1],
        trade_count=np.diff(np.append(first, len(key))).astype(np.int32),
        habit=_habit(merged, offset, fills.account[first], span[first]),
    )


def _inside(fills: Fills, edges: NDArray[np.int64]) -> tuple[Fills, NDArray[np.int64]]:
    """The fills between the first and the last edge, and between which two each lies."""
    span = np.searchsorted(edges, fills.time, side="right").astype(np.int64) - 1
    inside = (span >= 0) & (span < len(edges) - 1)
    return (fills, span) if inside.all() else (fills.take(inside), span[inside])


def _merged(fills: Fills, second: NDArray[np.int64], head: NDArray[np.intp]) -> Fills:
    """One fill for each run of equal fills; the runs start at `head`."""
    merged = fills.take(head)
    quantity = np.add.reduceat(fills.quantity, head) if len(head) else merged.quantity
    return replace(merged, time=second[head] * MICROSECONDS, quantity=_rounded(quantity))


def _habit(
    fills: Fills, offset: NDArray[np.int64], account: NDArray[np.int32], span: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Per window: geometric mean of the money of the account's fills in earlier spans."""
    sizes = np.diff(offset)
    running = np.append(0.0, np.cumsum(np.log(fills.price * fills.quantity)))
    order = np.lexsort((span, account))
    logs = np.append(0.0, np.cumsum((running[offset[1:]] - running[offset[:-1]])[order]))
    count = np.append(0, np.cumsum(sizes[order]))
    # Windows of one account and span share what came before: where the account and the span begin.
    who, when = account[order], span[order]
    since = np.searchsorted(who, who)
    begin = np.maximum.accumulate(np.where(_changes(who) | _changes(when), np.arange(len(who)), 0))
    habit = np.full(len(order), np.nan)
    known = begin > since
    before, after = since[known], begin[known]
    habit[order[known]] = np.exp((logs[after] - logs[before]) / (count[after] - count[before]))
    return habit


def _rounded(quantity: NDArray[np.float64]) -> NDArray[np.float64]:
    """To 12 significant digits: 0.1 + 0.2 and 0.3 are one quantity, also in the last bit."""
    usual = (quantity > 1e-280) & (quantity < 1e280)
    digits = np.floor(np.log10(np.where(usual, quantity, 1.0))).astype(np.int64)
    scale = _TEN[11 - digits + _TEN_AT_ZERO]
    return np.where(usual, np.rint(np.where(usual, quantity, 1.0) * scale) / scale, quantity)


def _packed(fills: Fills, span: NDArray[np.int64]) -> NDArray[np.int64]:
    """One integer per window, ascending in account, symbol, span."""
    symbols = max(len(fills.symbol_names), 1)
    spans = int(span.max(initial=0)) + 1
    return (fills.account.astype(np.int64) * symbols + fills.symbol) * spans + span


def _changes(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    changed = np.ones(len(values), dtype=bool)
    changed[1:] = values[1:] != values[:-1]
    return changed


def _date_of(instant: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(instant / MICROSECONDS, tz=zone).date()
