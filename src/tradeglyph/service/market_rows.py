"""Trades and candles that a request brings, as arrays. Numpy alone: no frame on this path.

The rules are those of files: a time is ISO 8601 with its offset, or a count of s, ms, us or ns
since 1970, the unit being that of the column's middle; a side is any word for it; a second row of
one `trade_id`, account and side is a repeat; columns that nobody knows are left out. But one that
is nearly called like a column that its row lacks is a slip, and what it says would be missed.
"""

import math
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradeglyph.domain.candles import FIVE_MINUTES_US, Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.domain.instants import instant_of, instant_of_count, is_instant, unit_of
from tradeglyph.domain.schema import BUY_WORDS, SELL_WORDS
from tradeglyph.domain.trade_rows import TradeRows
from tradeglyph.service.bodies import misfits
from tradeglyph.service.misfit_words import nearest, unknown
from tradeglyph.service.problem import Problem
from tradeglyph.service.schemas import CandleRow, TradeRow
from tradeglyph.sources.interval import parse_interval

_COUNT = re.compile(r"[0-9]{1,20}(\.[0-9]{1,12})?")
_NAN = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a request brings."""

    trades: TradeRows
    candles: Candles
    repeats: int
    """Trades that were left out as repeats of another."""


def trade_rows(rows: Sequence[Any], *, account_id: str, symbol: str) -> tuple[TradeRows, int]:
    """The trades, and how many repeats were left out. Raises Problem 422 naming row and column.

    Args:
        rows: one dict a trade, with the columns of files.
        account_id, symbol: of rows that don't say.
    """
    of = _columns("trades", rows, TradeRow.__annotations__.keys())
    account = of.texts("account_id", account_id)
    symbols = of.texts("symbol", symbol)
    of.demand("symbol", [not name for name in symbols], "says no symbol, nor does the request")
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


def candle_rows(rows: Sequence[Any], *, symbol: str, interval: str | None) -> Candles:
    """The candles. Raises Problem 422 naming row and column.

    Args:
        rows: one dict a candle; `time` is its start.
        symbol: of rows that don't say.
        interval: such as `5m`; None: the commonest distance of two neighbours, five minutes where
            there are none.
    """
    of = _columns("candles", rows, CandleRow.__annotations__.keys())
    symbols = of.texts("symbol", symbol)
    of.demand("symbol", [not name for name in symbols], "says no symbol, nor does the request")
    high, low = of.positive("high"), of.positive("low")
    of.demand("high", high < low, "is below low")
    start, volume = _times(of), of.numbers("volume")
    of.demand("volume", volume < 0, "is negative")
    names = sorted(set(symbols))
    code = {name: at for at, name in enumerate(names)}
    codes = np.array([code[name] for name in symbols], dtype=np.int32)
    order = np.lexsort((start, codes))
    codes, start = codes[order], start[order]
    twice = np.zeros(len(order), dtype=bool)
    twice[order[1:]] = (np.diff(codes) == 0) & (np.diff(start) == 0)
    of.demand("time", twice, "is a second candle of this symbol and start")
    accounts = of.numbers("accounts")
    of.demand("accounts", ~(accounts >= 0) & ~np.isnan(accounts), "is negative")
    counted = np.where(np.isnan(accounts), -1, np.minimum(accounts, 2**31 - 1))
    return Candles(
        symbol=codes,
        start=start,
        high=high[order],
        low=low[order],
        open=of.numbers("open")[order],
        close=of.numbers("close")[order],
        volume=volume[order],
        accounts=counted.astype(np.int32)[order],
        interval=_interval(interval, codes, start),
        symbol_names=_objects(names),
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """Takes columns out of rows, and says which row is at fault."""

    what: str
    rows: Sequence[Any]
    names: AbstractSet[str]
    """Of the columns that any row has."""

    def fault(self, row: int, column: str, why: str) -> Problem:
        """The answer to a row that can't be."""
        return misfits([{"where": f"{self.what}.{row}.{column}", "what": why}])

    def demand(self, column: str, wrong: ArrayLike, why: str) -> None:
        """Raises Problem for the first row that is wrong."""
        mask = np.asarray(wrong, dtype=bool)
        if mask.any():
            raise self.fault(int(mask.argmax()), column, why)

    def texts(self, name: str, default: str) -> list[str]:
        """A column of texts; an empty one, or none, is the default."""
        if name not in self.names:
            return [default] * len(self.rows)
        found = [row.get(name) for row in self.rows]
        return [default if value is None or value == "" else str(value) for value in found]

    def numbers(self, name: str) -> NDArray[np.float64]:
        """A column of finite numbers, NaN where there is none."""
        if name not in self.names:
            return np.full(len(self.rows), _NAN)
        found = [row.get(name) for row in self.rows]
        try:
            # None becomes NaN, and text the number it says.
            values = np.array(found, dtype=np.float64)
        except (OverflowError, ValueError):
            values = np.array([_number(value) for value in found])
        finite = np.isfinite(values)
        if not finite.all():
            absent = np.array([value is None or value == "" for value in found], dtype=bool)
            self.demand(name, ~finite & ~absent, "is not a finite number")
        return values

    def positive(self, name: str) -> NDArray[np.float64]:
        """A column of positive numbers."""
        values = self.numbers(name)
        self.demand(name, ~(values > 0), "is not a number above 0")
        return values


def _columns(what: str, rows: Sequence[Any], known: AbstractSet[str]) -> _Column:
    """Raises Problem for a column that was meant to be another."""
    of = _Column(what, rows, set().union(*rows))
    for name in sorted(of.names - known):
        near = nearest(name, known)
        if near is None:
            continue
        row = next(at for at, one in enumerate(rows) if name in one)
        if near not in rows[row]:
            raise of.fault(row, name[:64], unknown(name, known))
    return of


def _number(value: Any) -> float:
    try:
        return _NAN if value is None or value == "" else float(value)
    except (OverflowError, ValueError):
        return math.inf


def _sides(of: _Column) -> NDArray[np.int8]:
    sides = [_side(row["side"]) for row in of.rows]
    of.demand("side", [side == 0 for side in sides], "is neither buy nor sell (B, S, 买入, 卖出)")
    return np.array(sides, dtype=np.int8)


def _side(word: str) -> int:
    word = word.strip().lower()
    return BUY if word in BUY_WORDS else SELL if word in SELL_WORDS else 0


def _times(of: _Column) -> NDArray[np.int64]:
    """Microseconds UTC of the column `time`."""
    whole = _whole_times([row["time"] for row in of.rows])
    if whole is not None:
        return whole
    said = [_count(row["time"]) for row in of.rows]
    counts = [value for value in said if not isinstance(value, str)]
    per = unit_of(counts)
    times = np.empty(len(said), dtype=np.int64)
    for row, value in enumerate(said):
        try:
            times[row] = instant_of(value) if isinstance(value, str) else _of_epoch(value, per)
        except ValueError as error:
            raise of.fault(row, "time", str(error)) from None
    return times


def _whole_times(values: list[Any]) -> NDArray[np.int64] | None:
    """The same of whole counts in one unit, all at once; None for a column that is not."""
    if set(map(type, values)) != {int}:
        return None
    try:
        counts = np.array(values, dtype=np.int64)
    except OverflowError:
        return None
    per = unit_of([int(np.sort(counts)[len(counts) // 2])])
    if not per or not is_instant(int(counts.min()), per) or not is_instant(int(counts.max()), per):
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
    columns = {name: getattr(trades, name)[kept] for name in TradeRows.__slots__}
    return TradeRows(**columns), int((~kept).sum())


def _interval(said: str | None, symbol: NDArray[np.int32], start: NDArray[np.int64]) -> int:
    if said is not None:
        try:
            return parse_interval(said, "interval")
        except InputError as error:
            raise misfits([{"where": "interval", "what": str(error)}]) from None
    step = np.diff(start)[np.diff(symbol) == 0]
    if not len(step):
        return FIVE_MINUTES_US
    values, counts = np.unique(step, return_counts=True)
    return int(values[np.argmax(counts)])


def _objects(values: Sequence[str]) -> NDArray[np.object_]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
