"""Tables of a user's, in the ways in which people keep trades and candles."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import NullPool, create_engine, text

from tests.sources.live.market import CANDLES, T0, TRADES

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """Names of types."""

    text: str
    decimal: str
    aware: str
    naive: str


POSTGRES = Dialect(text="text", decimal="numeric", aware="timestamptz", naive="timestamp")
MARIADB = Dialect(
    text="varchar(100) CHARACTER SET utf8mb4",
    decimal="decimal(20,8)",
    aware="timestamp(6) NULL",
    naive="datetime(6)",
)
SQLITE = Dialect(text="text", decimal="real", aware="text", naive="text")


def dialect_of(url: str) -> Dialect:
    kinds = {"postgresql": POSTGRES, "mysql": MARIADB, "sqlite": SQLITE}
    return kinds[url.partition(":")[0].partition("+")[0]]


def run(url: str, *statements: str) -> None:
    """As the user: may write."""
    with closing(_User(url)) as user:
        for statement in statements:
            user.run(statement)


class _User:
    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, poolclass=NullPool)
        self._connection = self._engine.connect()
        if url.startswith("mysql"):
            self.run("SET SESSION time_zone = '+00:00'")

    def run(self, statement: str, rows: Sequence[dict[str, Any]] | None = None) -> None:
        if rows is None or rows:
            self._connection.execute(text(statement), rows)
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()


def moment(micros: int, zone: Any = UTC) -> datetime:
    return (datetime.fromtimestamp(0, UTC) + timedelta(microseconds=micros)).astimezone(zone)


Stored = Callable[[int], Any]
"""Microseconds UTC as the column holds them."""


def aware(url: str) -> Stored:
    """An instant with its zone; MariaDB's TIMESTAMP is UTC, and SQLite has texts only."""
    if url.startswith("postgresql"):
        return moment
    if url.startswith("mysql"):
        return lambda micros: moment(micros).replace(tzinfo=None)
    return lambda micros: moment(micros, SHANGHAI).isoformat()


def naive(url: str) -> Stored:
    """What the clock in Shanghai showed."""
    if url.startswith("sqlite"):
        return lambda micros: moment(micros, SHANGHAI).replace(tzinfo=None).isoformat(" ")
    return lambda micros: moment(micros, SHANGHAI).replace(tzinfo=None)


def make_trades(
    url: str,
    time_type: str,
    stored: Stored,
    *,
    words: Sequence[Any] = ("Buy", "卖出"),
    rows: Any = TRADES,
) -> None:
    """The table `fills` with the user's names of columns."""
    d = dialect_of(url)
    with closing(_User(url)) as user:
        user.run(
            f"CREATE TABLE fills (uid {d.text}, market {d.text}, created_at {time_type},"
            f" direction {d.text if isinstance(words[0], str) else 'integer'},"
            f" price {d.decimal}, amount {d.decimal}, trade_id {d.text},"
            f" other {d.text}, fee {d.decimal})"
        )
        user.run(
            "INSERT INTO fills VALUES (:a, :s, :t, :d, :p, :q, :i, :o, :f)",
            [
                {"a": a, "s": s, "t": stored(T0 + t), "d": words[0] if side > 0 else words[1],
                 "p": _amount(url, p), "q": _amount(url, q), "i": i or None, "o": o or None,
                 "f": None if f is None else _amount(url, f)}
                for a, s, t, side, p, q, i, o, f in rows
            ],
        )  # fmt: skip
        user.run("CREATE INDEX by_account ON fills (uid, created_at)")


COLUMNS = {
    "account_id": "uid",
    "symbol": "market",
    "time": "created_at",
    "side": "direction",
    "quantity": "amount",
    "counterparty_id": "other",
}


def make_candles(url: str, time_type: str, stored: Stored, shift: int = 0) -> None:
    """The table `bars`, labelled `shift` microseconds after the start."""
    d = dialect_of(url)
    with closing(_User(url)) as user:
        user.run(
            f"CREATE TABLE bars (symbol {d.text}, time {time_type}, high {d.decimal},"
            f" low {d.decimal}, open {d.decimal}, close {d.decimal}, volume {d.decimal})"
        )
        user.run(
            "INSERT INTO bars VALUES (:s, :t, :h, :l, :o, :c, :v)",
            [
                {"s": s, "t": stored(T0 + t + shift), "h": _amount(url, h), "l": _amount(url, low),
                 "o": _amount(url, o), "c": _amount(url, c), "v": v}
                for s, t, h, low, o, c, v in CANDLES
            ],
        )  # fmt: skip
        user.run("CREATE INDEX by_symbol ON bars (symbol, time)")


def _amount(url: str, value: float) -> Any:
    return value if url.startswith("sqlite") else Decimal(str(value))
