"""Trades in a table or a query of a database."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from tradeglyph.domain.schema import TRADES
from tradeglyph.domain.trade_rows import AccountRows, TradeRows
from tradeglyph.sources.live.cells import UNKNOWN_SIDE, numbers, sides, texts
from tradeglyph.sources.live.database import Database
from tradeglyph.sources.live.left_out import LeftOut
from tradeglyph.sources.live.problems import Problem
from tradeglyph.sources.live.rows import concat, positive, without_repeats
from tradeglyph.sources.live.user_table import TableSettings, UserTable

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
        rows, unreadable = self._rows("account_id", [account_id], since, until)
        untimed = self._table.untimed("account_id", [account_id]).get(account_id, 0)
        self.left_out.add("time", untimed)
        return AccountRows.of(rows, unreadable + untimed)

    def of_symbols(self, symbols: Sequence[str], since: int, until: int) -> TradeRows:
        """Everybody's fills in these symbols."""
        rows, _ = self._rows("symbol", symbols, since, until)
        return rows

    def tells_sides(self) -> bool:
        """Whether the table has a column that may say who stood on the other side."""
        shape = self._table.shape()
        return shape is not None and bool({"trade_id", "counterparty_id"} & set(shape.columns))

    def watermark(self, before: int) -> int | None:
        """Time of the newest fill before another, microseconds UTC."""
        return self._table.newest(before)

    def check(self) -> list[Problem]:
        """What must be mended; empty where all is well."""
        return self._table.check(INDEXES)

    def close(self) -> None:
        """Close the connections."""
        self._table.database.close()

    def _rows(
        self, key: str, asked: Sequence[str], since: int, until: int
    ) -> tuple[TradeRows, int]:
        """The rows that can be read, and how many can't be."""
        shape = self._table.shape()
        blocks = self._table.fetch((*REQUIRED, *_OPTIONAL), key, asked, since, until)
        found, bad = [], 0
        for names, block in blocks:
            assert shape is not None  # noqa: S101  else there are no blocks
            rows, timed = _rows_of(block, *shape.instants.micros(block["time"]))
            wanted = np.array([name in names for name in getattr(rows, key)], dtype=np.bool_)
            inside = wanted & (~timed | ((rows.time >= since) & (rows.time < until)))
            rows, timed = rows.take(inside), timed[inside]
            good = self.left_out.good(
                len(rows),
                time=timed,
                symbol=rows.symbol != "",
                side=rows.side != UNKNOWN_SIDE,
                price=positive(rows.price),
                quantity=positive(rows.quantity),
            )
            found.append(rows.take(good))
            bad += int((~good).sum())
        rows, repeats = without_repeats(concat(found))
        self.left_out.add("repeat", repeats)
        return rows, bad


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
