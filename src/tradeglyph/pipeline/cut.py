"""Cuts fills into windows: one account, one symbol, one span of time."""

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
    first, head = new_window.nonzero()[0], new_fill.nonzero()[0]
    merged = _merged(fills, second, head)
    offset = np.empty(len(first) + 1, dtype=np.int64)
    offset[:-1], offset[-1] = head.searchsorted(first), len(head)
    return Windows(
        fills=merged,
        offset=offset,
        account=fills.account[first],
        symbol=fills.symbol[first],
        start=edges[span[first]],
        end=edges[span[first] + 1],
        trade_count=_lengths(first, len(key)),
        habit=_habit(merged, offset, fills.account[first], span[first]),
    )


def _inside(fills: Fills, edges: NDArray[np.int64]) -> tuple[Fills, NDArray[np.int64]]:
    """The fills between the first and the last edge, and between which two each lies."""
    span = np.searchsorted(edges, fills.time, side="right").astype(np.int64) - 1
    inside = (span >= 0) & (span < len(edges) - 1)
    return (fills, span) if inside.all() else (fills.take(inside), span[inside])


def _merged(fills: Fills, second: NDArray[np.int64], head: NDArray[np.intp]) -> Fills:
    """One fill for each run of equal fills; the runs start at `head`."""
    quantity = np.add.reduceat(fills.quantity, head) if len(head) else fills.quantity
    return Fills(
        account=fills.account[head],
        symbol=fills.symbol[head],
        time=second[head] * MICROSECONDS,
        side=fills.side[head],
        price=fills.price[head],
        quantity=_rounded(quantity),
        account_names=fills.account_names,
        symbol_names=fills.symbol_names,
    )


def _habit(
    fills: Fills, offset: NDArray[np.int64], account: NDArray[np.int32], span: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Per window: geometric mean of the money of the account's fills in earlier spans."""
    if (span == span[:1]).all():  # nothing is earlier, as before a withdrawal
        return np.full(len(span), np.nan)
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
    sound = quantity if usual.all() else np.where(usual, quantity, 1.0)
    digits = np.floor(np.log10(sound)).astype(np.int64)
    scale = _TEN[11 + _TEN_AT_ZERO - digits]
    rounded = np.rint(sound * scale) / scale
    return rounded if sound is quantity else np.where(usual, rounded, quantity)


def _packed(fills: Fills, span: NDArray[np.int64]) -> NDArray[np.int64]:
    """One integer per window, ascending in account, symbol, span."""
    symbols = max(len(fills.symbol_names), 1)
    spans = int(span.max(initial=0)) + 1
    return (fills.account.astype(np.int64) * symbols + fills.symbol) * spans + span


def _changes(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    changed = np.empty(len(values), dtype=bool)
    changed[:1] = True
    np.not_equal(values[1:], values[:-1], out=changed[1:])
    return changed


def _lengths(first: NDArray[np.intp], end: int) -> NDArray[np.int32]:
    """Of runs that start at `first`, the last of which goes on to the `end`."""
    lengths = np.empty(len(first), dtype=np.int32)
    lengths[:-1] = first[1:] - first[:-1]
    lengths[-1:] = end - first[-1:]
    return lengths


def _date_of(instant: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(instant / MICROSECONDS, tz=zone).date()
