"""Trades and candles that a request brings, as arrays. Numpy alone: no frame on this path.

The rules are those of files: a time is ISO 8601 with its offset, or a count of s, ms, us or ns
since 1970, the unit being that of the column's middle; a side is any word for it; a second row of
one `trade_id`, account and side is a repeat; columns that nobody knows are left out. But one that
is nearly called like a column that its row lacks is a slip, and what it says would be missed.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import FIVE_MINUTES_US, Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.domain.instants import instant_of, instant_of_count, is_instant, unit_of
from tradeglyph.domain.near_names import nearest
from tradeglyph.domain.schema import BUY_WORDS, SELL_WORDS
from tradeglyph.domain.trade_rows import TradeRows
from tradeglyph.service.bodies import misfits
from tradeglyph.service.misfit_words import unknown
from tradeglyph.service.row_columns import RowColumns
from tradeglyph.service.schemas import CandleRow, TradeRow
from tradeglyph.sources.candle_lengths import other_length
from tradeglyph.sources.interval import interval_text, parse_interval

_COUNT = re.compile(r"[0-9]{1,20}(\.[0-9]{1,12})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a request brings."""

    trades: TradeRows
    candles: Candles
    repeats: int
    """Trades that were left out as repeats of another."""


def trade_rows(
    rows: RowColumns | Sequence[Any], *, account_id: str, symbol: str
) -> tuple[TradeRows, int]:
    """The trades, and how many repeats were left out. Raises Problem 422 naming row and column.

    Args:
        rows: one dict a trade, or their columns, with the columns of files.
        account_id, symbol: of rows that don't say.
    """
    of = _columns("trades", rows, TradeRow.__annotations__.keys())
    account = of.texts("account_id", account_id)
    symbols = of.texts("symbol", symbol)
    _demand_symbols(of, symbols)
    side = _sides(of)
    trades = TradeRows(
        account_id=_objects(account),
        symbol=_objects(symbols),
        time=_times(of),
        side=side,
        price=of.positive("price"),
        quantity=of.positive("quantity"),
        trade_id=_objects(of.texts("trade_id", "")),
        counterparty_id=_objects(of.texts("counterparty_id", "")),
        fee=of.numbers("fee"),
    )
    return _without_repeats(trades) if "trade_id" in of.names else (trades, 0)


def candle_rows(rows: RowColumns | Sequence[Any], *, symbol: str, interval: str | None) -> Candles:
    """The candles. Raises Problem 422 naming row and column.

    Args:
        rows: one dict a candle, or their columns; `time` is its start.
        symbol: of rows that don't say.
        interval: such as `5m`, which the times must bear out; None: the commonest distance of two
            neighbours, five minutes where there are none.
    """
    of = _columns("candles", rows, CandleRow.__annotations__.keys())
    symbols = of.texts("symbol", symbol)
    _demand_symbols(of, symbols)
    high, low = of.positive("high"), of.positive("low")
    of.demand("high", high < low, "is below low")
    start, volume = _times(of), of.numbers("volume")
    of.demand("volume", volume < 0, "is negative")
    names = sorted(set(symbols))
    columns: dict[str, Any] = {
        "symbol": _codes(symbols, names),
        "start": start,
        "high": high,
        "low": low,
        "open": of.numbers("open"),
        "close": of.numbers("close"),
        "volume": volume,
        "accounts": _counted(of),
    }
    columns = _sorted(of, columns)
    candles = Candles(
        **columns,
        interval=_interval(interval, columns["symbol"], columns["start"]),
        symbol_names=_objects(names),
    )
    other = other_length(candles)
    if other is not None:
        row = (start == candles.start[other.at]) & (np.array(symbols, dtype=object) == other.symbol)
        apart = interval_text(int(candles.start[other.at] - candles.start[other.at - 1]))
        wanted = interval_text(candles.interval)
        why = (
            f"and most candles {wanted}; send candles of one length"
            if interval is None
            else f"and interval is {wanted}; leave interval out, or give their own"
        )
        of.demand("time", row, f"comes {apart} after the symbol's candle before it, {why}")
    return candles


def _demand_symbols(of: RowColumns, symbols: list[str]) -> None:
    if "" in symbols:
        wrong = [not name for name in symbols]
        of.demand("symbol", wrong, "says no symbol, nor does the request")


def _codes(symbols: Sequence[str], names: Sequence[str]) -> NDArray[np.int32]:
    if len(names) == 1:
        return np.zeros(len(symbols), dtype=np.int32)
    code = {name: at for at, name in enumerate(names)}
    return np.fromiter(map(code.__getitem__, symbols), np.int32, len(symbols))


def _counted(of: RowColumns) -> NDArray[np.int32]:
    """Accounts in each candle; -1 where nobody counted."""
    if "accounts" not in of.names:
        return np.full(len(of.rows), -1, dtype=np.int32)
    accounts = of.numbers("accounts")
    of.demand("accounts", ~(accounts >= 0) & ~np.isnan(accounts), "is negative")
    counted = np.where(np.isnan(accounts), -1, np.minimum(accounts, 2**31 - 1))
    return counted.astype(np.int32)


def _sorted(of: RowColumns, columns: dict[str, Any]) -> dict[str, Any]:
    """By symbol and start. Raises Problem for a second candle of one symbol and start."""
    codes, start = columns["symbol"], columns["start"]
    step, same = start[1:] - start[:-1], codes[1:] == codes[:-1]
    if (same & (step > 0)).all():  # one symbol, in order, as most are sent
        return columns
    order = np.lexsort((start, codes))
    columns = {name: values[order] for name, values in columns.items()}
    codes, start = columns["symbol"], columns["start"]
    twice = np.zeros(len(order), dtype=bool)
    twice[order[1:]] = (codes[1:] == codes[:-1]) & (start[1:] == start[:-1])
    of.demand("time", twice, "is a second candle of this symbol and start")
    return columns


def _columns(what: str, rows: RowColumns | Sequence[Any], known: AbstractSet[str]) -> RowColumns:
    """Raises Problem for a column that was meant to be another."""
    of = rows if isinstance(rows, RowColumns) else RowColumns(what, rows)
    for name in sorted(of.names - known):
        near = nearest(name, known)
        if near is None:
            continue
        row = next(at for at, one in enumerate(of.rows) if name in one)
        if near not in of.rows[row]:
            raise of.fault(row, name[:64], unknown(name, known))
    return of


def _sides(of: RowColumns) -> NDArray[np.int8]:
    words = of.column("side")
    meant = {word: _side(word) for word in set(words)}
    sides = np.array([meant[word] for word in words], dtype=np.int8)
    if not all(meant.values()):
        of.demand("side", sides == 0, "is neither buy nor sell (B, S, 买入, 卖出)")
    return sides


def _side(word: str) -> int:
    word = word.strip().lower()
    return BUY if word in BUY_WORDS else SELL if word in SELL_WORDS else 0


def _times(of: RowColumns) -> NDArray[np.int64]:
    """Microseconds UTC of the column `time`."""
    whole = _whole_times(of.column("time")) if of.types("time") == {int} else None
    if whole is not None:
        return whole
    said = [_count(value) for value in of.column("time")]
    counts = [value for value in said if not isinstance(value, str)]
    per = unit_of(counts)
    times = np.empty(len(said), dtype=np.int64)
    for row, value in enumerate(said):
        try:
            times[row] = instant_of(value) if isinstance(value, str) else _of_epoch(value, per)
        except ValueError as error:
            raise of.fault(row, "time", str(error)) from None
    return times


def _whole_times(values: Sequence[Any]) -> NDArray[np.int64] | None:
    """The same of whole counts in one unit, all at once; None for a column that is not."""
    try:
        counts = np.array(values, dtype=np.int64)
    except OverflowError:
        return None
    counts_up = np.sort(counts)
    per = unit_of([int(counts_up[len(counts) // 2])])
    ends = int(counts_up[0]), int(counts_up[-1])
    if not per or not all(is_instant(count, per) for count in ends):
        return None
    return counts * (10**6 // per) if per <= 10**6 else counts // (per // 10**6)


def _count(value: Any) -> int | float | str:
    """A number, also one that was written as text."""
    if isinstance(value, str):
        value = value.strip()
        if not _COUNT.fullmatch(value):
            return str(value)
        return float(value) if "." in value else int(value)
    return float(value) if isinstance(value, float) else int(value)


def _of_epoch(count: int | float, per: int) -> int:
    if not per or not is_instant(count, per):
        raise ValueError("is no count of s, ms, us or ns since 1970 that lies after 1990")
    return instant_of_count(count, per)


def _without_repeats(trades: TradeRows) -> tuple[TradeRows, int]:
    """The first of each `trade_id`, account and side."""
    seen: set[tuple[str, str, int]] = set()
    kept = np.ones(len(trades), dtype=bool)
    keys = zip(trades.trade_id, trades.account_id, trades.side.tolist(), strict=True)
    for row, key in enumerate(keys):
        if not key[0]:
            continue
        kept[row] = key not in seen
        seen.add(key)
    if kept.all():
        return trades, 0
    return trades.take(kept), int((~kept).sum())


def _interval(said: str | None, symbol: NDArray[np.int32], start: NDArray[np.int64]) -> int:
    if said is not None:
        try:
            return parse_interval(said, "interval")
        except InputError as error:
            raise misfits([{"where": "interval", "what": str(error)}]) from None
    step = (start[1:] - start[:-1])[symbol[1:] == symbol[:-1]]
    if not len(step):
        return FIVE_MINUTES_US
    if (step == step[0]).all():
        return int(step[0])
    values, counts = np.unique(step, return_counts=True)
    return int(values[np.argmax(counts)])


def _objects(values: Sequence[str]) -> NDArray[np.object_]:
    array: NDArray[np.object_] = np.empty(len(values), dtype=object)
    array[:] = values
    return array
