"""An exchange's database, as the published sample has it: trades, and candles of five minutes."""

import math
import sqlite3
from contextlib import closing
from pathlib import Path

CLOSE = 1_767_643_200
"""2026-01-05T20:00:00Z, seconds: the end of the last candle. Events come after it."""
CANDLES = 79
TAKER, LOSER, CASUAL, IDLE = 1001, 1002, 1003, 1099
"""Users: who bought low from LOSER and sold high to them, who made one small trip, who did
nothing."""

CONFIGURATION = """
[sources.trades]
url = "sqlite:///{path}"
table = "t_trade"
columns = {{account_id = "userid", time = "createTime", quantity = "qty", trade_id = "tradeId"}}
timezone = "UTC"

[sources.candles]
url = "sqlite:///{path}"
table = "t_kline"
columns = {{time = "openTime"}}
interval = "5m"
"""


def make_exchange(folder: Path) -> str:
    """Makes the database; the configuration that names it."""
    path = folder / "exchange.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "CREATE TABLE t_trade (tradeId, userid, symbol, createTime, side, price, qty)"
        )
        database.execute("CREATE TABLE t_kline (symbol, openTime, high, low, volume)")
        for table, time, *names in (
            ("t_trade", "createTime", "userid", "symbol"),
            ("t_kline", "openTime", "symbol"),
        ):
            for key in (time, *(f"{name}, {time}" for name in names)):
                database.execute(f"CREATE INDEX '{table} {key}' ON {table} ({key})")
        database.executemany("INSERT INTO t_trade VALUES (?, ?, 'COIN', ?, ?, ?, ?)", _trades())
        database.executemany("INSERT INTO t_kline VALUES ('COIN', ?, ?, ?, 2000)", _candles())
        database.commit()
    return CONFIGURATION.format(path=path)


def _low(number: int) -> float:
    return 240 + 6 * math.sin(number / 9)


def _height(number: int) -> float:
    return 3.0 if number % 13 == 5 else 0.8


def _start(number: int) -> int:
    return CLOSE - (CANDLES - number) * 300


def _candles() -> list[tuple[int, float, float]]:
    return [(_start(n), _low(n) + _height(n), _low(n)) for n in range(CANDLES)]


def _trades() -> list[tuple[str, str, int, str, float, float]]:
    rows: list[tuple[str, str, int, str, float, float]] = []

    def match(buyer: int, seller: int, time: int, price: float, quantity: float) -> None:
        name = f"t{len(rows) // 2}"
        rows.append((name, str(buyer), time, "buy", price, quantity))
        rows.append((name, str(seller), time, "sell", price, quantity))

    for number in range(CANDLES):
        time, low, height = _start(number), _low(number), _height(number)
        # Everybody else, at the middle and a little around it.
        for other in range(8):
            price = low + height * (0.5 + 0.04 * ((other % 3) - 1))
            match(
                2000 + (number + other) % 17,
                2100 + (number * other) % 19,
                time + 30 * other,
                price,
                40,
            )
        if height > 1 and number > 5:
            match(TAKER, LOSER, time + 100, low + 0.04 * height, 150)
            match(LOSER, TAKER, time + 160, low + 0.96 * height, 150)
        if number == 40:
            match(CASUAL, 2003, time + 120, low + 0.5 * height, 5)
            match(2004, CASUAL, time + 200, low + 0.6 * height, 5)
    return rows
