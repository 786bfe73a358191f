"""Trades in a table or a query of a database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.schema import TRADES
from tradeglyph.domain.trade_rows import AccountRows, TradeRows
from tradeglyph.ports.sources import AccountSpan
from tradeglyph.sources.live.cells import UNKNOWN_SIDE, numbers, sides, texts
from tradeglyph.sources.live.database import Database
from tradeglyph.sources.live.left_out import LeftOut
from tradeglyph.sources.live.problems import Problem
from tradeglyph.sources.live.rows import concat, positive, without_repeats
from tradeglyph.sources.live.user_table import TableSettings, UserTable

Mask = NDArray[np.bool_]

REQUIRED = ("account_id", "symbol", "time", "side", "price", "quantity")
_OPTIONAL = ("trade_id", "counterparty_id", "fee")
INDEXES = (("account_id", "time"), ("symbol", "time"), ("time",))
"""What the questions need: the account's fills, everybody's in a symbol, the newest one."""


class SqlTrades:
    """A `TradeSource`. Rows that can't be read are left out and counted in `left_out`.

    A row that repeats another one's trade_id, symbol, account and side is left out, too.
    """

    def __init__(self, database: Database, settings: TableSettings) -> None:
        """Connects to nothing yet. Raises InputError for settings that can't be meant."""
        self.left_out = LeftOut()
        self._table = UserTable(database, settings, TRADES, REQUIRED, ("account_id", "symbol"))

    def of_account(self, account_id: str, since: int, until: int) -> AccountRows:
        """The account's fills, in all symbols, by one statement, and by another how many of its
        rows lie in no span."""
        (rows,) = self.of_accounts([AccountSpan(account_id=account_id, since=since, until=until)])
        return rows

    def of_accounts(self, spans: Sequence[AccountSpan]) -> list[AccountRows]:
        """The same of several, by two statements for all of them."""
        if not spans:
            return []
        accounts = list(dict.fromkeys(span.account_id for span in spans))
        since, until = min(span.since for span in spans), max(span.until for span in spans)
        found = self._found("account_id", accounts, since, until)
        untimed = self._table.untimed("account_id", accounts)
        self.left_out.add("time", sum(untimed.values()))
        mine = found.by_account(accounts)
        return [
            self._of_span(mine[span.account_id], span, untimed.get(span.account_id, 0))
            for span in spans
        ]

    def of_symbols(self, symbols: Sequence[str], since: int, until: int) -> TradeRows:
        """Everybody's fills in these symbols."""
        found = self._found("symbol", symbols, since, until)
        return self._without_repeats(found.rows.take(found.good))

    def tells_sides(self) -> bool:
        """Whether the table has a column that may say who stood on the other side."""
        shape = self._table.shape()
        return shape is not None and bool({"trade_id", "counterparty_id"} & set(shape.columns))

    def watermark(self, before: int) -> int | None:
        """Time of the newest fill before another, microseconds UTC."""
        return self._table.newest(before)

    def check(self) -> list[Problem]:
        """What must be mended; empty where all is well."""
        problems = self._table.check(INDEXES)
        return problems if any(p.fatal for p in problems) else [*problems, *self._unreadable()]

    def _unreadable(self) -> list[Problem]:
        """What of the row that was looked at can't be read: others are likely to be alike."""
        shape = self._table.shape()
        if shape is None:
            return []
        row = {name: (value,) for name, value in shape.sample.items()}
        rows, _ = _rows_of(row, *shape.instants.micros(row["time"]))
        read = {
            "side": rows.side != UNKNOWN_SIDE,
            "price": positive(rows.price),
            "quantity": positive(rows.quantity),
        }
        columns = tuple(shape.columns[name] for name, good in read.items() if not good.all())
        if not columns:
            return []
        what = f"a row has {', '.join(columns)} that can't be read"
        remedy = "rows like it are left out, and their accounts' events go to review"
        where = self._table.where
        return [Problem(code="bad_row", where=where, what=what, remedy=remedy, columns=columns)]

    def close(self) -> None:
        """Close the connections."""
        self._table.database.close()

    def _found(self, key: str, asked: Sequence[str], since: int, until: int) -> "_Found":
        """The rows in the span, and those whose time can't be read."""
        shape = self._table.shape()
        blocks = self._table.fetch((*REQUIRED, *_OPTIONAL), key, asked, since, until)
        found, of_time, of_all = [], [np.zeros(0, dtype=np.bool_)], [np.zeros(0, dtype=np.bool_)]
        for names, block in blocks:
            assert shape is not None  # noqa: S101  else there are no blocks
            rows, timed = _rows_of(block, *shape.instants.micros(block["time"]))
            wanted = np.array([name in names for name in getattr(rows, key)], dtype=np.bool_)
            inside = wanted & (~timed | ((rows.time >= since) & (rows.time < until)))
            if not inside.all():
                rows, timed = rows.take(inside), timed[inside]
            good = self.left_out.good(
                len(rows),
                time=timed,
                symbol=rows.symbol != "",
                side=rows.side != UNKNOWN_SIDE,
                price=positive(rows.price),
                quantity=positive(rows.quantity),
            )
            found.append(rows)
            of_time.append(timed)
            of_all.append(good)
        return _Found(
            rows=concat(found), timed=np.concatenate(of_time), good=np.concatenate(of_all)
        )

    def _of_span(self, found: "_Found", span: AccountSpan, untimed: int) -> AccountRows:
        time = found.rows.time
        inside = ~found.timed | ((time >= span.since) & (time < span.until))
        rows = self._without_repeats(found.rows.take(inside & found.good))
        return AccountRows.of(rows, int((inside & ~found.good).sum()) + untimed)

    def _without_repeats(self, rows: TradeRows) -> TradeRows:
        kept, repeats = without_repeats(rows)
        self.left_out.add("repeat", repeats)
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Rows as the table has them."""

    rows: TradeRows
    timed: Mask
    """Whether the time of each can be read ..."""
    good: Mask
    """... and whether all of it can."""

    def by_account(self, accounts: Sequence[str]) -> dict[str, "_Found"]:
        """The rows of each of the accounts, which are all that there are, in their order."""
        if len(accounts) == 1:
            return {accounts[0]: self}
        number = {name: at for at, name in enumerate(accounts)}
        of = np.array([number[name] for name in self.rows.account_id.tolist()], dtype=np.int64)
        order = np.argsort(of, kind="stable")
        edges = np.searchsorted(of[order], np.arange(len(accounts) + 1)).tolist()
        return {
            name: self._take(order[slice(*edge)])
            for name, edge in zip(accounts, pairwise(edges), strict=True)
        }

    def _take(self, at: NDArray[np.intp]) -> "_Found":
        return _Found(rows=self.rows.take(at), timed=self.timed[at], good=self.good[at])


def _rows_of(
    block: Mapping[str, tuple[Any, ...]],
    micros: np.ndarray,
    timed: np.ndarray,
) -> tuple[TradeRows, np.ndarray]:
    fee = _optional(block, "fee", numbers, np.nan)
    return TradeRows(
        account_id=texts(block["account_id"]),
        symbol=texts(block["symbol"]),
        time=micros,
        side=sides(block["side"]),
        price=numbers(block["price"]),
        quantity=numbers(block["quantity"]),
        trade_id=_optional(block, "trade_id", texts, ""),
        counterparty_id=_optional(block, "counterparty_id", texts, ""),
        fee=np.where(np.isfinite(fee), fee, np.nan),
    ), timed


def _optional(
    block: Mapping[str, tuple[Any, ...]],
    name: str,
    read: Callable[[Sequence[Any]], np.ndarray],
    absent: str | float,
) -> np.ndarray:
    """A column that the table need not have."""
    if name in block:
        return read(block[name])
    kind = object if isinstance(absent, str) else np.float64
    return np.full(len(block["time"]), absent, dtype=kind)
