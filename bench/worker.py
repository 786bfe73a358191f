"""`tradeglyph worker` over a queue, a store and a user's tables in SQLite: events a second.

Two processes and all other settings as they are; withdrawals of the last hour of a simulated
population's busiest day, its seven symbols over 24 days in one table. From the first worker that is
ready to the last that is done: a worker lives for weeks, and its start is no part of a withdrawal.
`other` is the seeds' way in the same run, one event after the other: their drawing, their network
(`bench.seed_event`).
"""

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from tradeglyph.app.counterparties import SIDES
from tradeglyph.app.system_clock import SystemClock
from tradeglyph.queues.address import open_queue
from tradeglyph.results.simulation import candles_frame, trades_frame
from tradeglyph.simulate.population import simulate

ACCOUNTS = 2_000
EVENTS = 2_000
DAY, HOUR = 86_400_000_000, 3_600_000_000

_CONFIGURATION = """
[sources.trades]
url = "sqlite:///exchange.db"
table = "fills"
[sources.candles]
url = "sqlite:///exchange.db"
table = "candles"
[investigate]
feeds_rest = true
[worker]
processes = 2
"""


def measure(seeds: float, events: int = EVENTS) -> list[dict[str, object]]:
    """`worker_events_per_s` with the other sides of the trades, and without them.

    Args:
        seeds: events a second the seeds' way.
    """
    population = simulate(ACCOUNTS, seed=5)
    trades, candles = trades_frame(population), candles_frame(population)
    kinds = (
        ("worker_events_per_s", trades, events // 2),
        ("worker_events_without_sides_per_s", trades.drop(SIDES), events),
    )
    rates = [(name, table, _rate(table, candles, count), count) for name, table, count in kinds]
    return [
        {
            "name": name,
            "unit": "events/s",
            "ours": ours,
            "other": seeds,
            "ratio": ours / seeds,
            "events": count,
            "trades": len(table),
        }
        for name, table, ours, count in rates
    ]


def _rate(trades: pl.DataFrame, candles: pl.DataFrame, count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "tradeglyph.toml").write_text(_CONFIGURATION)
        _write(place, trades, candles)
        _send(place, trades, count)
        return count / _seconds(place)


def _write(place: Path, trades: pl.DataFrame, candles: pl.DataFrame) -> None:
    words = pl.col("side").replace_strict({1: "buy", -1: "sell"}, return_dtype=pl.String)
    if trades["side"].dtype != pl.String:
        trades = trades.with_columns(side=words)
    keys = {
        "fills": ("account_id, time", "symbol, time", "time"),
        "candles": ("symbol, time", "time"),
    }
    with closing(sqlite3.connect(place / "exchange.db")) as database:
        for name, frame in (("fills", trades), ("candles", candles)):
            frame = frame.with_columns(pl.col("time").dt.epoch("us"))
            marks = ", ".join("?" * frame.width)
            database.execute(f"CREATE TABLE {name} ({', '.join(frame.columns)})")
            statement = f"INSERT INTO {name} VALUES ({marks})"
            database.executemany(statement, frame.iter_rows())
            for number, columns in enumerate(keys[name]):
                database.execute(f"CREATE INDEX {name}_{number} ON {name} ({columns})")
        database.commit()


def _send(place: Path, trades: pl.DataFrame, count: int) -> None:
    day = trades["time"].dt.epoch("us") // DAY
    busiest = int(day.mode().sort()[0])
    accounts = trades.filter(day == busiest)["account_id"].unique().sort().to_list()
    rng, end = random.Random(1), (busiest + 1) * DAY
    bodies = []
    for _ in range(count):
        moment = datetime.fromtimestamp((end - rng.randrange(HOUR)) / 1e6, UTC)
        event = {"userid": rng.choice(accounts), "occurred_at": moment.isoformat()}
        bodies.append(json.dumps(event))
    address = f"sqlite:///{place}/tradeglyph-state/queue.db"
    with closing(open_queue(address, clock=SystemClock())) as queue:
        queue.send(bodies)


def _seconds(place: Path) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "tradeglyph", "worker", "--once"],
        cwd=place,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    log = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    times = {
        what: [datetime.fromisoformat(line["timestamp"]) for line in log if line["event"] == what]
        for what in ("ready", "drained")
    }
    return (max(times["drained"]) - min(times["ready"])).total_seconds()
